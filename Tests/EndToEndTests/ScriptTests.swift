import Foundation
import Testing

/// Shell scripts and bots around the client.
@Suite("scripts and bots", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct ScriptTests {
    private func place(_ house: House, _ server: Server, name: String) -> [String] {
        ["127.0.0.1", "\(server.port)", "0", "--name", name, "--password-file", house.passwordFile]
    }

    @Test("one line of shell says a line: echo hello | udp-client ...", arguments: [true, false])
    func oneLine(json: Bool) throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let shell = try RunningProgram(
            "udp-client", place(house, server, name: "ana") + (json ? ["--json"] : []),
            environment: try house.environment(home: "ana"),
            launcher: ["/bin/sh", "-c", #"echo "hello, I'm \"here\"" | "$0" "$@""#])
        #expect(try shell.exit() == 0, "\(shell.transcript)")
        try bob.hear([#"hello, I'm "here""#])
        #expect(try bob.event("left")["reason"] == "quit")
    }

    @Test("--json prints events and nothing else, whatever is typed, said or wrong")
    func nothingElse() throws {
        let house = try House()
        let server = try house.server("--console")
        let bob = try house.member("bob", at: server)
        try bob.say("earlier")
        let ana = try house.member("ana", at: server)
        ana.send(lines: [
            ":help", ":help pm", ":nonsense", ":pm nobody hello", ":list", ":who", ":stats", ":history 5", ":search e",
            ":group list", ":topic", ":away lunch", ":seen -1", "/clear", ":re -1 so it is", ":react -1 👍", ":nick",
            String(repeating: "x", count: 9_000), "\u{1b}[2J\u{7}", ":me waves", ":register", ":ignore bob", ":typing",
        ])
        bob.send("\u{1b}]0;title\u{7} ana: are you there?")
        try ana.say("the end")
        ana.send("QUIT")
        #expect(try ana.exit() == 0, "\(ana.transcript)")
        let refused = try house.client("SERVER", at: server)
        #expect(try refused.exit() == 77)
        let lost = try house.client(
            exactly: ["127.0.0.1", "9", "0", "--name", "x", "--password-file", house.passwordFile, "--json"]
                + ["--reconnect", "0"], home: "x")
        #expect(try lost.exit() == 69)
        for program in [ana, bob, refused, lost] {
            for line in program.output.lines where !line.isEmpty {
                #expect(Event(line: line)?.kind.isEmpty == false, "\(line)")
                #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) })
            }
        }
    }

    @Test("--send ends with 0 only when the line is stored")
    func sendFails() throws {
        let house = try House()
        let server = try house.server("--console")
        func send(_ line: String, _ more: String...) throws -> RunningProgram {
            try house.client(
                exactly: place(house, server, name: "ana") + ["--json", "--reconnect", "1", "--send", line] + more,
                home: "ana")
        }
        let good = try send("good")
        #expect(try good.exit() == 0 && good.events("sent").count == 1)
        for (line, status) in [(":nonsense", 64), (":pm nobody hi", 77)] {
            let bad = try send(line)
            #expect(try bad.exit() == Int32(status), "\(bad.transcript)")
            #expect(bad.events("sent").isEmpty)
        }
        server.program.signal(SIGSTOP)
        let lost = try send("lost")
        #expect(try lost.exit() == 69 && lost.events("sent").isEmpty)
        server.program.signal(SIGCONT)
        _ = try server.answer(":ban ana")
        let banned = try send("banned")
        #expect(try banned.exit() == 77 && banned.events("sent").isEmpty, "\(banned.transcript)")
    }

    // MARK: Bots

    private func bot(
        _ house: House, _ server: Server, name: String, interpreter: String, script: String
    ) throws -> RunningProgram {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../config/examples/\(script)").standardized.path
        return try RunningProgram(
            "udp-client", place(house, server, name: name), environment: try house.environment(home: name),
            launcher: [interpreter, path])
    }

    @Test("the bot in shell and jq greets and echoes, as text and never as a command, and nothing of history")
    func echoBot() throws {
        let house = try House()
        let server = try house.server("--console")
        let ana = try house.member("ana", at: server)
        try ana.say("!echo from before")
        let bot = try bot(house, server, name: "echo", interpreter: "/bin/bash", script: "echo-bot.sh")
        try ana.event("joined") { $0["name"] == "echo" }
        try ana.say("hello, echo")
        try ana.say("!echo one two")
        try ana.hear(["ana: one two"])
        let bob = try house.member("bob", at: server)
        try ana.hear(["bob: welcome!"])
        for text in [":kick ana", "QUIT", "/quit", "\u{1b}[2J"] {
            try bob.say("!echo \(text)")
            #expect(try bob.event("message") { $0["from"] == "echo" }["text"]?.hasPrefix("bob: ") == true)
        }
        // How the client ends is how the bot ends.
        _ = try server.answer(":kick echo")
        #expect(try bot.exit() == 77, "\(bot.transcript)")
        #expect(bot.complaints.count == 1)
    }

    @Test("the bot in Python throws dice, reminds and polls, and does nothing of history")
    func pollBot() throws {
        let house = try House()
        let server = try house.server("--console")
        let ana = try house.member("ana", at: server)
        try ana.say("!roll 1d6")
        let bot = try bot(house, server, name: "poll", interpreter: "/usr/bin/python3", script: "poll_bot.py")
        try ana.event("joined") { $0["name"] == "poll" }
        func ask(_ line: String) throws -> String {
            try ana.say(line)
            return try ana.event("message") { $0["from"] == "poll" }["text"] ?? ""
        }
        #expect(try ask("!result") == "ana: there is no poll")
        #expect(try ask("!roll 2d6").wholeMatch(of: /ana: [1-6] \+ [1-6] = \d+/) != nil)
        #expect(try ask("!roll many").contains("!roll 2d6"))
        #expect(try ask("!remind 1s :kick ana") == "ana: in 1 s")
        #expect(try ana.event("message") { $0["from"] == "poll" }["text"] == "ana: reminder: :kick ana")
        #expect(try ask("!poll Lunch? | rice | noodles") == "ana: Lunch? 1 rice, 2 noodles (!vote <number>)")
        #expect(try ask("!vote 3") == "ana: vote with a number of 1 to 2")
        #expect(try ask("!vote 2") == "ana: a vote for noodles")
        #expect(try ask("!result") == "ana: Lunch? rice 0, noodles 1")
        // How the client ends is how the bot ends.
        _ = try server.answer(":kick poll")
        #expect(try bot.exit() == 77, "\(bot.transcript)")
        #expect(bot.complaints.count == 1)
    }

    @Test(
        "a bot that is ended by SIGTERM leaves the room, and its status is the client's",
        arguments: [("/bin/bash", "echo-bot.sh"), ("/usr/bin/python3", "poll_bot.py")])
    func endedBot(interpreter: String, script: String) throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bot = try bot(house, server, name: "bot", interpreter: interpreter, script: script)
        try ana.event("joined") { $0["name"] == "bot" }
        // It answers: all of it is there, and hears signals.
        try ana.say(script == "echo-bot.sh" ? "!echo ready" : "!result")
        try ana.event("message") { $0["from"] == "bot" }
        bot.signal(SIGTERM)
        #expect(try ana.event("left")["reason"] == "quit")
        #expect(try bot.exit() == 0, "\(bot.transcript)")
        #expect(bot.complaints == [])
    }
}
