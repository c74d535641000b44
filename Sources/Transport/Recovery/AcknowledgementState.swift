package import Basics

/// What to acknowledge, and when.
///
/// At once after a gap, when many packets wait for one, or when fewer left lately than four a round trip; else a little
/// later, so that several packets share one. Packets that leave anyway carry the newest state until it was told a few
/// times, so that the loss of one of them does no harm.
///
/// What brings news may use the turns of a whole round trip at once, a mere copy one: else the answers to copies and
/// probes would hold up that to the next message for so long that it is probed too, and so on with each message.
package struct AcknowledgementState: Sendable {
    private var largest: UInt64?
    private var largestArrived = Instant.origin
    private var bitmap: UInt64 = 0
    /// When the next one has its turn: each that leaves moves it by a quarter of a round trip.
    private var turn = Instant.origin
    private var wait = Duration.zero
    /// Packets since the last acknowledgement that ask for one.
    private var unreported = 0
    /// How many more packets are to tell what is known.
    private var tellings: UInt8 = 0
    /// What arrived since the peer began to write streams; nil before.
    private var ranges: AckRanges?
    /// How many acknowledgements are to tell ranges in any case.
    private var rangesDue: UInt8 = 0
    private var sinceRanges: UInt8 = 0

    /// When an acknowledgement is due; nil when there is nothing new to say.
    package private(set) var due: Instant?
    /// Whether a packet that leaves anyway should carry one: the peer may not have heard the newest yet.
    package var isWorthTelling: Bool { due != nil || tellings > 0 }
    /// What the peer asked for; nil where it leaves that to us.
    package private(set) var policy: AcknowledgementPolicy?

    package init() {}

    /// Records a packet that authenticated and was not seen before.
    ///
    /// - Parameters:
    ///   - number: its packet number.
    ///   - asks: whether it asks for an acknowledgement.
    ///   - isNews: whether it brought anything but copies of what had arrived.
    package mutating func received(_ number: UInt64, asks: Bool, isNews: Bool = true, at now: Instant, path: RoundTrip)
    {
        if ranges != nil {
            // The bitmap does not reach so far back, now or by the time it leaves.
            if let largest, number + 64 < largest || unreported >= 64 { rangesDue = Limits.rangesInterval }
            ranges?.insert(number)
        }
        let hasGap = note(number, at: now)
        guard asks else { return }
        wait = path.acknowledgementDelay
        tellings = Limits.acknowledgementTellings
        unreported += 1
        let isUrgent = hasGap || unreported >= policy?.packets ?? Limits.acknowledgementPackets
        let moment = isUrgent ? now : latest(isNews: isNews, at: now)
        due = min(due ?? moment, moment)
    }

    /// How long what is not urgent may wait.
    private func latest(isNews: Bool, at now: Instant) -> Instant {
        if let policy, policy.delay > .zero { return now + policy.delay }
        return min(max(now, turn + (.zero - wait * (isNews ? 4 : 1))), now + wait)
    }

    /// The peer asks for something, for the first time or again, perhaps late.
    package mutating func follow(_ policy: AcknowledgementPolicy) {
        guard policy.sequence > self.policy?.sequence ?? 0 else { return }
        self.policy = policy
    }

    /// - Returns: whether the number is not simply the next one.
    private mutating func note(_ number: UInt64, at now: Instant) -> Bool {
        guard let known = largest else {
            largest = number
            largestArrived = now
            return number != 0
        }
        if number > known {
            let step = number - known
            bitmap = step > 64 ? 0 : step == 64 ? 1 << 63 : bitmap << step | 1 << (step - 1)
            largest = number
            largestArrived = now
            return step != 1
        }
        let distance = known - number
        if distance >= 1, distance <= 64 { bitmap |= 1 << (distance - 1) }
        return true
    }

    /// Bulk arrives: acknowledgements are to reach farther back than a bitmap where that is needed.
    package mutating func trackRanges() {
        if ranges == nil { ranges = AckRanges() }
    }

    /// The acknowledgement to put into a packet that leaves now, where a bitmap would not do: something arrived that it
    /// does not cover, or the last few told by bitmaps may all be lost.
    ///
    /// - Parameter room: the most bytes of the frame.
    package mutating func takeRanges(room: Int, at now: Instant) -> AcknowledgedRanges? {
        guard let ranges, ranges.reachesBeyondBitmap else { return nil }
        guard rangesDue > 0 || sinceRanges + 1 >= Limits.rangesInterval else {
            sinceRanges += 1
            return nil
        }
        guard let report = ranges.report(delay: UInt64(max(0, heldUnits(at: now))), room: room) else { return nil }
        noteSent(at: now)
        sinceRanges = 0
        rangesDue -= min(rangesDue, 1)
        return report
    }

    /// How long the newest packet has waited for its acknowledgement.
    private func heldUnits(at now: Instant) -> Int64 {
        (now - largestArrived).wholeNanoseconds / Limits.acknowledgementDelayUnit.wholeNanoseconds
    }

    private mutating func noteSent(at now: Instant) {
        due = nil
        unreported = 0
        tellings -= min(tellings, 1)
        takeTurn(at: now)
    }

    /// A packet leaves that could have carried one. Where that is often, the next one may wait for such a packet.
    mutating func takeTurn(at now: Instant) {
        turn = min(max(turn, now) + wait, now + wait * 5)
    }

    /// The acknowledgement to put into a packet that leaves now; nil before the first packet arrived.
    package mutating func take(at now: Instant) -> Acknowledgement? {
        guard let largest else { return nil }
        noteSent(at: now)
        return Acknowledgement(
            largest: UInt32(truncatingIfNeeded: largest), delay: UInt16(clamping: max(0, heldUnits(at: now))),
            bitmap: bitmap)
    }
}
