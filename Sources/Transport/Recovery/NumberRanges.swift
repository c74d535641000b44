import Basics

/// A set of numbers, kept as sorted ranges that neither overlap nor touch.
///
/// It is as large as it has gaps; who fills it from outside bounds them. Lookup is O(log n), a change in the middle O(n).
package struct NumberRanges: Hashable, Sendable {
    package private(set) var ranges: [Range<UInt64>] = []

    package init() {}

    package var isEmpty: Bool { ranges.isEmpty }

    /// How many ranges there are.
    package var count: Int { ranges.count }

    package var first: Range<UInt64>? { ranges.first }

    /// Adds all numbers of a range.
    package mutating func insert(_ range: Range<UInt64>) {
        guard !range.isEmpty else { return }
        if let last = ranges.last, last.upperBound <= range.lowerBound {
            if last.upperBound == range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
            return
        }
        let low = ranges.partitioningIndex { $0.upperBound >= range.lowerBound }
        let high = ranges.partitioningIndex { $0.lowerBound > range.upperBound }
        guard low < high else {
            ranges.insert(range, at: low)
            return
        }
        let merged =
            min(ranges[low].lowerBound, range.lowerBound)..<max(ranges[high - 1].upperBound, range.upperBound)
        ranges.replaceSubrange(low..<high, with: CollectionOfOne(merged))
    }

    /// Takes all numbers of a range out.
    package mutating func remove(_ range: Range<UInt64>) {
        let low = ranges.partitioningIndex { $0.upperBound > range.lowerBound }
        let high = ranges.partitioningIndex { $0.lowerBound >= range.upperBound }
        guard low < high, !range.isEmpty else { return }
        var rest: [Range<UInt64>] = []
        if ranges[low].lowerBound < range.lowerBound { rest.append(ranges[low].lowerBound..<range.lowerBound) }
        if ranges[high - 1].upperBound > range.upperBound {
            rest.append(range.upperBound..<ranges[high - 1].upperBound)
        }
        ranges.replaceSubrange(low..<high, with: rest)
    }

    /// Takes the lowest range out.
    package mutating func removeFirst() {
        if !ranges.isEmpty { ranges.removeFirst() }
    }

    package func contains(_ number: UInt64) -> Bool {
        let place = ranges.partitioningIndex { $0.upperBound > number }
        return place < ranges.count && ranges[place].lowerBound <= number
    }

    /// The ranges that overlap `range`, cut to it, lowest first.
    package func overlaps(with range: Range<UInt64>) -> [Range<UInt64>] {
        let low = ranges.partitioningIndex { $0.upperBound > range.lowerBound }
        let high = ranges.partitioningIndex { $0.lowerBound >= range.upperBound }
        return low < high ? ranges[low..<high].map { $0.clamped(to: range) } : []
    }

    /// The parts of `range` that are not in the set, lowest first.
    package func gaps(in range: Range<UInt64>) -> [Range<UInt64>] {
        var gaps: [Range<UInt64>] = []
        var start = range.lowerBound
        for overlap in overlaps(with: range) {
            if start < overlap.lowerBound { gaps.append(start..<overlap.lowerBound) }
            start = overlap.upperBound
        }
        if start < range.upperBound { gaps.append(start..<range.upperBound) }
        return gaps
    }
}
