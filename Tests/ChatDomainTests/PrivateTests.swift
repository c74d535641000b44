import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct PrivateTests {
    @Test("a private line stands in the inboxes of both, each knowing the other's number, and nowhere else")
    func twins() throws {
        var party = try TestParty("ana", "bo", "cy")
        // So that the inboxes have different numbers.
        try party.says("cy", "hi", in: .person("bo"))
        let sent = try party.says("ana", "psst", in: .person("BO"))
        #expect(sent.body == .personal(.text("psst"), to: "bo", twin: 2) && sent.number == 1)
        #expect(party.reads("bo") == ["hi", "psst"] && party.reads("cy") == ["hi"] && party.reads("ana") == ["psst"])
        let theirs = try #require(party.feeds(of: "bo").first)
        #expect(party.sees("bo", theirs).last == .personal(.text("psst"), to: "bo", twin: 1))
        #expect(party.room.bodies().allSatisfy { !$0.isMessage })
    }

    @Test("the operator learns that a private line was said, never what, and nothing of marks")
    func observed() throws {
        var party = try TestParty("ana", "bo")
        try party.says("ana", "secret", in: .person("bo"))
        try party.does("ana", .post(.edit(1, "other"), in: .person("bo")))
        try party.does("ana", .post(.react(1, "x"), in: .person("bo")))
        let time = party.room.wall
        let joins = party.observations.filter { if case .joined = $0 { true } else { false } }
        #expect(party.observations.count == joins.count + 1)
        #expect(party.observations.contains(.personal(id: 1, from: "ana", to: "bo", time: time)))
    }

    @Test(
        "a name that nobody holds gets no-such-user, and nothing is kept for it",
        arguments: ["nobody", "SERVER", "no name", ""])
    func unknown(name: String) throws {
        var party = try TestParty("ana", "bo")
        party.leave("bo")
        #expect(try party.says("ana", "hi", in: .person(name.isEmpty ? "bo" : name)).refusal == .noSuchUser)
    }

    @Test("a line to somebody who was lost waits in the inbox until the device comes back; it is delivered once")
    func lost() throws {
        var party = try TestParty("ana", "bo")
        party.leave("bo", .timeout)
        #expect(try party.says("ana", "waiting", in: .person("bo")).refusal == nil)
        try party.join("bo", device: party.device("bo"))
        #expect(party.reads("bo") == ["waiting"])
        let inbox = try #require(party.feeds(of: "bo").first)
        let events = party.takeEvents("bo")
        guard case .log(let announcement)? = events.first(where: { if case .log = $0 { true } else { false } }) else {
            Issue.record("\(events)")
            return
        }
        party.leave("bo")
        let cursor = LogCursor(epoch: announcement.epoch, number: 1)
        try party.join("bo", device: party.device("bo"), positions: [LogPosition(log: inbox, cursor: cursor)])
        #expect(party.reads("bo") == [])
        // A client that lost what it kept is not told again what another run had.
        party.leave("bo")
        try party.join("bo", device: party.device("bo"))
        #expect(party.reads("bo") == [])
    }

    @Test("the next guest of the same name gets nothing of what the first one had or would have got")
    func nextGuest() throws {
        var party = try TestParty("ana", "bo")
        try party.says("ana", "for the first", in: .person("bo"))
        party.leave("bo", .timeout)
        try party.says("ana", "for the first too", in: .person("bo"))
        party.room.pass(ChatLimits.reservation)
        #expect(try party.says("ana", "for nobody", in: .person("bo")).refusal == .noSuchUser)
        try party.join("bo", device: 99)
        #expect(party.reads("bo") == [])
        try party.says("ana", "for the second", in: .person("bo"))
        #expect(party.reads("bo") == ["for the second"])
        #expect(party.answer("bo", .history(of: .person("ana"), before: 0, count: 9)).texts == ["for the second"])
        // The first one comes back under another name and has all that was said to them.
        try party.join("bob", device: 2)
        #expect(party.reads("bob") == ["for the first", "for the first too"])
    }

    @Test("who registered a name gets lines while away for good, and after a restart", arguments: [false, true])
    func registered(killed: Bool) throws {
        var party = try TestParty("ana", "bo")
        let (bo, now, wall) = (party.id("bo"), party.room.now, party.room.wall)
        party.room.touch { $0.register([1, 2, 3], by: bo, at: now, wall: wall) }
        party.leave("bo")
        party.room.pass(.seconds(3_600))
        #expect(try party.says("ana", "one", in: .person("bo")).refusal == nil)
        party.restart(killed: killed)
        try party.join("ana", device: party.device("ana"))
        #expect(try party.says("ana", "two", in: .person("bo")).refusal == nil)
        try party.join("bo", device: party.device("bo"))
        #expect(party.reads("bo") == ["one", "two"])
    }

    @Test("both inboxes survive a restart with what is in them", arguments: [false, true])
    func restart(killed: Bool) throws {
        var party = try TestParty("ana", "bo")
        try party.says("ana", "there", in: .person("bo"))
        let last = try party.says("bo", "and back", in: .person("ana"))
        party.restart(killed: killed)
        for name in ["ana", "bo"] { try party.join(name, device: party.device(name)) }
        #expect(party.reads("ana") == ["there", "and back"] && party.reads("bo") == ["there", "and back"])
        #expect(try party.says("ana", "again", in: .person("bo")).number > last.number)
    }

    @Test("what is done to a private line is aimed at the other one's copy of it")
    func aimed() throws {
        var party = try TestParty("ana", "bo", "cy")
        try party.says("cy", "shift", in: .person("bo"))
        let line = try party.says("ana", "psst", in: .person("bo"))
        let inbox = try #require(party.feeds(of: "bo").first)
        let lines: [Line] = [.reply(to: line.number, "r"), .react(line.number, "x"), .edit(line.number, "e")]
        for said in lines { try party.does("ana", .post(said, in: .person("bo"))) }
        try party.does("ana", .post(.delete(line.number), in: .person("bo")))
        let aimed = party.sees("bo", inbox).suffix(4).map { body in
            if case .personal(let line, _, _) = body { line } else { Line.text("") }
        }
        #expect(aimed == [.reply(to: 2, "r"), .react(2, "x"), .edit(2, "e"), .delete(2)])
        // The other one may answer, and mark, but not change.
        #expect(try party.does("bo", .post(.react(2, "y"), in: .person("ana"))).refusal == .noSuchLine, "taken back")
        let second = try party.says("ana", "again", in: .person("bo"))
        guard case .personal(_, _, let twin) = second.body else { return }
        #expect(try party.does("bo", .post(.react(twin, "y"), in: .person("ana"))).refusal == nil)
        #expect(try party.does("bo", .post(.edit(twin, "no"), in: .person("ana"))).refusal == .notAllowed)
        #expect(try party.does("bo", .post(.delete(twin), in: .person("ana"))).refusal == .notAllowed)
    }

    @Test("a line about another one reaches nobody but the one to whom that was said, whatever the names are")
    func otherPartner() throws {
        var party = try TestParty("ana", "bo", "cy")
        // Cy's inbox has a line of its own under the number that ana's has at bo.
        try party.says("cy", "cy's own", in: .person("cy"))
        let line = try party.says("ana", "to bo", in: .person("bo"))
        try party.does("bo", .rename("old"))
        try party.does("cy", .rename("bo"))
        for said in [Line.edit(line.number, "x"), .delete(line.number), .react(line.number, "x")] {
            #expect(try party.does("ana", .post(said, in: .person("bo"))).refusal == .noSuchLine)
            #expect(try party.does("ana", .post(said, in: .person("ana"))).refusal == .noSuchLine)
        }
        #expect(party.reads("cy") == ["cy's own"] && party.reads("bo") == ["to bo"])
        #expect(try party.does("ana", .post(.edit(line.number, "now"), in: .person("old"))).refusal == nil)
    }

    @Test("a line to oneself stands once, and can be changed")
    func oneself() throws {
        var party = try TestParty("ana")
        let note = try party.says("ana", "milk", in: .person("ana"))
        #expect(note.body == .personal(.text("milk"), to: "ana", twin: 0))
        try party.does("ana", .post(.edit(note.number, "bread"), in: .person("ana")))
        #expect(party.answer("ana", .history(of: .person("ana"), before: 0, count: 9)).texts == ["bread"])
    }

    @Test("the console's private line can be read but not answered: it has no inbox")
    func console() throws {
        var party = try TestParty("ana")
        #expect(party.room.order(.personal(to: "ana", text: "hear")) == nil)
        party.collect()
        #expect(party.reads("ana") == ["hear"])
        #expect(try party.says("ana", "yes", in: .person("SERVER")).refusal == .noSuchUser)
        for place in [Place.person("SERVER"), .person("ana")] {
            #expect(try party.does("ana", .post(.react(1, "x"), in: place)).refusal != nil)
        }
    }

    @Test("who renames keeps the inbox; the old name is nobody's")
    func renamed() throws {
        var party = try TestParty("ana", "bo")
        try party.says("ana", "one", in: .person("bo"))
        try party.does("bo", .rename("bob"))
        #expect(try party.says("ana", "two", in: .person("bo")).refusal == .noSuchUser)
        try party.says("ana", "three", in: .person("bob"))
        #expect(party.reads("bo") == ["one", "three"])
    }
}
