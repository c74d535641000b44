package import Basics

/// Which packets of streams are lost: those that the acknowledgements passed over by three numbers, or by an eighth of
/// a round trip (RFC 9002, section 6.1).
///
/// A path that reorders raises both: by as much as a packet declared lost and yet arrived was late. After a while
/// without another the raise is forgotten (compare RFC 8985, section 6.2, where that happens after sixteen recoveries).
package struct LossDetector: Sendable {
    private var packetThreshold = Limits.packetThreshold
    /// What the time threshold is raised by.
    private var slack = Duration.zero
    private var raised = Instant.origin

    /// When to look again for packets that are not old enough yet.
    package private(set) var next: Instant?

    package init() {}

    /// A packet declared lost has arrived.
    ///
    /// - Parameters:
    ///   - distance: how far behind the largest number acknowledged.
    ///   - age: how long ago it left.
    package mutating func arrivedLate(distance: UInt64, age: Duration, path: RoundTrip, at now: Instant) {
        packetThreshold = min(max(packetThreshold, distance + 1), Limits.largestPacketThreshold)
        slack = min(max(slack, age - Self.patience(path)), path.smoothed)
        raised = now
    }

    private static func patience(_ path: RoundTrip) -> Duration {
        max(path.smoothed * 9 / 8, Limits.granularity)
    }

    /// Finds the lost packets.
    package mutating func detect(in packets: inout BulkPackets, path: RoundTrip, at now: Instant) -> [BulkPacket] {
        next = nil
        guard let largest = packets.largestAcknowledged else { return [] }
        if raised + Limits.reorderingMemory < now { (packetThreshold, slack) = (Limits.packetThreshold, .zero) }
        let patience = Self.patience(path) + slack
        var waiting: Instant?
        let lost = packets.declareLost { packet in
            guard packet.number < largest else { return nil }
            let ripe = packet.sent + patience
            if largest - packet.number >= packetThreshold || ripe <= now { return true }
            waiting = waiting ?? ripe
            return false
        }
        next = waiting
        packets.forgetLost(before: Instant(nanoseconds: now.nanoseconds - (path.probeTimeout * 3).wholeNanoseconds))
        return lost
    }
}
