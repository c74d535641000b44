import Basics
import ChatDomain
import ChatProtocol
import Simulation
import Testing

/// Who is kept out: by name and device, or by address.
@Suite struct BanTests {
    typealias Scene = ModerationTests.Scene

    @Test("a ban of a person puts them out and keeps out the name in any form and the device under any name")
    func person() throws {
        var scene = try Scene()
        let refusal = scene.act(.ban, "Bo", "spam", by: scene.ana)
        #expect(refusal == nil && scene.names == ["ana", "cy"])
        #expect(scene.room.effects().contains(.expel(scene.bo, .banned)))
        #expect(scene.room.login("bo", device: 2).refusal == .banned)
        #expect(scene.room.login("other", device: 2).refusal == .banned)
        #expect(scene.room.login("BO", device: 8).refusal == .banned)
        #expect(scene.room.login("dee", device: 8).welcome != nil, "the address is nobody's")
        guard case .refused(let words) = scene.room.login("bo", device: 2) else {
            Issue.record("bo is in")
            return
        }
        #expect(words.text == ServerSentence.banned(reason: "spam").wireText)
    }

    @Test("an unban lets the name and the device in again; twice is refused")
    func unban() throws {
        var scene = try Scene()
        _ = scene.room.order(.ban, "bo")
        let first = scene.act(.unban, "BO", by: scene.ana)
        let second = scene.act(.unban, "bo", by: scene.ana)
        #expect(first == nil && second == .notAllowed)
        let back = try #require(scene.room.login("bo", device: 2).welcome)
        #expect(back.member == scene.bo)
    }

    @Test("a person who left is banned with the device all the same; one whom nobody knows by the name alone")
    func absent() throws {
        var scene = try Scene()
        scene.room.leave(scene.bo, .quit)
        scene.room.leave(scene.cy, .timeout)
        for name in ["bo", "cy", "dee"] {
            let refusal = scene.room.order(.ban, name)
            #expect(refusal == nil)
        }
        #expect(scene.room.login("x", device: 2).refusal == .banned)
        #expect(scene.room.login("x", device: 3).refusal == .banned)
        #expect(scene.room.login("dee", device: 4).refusal == .banned)
        #expect(scene.room.login("x", device: 4).welcome != nil)
    }

    @Test("a second ban of a name forgets no device of the first")
    func repeated() throws {
        var scene = try Scene()
        _ = scene.room.order(.ban, "bo", "first")
        let refusal = scene.room.order(.ban, "bo", "second")
        #expect(refusal == nil && scene.room.chat.bans.map(\.reason) == ["second"])
        #expect(scene.room.login("other", device: 2).refusal == .banned)
    }

    @Test("an address and a block keep out who comes from there, and put out who is there")
    func addresses() throws {
        var scene = try Scene()
        let one = scene.room.order(.ban, "10.0.0.2")
        #expect(one == nil && scene.names == ["ana", "cy"])
        #expect(scene.room.login("bo", device: 2).refusal == .banned)
        let block = scene.room.order(.ban, "10.0.0.3/31", "a flood")
        #expect(block == nil && scene.names == ["ana"])
        #expect(scene.room.login("dee", device: 3).refusal == .banned)
        #expect(scene.room.login("dee", device: 4).welcome != nil)
        #expect(scene.room.chat.bans.map(\.shown) == ["10.0.0.2", "10.0.0.2/31"])
        let wrong = scene.room.order(.unban, "10.0.0.3")
        let right = scene.room.order(.unban, "10.0.0.2/31")
        let other = scene.room.order(.unban, "10.0.0.2")
        #expect(wrong == .notAllowed && right == nil && other == nil)
        #expect(scene.room.login("bo", device: 2).welcome != nil)
    }

    @Test(
        "what is neither a name nor an address that can be banned is refused",
        arguments: [
            ("no name", ErrorCode.nameInvalid), ("", .nameInvalid), ("SERVER", .notAllowed), ("server", .notAllowed),
        ])
    func refused(target: String, code: ErrorCode) throws {
        var scene = try Scene()
        let refusal = scene.room.order(.ban, target)
        #expect(refusal == code && scene.room.chat.bans.isEmpty && scene.names == ["ana", "bo", "cy"])
    }

    @Test(
        "a block of no length, or of more bits than there are, is no block",
        arguments: ["0", "33", "-1", "", "+8", "a"])
    func noBlock(bits: String) throws {
        var scene = try Scene()
        _ = scene.room.order(.ban, "10.0.0.2/\(bits)")
        #expect(scene.names == ["ana", "bo", "cy"], "it may be a name at most")
    }

    @Test("an operator bans neither themselves, nor the own address, nor the own device by an old name")
    func notYourself() throws {
        var scene = try Scene()
        let own = scene.act(.ban, "ana", by: scene.ana)
        let address = scene.act(.ban, "10.0.0.0/24", by: scene.ana)
        #expect(own == .notAllowed && address == .notAllowed && scene.names == ["ana", "bo", "cy"])
        scene.room.leave(scene.ana, .quit)
        let anew = try #require(scene.room.login("anna", device: 1, incarnation: 5).welcome).member
        let former = scene.act(.ban, "ana", by: anew)
        #expect(former == nil && scene.names == ["bo", "cy", "anna"])
    }

    @Test("who is banned does not come in by what was promised before, nor take the name by renaming")
    func promisedBefore() throws {
        var scene = try Scene()
        let request = LoginRequest(name: "bo", incarnation: 1, history: 0, cursor: nil)
        let offer = scene.room.chat.preview(
            request, name: TestRoom.name("bo"), device: TestRoom.device(2), address: TestRoom.address(2),
            isReported: false, at: scene.room.now, wall: scene.room.wall)
        #expect(offer.welcome?.member == scene.bo)
        _ = scene.room.order(.ban, "bo")
        #expect(scene.room.login("bo", device: 2).refusal == .banned)
        let renamed = scene.ask(.rename("BO"), by: scene.cy)
        #expect(renamed == .nameTaken)
    }

    @Test("a ban that puts out many is stored in groups that the store takes, and shown in one order")
    func manyAtOnce() {
        var room = TestRoom(memberLimit: 2_100)
        for index in 0..<2_100 {
            _ = room.login("n\(index)", device: index)
            _ = room.effects()
        }
        room.isSlow = true
        let refusal = room.order(.ban, "10.0.0.0/8")
        #expect(refusal == nil && room.chat.members.isEmpty)
        #expect(room.store.waitingGroups >= 2)
        let expelled = room.effects().filter { if case .expel = $0 { true } else { false } }
        #expect(expelled.count == 2_100)
        #expect(room.chat.end(of: .room) == 2_100, "nothing is shown before it is stored")
        room.chat.stored(through: room.store.store(1))
        let half = room.chat.end(of: .room)
        #expect(half > 2_100 && half < 4_201)
        room.storeAll()
        #expect(room.chat.end(of: .room) == 4_201)
    }
}
