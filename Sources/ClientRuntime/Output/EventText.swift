import Basics
package import ChatClient
import ChatProtocol
package import LineEditing
package import ProgramFrame
package import Sentences
import SocketIO
import TextSafety

/// Events as text for people. It remembers what the lines depend on: the room, and whether history is being shown.
package struct EventText: Sendable {
    /// How the lines look.
    package struct Style: Hashable, Sendable {
        package var timestamps: Timestamps
        package var usesColours: Bool
        /// Whether one's own lines are shown by their receipt; else they stand where they were typed.
        package var showsOwnLines: Bool
        /// Whether somebody sits there who may need hints.
        package var showsHints: Bool
        package var language: Language
        /// What colours the terminal has, where colours are used.
        package var people = PersonColour.sixteen
        /// Whether the bell rings for what is meant for the reader.
        package var rings = true

        package init(
            timestamps: Timestamps, usesColours: Bool, showsOwnLines: Bool, showsHints: Bool, language: Language
        ) {
            self.timestamps = timestamps
            self.usesColours = usesColours
            self.showsOwnLines = showsOwnLines
            self.showsHints = showsHints
            self.language = language
        }
    }

    /// What an event becomes.
    package struct Output: Hashable, Sendable {
        package var lines: [String] = []
        /// Whether the lines tell of something that went wrong.
        package var isError = false

        package init(lines: [String] = [], isError: Bool = false) {
            self.lines = lines
            self.isError = isError
        }
    }

    /// The room, once it is known.
    package private(set) var room: String?

    /// Whether the line of one's own that is shown next tells what one does.
    var isOwnAction = false

    private let style: Style
    private let words: any RoomSentences
    private var ownName = ""
    private var isShowingHistory = false
    /// The day of the message that was shown last.
    private var day: String?

    package init(style: Style) {
        self.style = style
        words = style.language.room
    }

    /// The lines of an event; none where there is nothing to show.
    package mutating func output(for event: ClientEvent) -> Output {
        if case .error(_, let text) = event {
            return Output(lines: VisibleText.linesForTerminal(text), isError: true)
        }
        return Output(lines: newsMark(before: event) + lines(for: event))
    }

    private mutating func lines(for event: ClientEvent) -> [String] {
        switch event {
        case .connected(let name, let server, let room, let members):
            self.room = room
            ownName = name
            let greeting = words.greeting(name: name, server: server, room: room) + [words.here(members)]
            return greeting + (style.showsHints ? [dim(words.greetingHint)] : [])
        case .message(let line, let place): return dayMark(line.time) + lines(for: line, in: place)
        case .sent(_, let text, let time, let place):
            guard style.showsOwnLines else { return [] }
            return dayMark(time) + message(from: ownName, in: place, text: text, time: time, isAction: isOwnAction)
        case .edited(let mark, _), .deleted(let mark), .reaction(let mark, _):
            let lines = [text(of: event)]
            return mark.isHistory ? earlier(lines) : lines
        case .joined(let name): return [words.joined(person(name))]
        case .left(let name, let reason): return [words.left(person(name), reason)]
        case .renamed(let from, let to):
            if from == ownName { ownName = to }
            return [words.renamed(person(from), person(to))]
        case .topic, .away, .moderated, .membership: return [VisibleText.forTerminal(fact(event))]
        case .members(let names, let group): return [words.members(names, room: group ?? room ?? "")]
        case .people(let people): return people.map(words.person)
        case .groups(let groups): return groups.isEmpty ? [words.noGroups] : groups.map(words.group)
        case .seen(let receipts, _): return [seen(receipts)]
        case .typing(let name, _): return [dim(words.typing(person(name)))]
        case .notice(let text):
            let lines = VisibleText.linesForTerminal(text)
            return style.showsHints ? lines.map { "- \($0)" } : lines
        case .error, .cleared: return []
        case .disconnected(let reason): return [dim(words.disconnected(reason))]
        case .reconnecting(let attempt, let remaining):
            // One line; how it goes on is seen in the prompt.
            return attempt == 1 ? [dim(words.reconnecting(seconds: remaining.secondsUp))] : []
        case .resumed(let missed): return [dim(words.resumed(missed: missed))]
        case .bye(let reason): return style.showsHints && room != nil && reason == "quit" ? [words.bye] : []
        }
    }

    private mutating func lines(for line: ShownLine, in place: ShownPlace) -> [String] {
        var lines = message(from: line.from, in: place, text: line.text, time: line.time, isAction: line.isAction)
        if let target = line.replyTo { lines[0] += dim(words.answers(target, line.quote)) }
        if line.isMention, style.showsHints { lines[0] += "  \(style.language.screen.forYou)" }
        if line.isMention || line.isPrivate(place), !line.isHistory, line.from != ownName {
            if style.usesColours { lines = lines.map { "\u{1b}[1m\($0)\u{1b}[22m" } }
            // BEL, for somebody who looks elsewhere.
            if style.showsHints, style.rings { lines[0] += "\u{7}" }
        }
        return line.isHistory ? earlier(lines) : lines
    }

    /// What happened before: dimmed, and below a mark.
    private mutating func earlier(_ lines: [String]) -> [String] {
        defer { isShowingHistory = true }
        return (isShowingHistory ? [] : [dim(words.earlier)]) + (style.usesColours ? lines.map(dim) : lines)
    }

    /// What was done to an earlier line.
    private func text(of event: ClientEvent) -> String {
        switch event {
        case .edited(let mark, let text):
            words.edited(person(mark.from), words.line(mark.target, mark.quote), VisibleText.forTerminal(text))
        case .deleted(let mark): words.deleted(person(mark.from), words.line(mark.target, mark.quote))
        case .reaction(let mark, let sign):
            words.reaction(person(mark.from), words.line(mark.target, mark.quote), VisibleText.forTerminal(sign))
        default: ""
        }
    }

    /// What changed.
    private func fact(_ event: ClientEvent) -> String {
        switch event {
        case .topic(let text, let by, let place): words.topic(text, by: by, in: place.name)
        case .away(let name, let text): words.away(name, text)
        case .moderated(let act):
            words.moderated(act.action, by: act.by, name: act.name, seconds: act.seconds, text: act.text)
        case .membership(let group, let action, let by, let person):
            words.membership(group: group, action, by: by, person: person)
        default: ""
        }
    }

    /// Who has a line.
    private func seen(_ receipts: ShownReceipts) -> String {
        guard receipts.total > 0 else { return words.seenByNobody }
        let missing = Int64(receipts.missingCount)
        return words.seen(
            Int64(receipts.total) - missing, of: Int64(receipts.total), missing: receipts.missing,
            more: missing - Int64(receipts.missing.count))
    }

    /// The mark between what was said earlier and what is said now.
    private mutating func newsMark(before event: ClientEvent) -> [String] {
        switch event {
        case .message(let line, _) where line.isHistory: return []
        case .edited(let mark, _) where mark.isHistory, .deleted(let mark) where mark.isHistory,
            .reaction(let mark, _) where mark.isHistory:
            return []
        case .error, .bye, .disconnected, .reconnecting, .typing, .cleared: return []
        case .connected, .message, .sent, .edited, .deleted, .reaction, .joined, .left, .renamed, .topic, .away,
            .moderated, .membership, .members, .people, .groups, .seen, .notice, .resumed:
            defer { isShowingHistory = false }
            return isShowingHistory ? [dim(words.now)] : []
        }
    }

    /// `[2026-01-31 14:30:20] bob: hello`; further lines of the text are indented, so that none can pass for another
    /// person's.
    private func message(
        from name: String, in place: ShownPlace, text: String, time: WallTime?, isAction: Bool = false
    ) -> [String] {
        let lines = VisibleText.linesForTerminal(text)
        let speaker =
            switch place {
            case .room: person(name)
            case .group(let group): "[\(VisibleText.forTerminal(group))] \(person(name))"
            case .person(let to): "\(person(name)) -> \(to == ownName ? words.you : person(to))"
            }
        let first = "\(stamp(time))\(isAction ? "* \(speaker) " : "\(speaker): ")\(lines.first ?? "")"
        return [first] + lines.dropFirst().map { "    " + $0 }
    }

    /// Says that another day has begun. Where every line has its date, the first day need not be said.
    private mutating func dayMark(_ time: WallTime?) -> [String] {
        guard style.showsHints, let time else { return [] }
        let date = CivilTime(local: time).date
        guard date != day else { return [] }
        defer { day = date }
        return day == nil && style.timestamps == .long ? [] : [dim("-- \(date) --")]
    }

    private func stamp(_ time: WallTime?) -> String {
        guard let time else { return "" }
        let civil = CivilTime(local: time)
        return switch style.timestamps {
        case .long: "[\(civil.date) \(civil.clock)] "
        case .short: "[\(civil.clock)] "
        case .off: ""
        }
    }

    // MARK: Colours

    private func person(_ name: String) -> String {
        (style.usesColours ? style.people : .none).paint(VisibleText.forTerminal(name), name: name)
    }

    private func dim(_ line: String) -> String {
        style.usesColours ? "\u{1b}[2m\(line)\u{1b}[22m" : line
    }
}

extension ShownLine {
    /// Whether it was said to one person.
    fileprivate func isPrivate(_ place: ShownPlace) -> Bool {
        if case .person = place { true } else { false }
    }
}

extension ShownPlace {
    /// The name of the room, group or person.
    fileprivate var name: String {
        switch self {
        case .room(let name), .group(let name), .person(let name): name
        }
    }
}
