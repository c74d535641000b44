package import Basics

/// What a sent packet carried that must arrive.
package enum SentFrame: Hashable, Sendable {
    case message(alias: UInt64, number: UInt64, index: Int, distance: UInt64)
    case ping
    case close
}

/// A packet that asks for an acknowledgement.
package struct SentPacket: Sendable {
    package let number: UInt64
    package let sent: Instant
    /// Size of the datagram.
    package let bytes: Int
    package let frames: [SentFrame]
    /// Declared lost: its frames were queued again, and it no longer counts as under way. A late acknowledgement is
    /// still welcome.
    package var isLost = false

    package init(number: UInt64, sent: Instant, bytes: Int, frames: [SentFrame]) {
        self.number = number
        self.sent = sent
        self.bytes = bytes
        self.frames = frames
    }
}

/// The packets that were sent and not acknowledged, oldest first. Bounded by `Limits.sentPacketRecords`.
package struct SentPackets: Sendable {
    private var packets: [SentPacket] = []

    /// Packets under way: neither acknowledged nor declared lost.
    package private(set) var inFlight = 0

    package init() {}

    /// Records a packet; numbers must grow.
    ///
    /// - Returns: frames of a record that had to go to make room, for sending again.
    package mutating func record(_ packet: SentPacket) -> [SentFrame] {
        packets.append(packet)
        inFlight += 1
        guard packets.count > Limits.sentPacketRecords else { return [] }
        let oldest = packets.removeFirst()
        guard !oldest.isLost else { return [] }
        inFlight -= 1
        return oldest.frames
    }

    /// When the oldest packet under way left.
    package var oldestInFlight: Instant? {
        packets.first { !$0.isLost }?.sent
    }

    /// What the oldest packets under way carry, as far as one datagram takes it.
    package func oldestFrames(fitting limit: Int) -> [SentFrame] {
        var frames: [SentFrame] = []
        var bytes = 0
        for packet in packets where !packet.isLost {
            bytes += packet.bytes
            guard bytes <= limit || frames.isEmpty else { break }
            frames.append(contentsOf: packet.frames)
        }
        return frames
    }

    /// Removes the packets that an acknowledgement names.
    ///
    /// - Parameters:
    ///   - largest: the largest number received by the peer.
    ///   - bitmap: bit i stands for `largest - 1 - i`.
    /// - Returns: the removed packets, oldest first.
    package mutating func acknowledge(largest: UInt64, bitmap: UInt64) -> [SentPacket] {
        var removed: [SentPacket] = []
        packets.removeAll { packet in
            guard packet.number <= largest else { return false }
            let distance = largest - packet.number
            guard distance == 0 || distance <= 64 && bitmap >> (distance - 1) & 1 == 1 else { return false }
            removed.append(packet)
            return true
        }
        for packet in removed where !packet.isLost { inFlight -= 1 }
        return removed
    }

    /// Declares lost what left a reordering window before `newest`, once it is older than the shortest round trip.
    ///
    /// - Parameters:
    ///   - newest: when the newest acknowledged packet left.
    ///   - now: the time.
    ///   - path: the path's round-trip estimate.
    /// - Returns: the frames to send again, and when to look again for packets that are not old enough yet.
    package mutating func detectLost(
        newest: Instant, at now: Instant, path: RoundTrip
    ) -> (frames: [SentFrame], again: Instant?) {
        var frames: [SentFrame] = []
        var again: Instant?
        for index in packets.indices where !packets[index].isLost {
            let sent = packets[index].sent
            guard sent + path.reorderingWindow < newest else { break }
            let ripe = sent + path.minimum
            guard ripe <= now else {
                again = again ?? ripe
                continue
            }
            packets[index].isLost = true
            inFlight -= 1
            frames.append(contentsOf: packets[index].frames)
        }
        forgetLost(before: now, path: path)
        return (frames, again)
    }

    /// A packet lost for so long will hardly be acknowledged any more.
    private mutating func forgetLost(before now: Instant, path: RoundTrip) {
        let patience = path.probeTimeout * 3
        packets.removeAll { $0.isLost && $0.sent + patience < now }
    }

    /// How many records are kept.
    package var count: Int { packets.count }
}
