import Basics
import ChatProtocol
import Crypto
import Testing

@testable import ServerCore

/// Challenges and their answers, one by one.
struct AccountDeskTests {
    private static let device = DeviceID(bytes: [UInt8](repeating: 7, count: DeviceID.byteCount))
    private static let serverKey = [UInt8](repeating: 9, count: 32)
    private static let now = Instant(nanoseconds: 1_000_000_000)
    /// What is kept of a password need not come from Argon2id here.
    private static let kept = AccountVerifier(
        salt: AccountSalt(salt: [UInt8](repeating: 1, count: 16), passes: 2, kibibytes: 64),
        verifier: [UInt8](repeating: 3, count: 32))

    private static func desk(seed: UInt64 = 1) -> AccountDesk {
        var random = SeededGenerator(seed: seed)
        return AccountDesk(seed: AccountSeed(using: &random), serverKey: serverKey)
    }

    private static func answer(
        _ challenge: AccountChallenge, verifier: [UInt8] = kept.verifier, device: DeviceID, server: [UInt8] = serverKey
    ) throws -> AccountAnswer {
        var random = SeededGenerator(seed: 5)
        let party = try AccountSecrets.party(
            salt: challenge.salt.salt, verifier: SecretBytes(copying: verifier.span), server: server,
            device: device.bytes, session: challenge.session, scalar: AccountSecrets.scalar(using: &random))
        let tag = try AccountSecrets.tag(
            party, peerShare: challenge.share, serverShare: challenge.share, deviceShare: party.share,
            session: challenge.session)
        return AccountAnswer(session: challenge.session, share: party.share, tag: tag)
    }

    private static func challenged(
        _ desk: inout AccountDesk, _ device: DeviceID, at now: Instant = now
    ) throws -> AccountChallenge {
        let challenge = desk.challenge(device, nameKey: "ana", verifier: kept.encoded(), at: now)
        return try #require(challenge)
    }

    @Test("an answer is looked at once: a replayed one is unknown")
    func replay() throws {
        let device = try #require(Self.device)
        var desk = Self.desk()
        let answer = try Self.answer(try Self.challenged(&desk, device), device: device)
        #expect(desk.check(answer, nameKey: "ana", device: device, at: Self.now) == .right)
        #expect(desk.check(answer, nameKey: "ana", device: device, at: Self.now) == .unknown)
    }

    @Test("an answer counts for its name, its device, its server and its time alone")
    func bindings() throws {
        let device = try #require(Self.device)
        let other = try #require(DeviceID(bytes: [UInt8](repeating: 8, count: DeviceID.byteCount)))
        var desk = Self.desk()
        var answer = try Self.answer(try Self.challenged(&desk, device), device: device)
        #expect(desk.check(answer, nameKey: "bob", device: device, at: Self.now) == .unknown)
        #expect(desk.check(answer, nameKey: "ana", device: other, at: Self.now) == .unknown)
        let late = Self.now + AccountDesk.challengeLife
        #expect(desk.check(answer, nameKey: "ana", device: device, at: late) == .unknown)
        answer = try Self.answer(
            try Self.challenged(&desk, device), device: device, server: [UInt8](repeating: 1, count: 32))
        #expect(desk.check(answer, nameKey: "ana", device: device, at: Self.now) == .wrong)
        answer = try Self.answer(try Self.challenged(&desk, device), device: other)
        #expect(desk.check(answer, nameKey: "ana", device: device, at: Self.now) == .wrong)
    }

    @Test("shares that are no elements, or the server's own, are wrong answers")
    func badShares() throws {
        let device = try #require(Self.device)
        for share in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xff, count: 32), nil] {
            var desk = Self.desk()
            let challenge = try Self.challenged(&desk, device)
            let answer = AccountAnswer(
                session: challenge.session, share: share ?? challenge.share, tag: [UInt8](repeating: 0, count: 32))
            #expect(desk.check(answer, nameKey: "ana", device: device, at: Self.now) == .wrong)
        }
    }

    @Test("two runs of a server draw different sessions and shares")
    func freshness() throws {
        let device = try #require(Self.device)
        var (first, second) = (Self.desk(seed: 1), Self.desk(seed: 2))
        let one = try Self.challenged(&first, device)
        let two = try Self.challenged(&first, device)
        let three = try Self.challenged(&second, device)
        #expect(Set([one.session, two.session, three.session]).count == 3)
        #expect(Set([one.share, two.share, three.share]).count == 3)
        #expect(first.makeSalt() != second.makeSalt())
    }

    @Test("challenges and names with failures are bounded")
    func bounds() throws {
        let device = try #require(Self.device)
        var desk = Self.desk()
        for number in 0..<(AccountDesk.namesAtMost + 40) {
            let name = "name \(number)"
            let made = desk.challenge(device, nameKey: name, verifier: Self.kept.encoded(), at: Self.now)
            let challenge = try #require(made)
            let answer = AccountAnswer(
                session: challenge.session, share: [UInt8](repeating: 0, count: 32),
                tag: [UInt8](repeating: 0, count: 32))
            #expect(desk.check(answer, nameKey: name, device: device, at: Self.now) == .wrong)
        }
        #expect(desk.failingNames == AccountDesk.namesAtMost && desk.challengeCount == 0)
        for _ in 0..<(AccountDesk.challengesAtMost + 3) { _ = try Self.challenged(&desk, device) }
        #expect(desk.challengeCount == AccountDesk.challengesAtMost)
    }

    @Test("delays double from the fifth failure on, to fifteen minutes, and are forgotten after an hour")
    func delays() throws {
        let device = try #require(Self.device)
        var desk = Self.desk()
        var now = Self.now
        var waits: [Int64] = []
        for _ in 0..<18 {
            var verdict = AccountDesk.Verdict.unknown
            while true {
                let challenge = try Self.challenged(&desk, device, at: now)
                let answer = AccountAnswer(
                    session: challenge.session, share: [UInt8](repeating: 0, count: 32),
                    tag: [UInt8](repeating: 0, count: 32))
                verdict = desk.check(answer, nameKey: "ana", device: device, at: now)
                guard case .tooMany(let wait) = verdict else { break }
                waits.append(wait.components.seconds)
                now = now + wait
            }
            #expect(verdict == .wrong)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
        now = now + AccountDesk.failureLife + .seconds(1)
        let fresh = try Self.challenged(&desk, device, at: now)
        #expect(
            desk.check(try Self.answer(fresh, device: device), nameKey: "ana", device: device, at: now) == .right)
    }
}
