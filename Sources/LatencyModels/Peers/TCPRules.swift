import Basics

/// TCP as Linux does it, with `TCP_NODELAY`: one stream, so what is missing holds up all that follows.
///
/// Rules and constants: retransmission timeout of RFC 6298, `smoothed + max(variance, 200 ms)` (TCP_RTO_MIN) and doubled
/// each time, at most 120 s; SACK; RACK-TLP (RFC 8985) with a reordering window of a quarter of the smallest round trip,
/// none in recovery or with three packets sacked, and a probe after two round trips, 200 ms more when one packet is out;
/// proportional rate reduction (RFC 6937); CUBIC (RFC 9438): from ten packets, times 0.7 at a loss, at least two, and growth
/// in its Reno-friendly region, which rules windows as small as these. What waits for the window shares segments of 1,448
/// bytes, and what is sent again takes neighbours along (`tcp_retrans_collapse`). The receiver acknowledges each small
/// segment as soon as it was read, as Linux does while nothing flows back: the 40 ms delay of acknowledgements is for
/// talk both ways.
struct TCPRules: FlowRules {
    enum Packet: Sendable {
        case data(first: Int, end: Int)
        /// Everything below `next` is there, and these.
        case acknowledgement(next: Int, held: Set<Int>)
    }

    private struct Segment {
        let first: Int
        var end: Int
        var sentAt: Instant
        var isSacked = false
        var isLost = false
        /// Sent again and under way.
        var isAgain = false
        var wasAgain = false
    }

    private enum Phase {
        case open
        case recovery
        case loss
    }

    private static let minimumVariance: Duration = .milliseconds(200)
    private static let largestTimeout: Duration = .seconds(120)
    private static let granularity: Duration = .milliseconds(4)
    private static let segmentBytes = 1448
    private static let reordering = 3
    /// IPv4, TCP and time stamps are 24 bytes more than IPv4 and UDP.
    private static let headerBytes = 24

    private let messageBytes: Int
    private var unsent: [Int] = []
    private var segments: [Segment] = []
    private var una = 0
    private var phase = Phase.open
    private var recoveryEnd = 0

    private var smoothed: Duration
    private var deviation: Duration
    private var minimum: Duration
    private var backoff = 0
    private var timeoutAt: Instant?
    private var probeAt: Instant?
    private var reorderAt: Instant?
    private var probeOut = false
    /// Of the packet delivered last in the order of sending, as RACK keeps it.
    private var rack: (sentAt: Instant, roundTrip: Duration)?

    private var window = 10
    private var threshold = Int.max
    private var growth = 0
    private var isLimited = false
    private var mostOut = 0
    private var reduction = (delivered: 0, out: 0, prior: 0)
    private var again: [Packet] = []

    private var receiver = InOrder()
    private var answers: [Packet] = []

    init(roundTrip: Duration, messageBytes: Int) {
        (smoothed, minimum) = (roundTrip, roundTrip)
        deviation = Self.minimumVariance
        self.messageBytes = messageBytes
    }

    private var perSegment: Int { max(1, Self.segmentBytes / messageBytes) }
    private var inFlight: Int {
        segments.reduce(0) { $0 + ($1.isSacked || $1.isLost ? 0 : 1) + ($1.isAgain && $1.isLost ? 1 : 0) }
    }
    private var timeout: Duration {
        min((smoothed + max(deviation, Self.minimumVariance)) * (1 << min(backoff, 12)), Self.largestTimeout)
    }

    // MARK: Sending

    mutating func say(_ number: Int, at now: Instant) { unsent.append(number) }

    mutating func pollToReceiver(at now: Instant) -> (packet: Packet, bytes: Int)? {
        if let place = segments.firstIndex(where: { $0.isLost && !$0.isAgain && !$0.isSacked }), inFlight < window {
            return sendAgain(place, at: now)
        }
        if !again.isEmpty, case .data(let first, let end) = again.removeFirst() { return packet(first, end) }
        guard !unsent.isEmpty, inFlight < window else { return nil }
        let count = min(unsent.count, perSegment)
        let first = unsent[0]
        unsent.removeFirst(count)
        segments.append(Segment(first: first, end: first + count, sentAt: now))
        if phase != .open { reduction.out += 1 }
        noteSent()
        if timeoutAt == nil { timeoutAt = now + timeout }
        planProbe(at: now, advances: false)
        return packet(first, first + count)
    }

    private mutating func noteSent() {
        let out = inFlight
        mostOut = max(mostOut, out)
        isLimited = out >= window
    }

    private func packet(_ first: Int, _ end: Int) -> (packet: Packet, bytes: Int) {
        (.data(first: first, end: end), Self.headerBytes + (end - first) * messageBytes)
    }

    private mutating func sendAgain(_ place: Int, at now: Instant) -> (packet: Packet, bytes: Int) {
        while place + 1 < segments.count, !segments[place + 1].isSacked,
            segments[place + 1].end - segments[place].first <= perSegment
        {
            segments[place].end = segments[place + 1].end
            segments.remove(at: place + 1)
        }
        segments[place].isAgain = true
        segments[place].wasAgain = true
        segments[place].sentAt = now
        reduction.out += 1
        noteSent()
        if timeoutAt == nil { timeoutAt = now + timeout }
        return packet(segments[place].first, segments[place].end)
    }

    // MARK: Time

    var nextDeadline: Instant? { probeAt ?? [reorderAt, timeoutAt].compactMap { $0 }.min() }

    mutating func handleTimeouts(at now: Instant) {
        if let probeAt {
            guard probeAt <= now else { return }
            self.probeAt = nil
            probe(at: now)
        } else if let reorderAt, reorderAt <= now {
            self.reorderAt = nil
            findLost(at: now, delivered: 0)
        } else if let timeoutAt, timeoutAt <= now {
            expire(at: now)
        }
    }

    /// A tail loss probe is scheduled while nothing is known to be lost (RFC 8985, section 7.2).
    private mutating func planProbe(at now: Instant, advances: Bool) {
        probeAt = nil
        guard phase == .open, !segments.isEmpty, !segments.contains(where: \.isSacked) || !advances else { return }
        let wait = smoothed * 2 + (segments.count == 1 ? Self.minimumVariance : Self.granularity * 2)
        // Instead of the timeout, where that comes first.
        if !probeOut { probeAt = min(now + wait, advances ? now + timeout : timeoutAt ?? now + timeout) }
    }

    /// New data if there is any, else the last segment again.
    private mutating func probe(at now: Instant) {
        probeOut = true
        timeoutAt = now + timeout
        if !unsent.isEmpty {
            window = max(window, inFlight + 1)
        } else if let place = segments.indices.last {
            segments[place].sentAt = now
            segments[place].wasAgain = true
            again.append(.data(first: segments[place].first, end: segments[place].end))
        }
    }

    private mutating func expire(at now: Instant) {
        if phase != .loss || una >= recoveryEnd {
            if phase == .open { reduceThreshold() }
            recoveryEnd = segments.last?.end ?? una
        }
        phase = .loss
        let waits = minimum / 4
        for place in segments.indices where !segments[place].isSacked {
            // What left a moment ago is not lost yet.
            let isRecent = place > 0 && segments[place].sentAt + smoothed + waits > now
            if isRecent, !segments[place].isLost { continue }
            segments[place].isLost = true
            segments[place].isAgain = false
        }
        window = inFlight + 1
        growth = 0
        backoff += 1
        reorderAt = nil
        probeAt = nil
        timeoutAt = now + timeout
    }

    private mutating func reduceThreshold() {
        threshold = max(2, window * 717 / 1024)
    }

    // MARK: What arrives

    mutating func arriveAtReceiver(_ packet: Packet, at now: Instant) {
        guard case .data(let first, let end) = packet else { return }
        for number in first..<end { receiver.arrived(number) }
        answers.append(.acknowledgement(next: receiver.next, held: receiver.held))
    }

    mutating func arriveAtSender(_ packet: Packet, at now: Instant) {
        guard case .acknowledgement(let next, let held) = packet else { return }
        var delivered = 0
        var oldestFresh: Instant?
        var newestFresh: Instant?
        var kept: [Segment] = []
        let headSent = segments.first?.sentAt ?? now
        var hasNewSack = false
        for var segment in segments {
            let isDone = segment.end <= next
            guard isDone || !segment.isSacked && (segment.first..<segment.end).allSatisfy(held.contains) else {
                kept.append(segment)
                continue
            }
            if !segment.isSacked {
                delivered += 1
                if !segment.wasAgain {
                    oldestFresh = min(oldestFresh ?? segment.sentAt, segment.sentAt)
                    newestFresh = max(newestFresh ?? segment.sentAt, segment.sentAt)
                }
                noteDelivered(segment, at: now)
            }
            guard !isDone else { continue }
            segment.isSacked = true
            segment.isLost = false
            segment.isAgain = false
            hasNewSack = true
            kept.append(segment)
        }
        segments = kept
        let advanced = next > una
        una = max(una, next)
        takeSample(oldestFresh, newestFresh, advanced: advanced, at: now)
        if segments.isEmpty {
            timeoutAt = nil
        } else if advanced || hasNewSack && (newestFresh ?? now) < headSent {
            timeoutAt = now + timeout
        }
        if delivered > 0 || advanced { probeOut = false }
        grow(delivered, advanced: advanced)
        findLost(at: now, delivered: delivered, advanced: advanced)
        leaveRecovery()
        if advanced || probeAt != nil { planProbe(at: now, advances: advanced) }
    }

    /// RFC 8985, section 6.2, step 1 and 2: a retransmission acknowledged sooner than any round trip was the original.
    private mutating func noteDelivered(_ segment: Segment, at now: Instant) {
        let roundTrip = now - segment.sentAt
        if segment.wasAgain, roundTrip < minimum { return }
        if let rack, segment.sentAt < rack.sentAt { return }
        rack = (segment.sentAt, roundTrip)
    }

    private mutating func takeSample(_ oldest: Instant?, _ newest: Instant?, advanced: Bool, at now: Instant) {
        // With time stamps what was sent again gives a sample as well, that of the newest packet.
        guard let sent = oldest ?? (advanced ? rack?.sentAt : nil) else { return }
        let sample = now - sent
        if let newest { minimum = min(minimum, now - newest) }
        let error = sample > smoothed ? sample - smoothed : smoothed - sample
        deviation = max(deviation * 3 / 4 + error, Self.minimumVariance)
        smoothed = smoothed * 7 / 8 + sample / 8
        backoff = 0
    }

    /// Slow start, and above the threshold the Reno-friendly growth of CUBIC: one packet for 15/8 windows.
    private mutating func grow(_ delivered: Int, advanced: Bool) {
        guard phase != .recovery, advanced, delivered > 0 else { return }
        let isSlowStart = window < threshold
        guard isLimited || isSlowStart && window < 2 * mostOut else { return }
        if isSlowStart {
            window += delivered
            return
        }
        growth += delivered
        let needed = max(2, window * 15 / 8)
        if growth >= needed {
            growth -= needed
            window += 1
        }
    }

    /// RFC 8985, section 6.2, step 5: lost is what left a reordering window before what was delivered.
    private mutating func findLost(at now: Instant, delivered: Int, advanced: Bool = false) {
        guard let rack else { return }
        let sacked = segments.count { $0.isSacked }
        let isSure = phase != .open || sacked >= Self.reordering
        let reorderWindow = isSure ? .zero : min(minimum / 4, smoothed)
        var newlyLost = 0
        reorderAt = nil
        for place in segments.indices where !segments[place].isSacked {
            let segment = segments[place]
            guard segment.sentAt < rack.sentAt, !segment.isLost || segment.isAgain else { continue }
            let due = segment.sentAt + rack.roundTrip + reorderWindow
            guard due <= now else {
                reorderAt = min(reorderAt ?? due, due)
                continue
            }
            segments[place].isLost = true
            segments[place].isAgain = false
            newlyLost += 1
        }
        if newlyLost > 0, phase == .open {
            phase = .recovery
            recoveryEnd = segments.last?.end ?? una
            reduction = (0, 0, max(1, window))
            reduceThreshold()
            probeAt = nil
        }
        if phase == .recovery { reduce(delivered, clean: advanced && newlyLost == 0) }
    }

    /// RFC 6937 with the slow-start reduction bound.
    private mutating func reduce(_ delivered: Int, clean: Bool) {
        reduction.delivered += delivered
        let out = inFlight
        var count: Int
        if out > threshold {
            count = (threshold * reduction.delivered + reduction.prior - 1) / reduction.prior - reduction.out
        } else {
            count = max(reduction.delivered - reduction.out, delivered) + (clean ? 1 : 0)
            count = min(threshold - out, count)
        }
        window = out + max(count, reduction.out == 0 ? 1 : 0)
    }

    private mutating func leaveRecovery() {
        guard phase != .open, una >= recoveryEnd else { return }
        if phase == .recovery { window = threshold }
        phase = .open
        mostOut = inFlight
    }

    mutating func pollToSender(at now: Instant) -> Packet? { answers.isEmpty ? nil : answers.removeFirst() }
    mutating func pollDelivered() -> Int? { receiver.pollDelivered() }
}
