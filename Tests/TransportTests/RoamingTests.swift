import Basics
import Testing

@testable import Transport

/// Rows 16 and 17: peers whose address changes, and those who only pretend that it did.
struct RoamingTests {
    private static let elsewhere = SocketAddress(host: .v4(0xc000_0207), port: 7777)
    private static let home = LoginWorld.address

    private static func otherPort(_ port: UInt16) -> SocketAddress {
        SocketAddress(host: home.host, port: port)
    }

    /// One datagram of the client with a message.
    private static func packet(_ world: inout RoamingWorld) throws -> [UInt8] {
        world.sayUp([1])
        return try #require(world.takeClientDatagrams().first)
    }

    // MARK: Row 16

    @Test("16: a rewritten source address gets a challenge, and everything else still goes to the old one")
    func rewrittenSourceIsChallenged() throws {
        var world = try RoamingWorld()
        let answers = world.deliver(try Self.packet(&world), from: Self.elsewhere)
        #expect(world.heardUp == [[1]])
        #expect(answers.filter { $0.address == Self.elsewhere }.count == 1)
        world.sayDown([2])
        #expect(world.drainServer().map(\.address) == [Self.home])
        #expect(world.world.server.address(of: world.peer) == Self.home)
        #expect(world.moves.isEmpty)
    }

    @Test("16: an address that does not answer gets at most three times what came from it, and is then left alone")
    func unprovedAddressIsBounded() throws {
        var world = try RoamingWorld()
        let datagram = try Self.packet(&world)
        _ = world.deliver(datagram, from: Self.elsewhere)
        for number in 0..<100 as Range<UInt8> {
            world.sayDown([number])
            _ = world.pass(.milliseconds(100))
        }
        let sent = world.sent[Self.elsewhere] ?? 0
        #expect(sent >= 2 * 30 && sent <= 3 * datagram.count)
        #expect(world.moves.isEmpty)
    }

    @Test("16: challenges are few, whoever repeats and rewrites", arguments: [1, 50])
    func challengesAreFew(addresses: UInt16) throws {
        var world = try RoamingWorld()
        var received: [SocketAddress: Int] = [:]
        for number in 0..<60 as Range<UInt16> {
            let source = Self.otherPort(9000 + number % addresses)
            let datagram = try Self.packet(&world)
            received[source, default: 0] += datagram.count
            _ = world.deliver(datagram, from: source)
            _ = world.deliver(datagram, from: source)
        }
        for (address, bytes) in received { #expect(world.sent[address] ?? 0 <= 3 * bytes) }
        let challenged = world.sent.filter { $0.key != Self.home }.values.reduce(0, +)
        #expect(challenged <= 60 * 30)
        if addresses == 1 { #expect(challenged <= Limits.pathChallenges * 30) }
        #expect(world.moves.isEmpty && world.closed.isEmpty)
    }

    @Test("16: an older packet from elsewhere is heard, but tells nothing about where the peer is")
    func olderPacketsDoNotMove() throws {
        var world = try RoamingWorld()
        let older = try Self.packet(&world)
        _ = world.deliver(try Self.packet(&world), from: Self.home)
        let answers = world.deliver(older, from: Self.elsewhere)
        #expect(world.heardUp.count == 2)
        #expect(answers.allSatisfy { $0.address == Self.home })
    }

    @Test("16: a replayed or forged packet from elsewhere causes nothing")
    func replaysDoNotMove() throws {
        var world = try RoamingWorld()
        let datagram = try Self.packet(&world)
        _ = world.deliver(datagram, from: Self.home)
        #expect(world.deliver(datagram, from: Self.elsewhere).isEmpty)
        let next = try Self.packet(&world)
        #expect(world.deliver(changed(next, at: next.count - 1), from: Self.elsewhere).isEmpty)
    }

    @Test("16: an answer that comes from the old address does not move the peer, and a wrong one does not either")
    func astrayAnswersDoNotMove() throws {
        var world = try RoamingWorld()
        let answers = world.deliver(try Self.packet(&world), from: Self.elsewhere)
        let challenge = try #require(answers.first { $0.address == Self.elsewhere })
        // Somebody at the new address passes the challenge on to the client, which answers from where it is.
        world.tell(challenge.bytes)
        for datagram in world.takeClientDatagrams() { _ = world.deliver(datagram, from: Self.home) }
        #expect(world.moves.isEmpty)
        #expect(world.pass(.seconds(1)).allSatisfy { $0.address == Self.home })
        world.client.pathAnswer = 42
        _ = world.deliver(try Self.packet(&world), from: Self.elsewhere)
        world.client.pathAnswer = 43
        _ = world.deliver(try Self.packet(&world), from: Self.elsewhere)
        #expect(world.moves.isEmpty)
        #expect(world.world.server.address(of: world.peer) == Self.home)
    }

    @Test("a flood of challenges is answered one at a time, and leaves nothing behind (CVE-2023-49295)")
    func challengeFloodIsBounded() {
        var pair = ConnectionPair()
        pair.carriesDown = false
        for number in 0..<1000 as Range<UInt64> {
            pair.forge([Frame](repeating: .pathChallenge(number), count: 100), number: number)
        }
        pair.flush()
        #expect(pair.server.sent <= 2)
        let wantsTransmit = pair.server.connection.wantsTransmit(at: pair.now)
        #expect(!wantsTransmit)
        #expect(pair.server.connection.isOpen && !pair.server.connection.hasUnconfirmed)
    }

    @Test("an answer that nobody asked for is ignored")
    func unaskedAnswerIsIgnored() throws {
        var world = try RoamingWorld()
        world.client.pathAnswer = 5
        _ = world.deliver(try Self.packet(&world), from: Self.home)
        world.client.pathAnswer = 0
        _ = world.deliver(try Self.packet(&world), from: Self.elsewhere)
        #expect(world.moves.isEmpty && world.closed.isEmpty && world.heardUp.count == 2)
    }

    // MARK: Row 17

    @Test(
        "a peer that moved proves it within two round trips of its next packet, and is found at the new address alone")
    func movesWithinTwoRoundTrips() throws {
        var world = try RoamingWorld()
        world.run(for: .seconds(1))
        world.address = Self.elsewhere
        world.sayUp([1])
        world.run(for: .milliseconds(80))
        #expect(world.moves == [Self.elsewhere])
        #expect(world.world.server.address(of: world.peer) == Self.elsewhere)
        #expect(world.world.server.peers.peer(at: Self.elsewhere) == world.peer)
        #expect(world.world.server.peers.peer(at: Self.home) == nil)
        world.sayDown([2])
        world.run(for: .milliseconds(40))
        #expect(world.heardDown == [[2]])
    }

    @Test("17: a byte stream goes on, whole and in order, while the router changes its mapping", arguments: [0, 0.1])
    func streamSurvivesRebinding(loss: Double) throws {
        var world = try RoamingWorld(seed: 3)
        world.loss = loss
        var expected: [[UInt8]] = []
        for step in 0..<200 {
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: step), count: 700)
            expected.append(bytes)
            world.sayUp(bytes)
            world.sayDown(bytes)
            world.run(for: .milliseconds(10))
            if step % 25 == 24 { world.address = Self.otherPort(20_000 + UInt16(step)) }
        }
        world.run(for: .seconds(10))
        #expect(world.heardUp == expected)
        #expect(world.heardDown == expected)
        #expect(world.closed.isEmpty)
        #expect(world.moves.count >= 6)
        #expect(world.world.server.address(of: world.peer) == world.address)
    }

    @Test("17: what waited for a silent peer behind a new mapping arrives soon after its next packet")
    func waitingMessagesFollow() throws {
        var world = try RoamingWorld()
        world.run(for: .seconds(1))
        world.address = Self.otherPort(6000)
        for number in 0..<30 as Range<UInt8> { world.sayDown([number]) }
        world.run(for: .seconds(3))
        #expect(world.heardDown.isEmpty)
        world.sayUp([1])
        world.run(for: .milliseconds(200))
        #expect(world.heardDown == (0..<30).map { [$0] })
    }

    @Test("the estimate of the round trip begins anew on another host, and stays when only the port changed")
    func estimateFollowsTheHost() throws {
        for target in [Self.elsewhere, Self.otherPort(6000)] {
            var world = try RoamingWorld()
            for _ in 0..<60 {
                world.sayDown([1])
                world.run(for: .milliseconds(100))
            }
            let before = try #require(world.world.server.path(of: world.peer))
            #expect(before.smoothed >= .milliseconds(39) && before.smoothed <= .milliseconds(45))
            world.address = target
            let answers = world.deliver(try Self.packet(&world), from: target)
            let challenge = try #require(answers.first { $0.address == target })
            world.tell(challenge.bytes)
            _ = world.pass(.milliseconds(7))
            for datagram in world.takeClientDatagrams() { _ = world.deliver(datagram, from: target) }
            let after = try #require(world.world.server.path(of: world.peer))
            #expect(world.moves == [target])
            #expect(target.host == Self.home.host ? after == before : after.smoothed == .milliseconds(7))
        }
    }

    @Test("a peer that went there and back stays where it is")
    func thereAndBack() throws {
        var world = try RoamingWorld()
        _ = world.deliver(try Self.packet(&world), from: Self.elsewhere)
        _ = world.deliver(try Self.packet(&world), from: Self.home)
        #expect(world.pass(.seconds(2)).allSatisfy { $0.address == Self.home })
        #expect(world.moves.isEmpty)
    }

    @Test("two peers that change places are each heard and answered where they are")
    func moveInTable() {
        var table = PeerTable()
        let keys = TestKeys.session()
        let ids = (1...2).map { number in
            table.insert(
                Connection(
                    role: .server,
                    keys: SessionKeys(
                        secrets: keys.secrets, clientID: keys.clientID,
                        serverID: ConnectionID(rawValue: UInt64(number)), roundTrip: nil),
                    at: .start),
                at: Self.otherPort(UInt16(number)))
        }
        table.move(ids[0], to: Self.otherPort(2))
        #expect(table.peer(at: Self.otherPort(1)) == nil)
        #expect(table.peer(at: Self.otherPort(2)) == ids[0])
        table.move(ids[1], to: Self.otherPort(1))
        #expect(table.peer(at: Self.otherPort(1)) == ids[1] && table.peer(at: Self.otherPort(2)) == ids[0])
        table.remove(ids[0])
        #expect(table.peer(at: Self.otherPort(2)) == nil && table.peer(at: Self.otherPort(1)) == ids[1])
    }
}
