import Foundation
import Testing

/// Every command of the client, used well and badly, at the real server.
@Suite("client commands", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct ClientCommandTests {
    /// One command, a good use with the event that answers it, and a bad one with its error.
    private struct Trial {
        let good: String
        let answer: String
        let bad: String
        let code: String

        init(_ good: String, _ answer: String, _ bad: String, _ code: String) {
            self.good = good
            self.answer = answer
            self.bad = bad
            self.code = code
        }

        /// The word behind the sign.
        var word: String { String(good.dropFirst().prefix { $0 != " " }) }
    }

    /// In an order in which each good use is one: ana says these while bob is there.
    private static let trials = [
        Trial(":pm bob hi", "sent", ":pm nobody hi", "no-such-user"), Trial("/msg bob hi", "sent", "/msg bob", "usage"),
        Trial("/m bob hi", "sent", "/m", "usage"), Trial("/w bob hi", "sent", "/w nobody x", "no-such-user"),
        Trial(":reply hi", "sent", ":reply", "usage"), Trial("/r hi", "sent", "/r", "usage"),
        Trial(":me waves", "sent", ":me", "usage"), Trial(":re -1 yes", "sent", ":re -150 yes", "no-such-line"),
        Trial(":react -1 👍", "reaction", ":react 99999 👍", "no-such-line"),
        Trial(":edit better", "edited", ":edit", "usage"), Trial(":delete", "deleted", ":delete x", "usage"),
        Trial(":group create tea", "members", ":group create tea", "group-taken"),
        Trial("/g list", "groups", "/g", "usage"), Trial(":join tea", "notice", ":join none", "no-such-group"),
        Trial(":part tea", "notice", ":part tea", "no-such-group"),
        Trial(":list", "members", ":list bob", "usage"), Trial("/names", "members", "/names bob", "usage"),
        Trial(":who", "members", ":who bob", "usage"), Trial(":seen", "seen", ":seen 99999", "no-such-line"),
        Trial(":nick ann", "renamed", ":nick bob", "name-taken"),
        Trial(":away tea", "away", ":away \(long)", "too-long"),
        Trial(":history 5", "message", ":history none x", "usage"),
        Trial(":search waves", "message", ":search", "usage"), Trial(":topic", "topic", ":topic mine", "not-allowed"),
        Trial(":ignore bob", "notice", ":ignore a b", "usage"),
        Trial(":ignore bob", "notice", ":ignore \(long)", "name-invalid"),
        Trial(":stats", "notice", ":stats x", "usage"), Trial("/clear", "cleared", "/clear x", "usage"),
        Trial(":help pm", "notice", ":help dance", "unknown-command"),
    ]

    /// What operators use stands in a test of its own, and so does leaving.
    private static let elsewhere: Set<String> = [
        "op", "deop", "kick", "mute", "unmute", "ban", "unban", "slow", "register", "quit", "exit",
    ]

    private static let long = String(repeating: "x", count: 600)

    @Test("each command has one answer, and its misuse one error; what `:help` lists is tried here")
    func all() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let ana = try house.member("ana", at: server)
        try ana.say("a first line")
        try bob.say("another one")
        for trial in Self.trials {
            ana.send(trial.good)
            // Many answers are notices: each is expected before the next line goes out.
            try ana.event(trial.answer)
            ana.send(trial.bad)
            let error = try ana.event("error")
            #expect(error["code"] == trial.code, "\(trial.bad): \(error)")
            #expect(error["text"]?.isEmpty == false)
        }
        #expect(ana.events("error").count == Self.trials.count)

        let before = ana.events("notice").count
        ana.send(":help")
        try ana.event("notice") { $0["text"]?.hasPrefix("::text") == true }
        let listed = ana.events("notice").dropFirst(before).dropLast().compactMap { $0["text"] }
        let words = listed.flatMap { line in
            line.matches(of: /:([a-z]+)/).prefix(1).map { String($0.1) }
                + (line.firstMatch(of: /\(also ([^)]*)\)/)?.1.matches(of: /:([a-z]+)/).map { String($0.1) } ?? [])
        }
        #expect(words.count > 30)
        #expect(Set(words).subtracting(Self.trials.map(\.word)).subtracting(Self.elsewhere) == [])
    }

    @Test("a line that is sent in passing and refused leaves with a status that says so")
    func refusedInPassing() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let trials: [(String, Int32)] = [
            (":pm nobody hi", 77), (":pm bob", 64), (":group send none hi", 77), (":pm @bob hi", 0),
        ]
        for (line, status) in trials {
            let ana = try house.client("ana", at: server, "--send", line)
            #expect(try ana.exit() == status, "\(line): \(ana.transcript)")
            #expect(ana.events("sent").count == (status == 0 ? 1 : 0))
        }
        try bob.event("private")
    }

    @Test("leaving by each of its words", arguments: ["QUIT", ":quit", "/quit", ":exit", "/EXIT"])
    func leaving(word: String) throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        ana.send(lines: ["last words", word, "too late"])
        #expect(try ana.exit() == 0)
        #expect(ana.events("sent").map { $0["text"] } == ["last words"])
        #expect(ana.events.last?.kind == "bye")
    }

    @Test("a private line reaches one person with all its fields, and the answer finds its way back")
    func privateLines() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        let carol = try house.member("carol", at: server)
        bob.send(":reply nobody yet")
        #expect(try bob.event("error")["code"] == "no-such-user")
        ana.send(":pm bob what's  up? :)")
        let receipt = try ana.event("sent")
        #expect(receipt["to"] == "bob" && receipt["text"] == "what's  up? :)" && receipt["room"] == nil)
        let heard = try bob.event("private")
        #expect(heard["from"] == "ana" && heard["to"] == "bob" && heard["text"] == "what's  up? :)")
        #expect(heard.number("id") != nil && heard["time"] == receipt["time"] && !heard.flag("history"))
        bob.send(":reply not much")
        #expect(try ana.event("private")["text"] == "not much")
        bob.send(":re ana -1 really")
        let answer = try ana.event("private")
        #expect(answer["text"] == "really" && answer.number("reply_to") == receipt.number("id").map { $0 + 1 })
        bob.send(":seen ana -1")
        let seen = try bob.event("seen")
        #expect(seen.number("total") == 1 && seen.number("have") == 1 && seen["to"] == "ana")
        ana.send(":history bob")
        for text in ["what's  up? :)", "not much", "really"] {
            let line = try ana.event("private")
            #expect(line["text"] == text && line.flag("history"))
        }
        try carol.leave()
        #expect(carol.events("private") == [])
        let shown = try server.program.event("private")
        #expect(shown["from"] == "ana" && shown["to"] == "bob" && shown["text"] == nil)
        #expect(!server.program.output.lines.contains { $0.contains("much") })
    }

    @Test("a group from its making to its end")
    func groups() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        let carol = try house.member("carol", at: server)
        func expectMembers(_ person: RunningProgram, _ names: [String]) throws {
            let members = try person.event("members")
            #expect(members["group"] == "tea" && members.list("names") == names)
        }
        ana.send(":group create tea")
        try expectMembers(ana, ["ana"])
        bob.send("/join tea")
        try expectMembers(bob, ["ana", "bob"])
        let joined = try ana.event("membership")
        #expect(joined["action"] == "join" && joined["by"] == "bob" && joined["group"] == "tea")
        ana.send(":group send tea it is ready")
        #expect(try ana.event("sent")["group"] == "tea")
        let line = try bob.event("group")
        #expect(line["group"] == "tea" && line["from"] == "ana" && line["text"] == "it is ready")
        carol.send(":group send tea let me in")
        #expect(try carol.event("error")["code"] == "not-a-member")

        ana.send(":group private tea")
        try bob.event("membership") { $0["action"] == "private" }
        carol.send(":group join tea")
        #expect(try carol.event("error")["code"] == "no-such-group")
        bob.send(":group invite tea carol")
        #expect(try bob.event("error")["code"] == "not-allowed")
        ana.send(":group invite tea carol")
        try carol.event("notice") { $0["text"]?.contains(":group join tea") == true }
        carol.send(":group join tea")
        let missed = try carol.event("group")
        #expect(missed["text"] == "it is ready" && missed.flag("history"))
        try expectMembers(carol, ["ana", "bob", "carol"])

        ana.send(":group remove tea carol")
        try carol.event("notice") { $0["text"]?.contains("put you out") == true }
        ana.send(":group hand-over tea bob")
        try bob.event("membership") { $0["action"] == "hand-over" && $0["name"] == "bob" }
        ana.send(":group public tea")
        #expect(try ana.event("error")["code"] == "not-allowed")
        bob.send(":group public tea")
        try ana.event("membership") { $0["action"] == "public" }
        ana.send(":group members tea")
        try expectMembers(ana, ["bob", "ana"])
        ana.send(":group list")
        #expect(try ana.event("groups").list("names") == ["tea"])
        for person in [ana, bob] {
            person.send(":group leave tea")
            try person.event("notice")
        }
        bob.send(":group members tea")
        #expect(try bob.event("error")["code"] == "no-such-group")
        #expect(try server.program.event("group")["group"] == "tea")
    }

    @Test("edits, deletions, answers and marks mean the lines that were shown, and search finds what holds now")
    func revisions() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        ana.send(lines: ["the red bicycle", "a typo heer", "forget this"])
        let ids = try (0..<3).map { _ in try #require(try ana.event("sent").number("id")) }
        ana.send(":delete")
        let deleted = try bob.event("deleted")
        #expect(deleted.number("target") == ids[2] && deleted["from"] == "ana")
        ana.send(":edit a typo here")
        let edited = try bob.event("edited")
        #expect(edited.number("target") == ids[1] && edited["text"] == "a typo here")
        bob.send(":react -3 👍")
        let mark = try ana.event("reaction")
        #expect(mark.number("target") == ids[0] && mark["reaction"] == "👍" && mark["from"] == "bob")
        bob.send(":react \(ids[0]) -")
        #expect(try ana.event("reaction")["reaction"] == "")
        bob.send(":re -3 whose is it?")
        let answer = try ana.event("message")
        #expect(answer.number("reply_to") == ids[0] && answer["text"] == "whose is it?")

        for (words, texts) in [
            ("here", ["a typo here"]), ("heer", []), ("forget", []), ("bicycle red", ["the red bicycle"]),
        ] {
            bob.send(":search \(words)")
            guard !texts.isEmpty else {
                try bob.event("notice") { $0["text"] == "Nothing was found." }
                continue
            }
            for text in texts {
                let found = try bob.event("message")
                #expect(found["text"] == text && found.flag("history") && found.flag("search"))
            }
        }
        bob.send(":history 3")
        for text in ["the red bicycle", "a typo here", "whose is it?"] {
            let line = try bob.event("message")
            #expect(line["text"] == text && line.flag("history") && !line.flag("search"))
        }
        bob.send(":seen -1")
        let seen = try bob.event("seen")
        #expect(seen.number("total") == 1 && seen.list("missing") == [])
    }

    @Test("who one is: names, absence, being ignored")
    func people() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        let carol = try house.member("carol", at: server)
        ana.send(":nick Anna")
        let renamed = try bob.event("renamed")
        #expect(renamed["from"] == "ana" && renamed["to"] == "Anna")
        try ana.say("still me")
        #expect(try bob.event("message")["from"] == "Anna")
        ana.send(":away at lunch")
        let away = try bob.event("away")
        #expect(away["name"] == "Anna" && away.flag("away") && away["text"] == "at lunch")
        bob.send(":who")
        #expect(try bob.event("members").list("names")?.sorted() == ["Anna", "bob", "carol"])
        #expect(bob.output.lines.contains { $0.contains(#""away":"at lunch""#) && $0.contains("last_heard_ms") })
        ana.send(":away")
        #expect(try bob.event("away")["text"] == "")
        bob.send(":ignore anna")
        try bob.event("notice")
        try ana.say("hello?")
        try carol.say("what comes after it")
        try bob.hear(["what comes after it"])
        bob.send(":ignore anna")
        try bob.event("notice")
        try ana.say("hello!")
        try bob.hear(["hello!"])
        ana.send(":me waves")
        let action = try bob.event("message")
        #expect(action["text"] == "waves" && action.flag("action"))
        ana.send(":lsit")
        #expect(try ana.event("error")["text"]?.contains(":list?") == true)
        ana.send(":hist")
        #expect(try ana.event("error")["text"]?.contains(":history?") == true)
    }

    @Test("what operators do is refused to others")
    func noOperators() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        for line in [
            ":op ana", ":deop bob", ":kick bob go", ":mute bob 5", ":unmute bob", ":ban bob", ":ban 127.0.0.1",
            ":unban bob", ":slow 5", ":topic mine",
        ] {
            ana.send(line)
            #expect(try ana.event("error")["code"] == "not-allowed", "\(line)")
        }
        for line in [":op", ":deop", ":kick", ":mute bob x", ":unmute", ":ban", ":unban", ":slow x"] {
            ana.send(line)
            #expect(try ana.event("error")["code"] == "usage", "\(line)")
        }
        try bob.say("still here")
        #expect(bob.events("moderated") == [])
    }
}
