package import Basics

/// Spreads packets over time: a queue that a burst would build delays those who share the path, chat above all.
package struct Pacer: Sendable {
    /// When what has left is paid for at the rate of its time.
    private var paid = Instant.origin

    package init() {}

    /// Whether a packet of a stream may leave.
    package func isReady(at now: Instant) -> Bool { paid <= now }

    /// When enough has been saved up for a run of packets.
    ///
    /// - Parameters:
    ///   - rate: bytes a second.
    ///   - packetBytes: of a full packet.
    package func release(rate: Double, packetBytes: Int) -> Instant {
        paid + max(.zero, Limits.pacingQuantum - Self.time(for: packetBytes, rate: rate))
    }

    /// A datagram leaves, whether it was ready or, with chat in it, not.
    package mutating func spend(_ bytes: Int, rate: Double, at now: Instant) {
        let earliest = Instant(nanoseconds: now.nanoseconds - Limits.pacingQuantum.wholeNanoseconds)
        paid = max(paid, earliest) + Self.time(for: bytes, rate: rate)
    }

    private static func time(for bytes: Int, rate: Double) -> Duration {
        .nanoseconds(Int64(min(Double(bytes) / max(rate, 1), 60) * 1e9))
    }
}
