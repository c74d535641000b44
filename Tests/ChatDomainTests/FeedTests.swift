import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct FeedTests {
    private func announcements(_ events: [ServerEvent]) -> [LogAnnouncement] {
        events.compactMap { if case .log(let announcement) = $0 { announcement } else { nil } }
    }

    @Test("a login is answered with all logs of the account, that these are all, and what holds for the room")
    func follow() throws {
        var party = try TestParty("ana")
        try party.does("ana", .create, "tea")
        try party.does("ana", .create, "soup")
        try party.says("ana", "note", in: .person("ana"))
        party.leave("ana")
        _ = party.takeEvents("ana")
        try party.join("ana", device: party.device("ana"))
        let events = party.takeEvents("ana").filter { if case .members = $0 { false } else { true } }
        let logs = announcements(events)
        #expect(logs.map(\.kind) == [.group, .group, .inbox] && logs.map(\.title) == ["tea", "soup", ""])
        #expect(Set(logs.map(\.alias)).count == 3 && logs.allSatisfy { $0.alias > ChannelAlias.room })
        let facts = RoomFacts(topic: "", slowSeconds: 0, isOperator: false, isRegistered: false)
        #expect(Array(events.suffix(2)) == [.followed, .facts(facts)])
    }

    @Test("positions are heard once for each login; before that nothing but the room is fed")
    func once() throws {
        var party = try TestParty("ana")
        try party.does("ana", .create, "tea")
        _ = party.takeEvents("ana")
        party.request("ana", .follow([]))
        #expect(party.takeEvents("ana").isEmpty)
        var room = TestRoom()
        let bo = try #require(room.login("bo", device: 1).welcome?.member)
        room.ask(.group(.create, name: "tea", person: ""), 1, from: bo)
        let fed = room.effects().contains { if case .feed = $0 { true } else { false } }
        #expect(!fed)
    }

    @Test("a known cursor is continued; one of another epoch, or from beyond the end, begins anew with the history")
    func cursors() throws {
        var party = try TestParty("ana", "bo")
        let log = try party.does("ana", .create, "tea").log
        for index in 1...3 { try party.says("ana", "line \(index)", in: .group("tea")) }
        let epoch = try #require(announcements(party.takeEvents("ana")).first?.epoch)
        let device = party.device("ana")
        for (cursor, isContinued, texts) in [
            (LogCursor(epoch: epoch, number: 3), true, ["line 3"]), (LogCursor(epoch: epoch, number: 4), true, []),
            (LogCursor(epoch: LogEpoch(rawValue: 1), number: 3), false, ["line 2", "line 3"]),
            (LogCursor(epoch: epoch, number: 99_999), false, ["line 2", "line 3"]),
        ] {
            party.leave("ana")
            try party.join("ana", device: device, history: 2, positions: [LogPosition(log: log, cursor: cursor)])
            #expect(announcements(party.takeEvents("ana")).first?.isContinued == isContinued)
            #expect(party.reads("ana") == texts)
        }
    }

    @Test("no alias is used twice on one connection, also when a group is joined again")
    func aliases() throws {
        var party = try TestParty("ana", "bo")
        try party.does("bo", .create, "tea")
        _ = party.takeEvents("ana")
        for _ in 0..<3 {
            try party.does("ana", .join, "tea")
            try party.does("ana", .leave, "tea")
        }
        let aliases = announcements(party.takeEvents("ana")).map(\.alias)
        #expect(aliases.count == 4 && Set(aliases).count == 4, "three times the group, once the inbox")
    }

    @Test("who joins a group is fed as many earlier messages as the login asked for")
    func earlier() throws {
        var party = try TestParty("ana")
        try party.does("ana", .create, "tea")
        for index in 1...5 { try party.says("ana", "line \(index)", in: .group("tea")) }
        try party.join("bo", history: 2)
        try party.does("bo", .join, "tea")
        #expect(party.reads("bo") == ["line 4", "line 5"])
    }

    @Test("typing is told to whom it concerns, not to the writer, and not too often")
    func typing() throws {
        var party = try TestParty("ana", "bo", "cy")
        try party.does("ana", .create, "tea")
        try party.does("bo", .join, "tea")
        let places: [(Place, bo: ServerEvent?, cy: ServerEvent?)] = [
            (.room, .typing(name: "ana", in: .room), .typing(name: "ana", in: .room)),
            (.group("TEA"), .typing(name: "ana", in: .group("tea")), nil),
            (.person("Cy"), nil, .typing(name: "ana", in: .person("ana"))),
            (.group("none"), nil, nil), (.person("nobody"), nil, nil),
        ]
        for (place, bo, cy) in places {
            party.room.pass(ChatLimits.typingInterval)
            for name in ["ana", "bo", "cy"] { _ = party.takeEvents(name) }
            for _ in 0..<3 { party.request("ana", .typing(in: place)) }
            #expect(party.takeEvents("bo") == (bo.map { [$0] } ?? []))
            #expect(party.takeEvents("cy") == (cy.map { [$0] } ?? []))
            #expect(party.takeEvents("ana").isEmpty)
        }
        party.room.pass(ChatLimits.typingInterval)
        party.request("cy", .typing(in: .group("tea")))
        #expect(party.takeEvents("ana").isEmpty, "no member")
    }

    @Test(
        "who leaves is not away any more; who is lost, or whose server stopped, still is",
        arguments: LeaveReason.allCases)
    func absence(reason: LeaveReason) throws {
        var party = try TestParty("ana")
        try party.does("ana", .away("lunch"))
        party.leave("ana", reason)
        try party.join("ana", device: party.device("ana"))
        _ = party.takeEvents("ana")
        let ana = party.id("ana")
        party.room.touch { $0.answerPeople(label: 7, to: ana) { _ in (0, 0, 0) } }
        party.collect()
        guard case .people(_, let people, _)? = party.takeEvents("ana").first else { return #expect(Bool(false)) }
        #expect(people.map(\.away) == [[.timeout, .shutdown].contains(reason) ? "lunch" : ""])
    }

    @Test("a renaming to the same name is answered and changes nothing")
    func sameName() throws {
        var party = try TestParty("ana")
        #expect(try party.does("ana", .rename("ana")).notice == ServerSentence.sameName("ana").wireText)
        #expect(try party.does("ana", .rename("Ana")).body == .renamed(to: "Ana"))
        #expect(try party.does("ana", .rename("SERVER")).refusal == .nameTaken)
        #expect(try party.does("ana", .rename("a b")).refusal == .nameInvalid)
    }

    @Test("two sessions of one person have two names")
    func twoSessions() throws {
        var party = try TestParty("ana")
        try party.join("bo", device: party.device("ana"), incarnation: 2)
        #expect(try party.does("bo", .rename("ana")).refusal == .nameTaken)
        #expect(party.room.order(.rename(from: "bo", to: "Ana")) == .nameTaken)
        party.leave("ana", .timeout)
        #expect(try party.does("bo", .rename("ana")).body == .renamed(to: "ana"))
    }
}
