import Basics
import ChatClient
import ChatProtocol
import Sentences
import SocketIO
import Testing

@testable import ClientRuntime

@Suite("Events as text for people")
struct EventTextTests {
    private static let time = WallTime(milliseconds: 1_769_869_820_007)

    private func text(
        timestamps: Timestamps = .off, colours: Bool = false, ownLines: Bool = false, hints: Bool = false
    ) -> EventText {
        EventText(
            style: EventText.Style(
                timestamps: timestamps, usesColours: colours, showsOwnLines: ownLines, showsHints: hints,
                language: .english))
    }

    private func message(_ text: String, from: String = "bob", isHistory: Bool = false) -> ClientEvent {
        var line = ShownLine(id: 1, from: from, text: text, time: Self.time)
        line.isHistory = isHistory
        return .message(line, in: .room("main"))
    }

    @Test("a message stands behind its local time and its sender")
    func messageHasTimeAndSender() {
        let civil = CivilTime(local: Self.time)
        var long = text(timestamps: .long)
        #expect(long.output(for: message("hello")).lines == ["[\(civil.date) \(civil.clock)] bob: hello"])
        var short = text(timestamps: .short)
        #expect(short.output(for: message("hello")).lines == ["[\(civil.clock)] bob: hello"])
        var off = text()
        #expect(off.output(for: message("hello")).lines == ["bob: hello"])
    }

    @Test("no line of a message can pass for another person's")
    func furtherLinesAreIndented() {
        var text = text()
        #expect(text.output(for: message("a\nbob: b\r\nc\rd")).lines == ["bob: a", "    bob: b", "    c\\rd"])
    }

    @Test("nothing of a peer reaches the terminal as a control")
    func controlsAreShown() {
        var text = text(colours: false)
        let harm = "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}"
        let events: [ClientEvent] = [
            message(harm, from: harm), .joined(name: harm), .left(name: harm, reason: .quit),
            .renamed(from: harm, to: harm), .members(names: [harm]), .notice(text: harm),
            .error(code: .usage, text: harm), .disconnected(reason: harm),
            .connected(name: harm, server: harm, room: harm, members: [harm]),
        ]
        for event in events {
            let scalars = text.output(for: event).lines.joined().unicodeScalars
            #expect(!scalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) || $0.value == 0x202e })
        }
    }

    @Test("coming and going is told, with the reason where it was no goodbye")
    func comingAndGoing() {
        var text = text()
        #expect(text.output(for: .joined(name: "bob")).lines == ["bob joined"])
        #expect(text.output(for: .left(name: "bob", reason: .quit)).lines == ["bob left"])
        #expect(text.output(for: .left(name: "bob", reason: .timeout)).lines == ["bob left (connection lost)"])
    }

    @Test("history stands between two marks")
    func historyIsMarked() {
        var text = text()
        let events = [message("1", isHistory: true), message("2", isHistory: true), message("3"), message("4")]
        let lines = events.flatMap { text.output(for: $0).lines }
        #expect(lines == ["-- earlier --", "bob: 1", "bob: 2", "-- now --", "bob: 3", "bob: 4"])
    }

    @Test("an own line is shown by its receipt only where it was not typed into view")
    func ownLines() {
        let events: [ClientEvent] = [
            .connected(name: "ana", server: "s", room: "main", members: []),
            .sent(id: 1, text: "mine", time: Self.time, in: .room("main")),
        ]
        var typed = text()
        #expect(events.map { typed.output(for: $0).lines }.last == [])
        var piped = text(ownLines: true)
        #expect(events.map { piped.output(for: $0).lines }.last == ["ana: mine"])
    }

    @Test("an error is marked as one")
    func errorsAreMarked() {
        var text = text()
        #expect(text.output(for: .error(code: .usage, text: "no")) == EventText.Output(lines: ["no"], isError: true))
    }

    @Test("colours end with the name, and the text stays as it is")
    func coloursAreClosed() {
        var text = text(colours: true)
        let line = text.output(for: message("hello")).lines[0]
        #expect(line.hasSuffix("m" + "bob" + "\u{1b}[39m: hello"))
        #expect(line == text.output(for: message("hello")).lines[0])
    }

    @Test("of many attempts to reconnect one line tells")
    func attemptsAreToldOnce() {
        var text = text()
        let lines = (1...5).flatMap {
            text.output(for: .reconnecting(attempt: $0, remaining: .seconds(120))).lines
        }
        #expect(lines.count == 1)
    }

    @Test("the prompt names the room, the link and what is not confirmed")
    func prompts() {
        #expect(Language.english.room.prompt(room: "main", isAway: false, unsent: 0) == "main> ")
        #expect(Language.english.room.prompt(room: "main", isAway: false, unsent: 2) == "main (2 unsent)> ")
        #expect(
            Language.english.room.prompt(room: "main", isAway: true, unsent: 2) == "main (reconnecting, 2 unsent)> ")
    }
}
