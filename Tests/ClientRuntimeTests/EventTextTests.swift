import Basics
import ChatClient
import ChatProtocol
import ClientCore
import ProgramFrame
import Sentences
import SocketIO
import Testing
import TextSafety

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

    @Test("what was done to a line earlier stands between them as well")
    func earlierMarks() {
        var text = text()
        var mark = ShownMark(id: 2, target: 1, from: "bob", time: Self.time, place: .room("main"))
        mark.isHistory = true
        let former: [ClientEvent] = [
            message("1", isHistory: true), .reaction(mark, sign: "+"), message("2", isHistory: true), .deleted(mark),
        ]
        let lines = former.flatMap { text.output(for: $0).lines }
        #expect(lines.count == 5 && lines[0] == "-- earlier --" && lines[4].hasPrefix("* bob"), "\(lines)")
        mark.isHistory = false
        #expect(text.output(for: .reaction(mark, sign: "+")).lines.first == "-- now --")
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

    @Test("a line that begins another day stands behind that day's date; without dates in the lines the first one too")
    func days() {
        func line(_ milliseconds: Int64) -> ClientEvent {
            .message(
                ShownLine(id: 1, from: "bob", text: "x", time: WallTime(milliseconds: milliseconds)), in: .room("r"))
        }
        let (first, second) = (Self.time.milliseconds, Self.time.milliseconds + 86_400_000)
        let days = [first, second].map { CivilTime(local: WallTime(milliseconds: $0)).date }
        var short = text(hints: true)
        let lines = [first, first, second].flatMap { short.output(for: line($0)).lines }
        #expect(lines == ["-- \(days[0]) --", "bob: x", "bob: x", "-- \(days[1]) --", "bob: x"])
        var long = text(timestamps: .long, hints: true)
        let marks = [first, first, second].flatMap { long.output(for: line($0)).lines }.filter { $0.hasPrefix("--") }
        #expect(marks == ["-- \(days[1]) --"])
    }

    @Test(
        "notices, mentions and private lines are recognised without colour, and the bell rings for what is meant for us"
    )
    func marks() {
        var mention = ShownLine(id: 1, from: "bob", text: "hi ana", time: Self.time)
        mention.isMention = true
        let personal = ShownLine(id: 2, from: "bob", text: "psst", time: Self.time)
        let connected = ClientEvent.connected(name: "ana", server: "s", room: "main", members: [])
        var text = text(timestamps: .long, hints: true)
        _ = text.output(for: connected)
        #expect(text.output(for: .notice(text: "a\nb")).lines == ["- a", "- b"])
        #expect(text.output(for: .message(mention, in: .room("main"))).lines[0].hasSuffix("bob: hi ana  <- you\u{7}"))
        #expect(text.output(for: .message(personal, in: .person("ana"))).lines[0].hasSuffix("bob -> you: psst\u{7}"))
        var own = personal
        own.from = "ana"
        #expect(text.output(for: .message(own, in: .person("bob"))).lines[0].hasSuffix("ana -> bob: psst"))
        var style = EventText.Style(
            timestamps: .long, usesColours: false, showsOwnLines: true, showsHints: true, language: .english)
        style.rings = false
        var quiet = EventText(style: style)
        _ = quiet.output(for: connected)
        #expect(quiet.output(for: .message(personal, in: .person("ana"))).lines[0].hasSuffix("psst"))
    }
}

@Suite("the status above the line being typed")
struct StatusLineTests {
    private var status: StatusLine {
        var status = StatusLine()
        status.phase = .online
        status.room = "main"
        status.memberCount = 3
        status.unsent = 2
        status.silence = 4
        status.roundTrip = 21
        status.lossPerMille = 4
        return status
    }

    @Test("it tells the room, what is not confirmed, the silence, the round trip and the loss")
    func everything() {
        let text = status.text(columns: 79, Language.english.screen)
        #expect(text == "-- main: 3 here, 2 unsent, last heard 4 s ago, 2.1 ms, loss 0.4 %")
    }

    @Test("what matters less is left out where it does not fit, and nothing is ever wider", arguments: 0...80)
    func narrow(columns: Int) {
        for language in Language.allCases {
            #expect(VisibleText.width(status.text(columns: columns, language.screen)) <= columns)
        }
    }

    @Test("while the server is away or hears no password, that comes first with the time that is left")
    func away() {
        var status = status
        status.phase = .connecting
        status.remaining = 97
        #expect(status.text(columns: 39, Language.english.screen) == "-- reconnecting, for 97 s more")
        status.muted = 8
        #expect(
            status.text(columns: 60, Language.english.screen).hasPrefix("-- too many wrong passwords: next try in 8 s"))
    }

    @Test("row 38: a room's name controls nothing there")
    func hostile() {
        var status = status
        status.room = "a\u{1b}[2J\u{9b}b"
        let text = status.text(columns: 79, Language.english.screen)
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
}
