import Basics
import Foundation
import Testing

/// People chat: the real programs on the loopback, watched through their NDJSON.
@Suite("chatting", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct ChattingTests {
    @Test("two people see each other come, talk and go")
    func twoPeople() throws {
        let house = try House()
        let server = try house.server("--name", "green house")
        let ana = try house.client("ana", at: server)
        let welcome = try ana.event("connected")
        #expect(welcome["name"] == "ana" && welcome["server"] == "green house")
        #expect(welcome["room"] == "main" && welcome.list("members") == ["ana"])
        let bob = try house.client("bob", at: server)
        #expect(Set(try bob.event("connected").list("members") ?? []) == ["ana", "bob"])
        try ana.event("joined") { $0["name"] == "bob" }

        let receipt = try ana.say("hello bob")
        let heard = try bob.event("message")
        #expect(heard["from"] == "ana" && heard["text"] == "hello bob" && heard["room"] == "main")
        #expect(heard.number("id") == receipt.number("id") && heard["time"] == receipt["time"])
        #expect(!heard.flag("history"))
        let time = try #require(heard["time"])
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)")

        try bob.say("hello ana")
        try ana.hear(["hello ana"])
        try bob.leave()
        #expect(bob.events.last?.kind == "bye" && bob.events.last?["reason"] == "quit")
        let left = try ana.event("left")
        #expect(left["name"] == "bob" && left["reason"] == "quit")
        #expect(bob.complaints == [] && server.program.complaints == [])
    }

    @Test("one's own lines come back as receipts, once each, and never as messages")
    func ownLines() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        ana.send(lines: ["one", "one", "two"])
        try bob.hear(["one", "one", "two"])
        try ana.leave()
        #expect(ana.events("sent").compactMap { $0["text"] } == ["one", "one", "two"])
        let numbers = ana.events("sent").compactMap { $0.number("id") }
        #expect(Set(numbers).count == 3 && numbers == numbers.sorted())
        #expect(ana.events("message") == [])
    }

    @Test("whoever comes later is shown the last lines as history, one's own included")
    func history() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        for text in ["first", "second", "third"] { try ana.say(text) }

        let bob = try house.member("bob", at: server, "--history", "2")
        for text in ["second", "third"] {
            let line = try bob.event("message")
            #expect(line["text"] == text && line["from"] == "ana" && line.flag("history"))
        }
        try ana.say("fourth")
        let live = try bob.event("message")
        #expect(live["text"] == "fourth" && !live.flag("history"))

        try ana.leave()
        let again = try house.member("ana", at: server)
        for text in ["first", "second", "third", "fourth"] {
            let line = try again.event("message")
            #expect(line["text"] == text && line["from"] == "ana" && line.flag("history"))
        }
        let carol = try house.member("carol", at: server, "--history", "0")
        try bob.say("fifth")
        #expect(try carol.event("message")["text"] == "fifth")
    }

    @Test("the console's lines reach everybody as SERVER's; its end stops nothing")
    func console() throws {
        let house = try House()
        let server = try house.server("--console")
        let ana = try house.member("ana", at: server)
        server.program.send("welcome, all")
        let heard = try ana.event("message")
        #expect(heard["from"] == "SERVER" && heard["text"] == "welcome, all")
        #expect(try server.program.event("message")["from"] == "SERVER")

        server.program.send(":list")
        let list = try server.program.event("notice")
        #expect(list["command"] == "list" && list["text"]?.contains("ana") == true)
        server.program.send(":sesame open")
        #expect(try server.program.event("notice")["text"]?.contains(":help") == true)

        server.program.closeInput()
        try ana.say("still there?")
        #expect(try server.program.event("message")["text"] == "still there?")
    }

    @Test("the server's own output tells the room's life")
    func serverEvents() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let joined = try server.program.event("joined")
        #expect(joined["name"] == "ana" && joined["address"]?.hasPrefix("127.0.0.1:") == true)
        let receipt = try ana.say("hello")
        let message = try server.program.event("message")
        #expect(message["from"] == "ana" && message["text"] == "hello")
        #expect(message.number("id") == receipt.number("id") && message["time"] == receipt["time"])
        let stranger = try house.client("ana", at: server, home: "stranger")
        _ = try stranger.exit()
        let refused = try server.program.event("refused")
        #expect(refused["name"] == "ana" && refused["reason"] == "name-taken" && refused["address"] != nil)
        try ana.leave()
        let left = try server.program.event("left")
        #expect(left["name"] == "ana" && left["reason"] == "quit")
    }

    @Test("commands answer, mistakes are named, and nothing of it is said in the room")
    func commands() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        for command in [":list", "/who"] {
            bob.send(command)
            #expect(Set(try bob.event("members").list("names") ?? []) == ["ana", "bob"])
        }
        bob.send(":help")
        try bob.event("notice") { $0["text"]?.contains(":quit") == true }
        bob.send("/sesame open")
        #expect(try bob.event("error")["code"] == "unknown-command")
        bob.send("::list")
        bob.send("//shrug")
        try ana.hear([":list", "/shrug"])
        bob.send(":quit")
        #expect(try bob.exit() == 0)
        #expect(try ana.event("left")["reason"] == "quit")
    }

    @Test("any text arrives as it was typed, in any script, up to many fragments")
    func texts() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        let texts = [
            "Grüße, 你好, مرحبا, 👩‍👩‍👧‍👦, e\u{301}", "\"quoted\" \\ back\\slash / {\"event\":\"bye\"}", "tab\tand\u{1b}[31mred",
            " spaces around ", "\u{202e}turned", String(repeating: "長い行", count: 1_300),
            String(repeating: "x", count: 15 * 1_024),
        ]
        for text in texts { #expect(try ana.say(text)["text"] == text) }
        // Strings compare by canonical equivalence; what arrives must be the same bytes.
        for text in texts {
            let heard = try #require(try bob.event("message")["text"])
            #expect(Array(heard.utf8) == Array(text.utf8))
        }
        #expect(!bob.output.bytes.contains(0x1b), "control characters are escaped in JSON")
        ana.send(String(repeating: "x", count: 20_000))
        #expect(try ana.event("error")["code"] == "too-long")
        try ana.say("after it")
        try bob.hear(["after it"])
    }

    @Test("however many talk at once, everybody sees one and the same order")
    func oneOrder() throws {
        let house = try House()
        let server = try house.server()
        let names = ["ana", "bob", "carol", "dave"]
        let people = try names.map { try house.member($0, at: server, "--history", "0") }
        let lines = 30
        for part in 0..<3 {
            for (name, person) in zip(names, people) {
                person.send(lines: (0..<lines / 3).map { "\(name) \(part * lines / 3 + $0)" })
            }
        }
        let orders = try people.map { person in
            try (0..<names.count * lines).map { _ in
                try person.next("a line") { line -> String? in
                    guard let event = Event(line: line), ["sent", "message"].contains(event.kind) else { return nil }
                    return "\(event.number("id") ?? 0) \(event["text"] ?? "")"
                }
            }
        }
        #expect(Set(orders[0]).count == names.count * lines)
        for order in orders { #expect(order == orders[0]) }
        for name in names {
            let own = orders[0].compactMap { $0.firstMatch(of: /^\d+ (\w+ \d+)$/).map { String($0.1) } }
                .filter { $0.hasPrefix(name) }
            #expect(own == (0..<lines).map { "\(name) \($0)" })
        }
    }

    @Test("IPv6 carries it too", .enabled(if: hasIPv6))
    func overIPv6() throws {
        let house = try House()
        let server = try house.server(address: "::1")
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        try ana.say("over six")
        try bob.hear(["over six"])
        #expect(try server.program.event("joined")["address"]?.hasPrefix("[::1]:") == true)
    }

    @Test("people read plain lines: who said what when, who came and went")
    func humanText() throws {
        let house = try House()
        let arguments = ["127.0.0.1", "-p", "0", "--password-file", house.passwordFile]
        let program = try house.server(exactly: arguments)
        let listening = try program.line(matching: #"Server is listening at 127\.0\.0\.1:\d+"#)
        let port = try #require(listening.split(separator: ":").last.flatMap { UInt16($0) })
        let server = Server(program: program, address: "127.0.0.1", port: port)
        let ana = try house.client("ana", at: server, json: false)
        try program.line(matching: #".*\bana\b.*joined.*"#)
        let bob = try house.client("bob", at: server, json: false)
        try ana.line(matching: ".*bob joined")
        bob.send("good morning\u{1b}[2J")
        let stamp = #"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]"#
        try ana.line(matching: stamp + " bob: good morning.*")
        try program.line(matching: #"\[\d\d:\d\d:\d\d\] bob: good morning.*"#)
        bob.send("QUIT")
        #expect(try bob.exit() == 0)
        try ana.line(matching: ".*bob left.*")
        for shown in [ana, bob, program] { #expect(!shown.output.bytes.contains(0x1b)) }
    }
}
