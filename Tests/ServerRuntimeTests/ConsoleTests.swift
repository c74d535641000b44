import Basics
import ChatDomain
import ChatProtocol
import Sentences
import Testing

@testable import ServerRuntime

struct ConsoleTests {
    @Test("a line without a colon is said, and a double colon says one")
    func said() {
        #expect(ConsoleLine("hello all") == .say("hello all"))
        #expect(ConsoleLine("  indented") == .say("  indented"))
        #expect(ConsoleLine("/slash") == .say("/slash"))
        #expect(ConsoleLine("::list") == .say(":list"))
    }

    @Test("a blank line is nothing", arguments: ["", " ", "\t "])
    func blank(line: String) {
        #expect(ConsoleLine(line) == nil)
    }

    @Test("commands are read with their arguments")
    func commands() {
        #expect(ConsoleLine(":list") == .command(.list, word: "list"))
        #expect(ConsoleLine(":stats  ") == .command(.stats, word: "stats"))
        #expect(ConsoleLine(":shutdown") == .command(.shutDown(after: 0), word: "shutdown"))
        #expect(ConsoleLine(":shutdown 30") == .command(.shutDown(after: 30), word: "shutdown"))
    }

    @Test("an unknown command names :help, and can't write controls", arguments: [":foo", ":", ":\u{1b}[2J", ": list"])
    func unknown(line: String) {
        guard case .mistake(_, let phrase) = ConsoleLine(line) else {
            Issue.record("not a mistake")
            return
        }
        let text = phrase.text(in: .english)
        #expect(text.contains(":help") && !text.contains("\u{1b}"))
    }

    @Test(
        "an unknown command names the nearest one",
        arguments: [(":lst", ":list"), (":kik bob", ":kick"), (":shutdwon", ":shutdown"), (":mtue a", ":mute")])
    func nearest(line: String, wanted: String) {
        guard case .mistake(_, let phrase) = ConsoleLine(line) else {
            Issue.record("not a mistake")
            return
        }
        let text = phrase.text(in: .english)
        #expect(text.contains("did you mean \(wanted)?"))
    }

    @Test(
        "orders are read with their arguments, as they were typed",
        arguments: [
            (":kick bob", OperatorOrder.moderate(.kick, name: "bob", seconds: 0, text: "")),
            (":KICK  bob  calm   down ", .moderate(.kick, name: "bob", seconds: 0, text: "calm   down")),
            (":ban 192.0.2.0/24 a flood", .moderate(.ban, name: "192.0.2.0/24", seconds: 0, text: "a flood")),
            (":unban bob", .moderate(.unban, name: "bob", seconds: 0, text: "")),
            (":mute bob", .moderate(.mute, name: "bob", seconds: 0, text: "")),
            (":mute bob 10", .moderate(.mute, name: "bob", seconds: 600, text: "")),
            (":unmute bob", .moderate(.unmute, name: "bob", seconds: 0, text: "")),
            (":op bob", .moderate(.op, name: "bob", seconds: 0, text: "")),
            (":deop bob", .moderate(.deop, name: "bob", seconds: 0, text: "")),
            (":slow 10", .moderate(.slow, name: "", seconds: 10, text: "")),
            (":slow off", .moderate(.slow, name: "", seconds: 0, text: "")),
            (":rename bob bo", .rename(from: "bob", to: "bo")),
            (":pm bob  two  blanks", .personal(to: "bob", text: "two  blanks")),
            (":topic  Friday: plans", .topic("Friday: plans")),
            (":topic -", .topic("")),
        ])
    func orders(line: String, order: OperatorOrder) {
        guard case .command(.order(let read), _) = ConsoleLine(line) else {
            Issue.record("\(line) is no order")
            return
        }
        #expect(read == order)
    }

    @Test("questions are read with their arguments")
    func questions() {
        #expect(ConsoleLine(":group list") == .command(.groups, word: "group"))
        #expect(ConsoleLine(":group members tea") == .command(.groupMembers("tea"), word: "group"))
        #expect(ConsoleLine(":audit") == .command(.audit(20), word: "audit"))
        #expect(ConsoleLine(":audit 1000") == .command(.audit(1_000), word: "audit"))
        #expect(ConsoleLine(":bans") == .command(.bans, word: "bans"))
        #expect(ConsoleLine(":reload") == .command(.reload, word: "reload"))
        #expect(ConsoleLine(":help mute") == .command(.help("mute"), word: "help"))
        #expect(ConsoleLine(":shutdown cancel") == .command(.goOn, word: "shutdown"))
    }

    @Test(
        "wrong arguments say how it is used, with an example, and stop nothing",
        arguments: [
            ":shutdown now", ":shutdown -1", ":shutdown 86401", ":shutdown 1 2", ":shutdown 99999999999999999999",
            ":list all", ":stats x", ":kick", ":ban", ":unban", ":unban a b", ":mute", ":mute bob 0", ":mute bob ten",
            ":mute bob 99999999", ":unmute", ":unmute a b", ":rename bob", ":rename a b c", ":pm", ":pm bob", ":op",
            ":op a b", ":deop", ":topic", ":slow", ":slow 0", ":slow x", ":slow 1 2", ":group", ":group list x",
            ":group members", ":group members a b", ":group make x", ":audit 0", ":audit x", ":audit 1001",
            ":audit 1 2", ":bans all", ":reload x", ":help a b",
        ])
    func wrongArguments(line: String) throws {
        guard case .mistake(let word, let text) = ConsoleLine(line) else {
            Issue.record("\(line) is no mistake")
            return
        }
        let command = try #require(ConsoleCommand.named(word))
        let wanted = "It is used like this: \(command.form). For example: \(command.example)"
        #expect(text.text(in: .english) == wanted)
    }

    @Test("every example is a good use of its command, and each name stands once")
    func examples() {
        for command in ConsoleCommand.rows {
            guard case .command(_, command.name)? = ConsoleLine(command.example) else {
                Issue.record("\(command.example) is no good use of :\(command.name)")
                continue
            }
        }
        #expect(Set(ConsoleCommand.rows.map(\.name)).count == ConsoleCommand.rows.count)
    }

    @Test("the console has every command that it is to have")
    func complete() {
        let wanted: Set = [
            "list", "kick", "ban", "unban", "mute", "unmute", "rename", "pm", "group", "stats", "reload", "help",
            "shutdown", "op", "deop", "topic", "slow", "audit",
        ]
        #expect(wanted.isSubset(of: ConsoleCommand.rows.map(\.name)))
        for language in Language.allCases {
            #expect(Set(language.console.commandHelp.keys) == Set(ConsoleCommand.rows.map(\.name)))
        }
    }

    @Test("the help names every command; of one command it shows an example")
    func help() {
        let lines = ConsoleCommand.help(about: nil, in: .english).split(separator: "\n")
        for command in ConsoleCommand.rows {
            #expect(lines.contains { $0.hasPrefix(command.form) && $0.hasSuffix(command.help(in: .english)) })
            for word in [command.name, ":" + command.name, command.name.uppercased()] {
                #expect(ConsoleCommand.help(about: word, in: .english).contains("For example: \(command.example)"))
            }
        }
        #expect(ConsoleCommand.help(about: "mut", in: .english).contains("did you mean :mute?"))
    }

    @Test("columns stand under one another, wide characters included")
    func table() {
        let text = TextTable.aligned([["name", "since", "x"], ["\u{65e5}\u{672c}", "1", "y"], ["a"]])
        #expect(text == "name  since  x\n\u{65e5}\u{672c}  1      y\na")
    }

    @Test("round trips are shown with one decimal while they are short")
    func roundTrips() {
        #expect(ConsoleAnswer(.english).milliseconds(.microseconds(460)) == "0.4 ms")
        #expect(ConsoleAnswer(.english).milliseconds(.milliseconds(87)) == "87 ms")
    }
}
