/// The packet numbers received lately, for acknowledgements that reach farther back than a bitmap.
///
/// At most `Limits.acknowledgedRanges` ranges are kept, whatever gaps the peer makes: the lowest go (RFC 9000,
/// section 13.2.3). What they said was said by several acknowledgements before.
package struct AckRanges: Sendable {
    private var numbers = NumberRanges()

    package init() {}

    /// Records a packet that authenticated and was not seen before.
    package mutating func insert(_ number: UInt64) {
        numbers.insert(number..<number + 1)
        if numbers.count > Limits.acknowledgedRanges { numbers.removeFirst() }
    }

    /// How many ranges are kept.
    package var count: Int { numbers.count }

    /// Whether anything is known of packets more than 64 below the largest, where a bitmap ends.
    package var reachesBeyondBitmap: Bool {
        guard let first = numbers.first, let last = numbers.ranges.last else { return false }
        return last.upperBound - first.lowerBound > 65
    }

    /// The newest ranges, for a frame of at most `room` bytes.
    ///
    /// - Parameter delay: in `Limits.acknowledgementDelayUnit`.
    /// - Returns: nil before the first packet, or when not even one range fits.
    package func report(delay: UInt64, room: Int) -> AcknowledgedRanges? {
        guard let newest = numbers.ranges.last else { return nil }
        var ranges = [newest.lowerBound...newest.upperBound - 1]
        var report = AcknowledgedRanges(delay: delay, ranges: ranges)
        guard report.frameBytes <= room else { return nil }
        // Room for a count of two bytes is kept; each further range takes two varints.
        var left = room - report.frameBytes - 1
        for range in numbers.ranges.dropLast().reversed() where ranges.count < Limits.reportedRanges {
            let closed = range.lowerBound...range.upperBound - 1
            left -= AcknowledgedRanges.bytes(of: closed, below: ranges[ranges.count - 1].lowerBound)
            guard left >= 0 else { break }
            ranges.append(closed)
        }
        report.ranges = ranges
        return report
    }
}
