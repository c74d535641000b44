import ChatDomain
import ChatProtocol
import ProgramFrame
import SocketIO

/// Entries of the store as NDJSON, with the event names and fields that programs know from the client and the server.
struct ArchiveRenderer {
    let archive: Archive
    /// The room's name.
    let room: String

    /// One line without its end; nil for what is not exported: lines that were taken back, what edited or took them
    /// back, and all that stands in people's inboxes.
    func line(_ item: LogItem, in log: LogID) -> String? {
        guard let reading = archive.reading(of: item) else { return nil }
        let entry = reading.entry
        let place =
            log == .room
            ? JSONLine.Field("room", .text(room))
            : JSONLine.Field("group", .text(archive.group(of: log) ?? String(log.rawValue)))
        let id = JSONLine.Field("id", .number(Int64(clamping: reading.number)))
        let time = JSONLine.Field("time", .text(CivilTime.rfc3339(entry.time)))
        let by = JSONLine.Field("by", .text(entry.name))
        switch entry.body {
        case .line(let line): return said(line, reading, [id, time, place], isRoom: log == .room)
        case .joined: return JSONLine.event("joined", [id, .init("name", .text(entry.name)), time, place])
        case .left(let reason):
            return JSONLine.event(
                "left", [id, .init("name", .text(entry.name)), .init("reason", .text(reason.rawValue)), time, place])
        case .renamed(let name):
            return JSONLine.event(
                "renamed", [id, .init("from", .text(entry.name)), .init("to", .text(name)), time, place])
        case .topic(let text): return JSONLine.event("topic", [id, .init("text", .text(text)), by, time, place])
        case .moderated(let action, let name, let seconds, let text):
            return JSONLine.event(
                "moderated",
                [
                    id, .init("action", .text(action.word)), by, .init("name", .text(name)),
                    .init("seconds", .number(Int64(seconds))), .init("text", .text(text)), time, place,
                ])
        case .group(let action, let name):
            return JSONLine.event(
                "membership",
                [id, .init("action", .text(action.word)), by, .init("name", .text(name)), time, place])
        case .away, .personal, .settled: return nil
        }
    }

    /// - Parameter fields: number, time and place.
    private func said(
        _ line: Line, _ reading: Archive.Reading, _ fields: [JSONLine.Field], isRoom: Bool
    ) -> String? {
        let from = JSONLine.Field("from", .text(reading.entry.name))
        func message(_ text: String, _ more: JSONLine.Field...) -> String {
            let edited = JSONLine.Field("edited", reading.isEdited ? .flag(true) : nil)
            return JSONLine.event(
                isRoom ? "message" : "group", fields + [from, .init("text", .text(text)), edited] + more)
        }
        switch line {
        case .text(let text): return message(text)
        case .action(let text): return message(text, .init("action", .flag(true)))
        case .reply(let number, let text): return message(text, .init("reply_to", .number(Int64(clamping: number))))
        case .react(let number, let sign):
            return JSONLine.event(
                "reaction",
                fields + [from, .init("target", .number(Int64(clamping: number))), .init("reaction", .text(sign))])
        case .edit, .delete: return nil
        }
    }
}
