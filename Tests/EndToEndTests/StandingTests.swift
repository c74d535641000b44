import Foundation
import Testing

/// What was made and said stands when the server or a client starts again.
@Suite("standing", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct StandingTests {
    /// The texts of all lines that a program was shown, with where they stood; a receipt counts as `sent`.
    private func lines(_ program: RunningProgram) -> [String] {
        program.events.compactMap { event in
            switch event.kind {
            case "message", "private", "group", "sent": "\(event.kind) \(event["text"] ?? "")"
            default: nil
            }
        }
    }

    /// Waits until a client has shown everything that there is.
    private func catchUp(_ program: RunningProgram) throws {
        program.send(":list")
        try program.event("members") { $0["group"] == nil }
    }

    private func end(_ server: Server, _ signal: Int32) throws {
        server.program.signal(signal)
        #expect(try server.program.exit() == (signal == SIGTERM ? 0 : 128 + signal))
    }

    @Test("groups and private lines survive the server, and the client that was away", arguments: [SIGTERM, SIGKILL])
    func restart(signal: Int32) throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        let ana = try house.member("ana", at: first)
        var bob = try house.member("bob", at: first)
        ana.send(lines: [":group create tea", ":group private tea", ":group invite tea bob"])
        try bob.event("notice")
        bob.send(":group join tea")
        try bob.event("members")
        ana.send(lines: [":group send tea g1", ":pm bob p1"])
        try bob.event("private")
        bob.signal(SIGKILL)
        _ = try bob.exit()
        // Nobody noticed yet that bob is gone.
        ana.send(lines: [":pm bob p2", ":group send tea g2"])
        try ana.event("sent") { $0["text"] == "g2" }

        try end(first, signal)
        let second = try house.server(port: first.port)
        try ana.event("resumed")
        ana.send(lines: [":pm bob p3", ":group send tea g3"])
        try ana.event("sent") { $0["text"] == "g3" }
        bob = try house.member("bob", at: second)
        try catchUp(bob)
        let shown = lines(bob)
        for text in ["private p2", "private p3", "group g2", "group g3"] {
            #expect(shown.count { $0 == text } == 1, "\(text): \(shown)")
        }
        #expect(shown.count { $0 == "private p1" } <= 1 && shown.count { $0 == "group g1" } <= 1)
        #expect(bob.events("private").allSatisfy { $0.flag("history") }, "no bot acts on them")
        bob.send(":group members tea")
        #expect(try bob.event("members").list("names") == ["ana", "bob"])
        bob.send(":group public tea")
        #expect(try bob.event("error")["code"] == "not-allowed")
        ana.send(":group send tea g4")
        let live = try bob.event("group")
        #expect(live["text"] == "g4" && !live.flag("history"))
        try ana.leave()
        try bob.leave()
        #expect(lines(ana).count { $0.hasPrefix("sent ") } == 7)
    }

    @Test("what is typed while the server is away goes out once when it is back, to the room, a group and a person")
    func typedMeanwhile() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        let ana = try house.member("ana", at: first)
        let bob = try house.member("bob", at: first)
        ana.send(":group create tea")
        try ana.event("members")
        bob.send(":group join tea")
        try bob.event("members")
        try end(first, SIGKILL)
        ana.send(lines: ["room line", ":group send tea group line", ":pm bob private line"])
        ana.send(lines: [":me waits", ":pm nobody x"])
        let second = try house.server(port: first.port)
        try ana.event("error") { $0["code"] == "no-such-user" }
        for person in [ana, bob] { try catchUp(person) }
        #expect(
            lines(ana).filter { $0.hasPrefix("sent") }.sorted() == [
                "sent group line", "sent private line", "sent room line", "sent waits",
            ])
        #expect(
            lines(bob).sorted() == ["group group line", "message room line", "message waits", "private private line"])
        try ana.leave()
        try bob.leave()
        #expect(lines(second.program).count { $0.hasPrefix("message") } == 2)
    }

    @Test("a client that was killed before its lines were confirmed says them in its next run, once")
    func killedClient() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        var ana = try house.member("ana", at: first)
        let bob = try house.member("bob", at: first)
        ana.send(":group create tea")
        try ana.event("members")
        bob.send(":group join tea")
        try bob.event("members")
        try end(first, SIGKILL)
        try ana.event("disconnected")
        ana.send(lines: ["room line", ":group send tea group line", ":pm bob private line", "::stats", ":stats"])
        // The answer to the last line tells that those before it were read; they are kept before the next wait.
        try ana.event("notice")
        ana.send(":stats")
        try ana.event("notice")
        ana.signal(SIGKILL)
        _ = try ana.exit()
        let second = try house.server(port: first.port)
        ana = try house.member("ana", at: first)
        try catchUp(ana)
        try catchUp(bob)
        #expect(
            lines(bob).sorted() == ["group group line", "message :stats", "message room line", "private private line"])
        #expect(ana.events("notice").count { $0["text"]?.contains("when you were last here") == true } == 4)
        try ana.leave()
        #expect(lines(second.program).count { $0.hasPrefix("message") } == 2)
    }

    @Test("the next guest of the same name reads nothing of the first one's, who has it all on coming back")
    func nextGuest() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        var bob = try house.member("bob", at: server)
        ana.send(":pm bob for the first")
        try bob.event("private")
        try bob.leave()
        ana.send(":pm bob for nobody")
        #expect(try ana.event("error")["code"] == "no-such-user")
        let other = try house.member("bob", at: server, home: "other")
        ana.send(":pm bob for the second")
        #expect(try other.event("private")["text"] == "for the second")
        other.send(":history ana")
        #expect(try other.event("private")["text"] == "for the second")
        try other.leave()
        bob = try house.member("bob", at: server)
        bob.send(":history ana")
        #expect(try bob.event("private")["text"] == "for the first")
        try catchUp(bob)
        #expect(Set(lines(bob)) == ["private for the first"])
    }

    @Test("what was edited or taken back is so after a restart too")
    func revisions() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        let ana = try house.member("ana", at: first)
        ana.send(lines: ["one apple", ":edit one pear", "two apples", ":delete", "three"])
        try ana.event("sent") { $0["text"] == "three" }
        try end(first, SIGKILL)
        let second = try house.server(port: first.port)
        try ana.event("resumed")
        ana.send(":search apple")
        try ana.event("notice") { $0["text"] == "Nothing was found." }
        ana.send(":history")
        for text in ["one pear", "three"] { #expect(try ana.event("message")["text"] == text) }
        ana.send(":search pear")
        #expect(try ana.event("message").flag("search"))
        try ana.leave()
        #expect(second.program.complaints == [])
    }
}
