import Basics
import ChatClient
import ChatProtocol
import ProgramFrame
import Sentences
import Testing

@testable import ClientRuntime

/// Groups, private lines, marks and answers as text for people.
@Suite("Events of places and people as text")
struct RoomTextTests {
    private static let time = WallTime(milliseconds: 1_769_869_820_007)

    private func lines(_ events: ClientEvent..., hints: Bool = false) -> [String] {
        var text = EventText(
            style: EventText.Style(
                timestamps: .off, usesColours: false, showsOwnLines: true, showsHints: hints, language: .english))
        let welcome = ClientEvent.connected(name: "ana", server: "den", room: "main", members: ["ana"])
        _ = text.output(for: welcome)
        return events.flatMap { text.output(for: $0).lines }
    }

    private func line(_ text: String, from: String = "bob") -> ShownLine {
        ShownLine(id: 9, from: from, text: text, time: Self.time)
    }

    private func mark(in place: ShownPlace = .room("main")) -> ShownMark {
        ShownMark(id: 9, target: 7, from: "bob", time: Self.time, place: place)
    }

    @Test("a line tells where it was said, and whether it was done or answers another")
    func places() {
        var action = line("waves")
        action.isAction = true
        var answer = line("yes")
        answer.replyTo = 7
        #expect(
            lines(
                .message(line("hi"), in: .group("tea")), .message(line("psst"), in: .person("ana")),
                .message(line("mine", from: "ana"), in: .person("bob")), .message(action, in: .room("main")),
                .message(action, in: .group("tea")), .message(answer, in: .room("main")),
                .sent(id: 1, text: "hot", time: Self.time, in: .group("tea"))) == [
                    "[tea] bob: hi", "bob -> you: psst", "ana -> bob: mine", "* bob waves", "* [tea] bob waves",
                    "bob: yes  (to line 7)", "[tea] ana: hot",
                ])
    }

    @Test("a mention rings the bell at a terminal, when it is news")
    func mention() {
        var said = line("hi ana")
        said.isMention = true
        #expect(lines(.message(said, in: .room("main")), hints: true).last == "bob: hi ana  <- you\u{7}")
        #expect(lines(.message(said, in: .room("main"))) == ["bob: hi ana"])
        said.isHistory = true
        #expect(lines(.message(said, in: .room("main")), hints: true).last == "bob: hi ana  <- you")
    }

    @Test("what is done to lines names the line")
    func marks() {
        #expect(
            lines(
                .edited(mark(), text: "better"), .deleted(mark()), .reaction(mark(), sign: "👍"),
                .reaction(mark(), sign: "")) == [
                    "* bob changed line 7: better", "* bob took line 7 back", "* bob marked line 7: 👍",
                    "* bob took a mark off line 7",
                ])
        var quoting = mark()
        quoting.quote = "good morn..."
        #expect(
            lines(.edited(quoting, text: "better"), .deleted(quoting), .reaction(quoting, sign: "👍")) == [
                "* bob changed \"good morn...\": better", "* bob took \"good morn...\" back",
                "* bob marked \"good morn...\": 👍",
            ])
    }

    @Test("who has a line, and who does not")
    func seen() {
        func text(_ total: UInt32, _ missing: UInt32, _ names: [String]) -> [String] {
            let receipts = ShownReceipts(id: 7, total: total, missingCount: missing, missing: names)
            return lines(.seen(receipts, in: .room("main")))
        }
        #expect(text(30, 2, ["Ana", "Li"]) == ["28 of 30; missing Ana, Li"])
        #expect(text(30, 3, ["Ana", "Li"]) == ["27 of 30; missing Ana, Li and 1 more"])
        #expect(text(2, 0, []) == ["2 of 2"])
        #expect(text(0, 0, []) == ["Nobody else is there who could have it."])
    }

    @Test("people and groups are lists with one line each")
    func answers() {
        let bob = Presence(
            name: "bob", away: "lunch", isOperator: true, roundTripMicroseconds: 1_250, lossPerMille: 15,
            silenceMilliseconds: 4_900)
        let eve = Presence(
            name: "eve", away: "", isOperator: false, roundTripMicroseconds: 0, lossPerMille: 0,
            silenceMilliseconds: 0)
        let tea = GroupSummary(name: "tea", memberCount: 1, isPrivate: true, isOwn: true)
        #expect(
            lines(.people([bob, eve]), .groups([tea]), .groups([]), .members(names: ["ana"], group: "tea")) == [
                "bob, operator, round trip 1.2 ms, loss 1.5 %, last heard 4 s ago, away: lunch",
                "eve, loss 0.0 %, last heard 0 s ago", "tea: 1 member, yours, private",
                "There are no groups; :group create <name> makes one.", "In tea (1): ana",
            ])
    }

    @Test("nothing of a peer reaches the terminal as a control, wherever it stands")
    func controls() {
        let harm = "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\nz"
        let person = Presence(
            name: harm, away: harm, isOperator: false, roundTripMicroseconds: 0, lossPerMille: 0,
            silenceMilliseconds: 0)
        var marked = mark(in: .group(harm))
        marked.from = harm
        marked.quote = harm
        let places: [ShownPlace] = [.room(harm), .group(harm), .person(harm)]
        var events: [ClientEvent] = [
            .edited(marked, text: harm), .deleted(marked), .reaction(marked, sign: harm), .people([person]),
            .groups([GroupSummary(name: harm, memberCount: 1, isPrivate: false, isOwn: false)]),
            .seen(ShownReceipts(id: 1, total: 1, missingCount: 1, missing: [harm]), in: .room("main")),
            .away(name: harm, text: harm), .members(names: [harm], group: harm),
        ]
        for place in places {
            events += [
                .message(line(harm, from: harm), in: place), .typing(name: harm, in: place),
                .sent(id: 1, text: harm, time: Self.time, in: place), .topic(text: harm, by: harm, in: place),
            ]
        }
        for action in GroupAction.allCases {
            events.append(.membership(group: harm, action: action, by: harm, person: harm))
        }
        for action in Moderation.allCases {
            events.append(.moderated(ShownModeration(action: action, by: harm, name: harm, seconds: 5, text: harm)))
        }
        for event in events {
            for line in lines(event) {
                let scalars = line.unicodeScalars
                #expect(
                    !scalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) || $0.value == 0x202e },
                    "\(event)")
            }
        }
    }
}
