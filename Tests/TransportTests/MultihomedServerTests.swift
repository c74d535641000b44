import Basics
import Testing

@testable import Transport

@Suite("A server with several addresses")
struct MultihomedServerTests {
    private static let first = SocketAddress.Host.v4(0x7f00_0001)
    private static let second = SocketAddress.Host.v4(0x7f00_0002)

    private struct Sent {
        let target: SocketAddress
        let source: SocketAddress.Host?
    }

    private static func drain(_ world: inout LoginWorld) -> [Sent] {
        while let event = world.server.pollEvent() {
            if case .login(let login, _, _, _) = event { _ = world.server.accept(login, payload: [], at: world.now) }
        }
        var sent: [Sent] = []
        var datagram: [UInt8] = []
        while let target = world.server.pollTransmit(into: &datagram, from: TestLog(), at: world.now) {
            sent.append(Sent(target: target, source: world.server.transmitSource))
        }
        return sent
    }

    private static func tell(
        _ world: inout LoginWorld, _ datagram: [UInt8], from address: SocketAddress = LoginWorld.address,
        to local: SocketAddress.Host
    ) -> [Sent] {
        world.server.receive(datagram.span, from: address, to: local, at: world.now, using: &world.random)
        return drain(&world)
    }

    @Test("handshake, connection and path challenges answer from the address that was spoken to")
    func answersFromThere() throws {
        var world = LoginWorld()
        var initiator = try world.initiator()
        let greeting = try initiator.message(at: world.now)
        world.server.receive(
            greeting.span, from: LoginWorld.address, to: Self.second, at: world.now, using: &world.random)
        var datagram: [UInt8] = []
        let target = world.server.pollTransmit(into: &datagram, from: TestLog(), at: world.now)
        #expect(target == LoginWorld.address && world.server.transmitSource == Self.second)
        initiator.receive(datagram.span, at: world.now)
        let finish = try initiator.message(at: world.now)
        world.server.receive(
            finish.span, from: LoginWorld.address, to: Self.second, at: world.now, using: &world.random)
        while let event = world.server.pollEvent() {
            if case .login(let login, _, _, _) = event { _ = world.server.accept(login, payload: [], at: world.now) }
        }
        let verdictTarget = world.server.pollTransmit(into: &datagram, from: TestLog(), at: world.now)
        #expect(verdictTarget == LoginWorld.address && world.server.transmitSource == Self.second)
        initiator.receive(datagram.span, at: world.now)
        var client = Connection(role: .client, keys: try #require(initiator.keys), at: world.now)
        _ = Self.drain(&world)
        // From elsewhere the client speaks to the first address: the challenge comes from there.
        let elsewhere = SocketAddress(host: .v4(0xc000_0207), port: 9)
        _ = client.sendControl([1])
        let hasDatagram = client.pollTransmit(into: &datagram, from: TestLog(), at: world.now)
        #expect(hasDatagram)
        var sent = Self.tell(&world, datagram, from: elsewhere, to: Self.first)
        world.now = world.now + Limits.acknowledgementDelay
        world.server.handleTimeouts(at: world.now)
        sent += Self.drain(&world)
        // What goes to the known address still comes from the second one.
        #expect(Set(sent.map(\.target)) == [elsewhere, LoginWorld.address])
        #expect(sent.allSatisfy { $0.source == ($0.target == elsewhere ? Self.first : Self.second) })
    }

    @Test("a client that turns to another address of the server is answered from there")
    func followsTheClient() throws {
        var world = LoginWorld()
        var client = try world.login(from: LoginWorld.address)
        var datagram: [UInt8] = []
        for local in [Self.first, Self.second, Self.first] {
            _ = client.sendControl([1])
            world.now = world.now + .seconds(1)
            let hasDatagram = client.pollTransmit(into: &datagram, from: TestLog(), at: world.now)
            #expect(hasDatagram)
            var sent = Self.tell(&world, datagram, to: local)
            world.now = world.now + Limits.acknowledgementDelay
            world.server.handleTimeouts(at: world.now)
            sent += Self.drain(&world)
            #expect(!sent.isEmpty && sent.allSatisfy { $0.source == local })
        }
    }
}
