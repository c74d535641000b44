import Basics

/// A peer's packets come from another address than before: does the peer receive there as well (RFC 9000, section 8.2)?
///
/// Anybody on the way can rewrite a source address. So until a challenge that went to the new address comes back from
/// there, the peer stays where it was, and the new address gets at most three times what came from it.
struct PathValidation: Sendable {
    /// How much more than was received may be sent to an address that has not answered (RFC 9000, section 8.1).
    private static let amplification = 3

    let address: SocketAddress
    /// Which of our addresses was spoken to from there.
    let local: SocketAddress.Host?
    /// What must come back; random, so that nobody answers unseen.
    let challenge: UInt64
    private var received = 0
    private var sent = 0
    private var challenges = 0
    private var lastChallenge: Instant?
    /// When the next challenge leaves, or the validation is given up when it was the last.
    private(set) var deadline: Instant

    init(address: SocketAddress, local: SocketAddress.Host? = nil, challenge: UInt64, at now: Instant) {
        self.address = address
        self.local = local
        self.challenge = challenge
        deadline = now
    }

    /// A datagram of the peer came from the new address.
    mutating func received(_ bytes: Int) {
        received += bytes
    }

    /// Whether the answer did not come.
    func isOver(at now: Instant) -> Bool {
        challenges >= Limits.pathChallenges && deadline <= now
    }

    /// Whether a challenge is due.
    func isDue(at now: Instant) -> Bool {
        deadline <= now && challenges < Limits.pathChallenges
    }

    /// Takes the next turn.
    ///
    /// - Parameters:
    ///   - bytes: length of the datagram with the challenge.
    ///   - wait: until the second one; it doubles from each to the next. After the last the answer has time enough for
    ///     a path that is much slower than the former one (RFC 9000, section 8.2.4).
    /// - Returns: whether it may leave; else what came in does not allow for it.
    mutating func takeTurn(bytes: Int, wait: Duration, at now: Instant) -> Bool {
        let pause = wait * (1 << challenges)
        challenges += 1
        deadline = now + (challenges < Limits.pathChallenges ? pause : max(pause, Limits.pathPatience))
        guard sent + bytes <= Self.amplification * received else { return false }
        sent += bytes
        lastChallenge = now
        return true
    }

    /// The new path's round trip, when the answer came now; nil when it is not known which challenge was answered.
    func roundTrip(at now: Instant) -> Duration? {
        guard challenges == 1, let lastChallenge else { return nil }
        return now - lastChallenge
    }
}
