package import Basics

/// A packet that asks for an acknowledgement.
package struct SentPacket: Sendable {
    package let number: UInt64
    package let sent: Instant
    package let frames: SentFrames
    /// Size of the datagram.
    private let size: UInt16
    /// Declared lost: its frames were queued again, and it no longer counts as under way. A late acknowledgement is
    /// still welcome.
    package var isLost = false
    /// The packet close behind it arrived.
    var isFollowerThere = false
    /// How far before it the packet is that left shortly before; 0 where none did.
    private var distance: UInt8 = 0

    /// Size of the datagram, in bytes.
    package var bytes: Int { Int(size) }

    /// The packet before it, where that left shortly before: their fates together tell of bursts.
    package internal(set) var follows: UInt64? {
        get { distance == 0 ? nil : number - UInt64(distance) }
        set { distance = newValue.map { UInt8(exactly: number - $0) ?? 0 } ?? 0 }
    }

    /// Whether it does nothing but ask, tell about the connection, or close.
    var isQuestion: Bool {
        switch frames.first {
        case .ping, .taken, .close, .newConnectionID, .acknowledgementPolicy: true
        case .message, .run, .sizeProbe, nil: false
        }
    }

    /// Whether its loss tells only that it was too long.
    var isSizeProbe: Bool { frames.first == .sizeProbe }

    package init(number: UInt64, sent: Instant, bytes: Int, frames: SentFrames) {
        self.number = number
        self.sent = sent
        size = UInt16(clamping: bytes)
        self.frames = frames
    }
}

/// The packets that were sent and not acknowledged, oldest first. Bounded by `Limits.sentPacketRecords`.
package struct SentPackets: Sendable {
    /// The records, behind as many that are gone already: the oldest goes first nearly always, and nothing is moved
    /// for it.
    private var packets: [SentPacket] = []
    private var head = 0

    /// Packets under way: neither acknowledged nor declared lost.
    package private(set) var inFlight = 0
    /// Those of them that carry no messages.
    private var questions = 0
    private var latest: (number: UInt64, sent: Instant)?
    private var pairs = BurstPairs()

    package init() {}

    /// Records a packet; numbers must grow.
    ///
    /// - Parameter near: the time within which the packet before must have left for the two to be a pair.
    /// - Returns: a record that had to go to make room; what it carried must be sent again.
    package mutating func record(_ packet: SentPacket, near: Duration = .zero) -> SentPacket? {
        if head > 0, packets.count == packets.capacity {
            packets.removeFirst(head)
            head = 0
        }
        packets.append(packet)
        if !packet.isSizeProbe {
            if let latest, packet.sent < latest.sent + near { packets[packets.count - 1].follows = latest.number }
            latest = (packet.number, packet.sent)
        }
        inFlight += 1
        if packet.isQuestion { questions += 1 }
        guard count > Limits.sentPacketRecords else { return nil }
        let oldest = remove(at: head)
        return oldest.isLost ? nil : oldest
    }

    private mutating func remove(at place: Int) -> SentPacket {
        let packet = packets[place]
        if place == head {
            head += 1
            if head == packets.count {
                packets.removeAll(keepingCapacity: true)
                head = 0
            }
        } else {
            packets.remove(at: place)
        }
        if !packet.isLost { leave(packet) }
        return packet
    }

    /// A packet is not under way any more.
    private mutating func leave(_ packet: SentPacket) {
        inFlight -= 1
        if packet.isQuestion { questions -= 1 }
    }

    private var places: Range<Int> { head..<packets.count }

    /// When the oldest packet under way left.
    package var oldestInFlight: Instant? {
        guard inFlight > 0 else { return nil }
        for place in places where !packets[place].isLost { return packets[place].sent }
        return nil
    }

    /// When the oldest packet under way left that carries no messages.
    package var oldestQuestion: Instant? {
        guard questions > 0 else { return nil }
        for place in places where !packets[place].isLost && packets[place].isQuestion { return packets[place].sent }
        return nil
    }

    /// When a packet left that is not acknowledged; nil when there is no record of it.
    package func moment(of number: UInt64) -> Instant? {
        place(of: number).map { packets[$0].sent }
    }

    /// Removes the next packet that an acknowledgement names, oldest first.
    ///
    /// - Parameter place: where to look on: 0 at first, then as it was left.
    /// - Returns: nil when there are no more.
    package mutating func removeNext(of numbers: AcknowledgedNumbers, from place: inout Int) -> SentPacket? {
        while place < count, packets[head + place].number <= numbers.largest {
            guard numbers.contains(packets[head + place].number) else {
                place += 1
                continue
            }
            let packet = remove(at: head + place)
            noteArrival(of: packet)
            return packet
        }
        return nil
    }

    /// Pairs of packets are counted once both fates are known, whichever becomes known first.
    private mutating func noteArrival(of packet: SentPacket) {
        guard let place = place(of: packet.follows) else { return }
        if packets[place].isLost {
            if !packet.isLost { pairs.arrived += 1 }
        } else {
            packets[place].isFollowerThere = true
        }
    }

    private mutating func noteLoss(at index: Int) {
        if packets[index].isFollowerThere { pairs.arrived += 1 }
        if let place = place(of: packets[index].follows), packets[place].isLost { pairs.lost += 1 }
    }

    /// Binary search: records are in the order of their numbers.
    private func place(of number: UInt64?) -> Int? {
        guard let number else { return nil }
        let place = packets[head...].partitioningIndex { $0.number >= number }
        return place < packets.count && packets[place].number == number ? place : nil
    }

    /// The pairs of packets whose fates became known since the last call.
    package mutating func takePairs() -> BurstPairs {
        defer { pairs = BurstPairs() }
        return pairs
    }

    /// Declares lost what left a reordering window before `newest`, once it is older than the shortest round trip.
    ///
    /// - Parameters:
    ///   - newest: when the newest acknowledged packet left.
    ///   - now: the time.
    ///   - path: the path's round-trip estimate.
    /// - Returns: the lost packets, and when to look again for packets that are not old enough yet.
    package mutating func detectLost(
        newest: Instant, at now: Instant, path: RoundTrip
    ) -> (lost: [SentPacket], again: Instant?) {
        var lost: [SentPacket] = []
        var again: Instant?
        for index in places where !packets[index].isLost {
            let sent = packets[index].sent
            guard sent + path.reorderingWindow < newest else { break }
            let ripe = sent + path.minimum
            guard ripe <= now else {
                again = again ?? ripe
                continue
            }
            leave(packets[index])
            packets[index].isLost = true
            noteLoss(at: index)
            lost.append(packets[index])
        }
        forgetLost(before: now, path: path)
        return (lost, again)
    }

    /// A packet lost for so long will hardly be acknowledged any more.
    private mutating func forgetLost(before now: Instant, path: RoundTrip) {
        guard count > inFlight else { return }
        let patience = path.probeTimeout * 3
        packets.removeFirst(head)
        head = 0
        packets.removeAll { $0.isLost && $0.sent + patience < now }
    }

    /// Gives back the room that a burst has taken.
    package mutating func relax() {
        if count == 0 { (packets, head) = ([], 0) }
    }

    /// How many records are kept.
    package var count: Int { packets.count - head }
}
