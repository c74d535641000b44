import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct QuestionTests {
    @Test("the members of a room, of a group, and of what has none")
    func members() throws {
        var party = try TestParty("ana", "bo")
        try party.does("bo", .create, "tea")
        #expect(party.answer("ana", .members(of: .room)).names == ["ana", "bo"])
        #expect(party.answer("ana", .members(of: .group("TEA"))).names == ["bo"])
        #expect(party.answer("ana", .members(of: .group("none"))).failure == .noSuchGroup)
        #expect(party.answer("ana", .members(of: .person("bo"))).failure == .usage)
    }

    @Test("history gives the newest messages before a number, oldest first; nothing but messages counts")
    func history() throws {
        var party = try TestParty("ana", "bo")
        let numbers = try (1...5).map { index in
            try party.does("bo", .away(index % 2 == 0 ? "" : "x"))
            return try party.says("ana", "line \(index)").number
        }
        func texts(before: EntryNumber, _ count: Int) -> [String]? {
            party.answer("bo", .history(of: .room, before: before, count: count)).texts
        }
        #expect(texts(before: 0, 2) == ["line 4", "line 5"])
        #expect(texts(before: numbers[3], 2) == ["line 2", "line 3"])
        #expect(texts(before: numbers[0], 9) == [] && texts(before: 0, 99)?.count == 5)
    }

    @Test("what memory no longer has comes from the store")
    func olderHistory() throws {
        var party = try TestParty("ana", room: TestRoom(tail: TailBounds(entries: 3, bytes: .max)))
        for index in 1...10 { try party.says("ana", "line \(index)") }
        let answer = party.answer("ana", .history(of: .room, before: 0, count: 8)).texts
        #expect(answer == (3...10).map { "line \($0)" })
    }

    @Test("the history with one person has no line of others, from memory and from the store", arguments: [3, 200])
    func personalHistory(lines: Int) throws {
        var party = try TestParty("ana", "bo", "cy")
        for index in 1...lines {
            try party.says("ana", "to bo \(index)", in: .person("bo"))
            try party.says("cy", "from cy \(index)", in: .person("ana"))
            try party.says("ana", "note \(index)", in: .person("ana"))
        }
        func texts(_ name: String) -> [String]? {
            party.answer("ana", .history(of: .person(name), before: 0, count: 2)).texts
        }
        #expect(texts("bo") == ["to bo \(lines - 1)", "to bo \(lines)"])
        #expect(texts("CY") == ["from cy \(lines - 1)", "from cy \(lines)"])
        #expect(texts("ana") == ["note \(lines - 1)", "note \(lines)"])
        #expect(texts("nobody") == [])
        let words = "\(lines)"
        #expect(party.answer("ana", .search(in: .person("bo"), words: words, count: 9)).texts == ["to bo \(words)"])
        #expect(party.answer("ana", .history(of: .person("no name"), before: 0, count: 2)).failure == .noSuchUser)
    }

    @Test("a member without an inbox has no private history")
    func noInbox() throws {
        var party = try TestParty("ana")
        #expect(party.answer("ana", .history(of: .person("bo"), before: 0, count: 2)).texts == [])
        #expect(party.answer("ana", .search(in: .person("bo"), words: "x", count: 2)).texts == [])
    }

    @Test("only so many questions wait for the store; more are refused, and those of members who are gone forgotten")
    func openBound() throws {
        var party = try TestParty("ana", "bo")
        party.room.isSlow = true
        let question = ClientRequest.ask(.search(in: .room, words: "x", count: 1), label: 9)
        for _ in 0..<ChatLimits.openQuestions { party.request("bo", question) }
        #expect(party.answer("ana", .search(in: .room, words: "x", count: 1)).failure == .tooMany)
        party.leave("bo")
        #expect(party.answer("ana", .search(in: .room, words: "x", count: 1)) == [])
        _ = party.takeEvents("bo")
        for number in 1...UInt64(ChatLimits.openQuestions) { party.room.touch { $0.found([], question: number) } }
        party.collect()
        #expect(party.takeEvents("bo").isEmpty)
        party.room.touch { $0.found(nil, question: UInt64(ChatLimits.openQuestions + 1)) }
        party.collect()
        #expect(party.takeEvents("ana").failure == .storage)
    }

    @Test("who has a line of the room: those who are here or lost for a moment, without the asker and their devices")
    func seenInRoom() throws {
        var party = try TestParty("ana", "bo", "cy", "dee", "eve")
        party.leave("dee", .timeout)
        party.leave("eve")
        let line = try party.says("ana", "who has it?")
        let bo = party.id("bo")
        let answer = party.seen("ana", line.number) { member, log in
            log == .room ? (member == bo ? line.number : line.number - 1) : nil
        }
        #expect(answer == [.seen(label: 7, total: 3, missingCount: 2, missing: ["cy", "dee"])])
        #expect(party.seen("ana", line.number + 1).failure == .noSuchLine)
    }

    @Test("alone in the room, nobody else could have it")
    func seenAlone() throws {
        var party = try TestParty("ana")
        let line = try party.says("ana", "hello?")
        #expect(party.seen("ana", line.number) == [.seen(label: 7, total: 0, missingCount: 0, missing: [])])
    }

    @Test("who has a line of a group: its members, whether they are here or not")
    func seenInGroup() throws {
        var party = try TestParty("ana", "bo", "cy", "dee")
        try party.does("ana", .create, "tea")
        for name in ["bo", "cy"] { try party.does(name, .join, "tea") }
        party.leave("cy")
        let line = try party.says("ana", "hot", in: .group("tea"))
        let answer = party.seen("ana", line.number, in: .group("tea"))
        #expect(answer == [.seen(label: 7, total: 2, missingCount: 1, missing: ["cy"])])
    }

    @Test("who has a private line: the other one, and what an earlier visit took counts")
    func seenPrivately() throws {
        var party = try TestParty("ana", "bo")
        try party.says("bo", "shift", in: .person("bo"))
        let line = try party.says("ana", "psst", in: .person("bo"))
        let announced = party.takeEvents("bo").compactMap { if case .log(let log) = $0 { log } else { nil } }
        let inbox = try #require(announced.first?.log)
        let (ana, bo) = (party.id("ana"), party.id("bo"))
        func has(_ number: EntryNumber) -> [ServerEvent] {
            party.seen("ana", line.number, in: .person("bo")) { member, log in
                member == bo && log == inbox ? number : member == ana ? .max : nil
            }
        }
        let missing = [ServerEvent.seen(label: 7, total: 1, missingCount: 1, missing: ["bo"])]
        let complete = [ServerEvent.seen(label: 7, total: 1, missingCount: 0, missing: [])]
        #expect(has(1) == missing && has(2) == complete)
        party.leave("bo", .timeout)
        #expect(has(0) == missing)
        let cursor = LogCursor(epoch: try #require(announced.first?.epoch), number: 2)
        try party.join("bo", device: party.device("bo"), positions: [LogPosition(log: inbox, cursor: cursor)])
        party.leave("bo", .timeout)
        #expect(has(0) == complete)
        let note = try party.says("ana", "note", in: .person("ana"))
        let alone = [ServerEvent.seen(label: 7, total: 0, missingCount: 0, missing: [])]
        #expect(party.seen("ana", note.number, in: .person("ana")) == alone)
        #expect(party.seen("ana", note.number, in: .person("bo")) != complete)
        #expect(party.seen("ana", 99, in: .person("bo")).failure == .noSuchLine)
    }

    @Test("a hundred names at most are told of those who miss a line; all are counted")
    func seenBound() throws {
        var party = try TestParty("ana")
        for index in 0..<150 { try party.join("p\(index)") }
        let line = try party.says("ana", "x")
        guard case .seen(_, 150, 150, let names)? = party.seen("ana", line.number, arrived: { _, _ in nil }).first
        else { return #expect(Bool(false)) }
        #expect(names == (0..<ChatLimits.namesInSeen).map { "p\($0)" })
    }

    @Test("people are told with what they are doing and how their links are")
    func people() throws {
        var party = try TestParty("ana", "bo")
        try party.does("bo", .away("lunch"))
        #expect(party.room.order(.moderate(.op, name: "ana", seconds: 0, text: "")) == nil)
        party.collect()
        _ = party.takeEvents("ana")
        let (ana, bo) = (party.id("ana"), party.id("bo"))
        party.room.touch { $0.answerPeople(label: 7, to: ana) { $0 == bo ? (1_500, 20, 30) : (0, 0, 0) } }
        party.collect()
        let people = [
            Presence(
                name: "ana", away: "", isOperator: true, roundTripMicroseconds: 0, lossPerMille: 0,
                silenceMilliseconds: 0),
            Presence(
                name: "bo", away: "lunch", isOperator: false, roundTripMicroseconds: 1_500, lossPerMille: 20,
                silenceMilliseconds: 30),
        ]
        #expect(party.takeEvents("ana") == [.people(label: 7, people, isLast: true)])
    }
}
