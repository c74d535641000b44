import Basics
import ChatProtocol
import Simulation
import Testing

@testable import ChatDomain
@testable import ServerCore
@testable import Transport

/// Row 24 at its worst: ten who read, 45 lines a second for ten minutes, and one more who takes nothing of it.
@Suite("a busy room")
struct BusyRoomTests {
    private static let speakers = (1...9).map { "speaker\($0)" }
    private static let tick: Duration = .milliseconds(200)
    /// Of each speaker in a tick: 45 lines a second of all.
    private static let linesInTick = 1

    private static func world() throws -> CoreWorld {
        var world = try CoreWorld(seed: 26)
        for name in speakers + ["reader", "listener"] {
            world.join(name)
            world.people[name]?.tally = ShownTally(readsTexts: !speakers.contains(name))
        }
        return world
    }

    /// Everybody talks for a time.
    private static func talk(
        _ world: inout CoreWorld, over time: Duration, eachTick: (CoreWorld) throws -> Void
    ) rethrows {
        let end = world.now + time
        var line = 0
        while world.now < end {
            for name in speakers {
                for _ in 0..<linesInTick {
                    line += 1
                    world.enter("\(world.now.nanoseconds) \(line)", by: name)
                }
            }
            world.run(for: tick)
            try eachTick(world)
        }
    }

    /// What the server holds for everybody and for one who hears nothing.
    private static func expectBounded(_ world: CoreWorld) throws {
        let logs = world.server.chat.logs
        try #require(logs.room.keptBytes <= ChatLimits.roomTailBytes)
        try #require(logs.room.keptCount <= ChatLimits.roomTailEntries)
        try #require(logs.pageBytes <= ChatLimits.pageCacheBytes + ChatLimits.pageBytes + ChatLimits.messageBytes)
        try #require(world.store.waitingGroups == 0 && world.server.load.peers <= 11)
        for peer in world.server.peerOfMember.values {
            guard let connection = world.server.endpoint.peers[peer]?.connection else { continue }
            try #require(connection.sent.count <= Limits.sentPacketRecords)
            for log in connection.outgoing { try #require(log.inFlight.count <= Limits.messageWindow) }
        }
    }

    @Test("row 24: who stops reading for ten minutes costs a bounded amount, delays nobody, and then gets everything")
    func tenMinutes() throws {
        var calm = try Self.world()
        Self.talk(&calm, over: .seconds(10)) { _ in }
        let usual = try #require(calm.people["listener"]?.tally?.longest)

        var world = try Self.world()
        let reader = try #require(world.people["reader"]?.address)
        world.forgetSentBytes()
        world.people["reader"]?.isDeaf = true
        try Self.talk(&world, over: .seconds(600)) { try Self.expectBounded($0) }
        #expect(world.server.members.map(\.name) == Self.speakers + ["listener"])
        let wasted = world.sentBytes[reader] ?? 0
        #expect(wasted < 256 * 1_024, "\(wasted) bytes were sent for nothing")

        world.people["reader"]?.isDeaf = false
        world.run(for: .seconds(120))
        try Self.expectBounded(world)
        let lines = 600 * 5 * Self.linesInTick * Self.speakers.count
        let heard = try #require(world.people["reader"]?.tally)
        let others = try #require(world.people["listener"]?.tally)
        #expect(others.lines == lines && others.isInOrder && others.errors == 0)
        #expect(others.longest <= usual, "\(others.longest) and not \(usual)")
        #expect(heard.lines == lines && heard.isInOrder && heard.errors == 0)
        #expect(heard.digest == others.digest)
        #expect(world.server.members.count == 11)
    }
}
