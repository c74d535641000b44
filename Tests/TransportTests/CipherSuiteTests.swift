import Basics
import Crypto
import Testing

@testable import Transport

/// Which AEAD a connection has, and that nobody on the way has a say in it.
@Suite("the choice of the AEAD")
struct CipherSuiteTests {
    /// Whether this machine can test AES-256-GCM.
    static let hasAES = AEAD.aes256GCM.isAvailable
    private static let both: CipherSuites = [.chaCha20Poly1305, .aes256GCM]

    /// What each side has, and what comes of it.
    private static let pairs: [(client: CipherSuites, server: CipherSuites, chosen: AEAD)] = [
        (.chaCha20Poly1305, both, .chaCha20Poly1305), (both, .chaCha20Poly1305, .chaCha20Poly1305),
        (.chaCha20Poly1305, .chaCha20Poly1305, .chaCha20Poly1305),
        (both, both, hasAES ? .aes256GCM : .chaCha20Poly1305),
    ]

    /// Somebody who was there and comes back.
    private static func returning(to world: inout LoginWorld, suites: CipherSuites = .supported) throws -> Resumer {
        let ticket = try world.ticketOfLogin()
        world.policy = .offer
        return world.resumer(ticket, suites: suites)
    }

    @Test("AES-256-GCM is chosen where both have it, else ChaCha20-Poly1305", arguments: pairs.indices)
    func choice(index: Int) throws {
        let (own, theirs, chosen) = Self.pairs[index]
        var world = LoginWorld(suites: theirs)
        var client = try world.initiator(suites: own)
        world.converse(&client, from: LoginWorld.address)
        guard case .accepted(let keys, _, _, _) = client.outcome else {
            Issue.record("\(String(describing: client.outcome))")
            return
        }
        #expect(keys.secrets.client.algorithm == chosen && keys.secrets.server.algorithm == chosen)
    }

    @Test("and so it is for who comes back with a ticket", arguments: pairs.indices)
    func choiceOfResume(index: Int) throws {
        let (own, theirs, chosen) = Self.pairs[index]
        var world = LoginWorld(givesTickets: true, suites: theirs)
        var client = try Self.returning(to: &world, suites: own)
        let answer = try #require(world.ask(client.message(at: world.now)).first)
        client.receive(answer.span, at: world.now)
        guard case .accepted(let keys, _, _) = client.outcome else {
            Issue.record("\(String(describing: client.outcome))")
            return
        }
        #expect(keys.secrets.client.algorithm == chosen && keys.secrets.server.algorithm == chosen)
        #expect(try ResumeAnswer(parsing: answer.span).suite == CipherSuites(chosen))
    }

    @Test("lines and their confirmation travel under either", arguments: pairs.indices)
    func traffic(index: Int) throws {
        let (_, theirs, _) = Self.pairs[index]
        var world = LoginWorld(suites: theirs)
        var client = try world.login(from: LoginWorld.address)
        #expect(world.say([1, 2, 3], over: &client, from: LoginWorld.address))
        #expect(world.messages == [[1, 2, 3]])
    }

    @Test("row 33: with the list of R1 changed on the way nobody comes back", arguments: [0, 1, 2, 3, 0xff] as [UInt8])
    func strippedResume(suites: UInt8) throws {
        guard suites != CipherSuites.supported.rawValue else { return }
        var world = LoginWorld(givesTickets: true)
        var client = try Self.returning(to: &world)
        var hello = try client.message(at: world.now)
        hello[45] = suites
        for answer in world.ask(hello) { client.receive(answer.span, at: world.now) }
        #expect(client.outcome == nil)
        #expect(world.resumes.isEmpty, "the server takes it for a ticket that is not good")
    }

    @Test("row 33: with another AEAD in M2 or R2 the answer is ignored", arguments: [0, 1, 2, 3, 4, 0xff] as [UInt8])
    func changedAnswer(suite: UInt8) throws {
        var world = LoginWorld(givesTickets: true)
        var initiator = try world.initiator()
        var answer = try #require(world.ask(initiator.message(at: world.now)).first)
        guard suite != answer[53] else { return }
        answer[53] = suite
        initiator.receive(answer.span, at: world.now)
        #expect(initiator.outcome == nil && initiator.pollTransmit(at: world.now) == nil)

        var resumer = try Self.returning(to: &world)
        var second = try #require(world.ask(resumer.message(at: world.now)).first)
        #expect(second[17] != suite)
        second[17] = suite
        resumer.receive(second.span, at: world.now)
        #expect(resumer.outcome == nil)
    }

    @Test("a client that offers nothing that the server has leaves nothing")
    func nothingInCommon() throws {
        for offered in [CipherSuites(), .aes256GCM, CipherSuites(rawValue: 0xfc)] {
            #expect(CipherSuites.chaCha20Poly1305.choice(of: offered) == nil)
        }
        #expect(CipherSuites(rawValue: 0xff).choice(of: .chaCha20Poly1305) == .chaCha20Poly1305)
        for rawValue in [0, 3, 4, 0x80, 0xff] as [UInt8] { #expect(CipherSuites(rawValue: rawValue).algorithm == nil) }
    }
}
