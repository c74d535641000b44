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
        guard case .mistake(_, let text) = ConsoleLine(line) else {
            Issue.record("not a mistake")
            return
        }
        #expect(text.contains(":help") && !text.contains("\u{1b}"))
    }

    @Test(
        "wrong arguments say how it is used, and stop nothing",
        arguments: [
            ":shutdown now", ":shutdown -1", ":shutdown 86401", ":shutdown 1 2", ":shutdown 99999999999999999999",
        ])
    func wrongArguments(line: String) {
        #expect(ConsoleLine(line) == .mistake(word: "shutdown", text: "It is used like this: :shutdown [seconds]"))
    }

    @Test("the help names every command")
    func help() {
        for command in ConsoleLine.commands { #expect(ConsoleLine.helpText.contains(":" + command.name)) }
    }

    @Test("columns stand under one another, wide characters included")
    func table() {
        let text = TextTable.aligned([["name", "since", "x"], ["\u{65e5}\u{672c}", "1", "y"], ["a"]])
        #expect(text == "name  since  x\n\u{65e5}\u{672c}  1      y\na")
    }

    @Test("round trips are shown with one decimal while they are short")
    func roundTrips() {
        #expect(ServerLoop.milliseconds(.microseconds(460)) == "0.4 ms")
        #expect(ServerLoop.milliseconds(.milliseconds(87)) == "87 ms")
    }
}
