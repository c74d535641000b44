import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct LoginTests {
    @Test("a first login is welcomed, announced after the end it was told, and gets the member list")
    func firstLogin() throws {
        var room = TestRoom()
        let welcome = try #require(room.login("ana", device: 1).welcome)
        let expected = Welcome(
            member: MemberID(rawValue: 1), name: "ana", server: "den", room: "main", epoch: TestRoom.epoch, cursor: 0,
            end: 0, storedOutbox: 0, resumed: false)
        #expect(welcome == expected)
        #expect(
            room.effects() == [
                .send(.members(label: 0, names: ["ana"], isLast: true), to: welcome.member),
                .appended(.room, through: 1), .observed(.joined(name: "ana", address: TestRoom.address(1))),
            ])
        #expect(room.bodies() == [.joined])
        #expect(room.chat.members.map(\.address) == [TestRoom.address(1)])
    }

    @Test("a member who moves is listed at the new address, nothing is told, and one who is gone does not come back")
    func moves() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome).member
        _ = room.effects()
        room.chat.move(ana, to: TestRoom.address(9))
        #expect(room.chat.members.map(\.address) == [TestRoom.address(9)])
        #expect(room.effects().isEmpty)
        room.leave(ana, .quit)
        room.chat.move(ana, to: TestRoom.address(1))
        #expect(room.chat.members.isEmpty)
    }

    @Test("a name in use is taken for another device, also in another form")
    func nameTaken() {
        var room = TestRoom()
        _ = room.login("ana", device: 1)
        _ = room.effects()
        #expect(room.login("ANA", device: 2).refusal == .nameTaken)
        let refused = RoomObservation.refused(name: "ANA", address: TestRoom.address(2), reason: .nameTaken)
        #expect(room.effects() == [.observed(refused)])
        #expect(room.chat.members.count == 1 && room.chat.end(of: .room) == 1)
    }

    @Test(
        "the operator's name is always taken, in any form that looks like it",
        arguments: ["SERVER", "server", "Server"])
    func operatorName(_ name: String) {
        var room = TestRoom()
        #expect(room.login(name, device: 1).refusal == .nameTaken)
        #expect(room.bodies().isEmpty)
    }

    @Test("a full room refuses newcomers, but not the device that takes its own session over")
    func roomFull() {
        var room = TestRoom(memberLimit: 2)
        _ = room.login("ana", device: 1)
        let bo = room.login("bo", device: 2).welcome
        _ = room.effects()
        #expect(room.login("cy", device: 3).refusal == .roomFull)
        let refused = RoomObservation.refused(name: "cy", address: TestRoom.address(3), reason: .roomFull)
        #expect(room.effects() == [.observed(refused)])
        #expect(room.login("ana", device: 1, incarnation: 2).welcome != nil)
        if let bo { room.leave(bo.member, .quit) }
        #expect(room.login("cy", device: 3).welcome != nil)
    }

    @Test("a new process of the same device takes the session over, and nobody sees it")
    func takeover() throws {
        var room = TestRoom()
        let old = try #require(room.login("ana", device: 1).welcome)
        room.say("x", 5, from: old.member)
        _ = room.effects()
        let new = try #require(room.login("ana", device: 1, incarnation: 2).welcome)
        #expect(new.member != old.member && new.storedOutbox == 0)
        #expect(
            room.effects() == [
                .replaced(old.member), .send(.members(label: 0, names: ["ana"], isLast: true), to: new.member),
            ])
        #expect(room.bodies() == [.joined, .message("x")])
        // What the replaced connection still does is without effect.
        room.say("late", 6, from: old.member)
        room.leave(old.member, .timeout)
        #expect(room.effects().isEmpty && room.chat.members.map(\.id) == [new.member])
    }

    @Test("the same process coming back is the same session, and nobody sees it")
    func resumePresent() throws {
        var room = TestRoom()
        let first = try #require(room.login("ana", device: 1).welcome)
        room.say("x", 5, from: first.member)
        _ = room.effects()
        let cursor = LogCursor(epoch: TestRoom.epoch, number: 1)
        let second = try #require(room.login("ana", device: 1, cursor: cursor).welcome)
        #expect(second.member == first.member && second.storedOutbox == 5)
        #expect(second.resumed && second.cursor == 1 && second.end == 2)
        #expect(room.effects() == [.send(.members(label: 0, names: ["ana"], isLast: true), to: first.member)])
        #expect(room.chat.end(of: .room) == 2)
    }

    @Test("a takeover that spells the name differently is a rename to the others")
    func respelling() throws {
        var room = TestRoom()
        _ = room.login("ana", device: 1)
        _ = room.effects()
        _ = room.login("Ana", device: 1, incarnation: 2)
        #expect(room.bodies() == [.joined, .renamed(to: "Ana")])
        #expect(room.effects().contains(.observed(.renamed(from: "ana", to: "Ana"))))
        #expect(room.chat.members.map(\.name) == ["Ana"])
    }

    @Test("who was renamed and did not hear of it is the same session under the new name, and doubles nothing")
    func renamedUnheard() throws {
        for hasRestarted in [false, true] {
            var room = TestRoom()
            let first = try #require(room.login("ana", device: 1).welcome)
            room.say("x", 1, from: first.member)
            room.ask(.rename("bea"), 2, from: first.member)
            if hasRestarted { room.restart(killed: true) }
            _ = room.effects()
            let cursor = LogCursor(epoch: TestRoom.epoch, number: 2)
            let second = try #require(room.login("ana", device: 1, cursor: cursor).welcome)
            #expect(second.member == first.member && second.name == "bea" && second.storedOutbox == 2)
            #expect(room.bodies() == [.joined, .message("x"), .renamed(to: "bea")])
            #expect(room.chat.members.map(\.name) == ["bea"])
        }
    }

    @Test("who was replaced before anybody saw that they were gone is seen to join again")
    func replacedWhileReturning() throws {
        var room = TestRoom()
        _ = room.login("ana", device: 1)
        room.restart(killed: true)
        // Another program of the same person takes the name, and renames itself.
        let second = try #require(room.login("ana", device: 1, incarnation: 2).welcome)
        room.ask(.rename("bea"), 1, from: second.member)
        #expect(room.login("ana", device: 1).welcome != nil)
        #expect(room.bodies() == [.joined, .renamed(to: "bea"), .joined])
        #expect(room.chat.members.map(\.name) == ["ana", "bea"])
    }

    @Test("a later run goes by the name that was asked for, and doubles nothing")
    func laterRunAfterRename() throws {
        var room = TestRoom()
        let first = try #require(room.login("ana", device: 1).welcome)
        room.ask(.rename("bea"), 1, from: first.member)
        let second = try #require(room.login("ana", device: 1).welcome)
        #expect(second.member == first.member && second.name == "ana" && second.storedOutbox == 1)
        #expect(room.bodies() == [.joined, .renamed(to: "bea"), .renamed(to: "ana")])
        // The name is free for whoever comes next.
        #expect(room.login("bea", device: 2).welcome != nil)
    }

    @Test("members are listed in the order in which they came")
    func memberOrder() {
        var room = TestRoom()
        for (index, name) in ["zoe", "ana", "mia", "bo"].enumerated() { _ = room.login(name, device: index) }
        #expect(room.chat.members.map(\.name) == ["zoe", "ana", "mia", "bo"])
    }
}
