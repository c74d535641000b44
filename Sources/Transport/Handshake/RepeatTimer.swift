package import Basics

/// When to repeat a handshake message, and when to give up.
package struct RepeatTimer: Hashable, Sendable {
    private var repeats = 0

    /// When the message is due again.
    package private(set) var due: Instant
    /// When the other side has been silent for too long.
    package let expiry: Instant

    /// Due at once.
    package init(at now: Instant) {
        due = now
        expiry = now + Limits.handshakePatience
    }

    /// Records that the message left.
    package mutating func sent(at now: Instant) {
        due = now + Limits.handshakeRepeats[min(repeats, Limits.handshakeRepeats.count - 1)]
        repeats += 1
    }

    /// Whether the message left exactly once, so that its answer measures the round trip (Karn's algorithm).
    package var wasSentOnce: Bool { repeats == 1 }

    package var deadline: Instant { min(due, expiry) }
}
