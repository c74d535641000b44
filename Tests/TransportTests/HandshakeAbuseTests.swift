import Basics
import Crypto
import Testing

@testable import Transport

struct HandshakeAbuseTests {
    private static let identityElement = [UInt8](repeating: 0, count: 32)
    private static let invalidElement = [UInt8](repeating: 0xff, count: 32)

    /// M1 with a share of the given bytes.
    private static func hello(share: [UInt8], number: UInt64 = 1, suites: CipherSuites = .supported) -> Hello {
        Hello(
            clientID: ConnectionID(rawValue: number), sessionID: [UInt8](repeating: 4, count: 32), suites: suites,
            share: share, cookie: [])
    }

    private static func validShare() throws -> [UInt8] {
        var random = SeededGenerator(seed: 9)
        return try CPaceParty(
            prs: TestKeys.password("x").prs, channel: Transcript.channel, session: [1], using: &random
        ).share
    }

    /// M2 for a hello, rightly signed by the server's key, with a share of the given bytes.
    private static func serverHello(for hello: [UInt8], share: [UInt8], key: SigningKey) throws -> [UInt8] {
        let parsed = try Hello(parsing: hello.span)
        var answer = ServerHello(
            clientID: parsed.clientID, serverID: ConnectionID(rawValue: 5), nonce: [UInt8](repeating: 6, count: 32),
            suite: .chaCha20Poly1305, serverKey: key.publicKey, share: share, signature: [])
        answer.signature = key.sign(Transcript.serverSignatureInput(hello: hello, unsigned: answer.unsigned))
        return answer.encoded()
    }

    @Test("1: M1 of 1,199 or 1,201 bytes is dropped")
    func dropsShortHello() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        #expect(world.ask(Array(hello.dropLast())).isEmpty)
        #expect(world.ask(hello + [0]).isEmpty)
        #expect(world.server.nextDeadline == nil, "no state")
        #expect(world.server.drops.malformed == 2)
    }

    @Test("5: an unknown version gets one reply, no longer than the request, and leaves no state")
    func repliesToUnknownVersions() throws {
        var world = LoginWorld()
        var bytes = Self.hello(share: try Self.validShare(), number: 0x0102_0304_0506_0708).encoded()
        bytes[4] = 9
        let answers = world.ask(bytes)
        #expect(answers == [[0xc7, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1]])
        #expect(world.server.nextDeadline == nil)
        #expect(world.ask(Array(bytes.prefix(1199))).isEmpty, "it must be as long as every hello is")
    }

    @Test("6: an identity or invalid Ya is dropped without state", arguments: [identityElement, invalidElement])
    func dropsBadShares(share: [UInt8]) {
        var world = LoginWorld()
        #expect(world.ask(Self.hello(share: share).encoded()).isEmpty)
        #expect(world.server.nextDeadline == nil)
    }

    @Test("6: an identity or invalid Yb, though rightly signed, is loss", arguments: [identityElement, invalidElement])
    func clientDropsBadShares(share: [UInt8]) throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let forged = try Self.serverHello(for: hello, share: share, key: TestKeys.signing(100))
        client.receive(forged.span, at: world.now)
        #expect(client.pollTransmit(at: world.now) == nil, "no M3")
        let honest = try #require(world.ask(hello).first)
        client.receive(honest.span, at: world.now)
        #expect(client.pollTransmit(at: world.now)?.first == PacketType.finish.rawValue)
    }

    @Test("7: Yb = Ya, though rightly signed, is dropped")
    func clientDropsItsOwnShare() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let share = try Hello(parsing: hello.span).share
        let forged = try Self.serverHello(for: hello, share: share, key: TestKeys.signing(100))
        client.receive(forged.span, at: world.now)
        #expect(client.pollTransmit(at: world.now) == nil)
    }

    @Test("7: messages sent back to where they came from are dropped")
    func dropsReflections() throws {
        var world = LoginWorld()
        var (client, hello, serverHello, finish) = try world.handshakeUntilFinish()
        for reflected in [hello, finish] { client.receive(reflected.span, at: world.now) }
        #expect(client.outcome == nil)
        let before = world.told
        #expect(world.ask(serverHello).isEmpty)
        let verdict = try #require(world.ask(finish).first)
        #expect(world.ask(verdict).isEmpty)
        #expect(world.told[1] == before[1])
    }

    @Test("32: a server with another key than the pinned one ends the login before M3")
    func stopsAtChangedKey() throws {
        var world = LoginWorld()
        var client = try world.initiator(pinned: TestKeys.signing(1).publicKey)
        let hello = try client.message(at: world.now)
        let answer = try #require(world.ask(hello).first)
        client.receive(answer.span, at: world.now)
        guard case .serverKeyChanged(let actual) = client.outcome else {
            Issue.record("went on")
            return
        }
        #expect(actual == TestKeys.signing(100).publicKey)
        #expect(client.pollTransmit(at: world.now + .seconds(1)) == nil)
    }

    @Test(
        "32: a server with another key than the invitation names ends the first contact before M3",
        arguments: [1, 100] as [UInt64])
    func stopsAtUninvitedKey(seed: UInt64) throws {
        var world = LoginWorld()
        var client = try world.initiator(invited: KeyFingerprint(of: TestKeys.signing(seed).publicKey))
        let hello = try client.message(at: world.now)
        let answer = try #require(world.ask(hello).first)
        client.receive(answer.span, at: world.now)
        guard seed == 100 else {
            guard case .serverKeyChanged = client.outcome else {
                Issue.record("went on")
                return
            }
            #expect(client.pollTransmit(at: world.now + .seconds(1)) == nil)
            return
        }
        #expect(client.pollTransmit(at: world.now)?.first == PacketType.finish.rawValue)
    }

    @Test("the pinned key, found again, changes nothing")
    func acceptsPinnedKey() throws {
        var world = LoginWorld()
        var client = try world.initiator(pinned: TestKeys.signing(100).publicKey)
        let hello = try client.message(at: world.now)
        let answer = try #require(world.ask(hello).first)
        client.receive(answer.span, at: world.now)
        #expect(client.pollTransmit(at: world.now)?.first == PacketType.finish.rawValue)
    }

    @Test(
        "33: an AEAD list that was changed on the way ends in silence",
        arguments: ([0, 1, 2, 3, 0xff] as [UInt8]).filter { $0 != CipherSuites.supported.rawValue })
    func noticesStrippedSuites(suites: UInt8) throws {
        var world = LoginWorld()
        var client = try world.initiator()
        var hello = try client.message(at: world.now)
        hello[45] = suites
        for answer in world.ask(hello) { client.receive(answer.span, at: world.now) }
        #expect(client.outcome == nil)
        #expect(client.pollTransmit(at: world.now) == nil, "no M3")
    }

    @Test("M2 with any byte changed is ignored")
    func ignoresForgedServerHello() throws {
        var world = LoginWorld()
        var client = try world.initiator()
        let hello = try client.message(at: world.now)
        let answer = try #require(world.ask(hello).first)
        for index in answer.indices { client.receive(changed(answer, at: index).span, at: world.now) }
        #expect(client.outcome == nil)
        #expect(client.pollTransmit(at: world.now) == nil)
        client.receive(answer.span, at: world.now)
        #expect(client.pollTransmit(at: world.now) != nil)
    }

    @Test("M4 with any byte changed is ignored")
    func ignoresForgedVerdict() throws {
        var world = LoginWorld()
        var (client, _, _, finish) = try world.handshakeUntilFinish()
        let verdict = try #require(world.ask(finish).first)
        for index in verdict.indices { client.receive(changed(verdict, at: index).span, at: world.now) }
        #expect(client.outcome == nil)
        client.receive(verdict.span, at: world.now)
        #expect(client.keys != nil)
    }

    @Test("answers to strangers share one budget, which fills again")
    func boundsStrangerAnswers() throws {
        var world = LoginWorld()
        var bytes = Self.hello(share: try Self.validShare()).encoded()
        bytes[4] = 9
        var answered = 0
        for _ in 0..<Limits.strangerAnswersPerSecond + 500 { answered += world.ask(bytes).count }
        #expect(answered == Limits.strangerAnswersPerSecond)
        let hello = Self.hello(share: try Self.validShare()).encoded()
        #expect(world.ask(hello).map(\.first) == [PacketType.retry.rawValue], "who has an address may show it")
        _ = world.pass(.milliseconds(10))
        #expect(world.ask(hello).map(\.first) == [PacketType.serverHello.rawValue])
    }

    @Test("answers that wait for the socket are bounded")
    func boundsWaitingAnswers() throws {
        var world = LoginWorld()
        var bytes = Self.hello(share: try Self.validShare()).encoded()
        bytes[4] = 9
        for _ in 0..<Limits.halfOpen + 300 {
            world.server.receive(bytes.span, from: LoginWorld.address, at: world.now, using: &world.random)
        }
        #expect(world.settle().count == Limits.halfOpen)
        #expect(world.server.drops.overLimit == 300)
    }
}
