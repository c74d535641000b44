import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct AbsenceTests {
    @Test("leaving is announced with its reason", arguments: LeaveReason.allCases)
    func leaving(reason: LeaveReason) throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        _ = room.effects()
        room.leave(ana.member, reason)
        #expect(
            room.effects() == [.appended(.room, through: 2), .observed(.left(name: "ana", reason: reason))])
        #expect(room.bodies() == [.joined, .left(reason)])
        #expect(room.chat.members.isEmpty)
        room.leave(ana.member, reason)
        #expect(room.effects().isEmpty)
    }

    @Test("quitting frees the name at once")
    func quitFrees() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        room.leave(ana.member, .quit)
        #expect(room.chat.nextDeadline == nil)
        #expect(room.login("ana", device: 2).welcome?.storedOutbox == 0)
    }

    @Test("a lost member's name stays reserved for the device for 120 s, not longer")
    func reservation() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        room.leave(ana.member, .timeout)
        let end = room.now + .seconds(120)
        #expect(room.chat.nextDeadline == end)
        room.now = Instant(nanoseconds: end.nanoseconds - 1)
        #expect(room.login("Ana", device: 2).refusal == .nameTaken)
        room.now = end
        room.expire()
        #expect(room.chat.nextDeadline == nil)
        #expect(room.login("ana", device: 2).welcome != nil)
        #expect(room.login("ana", device: 1).refusal == .nameTaken)
    }

    @Test("a reservation ends on time even when nobody called expire")
    func reservationWithoutTimer() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        room.leave(ana.member, .timeout)
        room.pass(.seconds(120))
        #expect(room.login("ana", device: 2).welcome != nil)
    }

    @Test("a lost process that comes back goes on with its session, and is announced again")
    func resumeReserved() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        room.say("one", 1, from: ana.member)
        room.leave(ana.member, .timeout)
        room.pass(.seconds(60))
        let back = try #require(room.login("ana", device: 1).welcome)
        #expect(back.member == ana.member && back.storedOutbox == 1)
        room.say("one", 1, from: back.member)
        room.say("two", 2, from: back.member)
        #expect(room.bodies() == [.joined, .message("one"), .left(.timeout), .joined, .message("two")])
        #expect(room.chat.nextDeadline == nil)
    }

    @Test("a lost person's new process gets the name back at once, as a new session")
    func newProcessAfterLoss() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        room.say("one", 1, from: ana.member)
        room.leave(ana.member, .timeout)
        let back = try #require(room.login("ana", device: 1, incarnation: 2).welcome)
        #expect(back.member != ana.member && back.storedOutbox == 0)
        #expect(room.chat.nextDeadline == nil)
        #expect(room.bodies().suffix(2) == [.left(.timeout), .joined])
    }

    @Test("a process that comes back long after its reservation still doubles nothing")
    func veryLateResume() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        room.say("one", 1, from: ana.member)
        room.leave(ana.member, .timeout)
        room.pass(.seconds(100_000))
        let back = try #require(room.login("ana", device: 1).welcome)
        #expect(back.member == ana.member && back.storedOutbox == 1)
        room.say("one", 1, from: back.member)
        #expect(room.bodies().filter { $0 == .message("one") }.count == 1)
    }

    @Test("a replaced process that comes back doubles nothing either")
    func replacedComesBack() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1, incarnation: 1).welcome)
        room.say("one", 1, from: ana.member)
        _ = room.login("ana", device: 1, incarnation: 2)
        let back = try #require(room.login("ana", device: 1, incarnation: 1).welcome)
        #expect(back.member == ana.member && back.storedOutbox == 1)
    }

    @Test("beyond the bound the oldest reservation ends early")
    func reservationBound() throws {
        var room = TestRoom()
        for index in 0...ChatLimits.reservations {
            let welcome = try #require(room.login("n\(index)", device: index).welcome)
            room.leave(welcome.member, .timeout)
            _ = room.effects()
        }
        #expect(room.login("n0", device: 999_999).welcome != nil)
        #expect(room.login("n1", device: 999_999).refusal == .nameTaken)
        #expect(room.login("n\(ChatLimits.reservations)", device: 999_999).refusal == .nameTaken)
    }

    @Test("beyond the bound the oldest remembered session is forgotten")
    func memoryBound() throws {
        var room = TestRoom()
        var welcomes: [Welcome] = []
        for index in 0...ChatLimits.rememberedSessions {
            let welcome = try #require(room.login("n\(index)", device: index).welcome)
            room.leave(welcome.member, .timeout)
            room.pass(.seconds(120))
            room.expire()
            _ = room.effects()
            welcomes.append(welcome)
        }
        #expect(room.login("n0", device: 0).welcome?.member != welcomes[0].member)
        #expect(room.login("n1", device: 1).welcome?.member == welcomes[1].member)
    }
}
