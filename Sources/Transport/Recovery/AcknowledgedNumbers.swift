import Basics

/// The packet numbers that one acknowledgement names, in either of its forms.
package struct AcknowledgedNumbers: Sendable {
    private enum Form: Sendable {
        /// Bit i stands for `largest - 1 - i`.
        case bitmap(UInt64)
        /// From the newest downwards.
        case ranges([ClosedRange<UInt64>])
    }

    package let largest: UInt64
    /// Nothing below is named.
    package let smallest: UInt64
    private let form: Form

    /// - Parameter bitmap: bit i stands for `largest - 1 - i`.
    package init(largest: UInt64, bitmap: UInt64) {
        self.largest = largest
        smallest = largest > 64 ? largest - 64 : 0
        form = .bitmap(bitmap)
    }

    /// - Parameter ranges: from the newest downwards, at least one.
    package init(ranges: [ClosedRange<UInt64>]) {
        largest = ranges.first?.upperBound ?? 0
        smallest = ranges.last?.lowerBound ?? 0
        form = .ranges(ranges)
    }

    package func contains(_ number: UInt64) -> Bool {
        guard number >= smallest, number <= largest else { return false }
        switch form {
        case .bitmap(let bitmap):
            let distance = largest - number
            return distance == 0 || bitmap >> (distance - 1) & 1 == 1
        case .ranges(let ranges):
            let place = ranges.partitioningIndex { $0.lowerBound <= number }
            return place < ranges.count && ranges[place].contains(number)
        }
    }
}
