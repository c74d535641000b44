import Basics
import ChatProtocol
import Crypto

/// What a server draws salts, sessions and scalars from: random, and never the same in two runs of the server.
package struct AccountSeed: Sendable {
    let secret: SecretBox

    package init(using random: inout some RandomNumberGenerator) {
        secret = SecretBox(SecretBytes(count: 32, using: &random))
    }
}

/// Checks personal passwords: makes challenges, looks at the answers, and makes those wait who guess.
///
/// A device answers by a run of CPace (`AccountSecrets`), so an answer tells nothing to guess at, and one challenge is
/// one guess. After `freeFailures` for one name, each further one doubles a delay, for everybody who tries that name.
struct AccountDesk: Sendable {
    /// How long a challenge waits for its answer: a person types it.
    static let challengeLife: Duration = .seconds(180)
    /// How many challenges wait at most; the oldest is forgotten first.
    static let challengesAtMost = 256
    /// How many wrong answers for one name cost nothing.
    static let freeFailures = 5
    /// How long the names' failures are remembered after the last one.
    static let failureLife: Duration = .seconds(3_600)
    /// The longest delay.
    static let longestDelay: Duration = .seconds(900)
    /// How many names have failures at most; the oldest is forgotten first.
    static let namesAtMost = 1_024

    /// What came of an answer.
    enum Verdict: Hashable {
        case right
        case wrong
        /// The challenge is unknown: too old, answered before, or another device's.
        case unknown
        case tooMany(wait: Duration)
    }

    private struct Challenge: Sendable {
        let session: [UInt8]
        let nameKey: String
        let device: DeviceID
        let party: CPaceParty
        let ends: Instant
    }

    private struct Failures: Sendable {
        let nameKey: String
        var count: Int
        var last: Instant
        var opens: Instant
    }

    private let seed: AccountSeed
    private let serverKey: [UInt8]
    private var drawn: UInt64 = 0
    private var challenges: [Challenge] = []
    private var failures: [Failures] = []

    var challengeCount: Int { challenges.count }
    var failingNames: Int { failures.count }

    init(seed: AccountSeed, serverKey: [UInt8]) {
        self.seed = seed
        self.serverKey = serverKey
    }

    /// What a personal password is to be hashed with.
    mutating func makeSalt() -> AccountSalt {
        let cost = PasswordCost.interactive
        return AccountSalt(salt: draw(AccountSalt.saltBytes), passes: cost.passes, kibibytes: cost.kibibytes)
    }

    /// Asks a device for the password of a name; nil where what is kept of it can't be used.
    mutating func challenge(
        _ device: DeviceID, nameKey: String, verifier stored: [UInt8], at now: Instant
    ) -> AccountChallenge? {
        guard let kept = try? AccountVerifier(decoding: stored.span) else { return nil }
        let session = draw(AccountChallenge.sessionBytes)
        var uniform = draw(64)
        let scalar = AccountSecrets.scalar(reducing: SecretBytes(moving: &uniform))
        let party: CPaceParty
        do throws(CPaceError) {
            party = try AccountSecrets.party(
                salt: kept.salt.salt, verifier: SecretBytes(copying: kept.verifier.span), server: serverKey,
                device: device.bytes, session: session, scalar: scalar)
        } catch {
            return nil
        }
        challenges.removeAll { $0.ends <= now }
        if challenges.count >= Self.challengesAtMost { challenges.removeFirst() }
        challenges.append(
            Challenge(
                session: session, nameKey: nameKey, device: device, party: party, ends: now + Self.challengeLife))
        return AccountChallenge(session: session, salt: kept.salt, share: party.share)
    }

    /// Looks at an answer. The challenge is used up by it.
    mutating func check(_ answer: AccountAnswer, nameKey: String, device: DeviceID, at now: Instant) -> Verdict {
        guard
            let index = challenges.firstIndex(where: {
                $0.session == answer.session && $0.nameKey == nameKey && $0.device == device
            })
        else { return .unknown }
        let challenge = challenges.remove(at: index)
        guard challenge.ends > now else { return .unknown }
        if let opens = failures.first(where: { $0.nameKey == nameKey })?.opens, opens > now {
            return .tooMany(wait: opens - now)
        }
        guard isRight(answer, to: challenge) else {
            noteFailure(nameKey, at: now)
            return .wrong
        }
        failures.removeAll { $0.nameKey == nameKey }
        return .right
    }

    private func isRight(_ answer: AccountAnswer, to challenge: Challenge) -> Bool {
        let tag = try? AccountSecrets.tag(
            challenge.party, peerShare: answer.share, serverShare: challenge.party.share, deviceShare: answer.share,
            session: challenge.session)
        // A reflected share would let the server answer itself.
        guard let tag, answer.share != challenge.party.share else { return false }
        return ConstantTime.areEqual(tag, answer.tag)
    }

    private mutating func noteFailure(_ nameKey: String, at now: Instant) {
        failures.removeAll { $0.last + Self.failureLife <= now }
        var noted = Failures(nameKey: nameKey, count: 0, last: now, opens: now)
        if let index = failures.firstIndex(where: { $0.nameKey == nameKey }) { noted = failures.remove(at: index) }
        noted.count += 1
        noted.last = now
        let doublings = noted.count - Self.freeFailures
        if doublings >= 0 { noted.opens = now + min(Self.longestDelay, .seconds(1 << min(doublings, 10))) }
        if failures.count >= Self.namesAtMost { failures.removeFirst() }
        failures.append(noted)
    }

    /// Bytes that were never drawn before.
    private mutating func draw(_ count: Int) -> [UInt8] {
        drawn += 1
        var input = Array("gaschat/1 account draw".utf8)
        input.put(drawn)
        return Digest.keyedBlake2b(key: seed.secret.bytes, input: input, count: count)
    }
}
