import Basics
import Crypto
import Testing

@testable import Transport

/// Row 27, and how a client notices that its server was restarted.
struct StatelessResetTests {
    /// A client's endpoint that is in.
    private static func connect(_ world: inout LoginWorld) throws -> ClientEndpoint {
        var client = ClientEndpoint()
        try client.start(world.credentials(), at: world.now, using: &world.random)
        var datagram: [UInt8] = []
        while client.pollTransmit(into: &datagram, from: TestLog(), at: world.now) {
            for answer in world.ask(datagram) { client.receive(answer.span, at: world.now) }
        }
        while client.pollEvent() != nil {}
        #expect(client.connection?.isOpen == true)
        return client
    }

    /// The client says something.
    private static func say(_ client: inout ClientEndpoint, at now: Instant) throws -> [UInt8] {
        _ = client.withConnection { $0.sendControl([1]) }
        var datagram: [UInt8] = []
        let hasDatagram = client.pollTransmit(into: &datagram, from: TestLog(), at: now)
        try #require(hasDatagram)
        return datagram
    }

    private static func wasReset(_ client: inout ClientEndpoint) -> Bool {
        if case .closed(.reset) = client.pollEvent() { return true }
        return false
    }

    @Test("a client learns within a round trip that its server was restarted, and its connection ends")
    func restartIsNoticed() throws {
        var world = LoginWorld()
        var client = try Self.connect(&world)
        var restarted = LoginWorld(seed: 2)
        let datagram = try Self.say(&client, at: world.now)
        let answers = restarted.ask(datagram)
        #expect(answers.count == 1)
        for answer in answers { client.receive(answer.span, at: world.now) }
        #expect(Self.wasReset(&client))
        #expect(client.connection?.isClosed == true)
        #expect(client.pollEvent() == nil && client.nextDeadline == nil)
    }

    @Test("27: a forged reset is ignored, whatever its length and however close its token")
    func forgedResetsAreIgnored() throws {
        var world = LoginWorld()
        var client = try Self.connect(&world)
        var restarted = LoginWorld(seed: 2)
        let reset = try #require(restarted.ask(try Self.say(&client, at: world.now)).first)
        for index in reset.indices.suffix(StatelessReset.tokenBytes) {
            for bit in 0..<8 as Range<UInt8> {
                client.receive(changed(reset, at: index, by: 1 << bit).span, at: world.now)
            }
        }
        for prefix in truncations(of: reset) { client.receive(prefix.span, at: world.now) }
        client.receive((reset + [0]).span, at: world.now)
        var random = SeededGenerator(seed: 4)
        for count in 0..<200 { client.receive(([0x80] + random.bytes(count)).span, at: world.now) }
        #expect(client.pollEvent() == nil)
        #expect(client.connection?.isOpen == true)
        client.receive(reset.span, at: world.now)
        #expect(Self.wasReset(&client))
    }

    @Test("27: a reset of another connection, or of a server with another identity, is ignored")
    func foreignResetsAreIgnored() throws {
        var world = LoginWorld()
        var client = try Self.connect(&world)
        var random = SeededGenerator(seed: 5)
        let serverID = try #require(client.connection?.serverID)
        for (identity, connection) in [
            (100, ConnectionID(rawValue: serverID.rawValue ^ 1)), (101, serverID), (100, serverID),
        ] as [(UInt64, ConnectionID)] {
            var source = ResetSource(identity: TestKeys.signing(identity), at: world.now)
            let answer = source.answer(connection, triggerBytes: 100, at: world.now, using: &random)
            let reset = try #require(answer)
            client.receive(reset.span, at: world.now)
            #expect(Self.wasReset(&client) == (identity == 100 && connection == serverID))
        }
    }

    @Test("27: while the server knows the connection, nothing makes it give the token away")
    func liveConnectionsGetNoReset() throws {
        var world = LoginWorld()
        var client = try Self.connect(&world)
        let datagram = try Self.say(&client, at: world.now)
        let token = try #require(client.connection?.destinations.current.resetToken)
        var answers: [[UInt8]] = []
        for index in datagram.indices where index == 0 || index > 8 {
            answers += world.ask(changed(datagram, at: index, by: 0x10))
            answers += world.ask(changed(datagram, at: index), from: .loopback(port: 9))
        }
        #expect(answers.allSatisfy { !$0.suffix(StatelessReset.tokenBytes).elementsEqual(token) })
    }

    @Test("a reset is always shorter than what it answers, so none answers another for ever", arguments: 0...60)
    func resetsShrink(triggerBytes: Int) {
        var random = SeededGenerator(seed: 6)
        let token = [UInt8](repeating: 9, count: StatelessReset.tokenBytes)
        let reset = StatelessReset.datagram(answering: triggerBytes, token: token, using: &random)
        #expect((reset != nil) == (triggerBytes > StatelessReset.shortest))
        guard let reset else { return }
        #expect(reset.count < triggerBytes && reset.count <= StatelessReset.longest)
        #expect(PacketType(firstByteOf: reset.span) == .data)
        let isKnown = StatelessReset.matches(reset.span, token: token)
        #expect(isKnown)
    }

    @Test("two servers that take each other for clients soon fall silent")
    func resetsDoNotLoop() {
        var (left, right) = (LoginWorld(seed: 1), LoginWorld(seed: 2))
        var datagrams = [[UInt8]([0x80]) + [UInt8](repeating: 7, count: 1199)]
        var rounds = 0
        while !datagrams.isEmpty, rounds < 100 {
            datagrams = rounds.isMultiple(of: 2) ? left.ask(datagrams[0]) : right.ask(datagrams[0])
            rounds += 1
        }
        #expect(rounds < 30)
    }

    @Test("a flood of made-up data gets at most the resets' own rate, and a login gets through it")
    func floodsAreBounded() throws {
        var world = LoginWorld()
        var random = SeededGenerator(seed: 8)
        var answers = 0
        for _ in 0..<5000 { answers += world.ask([0x80] + random.bytes(99)).count }
        #expect(answers == Limits.resetsPerSecond)
        _ = try Self.connect(&world)
    }

    @Test("a client that was leaving when the server forgot it has left, without an event")
    func leavingClientHasLeft() throws {
        var world = LoginWorld()
        var client = try Self.connect(&world)
        _ = client.withConnection { $0.close(CloseReason(code: 16, text: "quit"), at: world.now) }
        var datagram: [UInt8] = []
        let hasDatagram = client.pollTransmit(into: &datagram, from: TestLog(), at: world.now)
        #expect(hasDatagram)
        var restarted = LoginWorld(seed: 2)
        for answer in restarted.ask(datagram) { client.receive(answer.span, at: world.now) }
        #expect(client.connection?.isClosed == true)
        #expect(client.pollEvent() == nil)
    }

    @Test("an extension of M4 that is unknown is skipped; a token of another length or twice does not parse")
    func extensionsAreRead() throws {
        let token = [UInt8](repeating: 3, count: StatelessReset.tokenBytes)
        func verdict(_ parts: [(UInt64, [UInt8])]) throws -> VerdictPayload {
            var extensions: [UInt8] = []
            for (type, content) in parts {
                extensions.putVarInt(type)
                extensions.putBlock(content)
            }
            var bytes: [UInt8] = [1]
            bytes.putBlock([9])
            bytes.putBlock(extensions)
            return try VerdictPayload(parsing: bytes.span)
        }
        #expect(try verdict([(77, [1, 2]), (1, token), (78, [])]).resetToken == token)
        #expect(try verdict([(77, [1])]).resetToken == nil)
        #expect(throws: WireError.self) { _ = try verdict([(1, Array(token.dropLast()))]) }
        #expect(throws: WireError.self) { _ = try verdict([(1, token), (1, token)]) }
    }
}
