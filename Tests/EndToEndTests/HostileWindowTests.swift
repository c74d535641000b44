import Foundation
import Testing

/// What others send, on the screens of people.
@Suite("hostile window", .serialized, .ownThread, .timeLimit(.minutes(10)))
struct HostileWindowTests {
    /// Cursor, screen, title, clipboard, bell, other character sets, an answer that would be typed, C1 controls.
    private static let hostile = [
        "a\u{1b}[2Jb", "a\u{1b}[10;10Hb", "a\u{1b}]0;owned\u{7}b", "a\u{1b}]2;owned\u{1b}\\b",
        "a\u{1b}]52;c;b3duZWQ=\u{7}b", "a\u{1b}Powned\u{1b}\\b", "a\u{9b}2Jb", "a\u{9d}0;owned\u{9c}b", "a\u{1b}[6nb",
        "a\u{e}b\u{1b}(0b", "a\rowned", "a\u{8}\u{8}\u{8}owned", "a\u{1b}[?1049hb", "a\u{1b}cb", "a\u{202e}b",
    ]

    @Test("rows 38 and 39: escape sequences in texts show as visible escapes, in the client and at the console")
    func texts() throws {
        let house = try House()
        let environment = try house.environment(home: "server")
        let console = try Window(
            ["udp-server", "127.0.0.1", "-p", "0", "--password-file", house.passwordFile], in: house,
            environment: environment, columns: 80, rows: 24)
        let row = try console.wait(for: "Server is listening at 127.0.0.1:")
        let port = try #require(UInt16(row.split(separator: ":").last ?? ""))
        let server = Server(
            program: try house.client(exactly: ["--version"], home: "nobody"), address: "127.0.0.1", port: port)
        let bob = try house.member("bob", at: server)
        let window = try Window(
            ["udp-client", "127.0.0.1", "\(port)", "0", "--name", "ana", "--password-file", house.passwordFile],
            in: house, environment: try house.environment(home: "ana"), columns: 80, rows: 24)
        try bob.event("joined")
        try window.wait(for: "-- main: 2 here")
        try window.type("my own line")
        try window.wait(forBottom: "my own line")
        let titles = try [window, console].map { try $0.value("#{pane_title}") }
        for text in Self.hostile { try bob.say(text) }
        bob.send(":pm ana a\u{1b}]52;c;b3duZWQ=\u{7}b")
        bob.send(":group create a\u{1b}[2Jb")
        bob.send(":topic a\u{1b}]0;owned\u{7}b")
        bob.send(":away a\u{1b}[2Jb")
        try bob.say("the last one")
        for screen in [window, console] {
            let shown = try screen.wait(forAll: "the last one") { rows in
                rows.contains { $0.hasSuffix("bob: the last one") } ? rows : nil
            }
            #expect(shown.filter { $0.contains("bob: a\\x1b[2Jb") }.count == 1, "\(shown)")
            #expect(shown.contains { $0.contains("bob: a\\x1b]52;c;b3duZWQ=\\x07b") })
            #expect(
                shown.contains { $0.contains("bob: a\\x9b2Jb") } && shown.contains { $0.contains("bob: a\\rowned") })
            #expect(shown.contains { $0.contains("bob: a\\u{202e}b") })
            #expect(try screen.value("#{alternate_on}") == "0")
            #expect(try screen.tmux(["list-buffers"]) == "", "nothing reached the clipboard")
        }
        #expect(try [window, console].map { try $0.value("#{pane_title}") } == titles)
        try window.wait(forBottom: "main> my own line")
        try console.wait(forBottom: "SERVER>")
    }

    @Test("rows 35, 36 and 37: a name that could harm or deceive comes in nowhere, and is shown escaped")
    func names() throws {
        let house = try House()
        let server = try house.server()
        let window = try Window(
            ["udp-client", "127.0.0.1", "\(server.port)", "0", "--name", "ana", "--password-file", house.passwordFile],
            in: house, environment: try house.environment(home: "ana"), columns: 80, rows: 24)
        try window.wait(for: "main: 1 here")
        for name in [
            "a\u{1b}[2J", "a\u{202e}b", "a\u{200b}b", "a b", "\u{301}", "\u{430}n\u{430}", "ANA", "\u{ff41}na",
        ] {
            let client = try house.client(name, at: server, home: "mallory")
            #expect(try client.exit() == 77, "\(name.unicodeScalars.map(\.value))")
            #expect(!client.errors.bytes.contains(0x1b))
        }
        let bob = try house.member("bob", at: server)
        bob.send(":nick b\u{1b}]0;owned\u{7}")
        try bob.event("error") { $0["code"] == "name-invalid" }
        try bob.say("done")
        try window.wait(for: "bob: done")
        #expect(!(try window.everything()).joined().contains("owned"))
    }

    @Test("the operator's line stays whole while the room talks, and Tab completes commands and names there")
    func console() throws {
        let house = try House()
        let console = try Window(
            ["udp-server", "127.0.0.1", "-p", "0", "--password-file", house.passwordFile], in: house,
            environment: try house.environment(home: "server"), columns: 80, rows: 24)
        let row = try console.wait(for: "Server is listening at 127.0.0.1:")
        let port = try #require(UInt16(row.split(separator: ":").last ?? ""))
        try console.wait(forBottom: "SERVER>")
        let server = Server(
            program: try house.client(exactly: ["--version"], home: "nobody"), address: "127.0.0.1", port: port)
        let bob = try house.member("bob", at: server)
        try console.wait(for: "main: 1 here")
        try console.type("welcome to")
        bob.send(lines: (1...50).map { "interruption \($0)" })
        try console.type(" this room")
        try console.wait(for: "the last line above, the typed text below") { rows in
            rows.contains { $0.hasSuffix("bob: interruption 50") }
                && rows.last { !$0.isEmpty } == "SERVER> welcome to this room" ? true : nil
        }
        try console.press("Enter")
        try bob.hear(["welcome to this room"])
        try console.type(":l")
        try console.press("Tab", "Enter")
        let header = try console.wait(for: "round trip")
        for column in ["name", "address", "since", "loss", "lag"] { #expect(header.contains(column)) }
        try console.type(":ki")
        try console.press("Tab")
        try console.type("b")
        try console.press("Tab")
        try console.wait(forBottom: "SERVER> :kick bob")
        try console.press("C-u")
        try console.type(":shutdown")
        try console.press("Enter")
        try console.wait(for: "status 0")
        try console.type("seen")
        try console.wait(forBottom: "seen")
    }
}
