import Basics
import ChatClient
import ChatDomain
import ChatProtocol
import ClientCore
import ServerCore
import Testing

/// Putting somebody out while something of theirs is on its way.
@Suite("being put out")
struct ExpulsionTests {
    /// Ana, Bo and Cy are in.
    private static func world(seed: UInt64) throws -> CoreWorld {
        var world = try CoreWorld(seed: seed)
        for name in ["ana", "bo", "cy"] { world.join(name) }
        #expect(world.server.members.map(\.name) == ["ana", "bo", "cy"])
        return world
    }

    /// Whether everything that Bo saw since is the end, with its reason.
    private func expectEnd(of world: CoreWorld, _ action: Moderation, since start: Instant) {
        let later = world.people["bo"]?.shown.filter { $0.at >= start }.map(\.event) ?? []
        for event in later {
            switch event {
            case .disconnected, .error, .bye, .reconnecting: continue
            default: Issue.record("Bo saw \(event)")
            }
        }
        #expect(world.errors(of: "bo") == [action == .ban ? .banned : .kicked])
        #expect(world.people["bo"]?.core.finish?.reason == .refused)
        #expect(world.server.members.map(\.name) == ["ana", "cy"])
    }

    @Test(
        "row 53: what is on its way to somebody who is put out, stored or not, is never readable; what comes is not said",
        arguments: [Moderation.kick, .ban])
    func racingSend(action: Moderation) throws {
        var world = try Self.world(seed: 53)
        world.people["bo"]?.isDeaf = true
        world.type("lost on its way", by: "ana")
        world.people["bo"]?.isHeld = true
        world.type("never said", by: "bo")
        world.storeIsSlow = true
        world.type("not stored yet", by: "ana")
        let start = world.now
        let refusal = world.order(action, "bo")
        #expect(refusal == nil)
        world.type("after it", by: "cy")
        world.storeIsSlow = false
        world.storeAll()
        world.people["bo"]?.isDeaf = false
        world.release("bo")
        world.run(for: .seconds(10))
        expectEnd(of: world, action, since: start)
        #expect(world.heard(by: "bo") == [])
        #expect(world.heard(by: "cy") == ["lost on its way", "not stored yet"])
        let reason = action == .ban ? LeaveReason.banned : .kicked
        #expect(world.events(of: "cy").contains(.left(name: "bo", reason: reason)))
    }

    @Test(
        "row 53: who is put out while moving to another address reads nothing at either",
        arguments: [Moderation.kick, .ban])
    func racingMigration(action: Moderation) throws {
        var world = try Self.world(seed: 54)
        let former = try #require(world.people["bo"]?.address)
        let other = SocketAddress(host: .v4(0xc633_6401), port: 7_000)
        world.people["bo"]?.isDeaf = true
        world.people["bo"]?.address = other
        // The server sees it come from elsewhere; its challenge is lost, so nothing is decided yet.
        world.type("from elsewhere", by: "bo")
        #expect(world.heard(by: "cy") == ["from elsewhere"])
        let start = world.now
        let refusal = world.order(action, "bo")
        #expect(refusal == nil)
        world.forgetSentBytes()
        world.people["bo"]?.isDeaf = false
        for round in 0..<80 {
            world.type("after it \(round) " + String(repeating: "x", count: 1_000), by: "cy")
            world.run(for: .milliseconds(500))
        }
        // What it gets is the end, again and again, and, when it comes back by itself, the same by way of refusal.
        #expect(world.sentBytes[former, default: 0] < 2_000 && world.sentBytes[other, default: 0] < 2_000)
        expectEnd(of: world, action, since: start)
        #expect(world.heard(by: "bo") == [])
        world.startAgain("bo")
        world.run(for: .seconds(5))
        #expect(world.server.members.count == (action == .kick ? 3 : 2), "who was told may come back")
    }

    @Test(
        "row 53: who is put out between asking to resume and the first packet does not come in by it",
        arguments: [Moderation.kick, .ban])
    func racingResume(action: Moderation) throws {
        var world = try Self.world(seed: 55)
        world.people["bo"]?.isHeld = true
        world.startAgain("bo")
        world.run(for: .milliseconds(10))
        // The first message is let through, so the server makes its offer; what Bo makes of it is held again.
        world.holdAnswer(of: "bo")
        #expect(world.people["bo"]?.core.hasBeenOnline == true, "the offer came")
        let start = world.now
        let refusal = world.order(action, "bo")
        #expect(refusal == nil)
        world.type("after it", by: "cy")
        world.release("bo")
        world.run(for: .seconds(10))
        #expect(world.server.members.map(\.name) == ["ana", "cy"])
        let later = world.people["bo"]?.shown.filter { $0.at >= start }.map(\.event) ?? []
        #expect(!later.contains { if case .message = $0 { true } else { false } })
        #expect(world.errors(of: "bo") == [action == .ban ? .banned : .kicked])
    }

    @Test("row 53: a ticket of who is banned opens nothing, and the password tells why")
    func ticketOfBanned() throws {
        var world = try Self.world(seed: 57)
        world.people["bo"]?.isDeaf = true
        let refusal = world.order(.ban, "bo")
        #expect(refusal == nil)
        world.startAgain("bo")
        world.people["bo"]?.isDeaf = false
        world.run(for: .seconds(10))
        #expect(world.server.members.map(\.name) == ["ana", "cy"])
        #expect(world.events(of: "bo").contains { if case .connected = $0 { true } else { false } } == false)
    }

    @Test("who was renamed comes back by a ticket that has the old name, without the password")
    func renamedWithTicket() throws {
        var world = try Self.world(seed: 58)
        world.startAgain("bo")
        world.run(for: .seconds(1))
        #expect(world.events(of: "bo").contains { if case .connected = $0 { true } else { false } })
        let refusal = world.order(.rename(from: "bo", to: "robert"))
        #expect(refusal == nil)
        #expect(world.events(of: "bo").contains(.notice(text: "SERVER renamed you to robert.")))
        world.people["bo"]?.isDeaf = true
        world.people["bo"]?.isHeld = true
        world.run(for: .seconds(60))
        #expect(world.server.members.map(\.name) == ["ana", "cy"])
        world.type("while away", by: "cy")
        world.people["bo"]?.isDeaf = false
        world.people["bo"]?.held = []
        world.release("bo")
        world.run(for: .seconds(20))
        #expect(world.server.members.map(\.name).sorted() == ["ana", "cy", "robert"])
        #expect(world.heard(by: "bo") == ["while away"] && world.errors(of: "bo") == [])
    }
}
