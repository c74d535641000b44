import Basics

/// A sender after RFC 9002 with a stream for each message, as aioquic does it.
///
/// Rules and constants: packet threshold 3 and time threshold 9/8 (6.1), granularity 1 ms, probe timeout `smoothed + max(4
/// variance, 1 ms) + 25 ms` from the last packet that asks, doubled with each (6.2), a probe carries what is unacknowledged
/// or a PING, NewReno from ten packets down to two (7); a message is delivered when it is there, whatever else is missing.
/// Of aioquic (`recovery.py`, `connection.py`): acknowledgements leave 1 ms after the packet, the variance is taken
/// against the smallest round trip, a probe is a PING, and streams that are sent again share packets.
struct QUICRules: FlowRules {
    enum Packet: Sendable {
        case data(number: Int, messages: [Int])
        case acknowledgement(largest: Int, received: Set<Int>, delay: Duration)
    }

    private struct Sent {
        let number: Int
        let at: Instant
        let messages: [Int]
    }

    private static let packetThreshold = 3
    private static let granularity: Duration = .milliseconds(1)
    private static let largestDelay: Duration = .milliseconds(25)
    private static let acknowledgementDelay: Duration = .milliseconds(1)
    private static let datagramBytes = 1280
    private static let headerBytes = 1 + 8 + 2 + 16
    private static let frameBytes = 6
    /// Ranges that an acknowledgement repeats, in packets: far more than matter.
    private static let memory = 256

    private let messageBytes: Int
    private var waiting: [Int] = []
    private var sent: [Sent] = []
    private var wantsPing = false
    private var nextNumber = 0
    private var largestAcknowledged = -1
    private var smoothed: Duration
    private var variance: Duration
    private var minimum: Duration
    private var latest: Duration
    private var probes = 0
    private var lastAsked = Instant.origin
    private var lossTime: Instant?
    private var window = 10 * Double(QUICRules.datagramBytes)
    private var threshold = Double.infinity
    private var recoveryStart = Instant.origin

    private var received: Set<Int> = []
    private var largestReceived = -1
    private var largestAt = Instant.origin
    private var acknowledgeAt: Instant?
    private var heard: Set<Int> = []
    private var delivered: [Int] = []

    init(roundTrip: Duration, messageBytes: Int) {
        (smoothed, variance, minimum, latest) = (roundTrip, roundTrip / 2, roundTrip, roundTrip)
        self.messageBytes = messageBytes
    }

    mutating func say(_ number: Int, at now: Instant) { waiting.append(number) }

    private var probeTime: Instant? {
        guard !sent.isEmpty else { return nil }
        let timeout = smoothed + max(variance * 4, Self.granularity) + Self.largestDelay
        return lastAsked + timeout * (1 << min(probes, 16))
    }

    var nextDeadline: Instant? {
        [lossTime ?? probeTime, acknowledgeAt].compactMap { $0 }.min()
    }

    mutating func handleTimeouts(at now: Instant) {
        if let lossTime {
            if lossTime <= now { findLost(at: now) }
        } else if let probeTime, probeTime <= now {
            probes += 1
            wantsPing = true
        }
    }

    mutating func pollToReceiver(at now: Instant) -> (packet: Packet, bytes: Int)? {
        let room = (Self.datagramBytes - Self.headerBytes) / (messageBytes + Self.frameBytes)
        let isOpen = Double(inFlightBytes) < window
        guard wantsPing || isOpen && !waiting.isEmpty else { return nil }
        let messages = isOpen ? Array(waiting.prefix(room)) : []
        waiting.removeFirst(messages.count)
        wantsPing = false
        let packet = Sent(number: nextNumber, at: now, messages: messages)
        nextNumber += 1
        sent.append(packet)
        lastAsked = now
        return (.data(number: packet.number, messages: messages), bytes(of: packet))
    }

    private var inFlightBytes: Int { sent.reduce(0) { $0 + bytes(of: $1) } }

    private func bytes(of packet: Sent) -> Int {
        Self.headerBytes + packet.messages.count * (messageBytes + Self.frameBytes) + 1
    }

    mutating func arriveAtReceiver(_ packet: Packet, at now: Instant) {
        guard case .data(let number, let messages) = packet else { return }
        received.insert(number)
        if number > largestReceived {
            largestReceived = number
            largestAt = now
            received = received.filter { $0 > number - Self.memory }
        }
        acknowledgeAt = acknowledgeAt ?? now + Self.acknowledgementDelay
        for message in messages where heard.insert(message).inserted { delivered.append(message) }
    }

    mutating func pollToSender(at now: Instant) -> Packet? {
        guard let due = acknowledgeAt, due <= now else { return nil }
        acknowledgeAt = nil
        return .acknowledgement(largest: largestReceived, received: received, delay: now - largestAt)
    }

    mutating func arriveAtSender(_ packet: Packet, at now: Instant) {
        guard case .acknowledgement(let largest, let received, let delay) = packet else { return }
        let acknowledged = sent.filter { received.contains($0.number) }
        guard let newest = acknowledged.last else { return }
        sent.removeAll { received.contains($0.number) }
        largestAcknowledged = max(largestAcknowledged, largest)
        if newest.number == largest { sample(now - newest.at, delay: min(delay, Self.largestDelay)) }
        for packet in acknowledged where packet.at > recoveryStart {
            let grown = Double(bytes(of: packet))
            window += window < threshold ? grown : Double(Self.datagramBytes) * grown / window
        }
        findLost(at: now)
        probes = 0
    }

    private mutating func sample(_ measured: Duration, delay: Duration) {
        minimum = min(minimum, measured)
        latest = measured > minimum + delay ? measured - delay : measured
        let deviation = latest - minimum
        variance = variance * 3 / 4 + deviation / 4
        smoothed = smoothed * 7 / 8 + latest / 8
    }

    private mutating func findLost(at now: Instant) {
        let delay = max(latest, smoothed) * 9 / 8
        lossTime = nil
        var lost: [Sent] = []
        for packet in sent where packet.number < largestAcknowledged {
            if packet.number <= largestAcknowledged - Self.packetThreshold || packet.at + delay <= now {
                lost.append(packet)
            } else {
                lossTime = min(lossTime ?? packet.at + delay, packet.at + delay)
            }
        }
        guard let newest = lost.last else { return }
        sent.removeAll { packet in lost.contains { $0.number == packet.number } }
        waiting = lost.flatMap(\.messages) + waiting
        if newest.at > recoveryStart {
            recoveryStart = now
            window = max(window / 2, 2 * Double(Self.datagramBytes))
            threshold = window
        }
    }

    mutating func pollDelivered() -> Int? { delivered.isEmpty ? nil : delivered.removeFirst() }
}
