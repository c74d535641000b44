import Basics
import Testing

@testable import Transport

/// Row 17 and the move to another network, while bytes of a stream are on their way in both directions.
struct StreamRoamingTests {
    private static let total = 1_500_000
    private static let content = (0..<total).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 7) }

    /// Goes on until both streams are read.
    private static func transfer(
        _ world: inout RoamingWorld, each moment: Int, _ change: (inout RoamingWorld, Int) -> Void
    ) throws -> (up: [UInt8], down: [UInt8]) {
        world.world.server.acceptStreams(1, from: world.peer, at: world.now)
        world.client.acceptStreams(1, at: world.now)
        world.run(for: .milliseconds(100))
        let (opened, sent) = (world.client.openStream(at: world.now), world.openDown())
        let (upload, download) = (try #require(opened), try #require(sent))
        var (up, down): ([UInt8], [UInt8]) = ([], [])
        var (writtenUp, writtenDown) = (0, 0)
        for round in 0..<2000 where up.count < total || down.count < total {
            writtenUp += world.client.write(content[writtenUp...], to: upload)
            writtenDown += world.world.server.write(
                content[writtenDown...], to: download, of: world.peer, at: world.now)
            world.run(for: .milliseconds(10))
            up += world.world.server.read(upload, of: world.peer, upTo: .max, at: world.now)
            down += world.client.read(download, upTo: .max)
            if round.isMultiple(of: moment), round > 0 { change(&world, round / moment) }
        }
        world.client.finish(upload)
        world.world.server.finish(download, of: world.peer, at: world.now)
        world.run(for: .seconds(2))
        #expect(world.world.server.read(upload, of: world.peer, upTo: .max, at: world.now).isEmpty)
        #expect(world.client.read(download, upTo: .max).isEmpty)
        #expect(!world.client.hasUnconfirmed)
        return (up, down)
    }

    @Test("17: NAT rebinding during a byte stream: it goes on, whole and once", arguments: [0, 0.05])
    func rebindingDuringAStream(loss: Double) throws {
        var world = try RoamingWorld(seed: 3)
        world.loss = loss
        let (up, down) = try Self.transfer(&world, each: 8) { world, count in
            if count <= 3 { world.address = SocketAddress(host: world.address.host, port: 6000 + UInt16(count)) }
        }
        #expect(up == Self.content)
        #expect(down == Self.content)
        // Under loss a further change may come before the challenge to the address before it was answered.
        #expect(world.moves.last == world.address && (world.moves.count == 3 || loss > 0))
        #expect(world.closed.isEmpty)
    }

    @Test("a move to another network during a byte stream: it goes on, and the path is learned anew")
    func movingDuringAStream() throws {
        var world = try RoamingWorld(seed: 4)
        var before = 0.0
        let elsewhere = SocketAddress(host: .v4(0xc000_0207), port: 7777)
        let (up, down) = try Self.transfer(&world, each: 12) { world, count in
            guard count == 1 else { return }
            before = world.serverBandwidth
            world.address = elsewhere
            world.run(for: .milliseconds(80))
            #expect(world.moves == [elsewhere])
            #expect(world.serverBandwidth < before, "nothing is known of the new path")
        }
        #expect(up == Self.content)
        #expect(down == Self.content)
        #expect(world.moves == [elsewhere] && world.closed.isEmpty)
    }
}

extension RoamingWorld {
    fileprivate mutating func openDown() -> StreamID? { world.server.openStream(to: peer, at: now) }

    /// What the server takes the path for.
    fileprivate var serverBandwidth: Double {
        world.server.peers[peer]?.connection.bulk.value?.congestion.bandwidth ?? 0
    }
}
