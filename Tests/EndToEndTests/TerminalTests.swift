import Foundation
import Testing

/// The client as a person has it: in a terminal.
@Suite("terminal", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct TerminalTests {
    /// A client in a pseudo-terminal.
    private final class Window {
        let terminal: PseudoTerminal
        let client: RunningProgram

        init(_ house: House, _ arguments: [String], home: String, environment: [String: String] = [:]) throws {
            terminal = try PseudoTerminal()
            client = try house.client(
                exactly: arguments, home: home,
                environment: ["TERM": "xterm"].merging(environment) { _, new in new }, terminal: terminal)
        }

        func type(_ keys: String) {
            client.send(bytes: Array(keys.utf8))
        }

        /// Waits until what is shown has an answer to the question.
        @discardableResult
        func wait<Found>(for what: String, _ question: (Screen) -> Found?) throws -> Found {
            let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
            let found = client.output.waitForBytes(until: deadline) { question(Screen(showing: $0)) }
            guard let found else {
                let shown = Screen(showing: client.output.bytes).lines.joined(separator: "\n  |")
                throw Failure("the terminal did not show \(what):\n  |\(shown)")
            }
            return found
        }

        /// Waits until a row is shown that fits the pattern as a whole.
        @discardableResult
        func wait(forRow pattern: String) throws -> String {
            let expression = try Regex(pattern)
            return try wait(for: pattern) { screen in
                screen.lines.first { (try? expression.wholeMatch(in: $0)) != nil }
            }
        }

        func waitForQuestion(_ word: String) throws {
            try wait(for: "a question with \(word)") { $0.bottom.lowercased().contains(word) ? true : nil }
        }
    }

    /// Opens a window in which Ana's client comes to a server.
    ///
    /// - Parameter knowsPassword: else it is asked for.
    private func window(
        _ house: House, at server: Server, knowsPassword: Bool = false, environment: [String: String] = [:]
    ) throws -> Window {
        let source = knowsPassword ? ["--password-file", house.passwordFile] : []
        return try Window(
            house, ["127.0.0.1", "\(server.port)", "0", "--name", "ana"] + source, home: "ana",
            environment: environment)
    }

    private static let stamp = #"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]"#

    @Test("a message that arrives does not tear the line being typed")
    func typing() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try window(house, at: server, knowsPassword: true)
        try bob.event("joined")
        window.type("hello wor")
        try window.wait(for: "the typed text") { $0.bottom.hasSuffix("hello wor") ? true : nil }
        try bob.say("may I interrupt?")
        try window.wait(for: "the message above the line") { screen -> Bool? in
            let message = screen.lines.firstIndex { $0.hasSuffix(" bob: may I interrupt?") }
            let typed = screen.lines.lastIndex { $0.hasSuffix("hello wor") }
            guard let message, let typed, message < typed, screen.bottom.hasSuffix("hello wor") else { return nil }
            return screen.lines.filter { $0.hasSuffix("hello wor") }.count == 1
        }
        try window.wait(forRow: Self.stamp + " bob: may I interrupt\\?")
        window.type("ld\r")
        try bob.hear(["hello world"])

        // An edited line: two characters back, one away.
        window.type("abxc\u{1b}[D\u{7f}")
        try window.wait(for: "the edited text") { $0.bottom.hasSuffix("abc") ? true : nil }
        try bob.say("again")
        try window.wait(for: "the edited text below") { screen in
            screen.lines.contains { $0.hasSuffix("bob: again") } && screen.bottom.hasSuffix("abc") ? true : nil
        }
        window.type("!\r")
        try bob.hear(["ab!c"])
        #expect(Screen(showing: window.client.output.bytes).unknown == [])

        window.type("QUIT\r")
        #expect(try window.client.exit() == 0)
        #expect(try bob.event("left")["reason"] == "quit")
        let mode = window.terminal.localMode
        #expect(mode.echoes && mode.isCanonical, "the terminal is as it was")
    }

    @Test("a personal password is chosen while the room goes on, asked for elsewhere, and never shown")
    func personalPassword() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try window(house, at: server, knowsPassword: true)
        try bob.event("joined")
        window.type(":register\r")
        try window.waitForQuestion("new personal password:")
        window.type("my own sec")
        try bob.say("may I interrupt?")
        try window.wait(forRow: Self.stamp + " bob: may I interrupt\\?")
        window.type("ret\r")
        try window.waitForQuestion("the same once more:")
        window.type("my own secret\r")
        try window.wait(for: "that it is registered") { screen in
            screen.lines.contains { $0.contains("The name ana is yours") } ? true : nil
        }
        window.type("still here\r")
        try bob.hear(["still here"])
        #expect(!window.client.output.text.contains("secret") && !window.client.output.text.contains("my own"))
        window.type("QUIT\r")
        #expect(try window.client.exit() == 0)

        let phone = try Window(
            house,
            ["127.0.0.1", "\(server.port)", "0", "--name", "ana", "--password-file", house.passwordFile],
            home: "phone")
        try phone.waitForQuestion("personal password of ana:")
        phone.type("another one\r")
        try phone.wait(for: "a second question") { screen in
            screen.lines.filter { $0.contains("Personal password of ana:") }.count == 2 ? true : nil
        }
        phone.type("my own secret\r")
        try bob.event("joined") { $0["name"] == "ana" }
        phone.type("from the phone\r")
        try bob.hear(["from the phone"])
        phone.type("QUIT\r")
        #expect(try phone.client.exit() == 0)
        let mode = phone.terminal.localMode
        #expect(mode.echoes && mode.isCanonical, "the terminal is as it was")
    }

    @Test("a personal password that is typed differently, or given up, registers nothing")
    func noPersonalPassword() throws {
        let house = try House()
        let server = try house.server()
        let window = try window(house, at: server, knowsPassword: true)
        try window.wait(for: "the room") { $0.lines.contains { $0.contains("main") } ? true : nil }
        for (second, answer) in [("two\r", "differ"), (nil, "Nothing was registered")] {
            window.type(":register\r")
            try window.waitForQuestion("new personal password:")
            window.type("one\r")
            try window.waitForQuestion("the same once more:")
            if let second { window.type(second) } else { window.client.signal(SIGINT) }
            try window.wait(for: answer) { screen in
                screen.lines.contains { $0.contains(answer) } ? true : nil
            }
        }
        window.type("QUIT\r")
        #expect(try window.client.exit() == 0)
    }

    @Test("many messages while a long line wraps leave it whole")
    func longLine() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try window(house, at: server, knowsPassword: true)
        try bob.event("joined")
        let long = (1...40).map { "word\($0)" }.joined(separator: " ")
        window.type(long)
        try window.wait(for: "the end of the long line") { $0.lines.joined().hasSuffix("word40") ? true : nil }
        let lines = (1...20).map { "interruption \($0)" }
        bob.send(lines: lines)
        try window.wait(for: "all interruptions, then the whole line") { screen -> Bool? in
            let shown = screen.lines.filter { $0.contains(" bob: interruption ") }
            // A blank at the end of a row is not seen, so blanks do not count.
            let all = screen.lines.joined().filter { $0 != " " }
            let isWhole = all.hasSuffix(long.filter { $0 != " " })
            let once = all.components(separatedBy: "word17word18").count == 2
            guard shown.count == lines.count, isWhole else { return nil }
            return once && zip(shown, lines).allSatisfy { $0.hasSuffix($1) } ? true : nil
        }
        window.type("\r")
        try bob.hear([long])
        window.type("\u{4}")
        #expect(try window.client.exit() == 0)
    }

    @Test("without arguments it asks for everything, and the password is not shown")
    func questions() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try Window(house, [], home: "ana")
        for (word, answer) in [
            ("server address", "127.0.0.1"), ("server port", "\(server.port)"), ("this machine", "0"),
            ("name", "ana"), ("password", house.password),
        ] {
            try window.waitForQuestion(word)
            window.type(answer + "\r")
        }
        #expect(try bob.event("joined")["name"] == "ana")
        window.type("hello\r")
        try bob.hear(["hello"])
        #expect(!window.client.output.text.contains(house.password))
        window.type("QUIT\r")
        #expect(try window.client.exit() == 0)
    }

    @Test("an invite answers the questions for the server's address and port")
    func invitedByQuestion() throws {
        let house = try House()
        let server = try house.server()
        let invite = try #require(server.program.events("listening").first?["invite"])
        let window = try Window(house, [], home: "ana")
        for (word, answer) in [
            ("server address", "127.0.0.1:1#nonsense"), ("server address", invite), ("this machine", "0"),
            ("name", "ana"), ("password", house.password),
        ] {
            try window.waitForQuestion(word)
            window.type(answer + "\r")
        }
        try server.program.event("joined")
        window.type("QUIT\r")
        #expect(try window.client.exit() == 0)
    }

    @Test("a mistyped password at the terminal is asked for again, and shown neither time")
    func mistypedPassword() throws {
        let house = try House()
        let server = try house.server()
        let window = try window(house, at: server)
        try window.waitForQuestion("password")
        window.type("nonsense-of-a-password\r")
        try server.program.event("refused") { $0["reason"] == "wrong-password" }
        try window.wait(for: "the second question") { screen in
            screen.lines.filter { $0.lowercased().contains("room password:") }.count == 2 ? true : nil
        }
        window.type(house.password + "\r")
        try server.program.event("joined")
        window.type("QUIT\r")
        #expect(try window.client.exit() == 0)
        for secret in ["nonsense", house.password] { #expect(!window.client.output.text.contains(secret)) }
        let mode = window.terminal.localMode
        #expect(mode.echoes && mode.isCanonical, "the terminal is as it was")
    }

    @Test("an interrupted question ends it and gives the terminal back")
    func interruptedQuestion() throws {
        let house = try House()
        let window = try Window(house, ["127.0.0.1", "9", "0", "--name", "ana"], home: "ana")
        try window.waitForQuestion("password")
        window.client.signal(SIGINT)
        _ = try window.client.exit()
        let mode = window.terminal.localMode
        #expect(mode.echoes && mode.isCanonical)
    }

    @Test("a terminal in which nothing can be edited still chats", arguments: ["dumb", ""])
    func dumbTerminal(name: String) throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try window(house, at: server, knowsPassword: true, environment: ["TERM": name])
        try bob.event("joined")
        window.type("hello\n")
        try bob.hear(["hello"])
        try bob.say("hi")
        try window.wait(forRow: Self.stamp + " bob: hi")
        #expect(!window.client.output.bytes.contains(0x1b))
        window.type("QUIT\n")
        #expect(try window.client.exit() == 0)
    }

    @Test("with --json at a terminal questions stand on standard error, and standard output has NDJSON alone")
    func questionsBesideJSON() throws {
        let house = try House()
        let server = try house.server()
        let path = house.folder.appending(path: "errors").path
        guard unsafe mkfifo(path, 0o600) == 0, let pipe = FileHandle(forUpdatingAtPath: path) else {
            throw Failure("no pipe: \(errno)")
        }
        let errors = Collector(reading: pipe.fileDescriptor) {}
        defer {
            errors.stopAfterNext()
            pipe.write(Data([0x0a]))
        }
        func wait(forQuestions count: Int, _ text: String) throws {
            let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
            let asked: Bool? = errors.waitForBytes(until: deadline) { bytes in
                String(decoding: bytes, as: UTF8.self).components(separatedBy: text).count > count ? true : nil
            }
            guard asked == true else { throw Failure("no question \(text): \(errors.text)") }
        }
        let client = try RunningProgram(
            "udp-client", ["127.0.0.1", "\(server.port)", "0", "--json"],
            environment: try house.environment(home: "ana", adding: ["TERM": "xterm"]), terminal: try PseudoTerminal(),
            launcher: ["/bin/sh", "-c", "exec \"$@\" 2> \"$0\"", path])
        try wait(forQuestions: 1, "Your name:")
        client.send(bytes: Array("no name\r".utf8))
        try wait(forQuestions: 2, "Your name:")
        client.send(bytes: Array("ana\r".utf8))
        for (attempt, typed) in ["", "nonsense", house.password].enumerated() {
            try wait(forQuestions: attempt + 1, "Room password:")
            client.send(bytes: Array("\(typed)\r".utf8))
        }
        try client.event("connected")
        client.signal(SIGTERM)
        #expect(try client.exit() == 0)
        #expect(client.output.lines.allSatisfy { Event(line: $0) != nil }, "\(client.output.lines)")
    }
}
