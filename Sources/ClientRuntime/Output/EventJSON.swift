import Basics
package import ChatClient
import ChatProtocol
import ProgramFrame
import SocketIO

/// Events as NDJSON: one object a line, the fields that are pinned, `event` first.
package enum EventJSON {
    /// The line of an event, without its line end. The result is plain JSON (RFC 8259) without control characters.
    package static func line(_ event: ClientEvent) -> String {
        switch event {
        case .connected(let name, let server, let room, let members):
            JSONLine.event(
                "connected", ("name", .text(name)), ("server", .text(server)), ("room", .text(room)),
                ("members", .texts(members)))
        case .message, .sent, .edited, .deleted, .reaction, .seen, .typing, .topic: said(event)
        case .joined(let name): JSONLine.event("joined", ("name", .text(name)))
        case .left(let name, let reason):
            JSONLine.event("left", ("name", .text(name)), ("reason", .text(reason.rawValue)))
        case .renamed(let from, let to): JSONLine.event("renamed", ("from", .text(from)), ("to", .text(to)))
        case .away(let name, let text):
            JSONLine.event("away", ("name", .text(name)), ("away", .flag(!text.isEmpty)), ("text", .text(text)))
        case .moderated(let act):
            JSONLine.event(
                "moderated", ("action", .text(act.action.word)), ("by", .text(act.by)), ("name", text(act.name)),
                ("seconds", act.seconds > 0 ? .number(Int64(act.seconds)) : nil), ("text", text(act.text)))
        case .membership(let group, let action, let by, let person):
            JSONLine.event(
                "membership", ("group", .text(group)), ("action", .text(action.word)), ("by", .text(by)),
                ("name", text(person)))
        case .members, .people, .groups: list(event)
        case .notice(let text): JSONLine.event("notice", ("text", .text(text)))
        case .error(let code, let text): JSONLine.event("error", ("code", .text(code.rawValue)), ("text", .text(text)))
        case .cleared: JSONLine.event("cleared")
        case .disconnected(let reason): JSONLine.event("disconnected", ("reason", .text(reason)))
        case .reconnecting(let attempt, let remaining):
            JSONLine.event(
                "reconnecting", ("attempt", .number(Int64(attempt))), ("remaining", .number(remaining.secondsUp)))
        case .resumed(let missed): JSONLine.event("resumed", ("missed", .number(Int64(missed))))
        case .bye(let reason): JSONLine.event("bye", ("reason", .text(reason)))
        }
    }

    /// What is said somewhere, and what is done to it.
    private static func said(_ event: ClientEvent) -> String {
        switch event {
        case .message(let line, let place): message(line, place)
        case .sent(let id, let text, let time, let place):
            JSONLine.event(
                "sent",
                [
                    .init("id", id.map(number)), .init("text", .text(text)),
                    .init("time", time.map { .text(CivilTime.rfc3339($0)) }), place.field,
                ])
        case .edited(let mark, let text): marked("edited", mark, .init("text", .text(text)))
        case .deleted(let mark): marked("deleted", mark, nil)
        case .reaction(let mark, let sign): marked("reaction", mark, .init("reaction", .text(sign)))
        case .seen(let receipts, let place):
            JSONLine.event(
                "seen",
                [
                    .init("id", number(receipts.id)), .init("total", .number(Int64(receipts.total))),
                    .init("have", .number(Int64(receipts.total) - Int64(receipts.missingCount))),
                    .init("missing", .texts(receipts.missing)), place.field,
                ])
        case .typing(let name, let place): JSONLine.event("typing", [.init("name", .text(name)), place.field])
        case .topic(let text, let by, let place):
            JSONLine.event("topic", [.init("text", .text(text)), .init("by", by.map { .text($0) }), place.field])
        default: ""
        }
    }

    private static func message(_ line: ShownLine, _ place: ShownPlace) -> String {
        var fields: [JSONLine.Field] = [.init("id", number(line.id))]
        let word: String
        switch place {
        case .room: word = "message"
        case .group:
            word = "group"
            fields.append(place.field)
        case .person: word = "private"
        }
        fields.append(.init("from", .text(line.from)))
        if case .person = place { fields.append(place.field) }
        fields += [.init("text", .text(line.text)), .init("time", .text(CivilTime.rfc3339(line.time)))]
        if case .room = place { fields.append(place.field) }
        return JSONLine.event(
            word,
            fields + [
                .init("action", flag(line.isAction)), .init("reply_to", line.replyTo.map(number)),
                .init("mention", flag(line.isMention)), .init("history", flag(line.isHistory)),
                .init("search", flag(line.isFound)),
            ])
    }

    private static func marked(_ word: String, _ mark: ShownMark, _ content: JSONLine.Field?) -> String {
        let fields: [JSONLine.Field?] = [
            .init("id", number(mark.id)), .init("target", number(mark.target)), .init("from", .text(mark.from)),
            content, .init("time", .text(CivilTime.rfc3339(mark.time))), mark.place.field,
            .init("history", flag(mark.isHistory)),
        ]
        return JSONLine.event(word, fields.compactMap { $0 })
    }

    private static func list(_ event: ClientEvent) -> String {
        switch event {
        case .members(let names, let group):
            JSONLine.event("members", ("names", .texts(names)), ("group", group.map { .text($0) }))
        case .people(let people):
            JSONLine.event(
                "members", ("names", .texts(people.map(\.name))), ("people", .objects(people.map(fields))))
        case .groups(let groups):
            JSONLine.event(
                "groups", ("names", .texts(groups.map(\.name))), ("groups", .objects(groups.map(fields))))
        default: ""
        }
    }

    private static func fields(_ person: Presence) -> [JSONLine.Field] {
        let hasRoundTrip = person.roundTripMicroseconds > 0
        return [
            .init("name", .text(person.name)), .init("away", text(person.away)),
            .init("operator", flag(person.isOperator)),
            .init("round_trip_us", hasRoundTrip ? .number(Int64(person.roundTripMicroseconds)) : nil),
            .init("loss_per_mille", .number(Int64(person.lossPerMille))),
            .init("last_heard_ms", .number(Int64(person.silenceMilliseconds))),
        ]
    }

    private static func fields(_ group: GroupSummary) -> [JSONLine.Field] {
        [
            .init("name", .text(group.name)), .init("members", .number(Int64(group.memberCount))),
            .init("private", flag(group.isPrivate)), .init("own", flag(group.isOwn)),
        ]
    }

    private static func number(_ number: EntryNumber) -> JSONLine.Value { .number(Int64(clamping: number)) }
    /// A field that is there only when it holds.
    private static func flag(_ flag: Bool) -> JSONLine.Value? { flag ? .flag(true) : nil }
    private static func text(_ text: String) -> JSONLine.Value? { text.isEmpty ? nil : .text(text) }
}

extension ShownPlace {
    /// Where it was said: `room`, `group`, or `to` with the person's name.
    fileprivate var field: JSONLine.Field {
        switch self {
        case .room(let name): JSONLine.Field("room", .text(name))
        case .group(let name): JSONLine.Field("group", .text(name))
        case .person(let name): JSONLine.Field("to", .text(name))
        }
    }
}

extension Duration {
    /// Whole seconds, rounded up; never negative.
    var secondsUp: Int64 {
        let (seconds, attoseconds) = components
        return max(0, attoseconds > 0 && seconds < .max ? seconds + 1 : seconds)
    }
}
