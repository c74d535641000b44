import Foundation
import Testing

/// How things end: pipes, signals, a server that goes and comes back.
@Suite("leaving", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct LeavingTests {
    @Test("200 lines and the end of the pipe: all arrive in order at everybody, each is receipted, exit 0")
    func pipe() throws {
        let house = try House()
        let server = try house.server()
        let listeners = try ["bob", "carol"].map { try house.member($0, at: server) }
        let lines = (1...200).map { "line \($0) of 200" }
        let ana = try house.client("ana", at: server)
        ana.send(lines: lines)
        ana.closeInput()
        #expect(try ana.exit() == 0, "\(ana.transcript)")
        for listener in listeners { try listener.hear(lines) }
        #expect(ana.events("sent").compactMap { $0["text"] } == lines)
        #expect(ana.complaints == [])
        for listener in listeners { #expect(try listener.event("left")["reason"] == "quit") }
    }

    @Test("a flood of 2,000 lines is slowed down, not cut")
    func flood() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let lines = (1...2_000).map { "line \($0)" }
        let ana = try house.client("ana", at: server)
        ana.send(lines: lines)
        ana.closeInput()
        #expect(try ana.exit() == 0, "\(ana.transcript)")
        try bob.hear(lines)
    }

    @Test("a last line without its line end counts")
    func unfinishedLine() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let ana = try house.client("ana", at: server)
        ana.send(bytes: Array("whole\r\nhalf".utf8))
        ana.closeInput()
        #expect(try ana.exit() == 0)
        try bob.hear(["whole", "half"])
    }

    @Test("lines come from a file as well as from a pipe")
    func inputFile() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let lines = (1...200).map { "line \($0)" }
        let file = try house.write(lines.joined(separator: "\n") + "\n", to: "lines")
        let ana = try house.client(
            exactly: [
                "127.0.0.1", "\(server.port)", "0", "--name", "ana", "--password-file", house.passwordFile, "--json",
            ], home: "ana", inputFile: file)
        #expect(try ana.exit() == 0, "\(ana.transcript)")
        try bob.hear(lines)
        #expect(try bob.event("left")["reason"] == "quit")
    }

    @Test("--send says one line, waits until it is stored, and leaves")
    func sendOne() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let ana = try house.client("ana", at: server, "--send", "in passing")
        #expect(try ana.exit() == 0, "\(ana.transcript)")
        #expect(ana.events("sent").map { $0["text"] } == ["in passing"])
        try bob.hear(["in passing"])
        #expect(try bob.event("left")["name"] == "ana")
        let carol = try house.member("carol", at: server)
        let stored = try carol.event("message")
        #expect(stored["text"] == "in passing" && stored.flag("history"))
        let dave = try house.client("dave", at: server, json: false, "--send", "\u{2014} and again")
        #expect(try dave.exit() == 0)
        try carol.hear(["\u{2014} and again"])
    }

    @Test("--follow prints and never reads: the end of its input does not end it")
    func follow() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server, "--follow")
        ana.send("not to be read")
        ana.closeInput()
        let bob = try house.member("bob", at: server)
        try bob.say("are you listening?")
        try ana.hear(["are you listening?"])
        ana.signal(SIGTERM)
        #expect(try ana.exit() == 0)
        #expect(try bob.event("left")["reason"] == "quit")
        #expect(bob.events("message") == [])
    }

    @Test("an interrupted client says goodbye", arguments: [SIGINT, SIGTERM, SIGHUP])
    func interrupt(signal: Int32) throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let ana = try house.member("ana", at: server)
        ana.signal(signal)
        #expect(try ana.exit() == 0, "\(ana.transcript)")
        #expect(try bob.event("left")["reason"] == "quit")
        #expect(ana.events.last?.kind == "bye")
    }

    @Test("a client that is told to end while the server is silent ends soon, and names what is not confirmed")
    func interruptedUnsaid() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        server.program.signal(SIGSTOP)
        defer { server.program.signal(SIGCONT) }
        ana.send(lines: ["unsaid", ":stats"])
        // The link is asked about here: what was typed before is taken.
        try ana.event("notice")
        ana.signal(SIGTERM)
        #expect(try ana.exit() == 69)
        #expect(ana.events.last?["reason"] == "unreachable")
        #expect(ana.complaints.last?.hasSuffix("unsaid") == true, "\(ana.transcript)")
    }

    @Test("a stopped server tells everybody and ends well", arguments: [SIGTERM, SIGINT])
    func stoppedServer(signal: Int32) throws {
        let house = try House()
        let server = try house.server()
        let people = try ["ana", "bob"].map { try house.member($0, at: server, "--reconnect", "1") }
        try people[0].say("last words")
        server.program.signal(signal)
        #expect(try server.program.exit() == 0, "\(server.program.transcript)")
        try server.program.event("stopping")
        for person in people {
            #expect(try person.event("disconnected")["reason"] == "shutdown")
            try person.event("reconnecting")
            #expect(try person.exit() == 69, "\(person.transcript)")
            #expect(person.events.last?.kind == "bye" && person.complaints.count == 1)
        }
    }

    @Test("the console can stop the server")
    func shutdownCommand() throws {
        let house = try House()
        let server = try house.server("--console")
        let ana = try house.member("ana", at: server, "--reconnect", "1")
        server.program.send(":shutdown")
        #expect(try server.program.exit() == 0)
        #expect(try ana.event("disconnected")["reason"] == "shutdown")
    }

    @Test("when the server comes back, clients do, and what was typed meanwhile is said")
    func restart() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        let ana = try house.member("ana", at: first)
        let bob = try house.member("bob", at: first)
        try ana.say("before")
        try bob.hear(["before"])
        first.program.signal(SIGTERM)
        #expect(try first.program.exit() == 0)
        for person in [ana, bob] { try person.event("disconnected") { $0["reason"] == "shutdown" } }
        ana.send("meanwhile")
        try ana.event("reconnecting") { $0.number("attempt") ?? 0 >= 1 }

        let second = try house.server(port: first.port)
        // Whoever is back later has the other's line before `resumed`, and counts it as missed.
        try ana.event("resumed")
        try ana.event("sent") { $0["text"] == "meanwhile" }
        try bob.hear(["meanwhile"])
        try bob.say("after")
        try ana.hear(["after"])
        for person in [ana, bob] { try person.leave() }
        #expect(bob.events("resumed").count == 1)
        #expect(Set(second.program.events("message").compactMap { $0["text"] }) == ["meanwhile", "after"])
    }

    @Test("what can't be confirmed is named, exit 69")
    func unconfirmed() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server, "--reconnect", "1")
        server.program.signal(SIGSTOP)
        ana.send("is anybody there?")
        ana.closeInput()
        #expect(try ana.exit() == 69)
        #expect(ana.errors.text.contains("is anybody there?"))
        #expect(ana.events("sent") == [])
    }

    @Test("who is asked to leave once more leaves at once")
    func secondInterrupt() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        server.program.signal(SIGSTOP)
        // More than a pipe holds: when this returns, the client has taken a part of it.
        ana.send(lines: (1...300).map { "never confirmed \($0) " + String(repeating: ".", count: 1_000) })
        var status: Int32?
        // Two signals in a row may become one, so it is asked until it goes; alone it would try for two minutes.
        for _ in 0..<30 where status == nil {
            ana.signal(SIGINT)
            status = try? ana.exit(within: 1)
        }
        #expect(status == 69)
        #expect(ana.errors.text.contains("never confirmed"))
    }
}
