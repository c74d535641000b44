import Basics

/// KCP in its fast mode: `ikcp_nodelay(1, 10, 2, 1)`, windows of 128 and more, which these flows never fill.
///
/// Rules and constants as in skywind3000/kcp, `ikcp.c`: retransmission timeout `srtt + max(interval, 4 rttvar)`, at least
/// 30 ms (IKCP_RTO_NDL), 200 ms before a sample (IKCP_RTO_DEF), growing by half with each try; a segment passed over by
/// two acknowledging datagrams is sent again; at most 5 of those for a segment (IKCP_FASTACK_LIMIT); every segment is
/// acknowledged with its time stamp; everything leaves at the ticks of an interval of 10 ms; messages in order.
struct KCPRules: FlowRules {
    struct Packet: Sendable {
        var pushes: [(number: Int, stamp: Int)] = []
        var acknowledged: [(number: Int, stamp: Int)] = []
        /// Everything below has arrived.
        var below = 0
    }

    private struct Segment {
        let number: Int
        var stamp = 0
        var resendAt = 0
        var timeout = 0
        var passed = 0
        var sends = 0
    }

    private static let interval = 10
    private static let smallestTimeout = 30
    private static let largestTimeout = 60_000
    private static let fastResend = 2
    private static let fastResends = 5
    private static let headerBytes = 24
    private static let segmentLimit = 1400

    private let flushesOnSend: Bool
    private let messageBytes: Int
    private var senderTick: Int
    private var receiverTick: Int
    private var queue: [Int] = []
    private var segments: [Segment] = []
    private var smoothed = 0
    private var variance = 0
    private var timeout = 200
    private var outgoing: [(packet: Packet, bytes: Int)] = []

    private var receiver = InOrder()
    private var toAcknowledge: [(number: Int, stamp: Int)] = []
    private var answers: [Packet] = []

    /// - Parameter phase: of the ticks, 0..<1 of an interval.
    init(phase: Double, flushesOnSend: Bool, messageBytes: Int) {
        self.flushesOnSend = flushesOnSend
        self.messageBytes = messageBytes
        senderTick = 1000 + Int(phase * Double(Self.interval))
        receiverTick = 1000 + (Int(phase * 97) % Self.interval)
    }

    mutating func say(_ number: Int, at now: Instant) {
        queue.append(number)
        if flushesOnSend { flushSender(at: now.milliseconds) }
    }

    var nextDeadline: Instant? { Instant(milliseconds: min(senderTick, receiverTick)) }

    mutating func handleTimeouts(at now: Instant) {
        let clock = now.milliseconds
        if senderTick <= clock {
            senderTick += Self.interval
            flushSender(at: clock)
        }
        if receiverTick <= clock {
            receiverTick += Self.interval
            flushReceiver()
        }
    }

    private mutating func flushSender(at clock: Int) {
        segments += queue.map { Segment(number: $0) }
        queue.removeAll()
        var packet = Packet()
        for place in segments.indices where wantsSending(place, at: clock) {
            segments[place].stamp = clock
            if (packet.pushes.count + 1) * (messageBytes + Self.headerBytes) > Self.segmentLimit { emit(&packet) }
            packet.pushes.append((segments[place].number, clock))
        }
        emit(&packet)
    }

    private mutating func wantsSending(_ place: Int, at clock: Int) -> Bool {
        var segment = segments[place]
        if segment.sends == 0 {
            segment.timeout = timeout
        } else if clock >= segment.resendAt {
            segment.timeout += segment.timeout / 2
        } else if segment.passed >= Self.fastResend, segment.sends <= Self.fastResends {
            segment.passed = 0
        } else {
            return false
        }
        segment.sends += 1
        segment.resendAt = clock + segment.timeout
        segments[place] = segment
        return true
    }

    private mutating func emit(_ packet: inout Packet) {
        guard !packet.pushes.isEmpty else { return }
        outgoing.append((packet, packet.pushes.count * (messageBytes + Self.headerBytes)))
        packet.pushes.removeAll()
    }

    mutating func arriveAtSender(_ packet: Packet, at now: Instant) {
        segments.removeAll { $0.number < packet.below }
        for (number, stamp) in packet.acknowledged {
            sample(now.milliseconds - stamp)
            segments.removeAll { $0.number == number }
        }
        guard let newest = packet.acknowledged.map(\.number).max() else { return }
        for place in segments.indices where segments[place].number < newest && segments[place].sends > 0 {
            segments[place].passed += 1
        }
    }

    private mutating func sample(_ roundTrip: Int) {
        if smoothed == 0 {
            (smoothed, variance) = (roundTrip, roundTrip / 2)
        } else {
            variance = (3 * variance + abs(roundTrip - smoothed)) / 4
            smoothed = max(1, (7 * smoothed + roundTrip) / 8)
        }
        timeout = min(max(smoothed + max(Self.interval, 4 * variance), Self.smallestTimeout), Self.largestTimeout)
    }

    mutating func arriveAtReceiver(_ packet: Packet, at now: Instant) {
        for (number, stamp) in packet.pushes {
            toAcknowledge.append((number, stamp))
            receiver.arrived(number)
        }
    }

    private mutating func flushReceiver() {
        guard !toAcknowledge.isEmpty else { return }
        answers.append(Packet(acknowledged: toAcknowledge, below: receiver.next))
        toAcknowledge.removeAll()
    }

    mutating func pollToReceiver(at now: Instant) -> (packet: Packet, bytes: Int)? {
        outgoing.isEmpty ? nil : outgoing.removeFirst()
    }

    mutating func pollToSender(at now: Instant) -> Packet? { answers.isEmpty ? nil : answers.removeFirst() }
    mutating func pollDelivered() -> Int? { receiver.pollDelivered() }
}
