import Basics
import ChatDomain
import ChatProtocol
import ProgramFrame
import SocketIO

/// The server's output for programs: one JSON object a line.
struct JSONRenderer {
    /// The room's name.
    let room: String

    /// - Parameter wall: when it happened, where the news does not say it.
    /// - Returns: one line with its end.
    func render(_ news: ServerNews, at wall: WallTime) -> String {
        let time = JSONLine.Value.text(CivilTime.rfc3339(wall))
        let line =
            switch news {
            case .listening(let listening): Self.line(listening, time)
            case .room(let observation): line(observation, time)
            case .notice(let command, let text):
                JSONLine.event("notice", ("command", .text(command)), ("text", .text(text)))
            case .stopping: JSONLine.event("stopping", ("time", time))
            }
        return line + "\n"
    }

    private static func line(_ listening: Listening, _ time: JSONLine.Value) -> String {
        JSONLine.event(
            "listening", ("address", .text(listening.address.hostText)),
            ("port", .number(Int64(listening.address.port))),
            ("reachable", .texts(listening.reachable.map(\.hostText))), ("server", .text(listening.server)),
            ("room", .text(listening.room)), ("fingerprint", .text(listening.fingerprint)),
            ("invite", .text(listening.invite)), ("data", .text(listening.data ?? ":memory:")), ("time", time))
    }

    private func line(_ observation: RoomObservation, _ time: JSONLine.Value) -> String {
        switch observation {
        case .message(let id, let from, let text, let time):
            JSONLine.event(
                "message", ("id", .number(Int64(clamping: id))), ("from", .text(from)), ("text", .text(text)),
                ("time", .text(CivilTime.rfc3339(time))), ("room", .text(room)))
        case .group(let id, let group, let from, let text, let time):
            JSONLine.event(
                "group", ("id", .number(Int64(clamping: id))), ("group", .text(group)), ("from", .text(from)),
                ("text", .text(text)), ("time", .text(CivilTime.rfc3339(time))))
        case .personal(let id, let from, let to, _):
            // What two people say to each other is not for the console.
            JSONLine.event(
                "private", ("from", .text(from)), ("to", .text(to)), ("id", .number(Int64(clamping: id))))
        case .joined(let name, let address):
            JSONLine.event("joined", ("name", .text(name)), ("address", .text(address.description)), ("time", time))
        case .left(let name, let reason):
            JSONLine.event("left", ("name", .text(name)), ("reason", .text(reason.rawValue)), ("time", time))
        case .renamed(let from, let to):
            JSONLine.event("renamed", ("from", .text(from)), ("to", .text(to)), ("time", time))
        case .moderated(let action, let by, let name, let seconds, let text):
            JSONLine.event(
                "moderated", ("action", .text(action.word)), ("by", .text(by)), ("name", .text(name)),
                ("seconds", .number(Int64(seconds))), ("text", .text(text)), ("time", time))
        case .topic(let by, let text):
            JSONLine.event("topic", ("text", .text(text)), ("by", .text(by)), ("room", .text(room)), ("time", time))
        case .refused(let name, let address, let reason):
            JSONLine.event(
                "refused", ("name", .text(name)), ("address", .text(address.description)),
                ("reason", .text(reason.rawValue)), ("time", time))
        }
    }
}
