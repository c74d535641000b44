import Basics
import ChatDomain
import ChatProtocol
import Testing

/// What operators did outlives the server, killed or not.
@Suite("moderation after a restart")
struct ModerationRestoreTests {
    typealias Scene = ModerationTests.Scene

    @Test("bans of people, devices and addresses hold, and can be taken back", arguments: [true, false])
    func bans(killed: Bool) throws {
        var scene = try Scene()
        _ = scene.act(.ban, "bo", "spam", by: scene.ana)
        _ = scene.room.order(.ban, "10.0.0.9/32", "flood")
        _ = scene.room.order(.ban, "10.0.0.16/28")
        _ = scene.room.order(.ban, "cy")
        _ = scene.room.order(.unban, "cy")
        scene.room.restart(killed: killed)
        #expect(
            scene.room.chat.bans.map { "\($0.shown) \($0.reason)" }
                == ["10.0.0.16/28 ", "10.0.0.9 flood", "bo spam"])
        #expect(scene.room.login("bo", device: 8).refusal == .banned)
        #expect(scene.room.login("x", device: 2).refusal == .banned)
        #expect(scene.room.login("x", device: 9).refusal == .banned)
        #expect(scene.room.login("x", device: 31).refusal == .banned)
        #expect(scene.room.login("x", device: 32).welcome != nil)
        #expect(scene.room.login("cy", device: 3).welcome != nil)
        let taken = scene.room.order(.unban, "BO")
        #expect(taken == nil)
        scene.room.restart(killed: killed)
        #expect(scene.room.login("bo", device: 2).welcome != nil)
    }

    @Test("a mute goes on where it was by the wall clock, and ends in time", arguments: [true, false])
    func mutes(killed: Bool) throws {
        var scene = try Scene()
        _ = scene.room.order(.mute, "bo", seconds: 600)
        _ = scene.room.order(.mute, "cy")
        scene.room.pass(.seconds(100))
        scene.room.restart(killed: killed)
        #expect(scene.room.chat.mutes(at: scene.room.now).map(\.left) == [.seconds(500), nil])
        let bo = try #require(scene.room.login("bo", device: 2).welcome).member
        let cy = try #require(scene.room.login("cy", device: 3).welcome).member
        let muted = scene.ask(.say("x"), by: bo)
        #expect(muted == .muted && scene.room.chat.members.map(\.isMuted) == [true, true])
        scene.room.pass(.seconds(500))
        let free = scene.ask(.say("x"), by: bo)
        let still = scene.ask(.say("x"), by: cy)
        #expect(free == nil && still == .muted)
    }

    @Test("row 46: a clock a day forward or back lengthens no mute and ends no ban", arguments: [86_400, -86_400])
    func clockStep(seconds: Int) throws {
        var scene = try Scene()
        _ = scene.room.order(.mute, "bo", seconds: 600)
        _ = scene.room.order(.mute, "cy")
        _ = scene.room.order(.ban, "10.0.0.9/32")
        // While the server runs the step is nothing to it.
        scene.room.wallStep = .seconds(seconds)
        scene.room.pass(.seconds(100))
        let early = scene.ask(.say("x"), by: scene.bo)
        let endless = scene.ask(.say("x"), by: scene.cy)
        #expect(early == .muted && endless == .muted)
        #expect(scene.room.chat.mutes(at: scene.room.now).map(\.left) == [.seconds(500), nil])
        // Its age is told by the wall clock at the start alone: a mute may be over then, and never lasts longer anew.
        scene.room.restart(killed: true)
        scene.room.expire()
        let left = scene.room.chat.mutes(at: scene.room.now).map(\.left)
        #expect(left == (seconds > 0 ? [nil] : [.seconds(600), nil]))
        #expect(scene.room.login("x", device: 9).refusal == .banned)
        let bo = try #require(scene.room.login("bo", device: 2).welcome).member
        let cy = try #require(scene.room.login("cy", device: 3).welcome).member
        scene.room.wallStep = .zero
        scene.room.pass(.seconds(601))
        let free = scene.ask(.say("x"), by: bo)
        let still = scene.ask(.say("x"), by: cy)
        #expect(free == nil && still == .muted)
    }

    @Test("a mute whose time was over meanwhile is gone")
    func overMeanwhile() throws {
        var scene = try Scene()
        _ = scene.room.order(.mute, "bo", seconds: 60)
        scene.room.pass(.seconds(61))
        scene.room.restart(killed: true)
        scene.room.expire()
        #expect(scene.room.chat.mutes(at: scene.room.now).isEmpty && scene.room.chat.nextDeadline != nil)
        let bo = try #require(scene.room.login("bo", device: 2).welcome).member
        let free = scene.ask(.say("x"), by: bo)
        #expect(free == nil)
    }

    @Test("a mute finds its guest again after the session was forgotten", arguments: [true, false])
    func forgottenSession(killed: Bool) throws {
        var scene = try Scene()
        _ = scene.room.order(.mute, "bo")
        scene.room.leave(scene.bo, .quit)
        for index in 0..<ChatLimits.rememberedSessions {
            let member = try #require(scene.room.login("n\(index)", device: 100 + index).welcome).member
            scene.room.leave(member, .quit)
            _ = scene.room.effects()
        }
        scene.room.restart(killed: killed)
        let bo = try #require(scene.room.login("bo", device: 2, incarnation: 3).welcome).member
        #expect(bo != scene.bo)
        let muted = scene.ask(.say("x"), by: bo)
        #expect(muted == .muted)
    }

    @Test("operators stay operators, and topic and slow mode stay", arguments: [true, false])
    func ranks(killed: Bool) throws {
        var scene = try Scene()
        _ = scene.room.order(.op, "bo")
        _ = scene.room.order(.deop, "bo")
        _ = scene.room.order(.topic("Friday"))
        _ = scene.room.order(.slow, "", seconds: 30)
        scene.room.restart(killed: killed)
        let counts = scene.room.chat.counts
        #expect(counts.topic == "Friday" && counts.slowSeconds == 30)
        let ana = try #require(scene.room.login("ana", device: 1).welcome).member
        let bo = try #require(scene.room.login("bo", device: 2).welcome).member
        scene.room.ask(.follow([]), from: ana)
        let facts = scene.room.effects().compactMap { effect in
            if case .send(.facts(let facts), ana) = effect { facts } else { nil }
        }
        #expect(facts == [RoomFacts(topic: "Friday", slowSeconds: 30, isOperator: true, isRegistered: false)])
        let byOperator = scene.act(.mute, "bo", seconds: 5, by: ana)
        let byMember = scene.act(.mute, "ana", seconds: 5, by: bo)
        #expect(byOperator == nil && byMember == .notAllowed)
    }

    @Test("the audit goes on with its numbers", arguments: [true, false])
    func audit(killed: Bool) throws {
        var scene = try Scene()
        // More than 256: the order of the keys counts, not that of their last bytes.
        for number in 1...300 { _ = scene.room.order(.topic("t\(number)")) }
        scene.room.restart(killed: killed)
        let restored = scene.room.chat.audit(last: 1_000)
        #expect(restored.map(\.number) == Array(1...301))
        #expect(restored.last?.text == "topic (t300)" && restored.last?.actor == "SERVER")
        _ = scene.room.order(.topic("more"))
        #expect(scene.room.chat.audit(last: 1).map(\.number) == [302])
    }

    @Test("who was renamed has the new name after a restart, and the groups that were owned", arguments: [true, false])
    func renamed(killed: Bool) throws {
        var scene = try Scene()
        _ = scene.ask(.group(.create, name: "tea", person: ""), by: scene.bo)
        _ = scene.room.order(.rename(from: "bo", to: "bob"))
        scene.room.restart(killed: killed)
        #expect(scene.room.chat.groupMembers("tea") == ["bob"])
        #expect(scene.room.login("bob", device: 9).refusal == .nameTaken)
        let back = try #require(scene.room.login("bob", device: 2).welcome)
        #expect(back.member == scene.bo && back.storedOutbox == 1)
    }
}
