package import Basics

/// What a packet carried that belongs to streams and must arrive.
package enum BulkFrame: Hashable, Sendable {
    case stream(StreamID, Range<UInt64>, isLast: Bool)
    /// The newest credit at the time it is sent again; nil: the connection's.
    case credit(StreamID?)
    case reset(StreamID)
    case stop(StreamID)
}

/// A packet with frames of streams, or one of messages that left while streams were under way: both share the path.
package struct BulkPacket: Sendable {
    package let number: UInt64
    package let sent: Instant
    /// Size of the datagram.
    package let bytes: Int
    package let frames: [BulkFrame]
    /// Whether messages have a record of it as well, which sees to what its length says about the path.
    let hasMessages: Bool
    /// What was known of the path's delivery when it left.
    package let delivery: DeliverySnapshot
    /// Acknowledged, or declared lost.
    var isDone = false

    package init(
        number: UInt64, sent: Instant, bytes: Int, frames: [BulkFrame], hasMessages: Bool = false,
        delivery: DeliverySnapshot
    ) {
        self.number = number
        self.sent = sent
        self.bytes = bytes
        self.frames = frames
        self.hasMessages = hasMessages
        self.delivery = delivery
    }
}

/// The packets that are under way while streams are, oldest first. Bounded by `Limits.bulkPackets`.
///
/// Those of messages have records of their own besides: a transfer has hundreds of times as many, and must not push
/// them out.
package struct BulkPackets: Sendable {
    /// What was declared lost, and may still turn out to have been late.
    private struct Lost: Sendable {
        let number: UInt64
        let sent: Instant
    }

    private var packets: [BulkPacket] = []
    private var head = 0
    private var lost: [Lost] = []

    package private(set) var inFlight = 0
    /// Bytes of datagrams under way.
    package private(set) var inFlightBytes = 0
    package private(set) var largestAcknowledged: UInt64?

    package init() {}

    /// How many records are kept.
    package var count: Int { packets.count - head + lost.count }

    /// Whether no further packet may leave.
    package var isFull: Bool { packets.count - head >= Limits.bulkPackets }

    /// Records a packet; numbers must grow, and `isFull` must not hold.
    package mutating func record(_ packet: BulkPacket) {
        packets.append(packet)
        inFlight += 1
        inFlightBytes += packet.bytes
    }

    /// Takes an acknowledgement.
    ///
    /// - Returns: the packets that were under way, oldest first, and of those declared lost and yet arrived the
    ///   farthest behind the largest number acknowledged, with the time it left.
    package mutating func acknowledge(
        _ numbers: AcknowledgedNumbers
    ) -> (arrived: [BulkPacket], late: (distance: UInt64, sent: Instant)?) {
        var arrived: [BulkPacket] = []
        var index = place(of: numbers.smallest)
        while index < packets.count, packets[index].number <= numbers.largest {
            if !packets[index].isDone, numbers.contains(packets[index].number) {
                settle(index)
                arrived.append(packets[index])
            }
            index += 1
        }
        var late: (distance: UInt64, sent: Instant)?
        if let largest = largestAcknowledged {
            lost.removeAll { packet in
                guard numbers.contains(packet.number), largest > packet.number else { return false }
                let distance = largest - packet.number
                if distance > late?.distance ?? 0 { late = (distance, packet.sent) }
                return true
            }
        }
        if let newest = arrived.last { largestAcknowledged = max(largestAcknowledged ?? 0, newest.number) }
        trim()
        return (arrived, late)
    }

    /// Declares lost, from the oldest on, what is named.
    ///
    /// - Parameter isLost: whether a packet is lost; nil: neither it nor any that left later.
    package mutating func declareLost(where isLost: (BulkPacket) -> Bool?) -> [BulkPacket] {
        var found: [BulkPacket] = []
        for index in head..<packets.count where !packets[index].isDone {
            guard let verdict = isLost(packets[index]) else { break }
            guard verdict else { continue }
            settle(index)
            found.append(packets[index])
            lost.append(Lost(number: packets[index].number, sent: packets[index].sent))
        }
        if lost.count > Limits.lateBulkPackets { lost.removeFirst(lost.count - Limits.lateBulkPackets) }
        trim()
        return found
    }

    /// Forgets what was declared lost and left before a moment: it will hardly be acknowledged any more.
    package mutating func forgetLost(before moment: Instant) {
        lost.removeAll { $0.sent < moment }
    }

    /// The oldest packet under way.
    package var oldest: BulkPacket? { packets[head...].first { !$0.isDone } }

    private mutating func settle(_ index: Int) {
        packets[index].isDone = true
        inFlight -= 1
        inFlightBytes -= packets[index].bytes
    }

    private mutating func trim() {
        while head < packets.count, packets[head].isDone { head += 1 }
        guard head > 64, head * 2 > packets.count else { return }
        packets.removeFirst(head)
        head = 0
    }

    /// The first place with that number or a larger one.
    private func place(of number: UInt64) -> Int {
        packets[head...].partitioningIndex { $0.number >= number }
    }
}
