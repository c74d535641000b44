package import Basics

/// What to acknowledge, and when.
///
/// At once after a gap, when many packets wait for one, or when fewer left lately than four a round trip; else a little
/// later, so that several packets share one. Every packet that leaves anyway carries the newest state.
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

    /// When an acknowledgement is due; nil when there is nothing new to say.
    package private(set) var due: Instant?
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
        let hasGap = note(number, at: now)
        guard asks else { return }
        wait = path.acknowledgementDelay
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

    /// The acknowledgement to put into a packet that leaves now; nil before the first packet arrived.
    package mutating func take(at now: Instant) -> Acknowledgement? {
        guard let largest else { return nil }
        due = nil
        unreported = 0
        turn = min(max(turn, now) + wait, now + wait * 5)
        let units = (now - largestArrived).wholeNanoseconds / Limits.acknowledgementDelayUnit.wholeNanoseconds
        return Acknowledgement(
            largest: UInt32(truncatingIfNeeded: largest), delay: UInt16(clamping: max(0, units)), bitmap: bitmap)
    }
}
