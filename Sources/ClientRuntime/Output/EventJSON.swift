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
        case .message(let id, let from, let text, let time, let room, let isHistory):
            JSONLine.event(
                "message", ("id", .number(Int64(clamping: id))), ("from", .text(from)), ("text", .text(text)),
                ("time", .text(CivilTime.rfc3339(time))), ("room", .text(room)),
                ("history", isHistory ? .flag(true) : nil))
        case .sent(let id, let text, let time, let room):
            JSONLine.event(
                "sent", ("id", id.map { .number(Int64(clamping: $0)) }), ("text", .text(text)),
                ("time", time.map { .text(CivilTime.rfc3339($0)) }), ("room", .text(room)))
        case .joined(let name): JSONLine.event("joined", ("name", .text(name)))
        case .left(let name, let reason):
            JSONLine.event("left", ("name", .text(name)), ("reason", .text(reason.rawValue)))
        case .renamed(let from, let to): JSONLine.event("renamed", ("from", .text(from)), ("to", .text(to)))
        case .members(let names): JSONLine.event("members", ("names", .texts(names)))
        case .notice(let text): JSONLine.event("notice", ("text", .text(text)))
        case .error(let code, let text): JSONLine.event("error", ("code", .text(code.rawValue)), ("text", .text(text)))
        case .disconnected(let reason): JSONLine.event("disconnected", ("reason", .text(reason)))
        case .reconnecting(let attempt, let remaining):
            JSONLine.event(
                "reconnecting", ("attempt", .number(Int64(attempt))), ("remaining", .number(remaining.secondsUp)))
        case .resumed(let missed): JSONLine.event("resumed", ("missed", .number(Int64(missed))))
        case .bye(let reason): JSONLine.event("bye", ("reason", .text(reason)))
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
