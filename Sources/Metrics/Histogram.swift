/// Counts of measured spans, in the form that Prometheus wants them: how many were at most so long.
package struct Histogram: Hashable, Sendable {
    /// The upper bounds, in milliseconds, rising; what is longer than the last counts in none.
    package let bounds: [Int64]
    /// How many spans fell between two bounds; one more than bounds.
    package private(set) var counts: [UInt64]
    /// All spans together, in nanoseconds.
    package private(set) var sumNanoseconds: Int64

    /// 1 ms to 10 s in steps of 1, 2, 5: a round trip on a desk, and one over a satellite that loses much.
    package static let usualBounds: [Int64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]

    package init(bounds: [Int64] = usualBounds) {
        self.init(bounds: bounds, counts: [], sumNanoseconds: 0)
    }

    /// What somebody else counted.
    ///
    /// - Parameter counts: one more than bounds; what is missing counts as zero.
    package init(bounds: [Int64], counts: [UInt64], sumNanoseconds: Int64) {
        self.bounds = bounds
        self.counts = (0...bounds.count).map { counts.indices.contains($0) ? counts[$0] : 0 }
        self.sumNanoseconds = sumNanoseconds
    }

    /// Counts a span.
    ///
    /// - Complexity: O(bounds).
    package mutating func observe(nanoseconds: Int64) {
        counts[bounds.firstIndex { nanoseconds <= $0 * 1_000_000 } ?? bounds.count] &+= 1
        sumNanoseconds &+= nanoseconds
    }

    /// How many spans there were.
    package var count: UInt64 { counts.reduce(0, &+) }
}
