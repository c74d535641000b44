import Basics
import Crypto
import Testing

@testable import Transport

/// Many strangers at once, honest or not.
struct FloodTests {
    /// M1 of somebody who never goes on.
    private static func hello(
        share: [UInt8], cookie: [UInt8] = [], using random: inout SeededGenerator
    ) -> Hello {
        Hello(
            clientID: ConnectionID(using: &random), sessionID: random.bytes(32), suites: .supported, share: share,
            cookie: cookie)
    }

    private static func validShare() throws -> [UInt8] {
        var random = SeededGenerator(seed: 9)
        return try CPaceParty(
            prs: TestKeys.password("x").prs, channel: Transcript.channel, session: [1], using: &random
        ).share
    }

    private static func anywhere(_ random: inout SeededGenerator) -> SocketAddress {
        SocketAddress(
            host: .v4(UInt32.random(in: 1 << 28 ... .max, using: &random)),
            port: .random(in: 1 ... .max, using: &random))
    }

    @Test("13: of a flood of hellos from forged addresses little is answered, and members notice nothing")
    func forgedFlood() throws {
        var world = LoginWorld(strangers: StrangerLimits())
        var member = try world.login(from: .loopback(port: 5000))
        var random = SeededGenerator(seed: 13)
        let share = try Self.validShare()
        var (received, sent) = (0, 0)
        for number in 0..<10_000 {
            let bytes = Self.hello(share: share, using: &random).encoded()
            received += bytes.count
            sent += world.ask(bytes, from: Self.anywhere(&random)).map(\.count).reduce(0, +)
            guard number % 500 == 499 else { continue }
            _ = world.pass(.milliseconds(5))
            let said = world.messages.count
            #expect(world.say([1], over: &member, from: .loopback(port: 5000)))
            #expect(world.messages.count == said + 1)
        }
        #expect(sent <= received / 10, "\(sent) of \(received)")
        #expect(world.server.load.halfOpen <= Limits.cookieHalfOpen)
        #expect(world.server.load.answers == 0 && world.server.peerCount == 1)
        let newcomer = try world.login(from: .loopback(port: 5001))
        #expect(newcomer.isOpen && world.closed.isEmpty)
    }

    @Test("18: of 10,000 silent hellos few leave something; an honest login works, and all is gone in five seconds")
    func silentHellos() throws {
        var world = LoginWorld(strangers: StrangerLimits())
        var random = SeededGenerator(seed: 18)
        let share = try Self.validShare()
        for number in 0..<10_000 as Range<UInt64> {
            if number % 100 == 0 { _ = world.pass(.milliseconds(1)) }
            _ = world.ask(Self.hello(share: share, using: &random).encoded(), from: Self.anywhere(&random))
            #expect(world.server.load.halfOpen <= Limits.cookieHalfOpen)
        }
        let connection = try world.login(from: .loopback(port: 5000))
        #expect(connection.isOpen)
        _ = world.pass(Limits.handshakeMemory)
        #expect(world.server.load.handshakes == 0)
    }

    @Test("18: who fills the table with half-opens from real addresses pushes out their own")
    func silentCookieHolders() throws {
        var world = LoginWorld()
        let honest = SocketAddress.loopback(port: 5000)
        let (_, _, _, finish) = try world.handshakeUntilFinish()
        var random = SeededGenerator(seed: 18)
        let share = try Self.validShare()
        for number in 0..<UInt64(Limits.halfOpen + 400) {
            let address = SocketAddress(host: .v6(high: 77, low: number, scope: 0), port: 9)
            var hello = Self.hello(share: share, using: &random)
            var answers = world.ask(hello.encoded(), from: address)
            let answer = try #require(answers.first)
            if let retry = try? Retry(parsing: answer.span) {
                hello.cookie = retry.cookie
                answers = world.ask(hello.encoded(), from: address)
            }
            #expect(answers.first?.first == PacketType.serverHello.rawValue)
            if number % 100 == 0 { _ = world.pass(.milliseconds(50)) }
        }
        #expect(world.server.load.halfOpen == Limits.halfOpen)
        #expect(world.ask(finish, from: honest).first?.first == PacketType.verdict.rawValue)
        #expect(try world.login(from: .loopback(port: 5001)).isOpen)
        _ = world.pass(Limits.handshakeMemory)
        #expect(world.server.load.halfOpen == 0)
    }

    @Test("a thousand people join within two seconds")
    func massJoin() throws {
        var world = LoginWorld(strangers: StrangerLimits())
        var clients = try (0..<1000).map { _ in try world.initiator() }
        var inFlight: [(client: Int, bytes: [UInt8])] = []
        for _ in 0..<100 {
            _ = world.pass(.milliseconds(20))
            for (client, bytes) in inFlight { clients[client].receive(bytes.span, at: world.now) }
            inFlight.removeAll()
            for index in clients.indices {
                clients[index].handleTimeout(at: world.now)
                guard let message = clients[index].pollTransmit(at: world.now) else { continue }
                let answers = world.ask(message, from: .loopback(port: 10_000 + UInt16(index)))
                inFlight += answers.map { (index, $0) }
            }
            if clients.allSatisfy({ $0.keys != nil }) { break }
        }
        #expect(clients.count { $0.keys != nil } == 1000)
        #expect(world.server.peerCount == 1000)
        #expect(world.now <= .start + .seconds(2))
        #expect(world.server.load.handshakes <= Limits.rememberedHandshakes)
    }

    /// What a stranger at one address has sent and got.
    private struct Meter {
        var received = 0
        var sent = 0
    }

    /// Everything that an attacker who never proves anything can send: begun handshakes, finishes with a wrong password,
    /// hellos of another version, with a cookie of somebody else, and all of these again and bent.
    private static func ammunition(_ world: inout LoginWorld) throws -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        for password in ["guess", "swordfish"] {
            let (_, hello, serverHello, finish) = try world.handshakeUntilFinish(password: password)
            var versioned = hello
            versioned[4] = 9
            datagrams += [hello, versioned, serverHello]
            // With the right password and the right address M3 is not an attack but a login.
            if password == "guess" { datagrams.append(finish) }
        }
        var random = SeededGenerator(seed: 1)
        let share = try validShare()
        for _ in 0..<20 { datagrams.append(hello(share: share, using: &random).encoded()) }
        datagrams.append(hello(share: share, cookie: random.bytes(32), using: &random).encoded())
        return datagrams
    }

    @Test(
        "15: no address that proved nothing ever gets three times what it sent, nor an answer longer than its question",
        arguments: 1...4 as ClosedRange<UInt64>)
    func neverAmplifies(seed: UInt64) throws {
        var limits = StrangerLimits()
        limits.cookiePercent = 30
        limits.cookieHalfOpen = 40
        limits.guesses.perBlock = 1
        var world = LoginWorld(seed: seed, strangers: seed % 2 == 0 ? limits : .withoutChance)
        var random = SeededGenerator(seed: seed)
        var loaded = LoginWorld(seed: seed)
        let ammunition = try Self.ammunition(&loaded)
        if seed % 2 == 1 { world = loaded }
        var meters: [SocketAddress: Meter] = [:]
        for _ in 0..<1500 {
            if random.chance(0.05) {
                for _ in world.pass(.milliseconds(Int64.random(in: 0...400, using: &random))) {
                    Issue.record("said something of its own accord, seed \(seed)")
                }
            }
            let address = SocketAddress.loopback(port: 5000 + UInt16.random(in: 0..<4, using: &random))
            var bytes = try #require(ammunition.randomElement(using: &random))
            if random.chance(0.3) { bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 }
            let answers = world.ask(bytes, from: address)
            meters[address, default: Meter()].received += bytes.count
            meters[address, default: Meter()].sent += answers.map(\.count).reduce(0, +)
            #expect(answers.allSatisfy { $0.count <= bytes.count }, "seed \(seed)")
        }
        #expect(meters.values.allSatisfy { $0.sent <= $0.received }, "seed \(seed)")
        #expect(world.logins.isEmpty && world.server.peerCount == 0)
    }

    @Test("15: of a login that was captured and replayed as it was, the answers stay within three times what came")
    func replayedLoginIsBounded() throws {
        var world = LoginWorld()
        world.verdictPayload = [UInt8](repeating: 1, count: Limits.loginPayloadBytes)
        world.policy = .refuse
        let (_, hello, serverHello, finish) = try world.handshakeUntilFinish()
        var (received, sent) = (hello.count, serverHello.count)
        for _ in 0..<50 {
            received += hello.count + finish.count
            sent += (world.ask(hello) + world.ask(finish)).map(\.count).reduce(0, +)
        }
        #expect(sent <= received * 3)
        // The finish alone, which is shorter than its answer: the first answer and eight repeats.
        #expect(sent == serverHello.count * 2 + 9 * (ConfirmationHeader.bytes + Limits.loginPayloadBytes + 20))
    }
}
