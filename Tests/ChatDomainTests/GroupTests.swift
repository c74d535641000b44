import ChatDomain
import ChatProtocol
import Simulation
import Testing

@Suite struct GroupTests {
    /// Ana owns tea, bo belongs to it, cy does not.
    private func tea() throws -> TestParty {
        var party = try TestParty("ana", "bo", "cy")
        try party.does("ana", .create, "tea")
        try party.does("bo", .join, "tea")
        return party
    }

    @Test("who makes a group owns it and follows its log; its lines go to members alone, in one order")
    func creation() throws {
        var party = try TestParty("ana", "bo", "cy")
        let made = try party.does("ana", .create, "tea")
        #expect(made.body == .group(.create, name: "") && made.number == 1)
        try party.says("ana", "first", in: .group("tea"))
        try party.does("bo", .join, "TEA")
        let second = try party.says("bo", "second", in: .group("tea"))
        #expect(second.log == made.log && second.number == 4)
        #expect(party.sees("ana", made.log).suffix(2) == [.group(.join, name: ""), .message("second")])
        #expect(party.reads("bo") == ["first", "second"] && party.reads("cy") == [])
        #expect(party.room.bodies().allSatisfy { !$0.isMessage })
        let time = party.room.wall
        #expect(
            party.observations.contains(.group(id: 4, group: "tea", from: "bo", text: "second", time: time)))
    }

    @Test("a group's name is unique whatever its letters' case, and obeys the rules for names")
    func names() throws {
        var party = try TestParty("ana", "bo")
        try party.does("ana", .create, "tea")
        let refusals = try ["tea", "Tea", "t ea"].map { try party.does("bo", .create, $0).refusal }
        #expect(refusals == [.groupTaken, .groupTaken, .nameInvalid])
        #expect(party.feeds(of: "bo").count == 1, "the inbox alone")
    }

    @Test("joining twice says so and changes nothing")
    func twice() throws {
        var party = try tea()
        #expect(try party.does("bo", .join, "tea").notice?.contains("already") == true)
        #expect(party.answer("bo", .members(of: .group("tea"))).names == ["ana", "bo"])
    }

    @Test("who is no member can't write, read or leave: not-a-member, or no-such-group where the group is private")
    func strangers() throws {
        var party = try tea()
        for (action, code) in [(GroupAction.leave, ErrorCode.notAMember), (.makePrivate, .notAMember)] {
            #expect(try party.does("cy", action, "tea").refusal == code)
        }
        #expect(try party.says("cy", "x", in: .group("tea")).refusal == .notAMember)
        #expect(party.answer("cy", .history(of: .group("tea"), before: 0, count: 9)).failure == .notAMember)
        #expect(party.answer("cy", .search(in: .group("tea"), words: "x", count: 9)).failure == .notAMember)
        #expect(party.seen("cy", 1, in: .group("tea")).failure == .notAMember)
        #expect(party.answer("cy", .members(of: .group("tea"))).names == ["ana", "bo"], "everybody may look")

        try party.does("ana", .makePrivate, "tea")
        for action in [GroupAction.join, .leave, .makePublic] {
            #expect(try party.does("cy", action, "tea").refusal == .noSuchGroup)
        }
        #expect(try party.says("cy", "x", in: .group("tea")).refusal == .noSuchGroup)
        #expect(party.answer("cy", .members(of: .group("tea"))).failure == .noSuchGroup)
        #expect(party.answer("cy", .history(of: .group("tea"), before: 0, count: 9)).failure == .noSuchGroup)
        #expect(try party.says("cy", "x", in: .group("none")).refusal == .noSuchGroup)
    }

    @Test("only the owner rules", arguments: [GroupAction.invite, .remove, .makePrivate, .makePublic, .handOver])
    func ownerOnly(_ action: GroupAction) throws {
        var party = try tea()
        let person = action.needsPerson ? "ana" : ""
        #expect(try party.does("bo", action, "tea", person).refusal == .notAllowed)
        #expect(try party.does("bo", .topic("x", in: .group("tea"))).refusal == .notAllowed)
    }

    @Test("an invited person sees a private group, is told, and may join it once")
    func invitations() throws {
        var party = try tea()
        try party.does("ana", .makePrivate, "tea")
        #expect(party.answer("cy", .groups) == [.groups(label: 7, [], isLast: true)])
        #expect(try party.does("ana", .invite, "tea", "cy").body == .group(.invite, name: "cy"))
        #expect(party.takeNotices("cy").count == 1)
        let summary = GroupSummary(name: "tea", memberCount: 2, isPrivate: true, isOwn: false)
        #expect(party.answer("cy", .groups) == [.groups(label: 7, [summary], isLast: true)])
        #expect(try party.does("cy", .join, "tea").refusal == nil)
        #expect(try party.does("ana", .invite, "tea", "cy").notice != nil, "a member already")
        try party.does("cy", .leave, "tea")
        #expect(try party.does("cy", .join, "tea").refusal == .noSuchGroup)
        #expect(try party.does("ana", .invite, "tea", "nobody").refusal == .noSuchUser)
    }

    @Test("who is put out is told, is fed no more, and can come back to a public group")
    func removal() throws {
        var party = try tea()
        let log = try party.says("bo", "mine", in: .group("tea")).log
        #expect(try party.does("ana", .remove, "tea", "bo").body == .group(.remove, name: "bo"))
        #expect(party.takeNotices("bo") == [ServerSentence.removed("ana", "tea").wireText])
        #expect(!party.feeds(of: "bo").contains(log))
        #expect(try party.says("bo", "x", in: .group("tea")).refusal == .notAMember)
        #expect(try party.does("ana", .remove, "tea", "bo").refusal == .noSuchUser)
        try party.does("bo", .join, "tea")
        #expect(party.feeds(of: "bo").contains(log))
    }

    @Test("a member who is gone can be put out by the last name, though another one has it now")
    func removalOfTheAbsent() throws {
        var party = try tea()
        party.leave("bo")
        try party.join("Bo")
        #expect(try party.does("Bo", .join, "tea").refusal == nil)
        #expect(party.answer("ana", .members(of: .group("tea"))).names == ["ana", "bo", "Bo"])
        // Who is here goes first.
        try party.does("ana", .remove, "tea", "bo")
        #expect(party.answer("ana", .members(of: .group("tea"))).names == ["ana", "bo"])
        try party.does("ana", .remove, "tea", "bo")
        #expect(party.answer("ana", .members(of: .group("tea"))).names == ["ana"])
    }

    @Test("the owner can't put out or appoint themselves")
    func notYourself() throws {
        var party = try tea()
        for action in [GroupAction.remove, .handOver] {
            #expect(try party.does("ana", action, "tea", "ana").refusal == .notAllowed)
        }
        #expect(try party.does("ana", .handOver, "tea", "cy").refusal == .noSuchUser)
    }

    @Test("a group that was handed over has another owner; the owner stands first among the members")
    func handingOver() throws {
        var party = try tea()
        try party.does("ana", .handOver, "tea", "bo")
        #expect(party.answer("ana", .members(of: .group("tea"))).names == ["bo", "ana"])
        #expect(try party.does("ana", .makePrivate, "tea").refusal == .notAllowed)
        #expect(try party.does("bo", .makePrivate, "tea").refusal == nil)
    }

    @Test("when the owner leaves, the oldest member inherits; with the last one the group ends, and its name is free")
    func ending() throws {
        var party = try tea()
        try party.does("cy", .join, "tea")
        let log = try party.says("ana", "secret", in: .group("tea")).log
        #expect(try party.does("ana", .leave, "tea").notice == ServerSentence.leftGroup("tea").wireText)
        #expect(party.answer("cy", .members(of: .group("tea"))).names == ["bo", "cy"])
        try party.does("cy", .leave, "tea")
        try party.does("bo", .leave, "tea")
        #expect(party.answer("bo", .groups) == [.groups(label: 7, [], isLast: true)])
        #expect(party.room.entries(of: log).isEmpty)
        try party.does("cy", .create, "tea")
        #expect(party.reads("cy").isEmpty, "another group, with a log of its own")
        #expect(party.room.store.breach == nil)
    }

    @Test("one person belongs to so many groups at most, and may again after leaving one")
    func groupBound() throws {
        var party = try TestParty("ana", "bo")
        for index in 0..<ChatLimits.groupsPerAccount { try party.does("ana", .create, "g\(index)") }
        #expect(try party.does("ana", .create, "more").refusal == .tooMany)
        try party.does("bo", .create, "bos")
        #expect(try party.does("ana", .join, "bos").refusal == .tooMany)
        // Each log of the account, the inbox included, fits the positions that a client can tell.
        #expect(party.feeds(of: "ana").count + 1 == ChatLimits.logsPerAccount)
        try party.does("ana", .leave, "g0")
        #expect(try party.does("ana", .join, "bos").refusal == nil)
    }

    @Test("the server holds so many groups at most")
    func serverBound() throws {
        var party = try TestParty()
        let perPerson = ChatLimits.groupsPerAccount
        for person in 0..<ChatLimits.groups / perPerson {
            try party.join("p\(person)")
            for group in 0..<perPerson { try party.does("p\(person)", .create, "g\(person)-\(group)") }
        }
        try party.join("late")
        #expect(try party.does("late", .create, "one-more").refusal == .tooMany)
        try party.does("p0", .leave, "g0-0")
        #expect(try party.does("late", .create, "one-more").refusal == nil)
    }

    @Test("groups, owners, members, invitations and privacy survive a restart", arguments: [false, true])
    func restart(killed: Bool) throws {
        var party = try tea()
        try party.does("ana", .makePrivate, "tea")
        try party.does("ana", .invite, "tea", "cy")
        try party.does("ana", .topic("biscuits", in: .group("tea")))
        let last = try party.says("bo", "before", in: .group("tea"))
        party.restart(killed: killed)

        for name in ["bo", "ana", "cy"] { try party.join(name, device: party.device(name)) }
        #expect(party.reads("ana") == ["before"] && party.reads("bo") == ["before"] && party.reads("cy") == [])
        let after = try party.says("ana", "after", in: .group("tea"))
        #expect(after.log == last.log && after.number > last.number)
        #expect(party.answer("bo", .members(of: .group("tea"))).names == ["ana", "bo"])
        let summary = GroupSummary(name: "tea", memberCount: 2, isPrivate: true, isOwn: false)
        #expect(party.answer("cy", .groups) == [.groups(label: 7, [summary], isLast: true)])
        #expect(try party.does("cy", .join, "tea").refusal == nil)
        #expect(try party.does("bo", .makePublic, "tea").refusal == .notAllowed)
        #expect(try party.does("ana", .makePublic, "tea").refusal == nil)
    }

    @Test("a group that ended stays ended, and a later one of that name is another one", arguments: [false, true])
    func endedForGood(killed: Bool) throws {
        var party = try TestParty("ana")
        let first = try party.does("ana", .create, "tea").log
        try party.says("ana", "old", in: .group("tea"))
        try party.does("ana", .leave, "tea")
        party.restart(killed: killed)
        try party.join("ana", device: party.device("ana"))
        #expect(party.answer("ana", .groups) == [.groups(label: 7, [], isLast: true)])
        #expect(try party.does("ana", .create, "tea").log != first)
        #expect(party.reads("ana").isEmpty)
    }

    @Test("a guest's membership belongs to the device, not to the name")
    func nextGuest() throws {
        var party = try tea()
        party.leave("bo")
        try party.join("bo", device: 99)
        #expect(try party.says("bo", "x", in: .group("tea")).refusal == .notAMember)
        party.leave("bo")
        try party.join("bob", device: 2)
        #expect(try party.says("bob", "x", in: .group("tea")).refusal == nil)
        #expect(party.answer("ana", .members(of: .group("tea"))).names == ["ana", "bob"])
    }
}
