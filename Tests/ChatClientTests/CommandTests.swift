import Basics
import ChatClient
import ChatProtocol
import Sentences
import Testing

@Suite struct CommandTests {
    private func present() -> TestClient {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        _ = client.events()
        return client
    }

    private func notices(_ events: [ClientEvent]) -> [String] {
        events.compactMap { event in
            if case .notice(let text) = event { text } else { nil }
        }
    }

    @Test(":help has a line for every row of the table, with its aliases, and tells the escape")
    func help() {
        var client = present()
        client.state.enter(":help")
        let lines = notices(client.events())
        #expect(lines.count == CommandTable.rows.count + 1)
        for (row, line) in zip(CommandTable.rows, lines) {
            #expect(line.hasPrefix(":\(row.name)") && line.hasSuffix(row.help(in: .english)))
            #expect(row.aliases.allSatisfy { line.contains(":\($0)") })
        }
        #expect(lines.last?.contains("::text") == true)
    }

    @Test(
        ":help with a command explains that one, by any of its names", arguments: ["list", ":list", "/names", "NAMES"])
    func helpForOne(_ word: String) {
        var client = present()
        client.state.enter("/help \(word)")
        let lines = notices(client.events())
        #expect(lines.count == 1 && lines.first?.hasPrefix(":list") == true)
    }

    @Test(":help with an unknown command is an error")
    func helpForNone() {
        var client = present()
        client.state.enter(":help dance")
        #expect(
            client.events() == [
                .error(code: .unknownCommand, text: Language.english.chat.unknownCommand("dance", nearest: nil))
            ])
    }

    @Test("no name or alias stands for two commands, and all are in lower case")
    func distinctNames() {
        let words = CommandTable.rows.flatMap { [$0.name] + $0.aliases }
        #expect(Set(words).count == words.count)
        #expect(words.allSatisfy { $0 == $0.lowercased() && !$0.isEmpty })
    }

    @Test(
        ":list and its aliases ask the server, and the whole answer is one event",
        arguments: [":list", "/list", "/names", ":LIST"])
    func list(_ line: String) {
        var client = present()
        client.state.enter(line)
        #expect(client.requests() == [.members(label: 1)])
        client.state.receive(.members(label: 1, names: ["ana"], isLast: false))
        #expect(client.events().isEmpty)
        client.state.receive(.members(label: 1, names: ["bo"], isLast: true))
        #expect(client.events() == [.members(names: ["ana", "bo"])])
        client.state.receive(.members(label: 1, names: ["bo"], isLast: true))
        #expect(client.events().isEmpty)
    }

    @Test(":list with something after it is used wrongly")
    func listUsage() {
        var client = present()
        client.state.enter(":list bo")
        #expect(client.events() == [.error(code: .usage, text: Language.english.chat.usage(":list", example: ":list"))])
        #expect(client.requests().isEmpty)
    }

    @Test("a list asked for while the server is away, or whose answer was lost, is asked for again")
    func listAgain() {
        var client = TestClient()
        client.state.enter(":list")
        #expect(client.requests().isEmpty)
        client.arrive(TestClient.welcome())
        #expect(client.requests() == [.members(label: 1)])
        client.state.receive(.members(label: 1, names: ["half"], isLast: false))
        client.state.disconnected(reason: "timeout")
        #expect(client.requests().isEmpty)
        client.arrive(TestClient.welcome(resumed: true))
        #expect(client.requests() == [.members(label: 1)])
        client.state.receive(.members(label: 1, names: ["ana", "bo"], isLast: true))
        #expect(client.events().last == .members(names: ["ana", "bo"]))
    }

    @Test("only so many lists are awaited at once; reading stops before that")
    func listBound() {
        var client = present()
        for _ in 0..<ChatLimits.pendingQuestions {
            #expect(client.state.canAccept)
            client.state.enter(":list")
        }
        #expect(!client.state.canAccept)
        client.state.enter(":list")
        #expect(client.events() == [.error(code: .outboxFull, text: Language.english.chat.tooManyQuestions)])
        #expect(client.requests().count == ChatLimits.pendingQuestions)
        client.state.receive(.members(label: 1, names: [], isLast: true))
        #expect(client.state.canAccept)
    }

    @Test("an answer to a list keeps at most as many names as a room may hold")
    func listNameBound() {
        var client = present()
        client.state.enter(":list")
        _ = client.requests()
        let names = [String](repeating: "n", count: 1_000)
        for _ in 0..<20 { client.state.receive(.members(label: 1, names: names, isLast: false)) }
        client.state.receive(.members(label: 1, names: names, isLast: true))
        #expect(client.events() == [.members(names: .init(repeating: "n", count: ChatLimits.membersAtMost))])
    }

    @Test("a notice of the server is shown")
    func notice() {
        var client = present()
        client.state.receive(.notice("Tea is ready."))
        #expect(client.events() == [.notice(text: "Tea is ready.")])
    }
}
