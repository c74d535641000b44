import Basics
import ChatProtocol
import Simulation
import Testing

@testable import ChatDomain

/// What members and operators can fill is never fuller than it may be, and what does not fit is refused.
@Suite("bounds of the room's tables")
struct BoundTests {
    private func inRoom(_ room: inout TestRoom, _ name: String, _ device: Int) throws -> MemberID {
        try #require(room.login(name, device: device).welcome).member
    }

    /// Why a member's last request was refused.
    private func refusal(_ room: inout TestRoom, _ inbox: LogID) -> ErrorCode? {
        if case .settled(let code, _)? = room.bodies(of: inbox).last { code } else { nil }
    }

    @Test("bans: the table fills, one more is refused, a repeated one and one after an unban are not")
    func bans() {
        var room = TestRoom()
        for index in 0..<ChatLimits.bans {
            let refusal = room.order(.ban, "n\(index)")
            #expect(refusal == nil)
            _ = room.effects()
        }
        let tooMany = room.order(.ban, "one-more")
        let address = room.order(.ban, "10.0.0.1")
        let repeated = room.order(.ban, "N7", "again")
        let taken = room.order(.unban, "n8")
        let fits = room.order(.ban, "one-more")
        #expect(tooMany == .tooMany && address == .tooMany && repeated == nil && taken == nil && fits == nil)
        #expect(room.chat.counts.bans == ChatLimits.bans)
        room.restart(killed: true)
        #expect(room.chat.counts.bans == ChatLimits.bans)
    }

    @Test("mutes: the table fills, one more is refused, and those whose time is over make room")
    func mutes() throws {
        var room = TestRoom()
        for index in 0..<ChatLimits.mutes {
            let member = try inRoom(&room, "n\(index)", index)
            let refusal = room.order(.mute, "n\(index)", seconds: index == 0 ? 60 : 0)
            #expect(refusal == nil)
            if index != 1 { room.leave(member, .quit) }
            _ = room.effects()
        }
        _ = try inRoom(&room, "more", ChatLimits.mutes)
        let tooMany = room.order(.mute, "more")
        let again = room.order(.mute, "n1", seconds: 600)
        #expect(tooMany == .tooMany && again == nil && room.chat.counts.mutes == ChatLimits.mutes)
        room.pass(.seconds(60))
        let fits = room.order(.mute, "more")
        #expect(fits == nil && room.chat.counts.mutes == ChatLimits.mutes)
    }

    @Test("the audit keeps the last acts, in memory and in the store")
    func audit() {
        var room = TestRoom()
        for number in 1...ChatLimits.auditEntries + 5 {
            _ = room.order(.topic("t\(number)"))
            _ = room.effects()
        }
        #expect(room.chat.audit(last: .max).map(\.number) == Array(6...UInt64(ChatLimits.auditEntries) + 5))
        room.restart(killed: false)
        #expect(room.chat.audit(last: .max).count == ChatLimits.auditEntries)
    }

    @Test("a time that is too long is cut, and so is a reason")
    func longestTime() throws {
        var room = TestRoom()
        _ = try inRoom(&room, "bo", 1)
        let long = String(repeating: "x", count: 10_000)
        _ = room.order(.mute, "bo", seconds: .max, long)
        _ = room.order(.slow, "", seconds: .max)
        #expect(room.chat.mutes(at: room.now).map(\.left) == [.seconds(Int(ChatLimits.longestSeconds))])
        #expect(room.chat.counts.slowSeconds == ChatLimits.longestSeconds)
        let text = String(long.prefix(ChatLimits.explanationBytes))
        #expect(
            room.bodies().dropFirst().first
                == .moderated(.mute, name: "bo", seconds: ChatLimits.longestSeconds, text: text))
    }

    @Test("a person belongs to so many groups, and leaving one makes room")
    func ownGroups() throws {
        var room = TestRoom()
        let ana = try inRoom(&room, "ana", 1)
        var number: OutboxNumber = 0
        for index in 0..<ChatLimits.groupsPerAccount {
            number += 1
            room.ask(.group(.create, name: "g\(index)", person: ""), number, from: ana)
        }
        #expect(room.chat.groupSummaries.count == ChatLimits.groupsPerAccount)
        room.ask(.group(.create, name: "more", person: ""), number + 1, from: ana)
        let inbox = LogID(rawValue: 2 + UInt32(ChatLimits.groupsPerAccount))
        let code = refusal(&room, inbox)
        #expect(code == .tooMany && room.chat.groupSummaries.count == ChatLimits.groupsPerAccount)
        room.ask(.group(.leave, name: "g0", person: ""), number + 2, from: ana)
        room.ask(.group(.create, name: "more", person: ""), number + 3, from: ana)
        #expect(room.chat.groupMembers("more") == ["ana"])
    }

    @Test("there are so many groups, whoever makes them")
    func groups() throws {
        var room = TestRoom()
        var made = 0
        var device = 0
        while made < ChatLimits.groups {
            device += 1
            let member = try inRoom(&room, "m\(device)", device)
            for number in 1...min(ChatLimits.groupsPerAccount, ChatLimits.groups - made) {
                made += 1
                room.ask(.group(.create, name: "g\(made)", person: ""), OutboxNumber(number), from: member)
            }
            room.leave(member, .quit)
            _ = room.effects()
        }
        let last = try inRoom(&room, "last", device + 1)
        room.ask(.group(.create, name: "more", person: ""), 1, from: last)
        #expect(room.chat.groupSummaries.count == ChatLimits.groups && room.chat.groupMembers("more") == nil)
    }

    @Test("a group has so many members and invitations, and with all of them fits one record of the store")
    func groupMembers() throws {
        var room = TestRoom()
        let owner = try inRoom(&room, "owner", 0)
        room.ask(.group(.create, name: "all", person: ""), 1, from: owner)
        for index in 1...ChatLimits.groupMembers {
            let member = try inRoom(&room, "m\(index)", index)
            room.ask(.group(.join, name: "all", person: ""), 1, from: member)
            room.leave(member, .quit)
            _ = room.effects()
        }
        #expect(room.chat.groupMembers("all")?.count == ChatLimits.groupMembers)
        for index in 0...ChatLimits.groupInvitations {
            let guest = try inRoom(&room, "i\(index)", 100_000 + index)
            let request = ClientRequest.group(.invite, name: "all", person: "i\(index)")
            room.ask(request, OutboxNumber(2 + index), from: owner)
            room.leave(guest, .quit)
            _ = room.effects()
        }
        let invited = room.bodies(of: LogID(rawValue: 2)).filter {
            if case .group(.invite, _) = $0 { true } else { false }
        }
        #expect(invited.count == ChatLimits.groupInvitations)
        let largest = room.store.largestRecord
        #expect(largest > 4 * (ChatLimits.groupMembers + ChatLimits.groupInvitations))
        #expect(largest <= StoreLimits.recordBytes)
    }

    @Test("people: a newcomer takes the place of the oldest guest who left nothing but private lines")
    func accounts() throws {
        var room = TestRoom(accountLimit: 4)
        let old = try inRoom(&room, "old", 1)
        let owner = try inRoom(&room, "owner", 2)
        room.ask(.group(.create, name: "tea", person: ""), 1, from: owner)
        room.ask(.rename("no name"), 1, from: old)
        let present = try inRoom(&room, "present", 3)
        let lost = try inRoom(&room, "lost", 4)
        room.leave(old, .quit)
        room.leave(owner, .quit)
        room.leave(lost, .timeout)
        #expect(room.chat.counts.accounts == 4)
        let new = try inRoom(&room, "new", 5)
        #expect(room.chat.counts.accounts == 4)
        #expect(room.login("newer", device: 6).refusal == .roomFull, "the others are there, or own something")
        room.leave(new, .quit)
        #expect(room.login("newer", device: 6).welcome != nil)
        #expect(room.chat.groupMembers("tea") == ["owner"])
        let back = room.login("owner", device: 2).welcome
        #expect(back?.member == owner)
        room.restart(killed: true)
        #expect(room.chat.counts.accounts <= 6)
        _ = present
    }

    @Test("questions that the store answers: so many are open, one more is refused at once, and answers make room")
    func openQuestions() throws {
        var room = TestRoom()
        let ana = try inRoom(&room, "ana", 1)
        room.isSlow = true
        for label in 1...UInt32(ChatLimits.openQuestions) + 1 {
            room.ask(.ask(.search(in: .room, words: "x", count: 5), label: label), from: ana)
        }
        #expect(room.readings.count == ChatLimits.openQuestions)
        let refused = room.effects().compactMap { effect -> UInt32? in
            if case .send(.failed(let label, .tooMany, _), ana) = effect { label } else { nil }
        }
        #expect(refused == [UInt32(ChatLimits.openQuestions) + 1])
        guard case .search(_, _, _, let question)? = room.readings.first else {
            Issue.record("nothing is asked")
            return
        }
        room.chat.found([], question: question)
        room.ask(.ask(.search(in: .room, words: "x", count: 5), label: 999), from: ana)
        #expect(room.readings.count == ChatLimits.openQuestions + 1)
        room.leave(ana, .quit)
        let bo = try inRoom(&room, "bo", 2)
        room.ask(.ask(.search(in: .room, words: "x", count: 5), label: 1), from: bo)
        #expect(room.readings.count == ChatLimits.openQuestions + 2, "who is gone waits for no answer")
    }

    @Test("what waits for the store is bounded: beyond that lines are refused, and taken again when it is stored")
    func waitingChanges() throws {
        var room = TestRoom()
        let ana = try inRoom(&room, "ana", 1)
        room.isSlow = true
        let limit = 2_000
        room.chat.storing.limit = limit
        var number: OutboxNumber = 0
        var refused: OutboxNumber = 0
        while refused == 0, number <= limit {
            number += 1
            room.say("x", number, from: ana)
            for case .send(.rejected(let outbox, .storage, _), ana) in room.effects() { refused = outbox }
        }
        #expect(refused == number && number <= limit)
        let order = room.order(.kick, "ana")
        #expect(order == .storage)
        room.storeAll()
        room.say("y", number + 1, from: ana)
        room.storeAll()
        #expect(room.bodies().last == .message("y"))
    }
}
