import Foundation
import Testing

/// The programs as people see them, in tmux.
@Suite("window", .serialized, .ownThread, .timeLimit(.minutes(10)))
struct WindowTests {
    /// How large a terminal is.
    struct Size: Sendable, CustomTestStringConvertible {
        let columns: Int
        let rows: Int
        var testDescription: String { "\(columns)x\(rows)" }
    }

    static let sizes = [Size(columns: 80, rows: 24), Size(columns: 40, rows: 10)]

    /// A window in which Ana's client is in the room, and knows of the others who are there.
    private func ana(_ house: House, at server: Server, _ size: Size = sizes[0], here: Int = 2) throws -> Window {
        let window = try Window(
            ["udp-client", "127.0.0.1", "\(server.port)", "0", "--name", "ana", "--password-file", house.passwordFile],
            in: house, environment: try house.environment(home: "ana"), columns: size.columns, rows: size.rows)
        try window.wait(for: "-- main: \(here) here")
        return window
    }

    /// Whether the line being typed stands there once, with what stands above it, and neither is left behind anywhere.
    private static func isShownOnce(_ shown: [String]) -> Bool {
        shown.filter { $0.hasPrefix("main>") }.count == 1 && shown.filter { $0.hasPrefix("-- main") }.count == 1
            && !shown.contains { $0.hasPrefix("connecting>") }
    }

    @Test("text that is typed while 200 lines arrive stays whole and is sent whole", arguments: sizes)
    func typing(size: Size) throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try ana(house, at: server, size)
        try bob.event("joined")
        let words = (1...12).map { "word\($0)" }
        for (index, word) in words.enumerated() {
            bob.send(lines: (1...20).map { "interruption \(index * 20 + $0)" })
            try window.type((index > 0 ? " " : "") + word)
        }
        try window.wait(for: "the last line above, the typed text below") { rows -> Bool? in
            let shown = rows.joined().filter { $0 != " " }
            return shown.contains("interruption240") && shown.hasSuffix("main>" + words.joined()) ? true : nil
        }
        try window.wait(forAll: "each line once") { shown in
            shown.filter { $0.contains("bob: interruption ") }.count == 240 && Self.isShownOnce(shown) ? true : nil
        }
        try window.press("Enter")
        try bob.hear([words.joined(separator: " ")])
    }

    @Test("CJK and emoji are typed, edited, shown and sent as they are", arguments: sizes)
    func wideCharacters(size: Size) throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try ana(house, at: server, size)
        try bob.event("joined")
        let text = "漢字かな交じり文と😀と한국어とéñ、もう少し長い行"
        try window.type(text + "X")
        try window.press("Left", "Delete")
        try bob.say("in between")
        try window.wait(for: "the line below the message") { rows in
            rows.contains { $0.contains("in between") } && rows.joined().contains(text) ? true : nil
        }
        try window.press("Enter")
        try bob.hear([text])
        try window.wait(for: "the receipt") { $0.joined().contains("ana: " + text) ? true : nil }
    }

    @Test("what joins others or stands on them has a cell of its own while it is typed, and is said as it was typed")
    func joinedCharacters() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try ana(house, at: server)
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}"
        let shown = "\u{1f468}\u{b7}\u{1f469}\u{b7}\u{1f467}"
        try window.send("a\(family)b e\u{301}x")
        try window.wait(forBottom: "main> a\(shown)b e\u{301} x")
        try window.press("Left", "Left", "Left")
        try window.type("-")
        try window.wait(forBottom: "main> a\(shown)b -e\u{301} x")
        #expect(try window.value("#{cursor_x}") == "18")
        try bob.say("in between")
        try window.wait(for: "bob: in between")
        try window.press("Right", "Delete")
        try window.wait(forBottom: "main> a\(shown)b -ex")
        try window.press("Enter")
        try bob.hear(["a\(family)b -ex"])
        try window.wait(for: "ana: a\(family)b -ex")
    }

    @Test("a new size of the window keeps the line, the messages and one status")
    func resizing() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try ana(house, at: server)
        try bob.event("joined")
        try bob.say("before all")
        let text = (1...15).map { "word\($0)" }.joined(separator: " ")
        try window.type(text)
        try window.wait(forBottom: "word15")
        for size in [(40, 12), (100, 30), (33, 10), (80, 24)] {
            try window.resize(columns: size.0, rows: size.1)
            try bob.say("at \(size.0)")
            try window.wait(for: "message and line at \(size.0) columns") { rows in
                rows.contains { $0.contains("at \(size.0)") }
                    && rows.joined().filter { $0 != " " }.hasSuffix("main>" + text.filter { $0 != " " }) ? true : nil
            }
        }
        try window.wait(forAll: "each message once") { shown in
            shown.filter { $0.contains("bob: ") }.count == 5 && Self.isShownOnce(shown) ? true : nil
        }
        try window.press("Enter")
        try bob.hear([text])
    }

    @Test("Tab completes a name and a command, and the prompt shows where the line will go", arguments: sizes)
    func completing(size: Size) throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bobby", at: server)
        let window = try ana(house, at: server, size)
        try bob.event("joined")
        try window.type("bo")
        try window.press("Tab")
        try window.wait(forBottom: "main> bobby:")
        try window.type("hi")
        try window.press("Enter")
        try bob.hear(["bobby: hi"])
        try window.type(":p")
        try window.press("Tab", "Tab")
        try window.type("bo")
        try window.press("Tab")
        try window.type("psst")
        try window.wait(forBottom: "@bobby> :pm bobby psst")
        try window.press("Enter")
        #expect(try bob.event("private")["text"] == "psst")
        try window.wait(for: "that everybody has it") { rows in
            rows.contains { $0.contains("\u{2713}\u{2713} all have it") } ? true : nil
        }
    }

    @Test(
        "the history is there in the next session, for its owner alone, without secrets; Ctrl-R searches it",
        arguments: sizes)
    func history(size: Size) throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let first = try ana(house, at: server, size)
        try bob.event("joined")
        for line in ["one blue bicycle", "another line"] {
            try first.type(line)
            try first.press("Enter")
            try bob.hear([line])
        }
        try first.type(":register")
        try first.press("Enter")
        try first.wait(for: "New personal password:")
        try first.type("never-keep-this")
        try first.press("Enter")
        try first.wait(for: "The same once more:")
        try first.press("C-c")
        try first.wait(for: "Nothing was registered.")
        try first.type("QUIT")
        try first.press("Enter")
        try first.wait(for: "status 0")

        let second = try ana(house, at: server, size)
        try second.press("Up", "Up", "Up", "Up")
        try second.wait(forBottom: "main> one blue bicycle")
        try second.press("C-u", "C-r")
        try second.type("her")
        try second.wait(forBottom: "search 'her': another line")
        try second.press("Enter")
        try bob.hear(["another line"])

        let files = try #require(FileManager.default.enumerator(atPath: house.folder.path))
        let kept = files.compactMap { $0 as? String }.filter { $0.hasSuffix("/history") }
        let path = try #require(kept.first.map { "\(house.folder.path)/\($0)" })
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("one blue bicycle\n") && !text.contains("never-keep"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("three pasted lines ask once, and are one message; another key drops them", arguments: sizes)
    func pasting(size: Size) throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        let window = try ana(house, at: server, size)
        try bob.event("joined")
        try window.type("see: ")
        try window.paste("one\n  two\nthree\n")
        try window.wait(for: "the question") { $0.joined().contains("Send these 3 lines") ? true : nil }
        try window.type("n")
        try window.wait(for: "the line as it was") { rows in
            !rows.joined().contains("Send these") && rows.joined().contains("see:") ? true : nil
        }
        try window.paste("one\n  two\nthree\n")
        try window.wait(for: "the question again") { $0.joined().contains("Send these 3 lines") ? true : nil }
        try window.press("Enter")
        try bob.hear(["see: one\n  two\nthree"])
        try window.paste(":no command\nat all")
        try window.press("Enter")
        try bob.hear([":no command\nat all"])
    }

    @Test("Ctrl-C at the question for the password leaves a terminal that echoes", arguments: sizes)
    func interrupted(size: Size) throws {
        let house = try House()
        let window = try Window(
            ["udp-client", "127.0.0.1", "9", "0", "--name", "ana"], in: house,
            environment: try house.environment(home: "ana"), columns: size.columns, rows: size.rows)
        try window.wait(for: "Room password:")
        try window.type("half-a-secret")
        try window.press("C-c")
        try window.wait(for: "status 0")
        try window.type("this is seen")
        try window.wait(forBottom: "this is seen")
        #expect(!(try window.everything()).joined().contains("half-a-secret"))
    }

    @Test("a wrong password may be tried again three times, then the status is 77")
    func wrongPassword() throws {
        let house = try House()
        let server = try house.server()
        let window = try Window(
            ["udp-client", "127.0.0.1", "\(server.port)", "0", "--name", "ana"], in: house,
            environment: try house.environment(home: "ana"), columns: 80, rows: 24)
        for attempt in 1...3 {
            try window.wait(for: "question \(attempt)") { rows in
                rows.filter { $0.contains("Room password:") }.count == attempt ? true : nil
            }
            try window.type("nonsense")
            try window.press("Enter")
        }
        try window.wait(for: "status 77")
    }

    @Test("while the server is away the status counts down, typing goes on, and what was typed is sent")
    func reconnecting() throws {
        let house = try House()
        let server = try house.serverAtLastingPort()
        let window = try ana(house, at: server, here: 1)
        server.program.signal(SIGTERM)
        try window.wait(for: "reconnecting, for ")
        try window.type("said meanwhile")
        try window.press("Enter")
        try window.type("half a li")
        try window.wait(for: "the line under way, the one being typed, and the time that is left") { rows in
            rows.contains { $0.contains("\u{2026} said meanwhile") } && rows.contains { $0.hasSuffix("half a li") }
                && rows.contains { $0.hasPrefix("-- reconnecting") && $0.contains("1 unsent") } ? true : nil
        }
        _ = try server.program.exit()
        let again = try house.server(port: server.port)
        #expect(try again.program.event("message")["text"] == "said meanwhile")
        try window.wait(for: "its receipt") { rows in
            rows.contains { $0.hasSuffix("ana: said meanwhile") } && rows.contains { $0.hasSuffix("> half a li") }
                ? true : nil
        }
    }
}
