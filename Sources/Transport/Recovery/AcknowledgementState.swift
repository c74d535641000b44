package import Basics

/// What to acknowledge, and when.
///
/// At once after a gap, when none left for a quarter of a round trip, or when many packets wait for one; else a little
/// later, so that several packets share one. Every packet that leaves anyway carries the newest state.
package struct AcknowledgementState: Sendable {
    private var largest: UInt64?
    private var largestArrived = Instant.origin
    private var bitmap: UInt64 = 0
    private var lastSent: Instant?
    /// Packets since the last acknowledgement that ask for one.
    private var unreported = 0

    /// When an acknowledgement is due; nil when there is nothing new to say.
    package private(set) var due: Instant?

    package init() {}

    /// Records a packet that authenticated and was not seen before.
    ///
    /// - Parameters:
    ///   - number: its packet number.
    ///   - asks: whether it asks for an acknowledgement.
    package mutating func received(_ number: UInt64, asks: Bool, at now: Instant, path: RoundTrip) {
        let hasGap = note(number, at: now)
        guard asks else { return }
        let wait = path.acknowledgementDelay
        let isRested = lastSent.map { $0 + wait <= now } ?? true
        unreported += 1
        let isUrgent = hasGap || isRested || unreported >= Limits.acknowledgementPackets
        let moment = isUrgent ? now : now + wait
        due = min(due ?? moment, moment)
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
        lastSent = now
        let units = (now - largestArrived).wholeNanoseconds / Limits.acknowledgementDelayUnit.wholeNanoseconds
        return Acknowledgement(
            largest: UInt32(truncatingIfNeeded: largest), delay: UInt16(clamping: max(0, units)), bitmap: bitmap)
    }
}
