import Basics
import Testing

@testable import Transport

struct EndpointTests {
    /// A log whose first message is at hand, and whose second must be fetched.
    private struct HalfFetchedLog: MessageStore {
        func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
            number == 0 ? StoredMessage(number: 1, bytes: [7]) : nil
        }

        func mustFetch(after number: UInt64, in log: UInt64) -> Bool { number == 1 }
    }

    /// A client that has logged in from an address.
    private static func login(_ world: inout LoginWorld, port: UInt16) throws -> Connection {
        var client = try world.initiator()
        let address = SocketAddress.loopback(port: port)
        let hello = try client.message(at: world.now)
        let serverHello = try #require(world.ask(hello, from: address).first)
        client.receive(serverHello.span, at: world.now)
        let finish = try client.message(at: world.now)
        let verdict = try #require(world.ask(finish, from: address).first)
        client.receive(verdict.span, at: world.now)
        return Connection(role: .client, keys: try #require(client.keys), at: world.now)
    }

    private static func datagrams(of connection: inout Connection, at now: Instant) -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        var datagram: [UInt8] = []
        while connection.pollTransmit(into: &datagram, from: TestLog(), at: now) { datagrams.append(datagram) }
        return datagrams
    }

    @Test("what must be fetched is asked for, also when it comes up behind something that is sent")
    func awaitsBehindDatagram() throws {
        var world = LoginWorld()
        _ = try Self.login(&world, port: 5000)
        let peer = try #require(world.peers.first)
        world.server.feed(log: 9, as: 1, after: 0, to: peer, at: world.now)
        var datagram: [UInt8] = []
        var sent = 0
        while world.server.pollTransmit(into: &datagram, from: HalfFetchedLog(), at: world.now) != nil { sent += 1 }
        let awaited = world.server.takeAwaited()
        #expect(sent == 1 && Set(awaited.map(\.log)) == [9] && Set(awaited.map(\.after)) == [1])
    }

    @Test("a newer login from the same address takes the place of the older one, whose end is told")
    func newerLoginTakesAddress() throws {
        var world = LoginWorld()
        _ = try Self.login(&world, port: 5000)
        _ = try Self.login(&world, port: 5000)
        #expect(world.closed.map(\.cause) == [.addressTaken])
        #expect(world.closed.first?.peer == world.peers.first)
        #expect(world.server.peerCount == 1)
    }

    @Test("a login from the address of a peer that is closing ends it without telling it again")
    func closingPeerEndsSilently() throws {
        var world = LoginWorld()
        var former = try Self.login(&world, port: 5000)
        former.close(CloseReason(code: 16, text: "quit"), at: world.now)
        for datagram in Self.datagrams(of: &former, at: world.now) { _ = world.ask(datagram) }
        #expect(world.closed.count == 1)
        _ = try Self.login(&world, port: 5000)
        #expect(world.closed.count == 1)
        #expect(world.server.peerCount == 1)
    }

    @Test("16: data from another address than the login's is heard once, and answered where the login came from")
    func answersKnownAddress() throws {
        var world = LoginWorld()
        var client = try Self.login(&world, port: 5000)
        _ = client.sendControl([1])
        let datagram = try #require(Self.datagrams(of: &client, at: world.now).first)
        _ = world.ask(datagram, from: .loopback(port: 5001))
        #expect(world.messages == [[1]])
        #expect(world.targets.sorted { $0.port < $1.port } == [.loopback(port: 5000), .loopback(port: 5001)])
        #expect(world.ask(datagram, from: .loopback(port: 5000)).isEmpty)
        #expect(world.messages == [[1]])
    }

    @Test("7: a client's data sent back to it is dropped")
    func clientDropsItsOwnData() throws {
        var world = LoginWorld()
        var client = try Self.login(&world, port: 5000)
        _ = client.sendControl([1])
        let datagram = try #require(Self.datagrams(of: &client, at: world.now).first)
        var scratch: [UInt8] = []
        let authenticated = client.receive(datagram.span, scratch: &scratch, at: world.now)
        #expect(!authenticated)
    }

    @Test("19: a silent peer is reclaimed after 30 s, and its end is told")
    func reclaimsSilentPeers() throws {
        var world = LoginWorld()
        _ = try Self.login(&world, port: 5000)
        var wakes = 0
        while let deadline = world.server.nextDeadline, wakes < 1000 {
            _ = world.pass(deadline - world.now)
            wakes += 1
        }
        #expect(world.now == .start + Limits.idle)
        #expect(wakes < 10)
        #expect(world.closed.map(\.cause) == [.timedOut])
        #expect(world.server.peerCount == 0)
    }

    @Test("a busy peer keeps one deadline, and waking at each never spins")
    func busyPeerKeepsOneDeadline() throws {
        var world = LoginWorld()
        var client = try Self.login(&world, port: 5000)
        var wakes = 0
        for number in 0..<500 as Range<UInt16> {
            _ = client.sendControl([UInt8(truncatingIfNeeded: number)])
            for datagram in Self.datagrams(of: &client, at: world.now) {
                var scratch: [UInt8] = []
                for answer in world.ask(datagram) { _ = client.receive(answer.span, scratch: &scratch, at: world.now) }
            }
            let end = world.now + .milliseconds(50)
            while let deadline = world.server.nextDeadline, deadline <= end {
                for answer in world.pass(max(.zero, deadline - world.now)) {
                    var scratch: [UInt8] = []
                    _ = client.receive(answer.span, scratch: &scratch, at: world.now)
                }
                wakes += 1
            }
            world.now = end
        }
        #expect(world.messages.count == 500)
        #expect(wakes < 3000, "\(wakes)")
    }

    /// Four peers with a backlog of messages of so many bytes.
    ///
    /// - Returns: to whom each datagram goes, and its length.
    private static func backlog(of bytes: Int) throws -> [(port: UInt16, bytes: Int)] {
        var world = LoginWorld()
        for port in 1...4 as ClosedRange<UInt16> { _ = try Self.login(&world, port: port) }
        var log = TestLog()
        for number in 0..<200 as Range<UInt8> { log.append([UInt8](repeating: number, count: bytes)) }
        for peer in world.peers { world.server.feed(log: 1, as: 1, after: 0, to: peer, at: world.now) }
        var order: [(UInt16, Int)] = []
        var datagram: [UInt8] = []
        while let address = world.server.pollTransmit(into: &datagram, from: log, at: world.now) {
            order.append((address.port, datagram.count))
        }
        return order
    }

    @Test("peers with backlogs take turns at sending")
    func peersTakeTurns() throws {
        let order = try Self.backlog(of: 900).map(\.port)
        #expect(order.count >= 4 * 40)
        for start in stride(from: 0, to: 40 * 4, by: 4) { #expect(Set(order[start..<start + 4]).count == 4) }
    }

    @Test("full packets to one peer leave as a run, equally long, and then it is the next one's turn")
    func peersRun() throws {
        let order = try Self.backlog(of: 350)
        let length = Limits.runPackets
        #expect(order.count >= 4 * 40)
        for start in stride(from: 0, to: 5 * 4 * length, by: 4 * length) {
            let runs = (0..<4).map { order[start + $0 * length..<start + ($0 + 1) * length] }
            #expect(Set(runs.map { Set($0.map(\.port)) }).count == 4)
            #expect(runs.allSatisfy { run in Set(run.map(\.port)).count == 1 && Set(run.map(\.bytes)).count == 1 })
        }
    }

    @Test("a log that grew wakes the peers that are fed from it, and no others")
    func growthWakesReaders() throws {
        var world = LoginWorld()
        for port in 1...2 as ClosedRange<UInt16> { _ = try Self.login(&world, port: port) }
        var log = TestLog()
        world.server.feed(log: 1, as: 1, after: 0, to: world.peers[0], at: world.now)
        var datagram: [UInt8] = []
        while world.server.pollTransmit(into: &datagram, from: log, at: world.now) != nil {}
        log.append([1])
        world.server.logGrew(1)
        var ports: [UInt16] = []
        while let address = world.server.pollTransmit(into: &datagram, from: log, at: world.now) {
            ports.append(address.port)
        }
        #expect(ports == [1])
    }

    @Test("closing everybody tells each of them, and no event follows")
    func closesAll() throws {
        var world = LoginWorld()
        for port in 1...3 as ClosedRange<UInt16> { _ = try Self.login(&world, port: port) }
        world.server.closeAll(CloseReason(code: 18, text: "shutdown"), at: world.now)
        #expect(world.settle().count == 3)
        _ = world.pass(Limits.closing)
        #expect(world.server.peerCount == 0)
        #expect(world.closed.isEmpty)
    }

    @Test("a violation is told to the owner and ends the peer")
    func violationEndsPeer() throws {
        var world = LoginWorld()
        var client = try Self.login(&world, port: 5000)
        client.feed(log: 1, as: 77, after: 0)
        var log = TestLog()
        log.append([1])
        var datagram: [UInt8] = []
        let hasDatagram = client.pollTransmit(into: &datagram, from: log, at: world.now)
        #expect(hasDatagram)
        _ = world.ask(datagram)
        #expect(world.closed.map(\.cause) == [.violation(.unexpectedLog)])
        _ = world.pass(Limits.closing)
        #expect(world.server.peerCount == 0)
    }

    @Test("a client's endpoint reports silence, and can start again")
    func clientStartsAgain() throws {
        var world = LoginWorld()
        var client = ClientEndpoint()
        try client.start(world.credentials(), at: world.now, using: &world.random)
        // There is no connection to change yet, and the handshake keeps its deadline.
        #expect(client.withConnection { $0.confirmKeys() } == nil)
        #expect(client.nextDeadline == world.now)
        client.handleTimeouts(at: world.now + Limits.handshakePatience)
        guard case .silent = client.pollEvent() else {
            Issue.record("not silent")
            return
        }
        #expect(client.nextDeadline == nil)
        try client.start(world.credentials(), at: world.now, using: &world.random)
        #expect(client.nextDeadline == world.now)
    }

    @Test("a client's endpoint reports how its connection ended")
    func clientReportsItsEnd() throws {
        var world = LoginWorld()
        var client = ClientEndpoint()
        try client.start(world.credentials(), at: world.now, using: &world.random)
        var datagram: [UInt8] = []
        while client.pollTransmit(into: &datagram, from: TestLog(), at: world.now) {
            for answer in world.ask(datagram) { client.receive(answer.span, at: world.now) }
        }
        guard case .connected = client.pollEvent() else {
            Issue.record("not connected")
            return
        }
        world.server.close(world.peers[0], CloseReason(code: 17, text: "kicked"), at: world.now)
        for answer in world.settle() { client.receive(answer.span, at: world.now) }
        guard case .closed(.byPeer(let reason)) = client.pollEvent() else {
            Issue.record("not told")
            return
        }
        #expect(reason == CloseReason(code: 17, text: "kicked"))
    }
}
