import Basics
import Testing

@testable import Transport

/// Byte streams between a whole client and a whole server, as a file that one sends and the other offers will use them.
struct StreamEndpointTests {
    private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }

    /// Both say what they have, and a millisecond passes.
    private static func turn(_ world: inout LoginWorld, _ client: inout ClientEndpoint) {
        var datagram: [UInt8] = []
        while client.pollTransmit(into: &datagram, from: TestLog(), at: world.now) {
            for answer in world.ask(datagram) { client.receive(answer.span, at: world.now) }
        }
        for answer in world.pass(.milliseconds(1)) { client.receive(answer.span, at: world.now) }
        client.handleTimeouts(at: world.now)
    }

    @Test("bytes travel between two endpoints, both ways at once, and both hear how it ends")
    func bothWays() throws {
        var (world, client) = (LoginWorld(), ClientEndpoint())
        try client.start(world.credentials(), at: world.now, using: &world.random)
        for _ in 0..<5 { Self.turn(&world, &client) }
        let peer = try #require(world.peers.first)
        world.server.acceptStreams(1, from: peer, at: world.now)
        let now = world.now
        _ = client.withConnection { $0.acceptStreams(1, at: now) }
        let opened = client.withConnection { $0.openStream(at: now) }
        let (up, offered) = (try #require(opened ?? nil), world.server.openStream(to: peer, at: now))
        let down = try #require(offered)
        var (sent, received) = ((up: 0, down: 0), (up: [UInt8](), down: [UInt8]()))
        for _ in 0..<3000 where received.up.count < Self.content.count || received.down.count < Self.content.count {
            sent.up += client.withConnection { $0.write(Self.content[sent.up...], to: up) } ?? 0
            sent.down += world.server.write(Self.content[sent.down...], to: down, of: peer, at: world.now)
            Self.turn(&world, &client)
            received.up += world.server.read(up, of: peer, upTo: .max, at: world.now)
            received.down += client.withConnection { $0.read(down, upTo: .max) } ?? []
        }
        #expect(received.up == Self.content && received.down == Self.content)

        _ = client.withConnection { $0.finish(up) }
        world.server.finish(down, of: peer, at: world.now)
        for _ in 0..<100 {
            Self.turn(&world, &client)
            _ = world.server.read(up, of: peer, upTo: .max, at: world.now)
            _ = client.withConnection { $0.read(down, upTo: .max) }
        }
        var heard: [StreamID] = []
        while let event = client.pollEvent() {
            if case .stream(let stream, .finished) = event { heard.append(stream) }
        }
        let told = world.streamEvents.filter { $0.1 == .finished }.map(\.0)
        #expect(Set(heard) == [up, down] && Set(told) == [up, down])
        #expect(client.connection?.hasUnconfirmed == false && world.closed.isEmpty)
    }
}
