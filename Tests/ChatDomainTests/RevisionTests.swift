import ChatDomain
import ChatProtocol
import Testing

/// Lines that are edited or taken back: the log keeps what was said and what was done to it; answers say what holds now.
@Suite struct RevisionTests {
    private static let everything = Question.history(of: .room, before: 0, count: 100)

    private func found(_ party: inout TestParty, _ words: String, in place: Place = .room) -> [String] {
        party.answer("ana", .search(in: place, words: words, count: 50)).texts ?? []
    }

    @Test("search and history give an edited line with its latest text, under its number and as what it was")
    func edited() throws {
        var party = try TestParty("ana", "bo")
        let first = try party.says("ana", "red apple")
        try party.does("ana", .post(.action("peels an apple"), in: .room))
        try party.does("bo", .post(.reply(to: first.number, "apple pie"), in: .room))
        try party.does("ana", .post(.edit(first.number, "green pear"), in: .room))
        try party.does("ana", .post(.edit(first.number, "ripe pear"), in: .room))
        try party.does("ana", .post(.edit(first.number + 1, "peels a pear"), in: .room))
        try party.does("bo", .post(.edit(first.number + 2, "pear pie"), in: .room))
        #expect(found(&party, "apple") == [] && found(&party, "green") == [])
        #expect(found(&party, "pear") == ["ripe pear", "peels a pear", "pear pie"])
        let answer = party.answer("ana", Self.everything)
        guard case .entries(_, let entries, true)? = answer.first else {
            Issue.record("\(answer)")
            return
        }
        let lines = try entries.map { try LogEntry(decoding: $0.bytes.span) }
        #expect(entries.map(\.number) == [first.number, first.number + 1, first.number + 2])
        #expect(
            lines.map(\.body) == [
                .line(.text("ripe pear")), .line(.action("peels a pear")),
                .line(.reply(to: first.number, "pear pie")),
            ])
        #expect(lines.map(\.name) == ["ana", "ana", "bo"])
    }

    @Test("a line that was taken back is neither found nor shown, and nothing can be done to it any more")
    func takenBack() throws {
        var party = try TestParty("ana", "bo")
        let line = try party.says("ana", "secret")
        try party.says("ana", "harmless")
        try party.does("ana", .post(.edit(line.number, "secret two"), in: .room))
        try party.does("ana", .post(.delete(line.number), in: .room))
        for done in [Line.edit(line.number, "back"), .delete(line.number), .react(line.number, "x")] {
            #expect(try party.does("ana", .post(done, in: .room)).refusal == .noSuchLine)
        }
        #expect(try party.does("bo", .post(.reply(to: line.number, "what"), in: .room)).refusal == .noSuchLine)
        #expect(found(&party, "secret") == [])
        #expect(party.answer("bo", Self.everything).texts == ["harmless"])
    }

    @Test("whoever follows the log is fed what was said, byte for byte, and then what was done to it")
    func feed() throws {
        var party = try TestParty("ana")
        let line = try party.says("ana", "a")
        let before = party.room.chat.entry(after: line.number - 1, in: .room)?.bytes
        try party.does("ana", .post(.edit(line.number, "b"), in: .room))
        try party.does("ana", .post(.delete(line.number), in: .room))
        #expect(party.room.chat.entry(after: line.number - 1, in: .room)?.bytes == before)
        #expect(
            party.room.bodies(after: line.number - 1) == [
                .message("a"), .line(.edit(line.number, "b")), .line(.delete(line.number)),
            ])
    }

    @Test("only one's own lines can be changed, from any device; everybody may mark and answer")
    func others() throws {
        var party = try TestParty("ana", "bo")
        let line = try party.says("ana", "mine")
        #expect(try party.does("bo", .post(.edit(line.number, "no"), in: .room)).refusal == .notAllowed)
        #expect(try party.does("bo", .post(.delete(line.number), in: .room)).refusal == .notAllowed)
        #expect(try party.does("bo", .post(.react(line.number, "x"), in: .room)).refusal == nil)
        #expect(try party.does("bo", .post(.reply(to: line.number, "yes"), in: .room)).refusal == nil)
        _ = party.room.sayAsOperator("the operator's")
        let last = party.room.chat.end(of: .room)
        #expect(try party.does("ana", .post(.edit(last, "no"), in: .room)).refusal == .notAllowed)
        // The person is the same in another session of the device.
        party.leave("ana")
        try party.join("ana", device: party.device("ana"))
        #expect(try party.does("ana", .post(.edit(line.number, "still mine"), in: .room)).refusal == nil)
    }

    @Test("what is no line, does not exist, or is too old to be kept can't be meant")
    func noLine() throws {
        var party = try TestParty("ana", room: TestRoom(tail: TailBounds(entries: 4, bytes: .max)))
        let line = try party.says("ana", "old")
        for number: EntryNumber in [1, 999] {
            #expect(try party.does("ana", .post(.react(number, "x"), in: .room)).refusal == .noSuchLine)
        }
        for index in 0..<4 { try party.says("ana", "newer \(index)") }
        #expect(try party.does("ana", .post(.edit(line.number, "x"), in: .room)).refusal == .noSuchLine)
        let mark = try party.does("ana", .post(.react(party.room.chat.end(of: .room), "x"), in: .room))
        #expect(try party.does("ana", .post(.delete(mark.number), in: .room)).refusal == .noSuchLine)
    }

    @Test("what holds now is the same after a restart, from memory and from the store", arguments: [false, true])
    func restart(killed: Bool) throws {
        for tail in [2, 1_000] {
            var party = try TestParty("ana", room: TestRoom(tail: TailBounds(entries: tail, bytes: .max)))
            let first = try party.says("ana", "one apple")
            try party.does("ana", .post(.edit(first.number, "one pear"), in: .room))
            let second = try party.says("ana", "two apples")
            try party.does("ana", .post(.delete(second.number), in: .room))
            try party.says("ana", "three")
            #expect(party.answer("ana", Self.everything).texts == ["one pear", "three"])
            party.restart(killed: killed)
            try party.join("ana", device: party.device("ana"))
            #expect(party.answer("ana", Self.everything).texts == ["one pear", "three"])
            #expect(found(&party, "apple") == [] && found(&party, "pear") == ["one pear"])
            guard tail > 2 else { continue }
            #expect(try party.does("ana", .post(.react(second.number, "x"), in: .room)).refusal == .noSuchLine)
            try party.does("ana", .post(.edit(first.number, "one plum"), in: .room))
            #expect(party.answer("ana", Self.everything).texts == ["one plum", "three"])
        }
    }

    @Test("another text is not shown before it is stored, and what was taken back never comes back")
    func unstored() throws {
        var party = try TestParty("ana")
        let line = try party.says("ana", "a")
        let id = party.id("ana")
        party.room.isSlow = true
        party.room.ask(.post(.edit(line.number, "b"), in: .room), 2, from: id)
        #expect(party.answer("ana", Self.everything).texts == ["a"])
        party.room.ask(.post(.delete(line.number), in: .room), 3, from: id)
        #expect(party.answer("ana", Self.everything).texts == [])
        party.room.storeAll()
        #expect(party.answer("ana", Self.everything).texts == [])
        party.room.isSlow = false
        #expect(found(&party, "a") == [] && found(&party, "b") == [])
    }

    @Test("groups and private lines alike")
    func elsewhere() throws {
        var party = try TestParty("ana", "bo")
        try party.does("ana", .create, "tea")
        for place in [Place.group("tea"), .person("bo")] {
            let first = try party.says("ana", "one apple", in: place)
            let second = try party.says("ana", "two apples", in: place)
            try party.does("ana", .post(.edit(first.number, "one pear"), in: place))
            try party.does("ana", .post(.delete(second.number), in: place))
            #expect(found(&party, "pear", in: place) == ["one pear"])
            #expect(found(&party, "apple", in: place) == [])
            #expect(party.answer("ana", .history(of: place, before: 0, count: 9)).texts == ["one pear"])
        }
        #expect(party.answer("bo", .history(of: .person("ana"), before: 0, count: 9)).texts == ["one pear"])
    }
}
