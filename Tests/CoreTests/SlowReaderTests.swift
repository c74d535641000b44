import Basics
import ChatClient
import ChatProtocol
import Testing

@testable import ChatDomain
@testable import ServerCore

/// Row 24: somebody who does not take what is sent.
@Suite("a slow reader")
struct SlowReaderTests {
    private static let lineBytes = 1_000
    /// More than memory keeps of the room.
    private static let lines = ChatLimits.roomTailBytes / lineBytes * 5 / 4

    private static func text(_ number: Int) -> String {
        "\(number) " + String(repeating: "x", count: lineBytes)
    }

    private static func world(seed: UInt64) throws -> CoreWorld {
        var world = try CoreWorld(seed: seed)
        for name in ["ana", "bo", "cy"] { world.join(name) }
        return world
    }

    /// Ana says lines for a time, evenly.
    ///
    /// - Returns: the longest time from saying a line to its being shown to Cy.
    private func talk(_ world: inout CoreWorld, lines: Range<Int>, over time: Duration) -> Duration {
        var said: [String: Instant] = [:]
        let first = world.people["cy"]?.shown.count ?? 0
        for number in lines {
            said[Self.text(number)] = world.now
            world.type(Self.text(number), by: "ana")
            world.run(for: time / lines.count)
        }
        var longest: Duration = .zero
        for (at, event) in world.people["cy"]?.shown.dropFirst(first) ?? [] {
            guard case .message(let line, _) = event, let time = said.removeValue(forKey: line.text) else { continue }
            longest = max(longest, at - time)
        }
        #expect(said.isEmpty, "Cy misses \(said.count) lines")
        return longest
    }

    private func expectEverything(_ heard: [String]) {
        #expect(heard.count == Self.lines)
        let wrong = zip(heard, 0...).first { $0 != Self.text($1) }
        #expect(wrong == nil, "line \(wrong?.1 ?? 0) is out of order")
    }

    /// What the server keeps in memory for the room: the end of the log, and the pages of who catches up.
    private func expectBounded(_ world: CoreWorld) {
        let logs = world.server.chat.logs
        #expect(logs.room.keptBytes <= ChatLimits.roomTailBytes && logs.room.keptCount <= ChatLimits.roomTailEntries)
        #expect(logs.pageBytes <= ChatLimits.pageCacheBytes + ChatLimits.pageBytes + ChatLimits.messageBytes)
    }

    @Test("row 24: who hears nothing for a while costs a bounded amount, delays nobody, and goes on from the cursor")
    func deafForAWhile() throws {
        var calm = try Self.world(seed: 24)
        let usual = talk(&calm, lines: 0..<200, over: .milliseconds(800))
        var world = try Self.world(seed: 24)
        world.people["bo"]?.isDeaf = true
        world.forgetSentBytes()
        let longest = talk(&world, lines: 0..<Self.lines, over: .seconds(20))
        #expect(longest <= usual, "\(longest) and not \(usual)")
        expectBounded(world)
        let wasted = try world.sentBytes[#require(world.people["bo"]?.address)] ?? 0
        #expect(wasted < 256 * 1_024, "\(wasted) bytes were sent for nothing")
        #expect(world.heard(by: "bo").isEmpty)
        world.people["bo"]?.isDeaf = false
        world.run(for: .seconds(60))
        expectEverything(world.heard(by: "bo"))
        #expect(world.errors(of: "bo") == [] && world.server.members.count == 3)
        expectBounded(world)
    }

    @Test("row 24: who stops reading for ten minutes is lost to the room, and then gets everything, in order")
    func tenMinutes() throws {
        var world = try Self.world(seed: 25)
        let usual = talk(&world, lines: 0..<100, over: .seconds(10))
        world.people["bo"]?.isDeaf = true
        let longest = talk(&world, lines: 100..<Self.lines, over: .seconds(600))
        #expect(longest <= usual, "\(longest) and not \(usual)")
        #expect(world.server.members.map(\.name) == ["ana", "cy"])
        expectBounded(world)
        world.people["bo"]?.isDeaf = false
        world.run(for: .seconds(90))
        expectEverything(world.heard(by: "bo"))
        #expect(world.errors(of: "bo") == [] && world.server.members.count == 3)
        expectBounded(world)
    }
}
