import Basics
import ChatProtocol

/// What our decoders make of the chat's messages, in the canonical form.
enum ChatForms {
    static let decoders: [String: TransportForms.Decoder] = [
        "client-request": { (bytes) throws(WireError) in
            switch try ClientRequest(decoding: bytes) {
            case .say(let text): .object(["kind": .text("say"), "text": .text(text)])
            case .members(let label): .object(["kind": .text("members"), "label": .number(label)])
            }
        },
        "server-event": { (bytes) throws(WireError) in event(try ServerEvent(decoding: bytes)) },
        "log-entry": { (bytes) throws(WireError) in entry(try LogEntry(decoding: bytes)) },
        "login-request": { (bytes) throws(WireError) in
            let value = try LoginRequest(decoding: bytes)
            return .object([
                "name": .text(value.name), "incarnation": .number(value.incarnation),
                "history": .number(UInt64(value.history)),
                "cursor": value.cursor.map {
                    .object(["epoch": .number($0.epoch.rawValue), "number": .number($0.number)])
                } ?? .null,
            ])
        },
        "welcome": { (bytes) throws(WireError) in
            let value = try Welcome(decoding: bytes)
            return .object([
                "member": .number(value.member.rawValue), "name": .text(value.name), "server": .text(value.server),
                "room": .text(value.room), "epoch": .number(value.epoch.rawValue), "cursor": .number(value.cursor),
                "end": .number(value.end), "storedOutbox": .number(value.storedOutbox), "resumed": .flag(value.resumed),
            ])
        },
        "refusal": { (bytes) throws(WireError) in
            let value = try Refusal(decoding: bytes)
            return .object(["code": .text(value.code.rawValue), "text": .text(value.text)])
        },
    ]

    private static func event(_ event: ServerEvent) -> Canonical {
        switch event {
        case .members(let label, let names, let isLast):
            .object([
                "kind": .text("members"), "label": .number(label), "isLast": .flag(isLast),
                "names": .list(names.map(Canonical.text)),
            ])
        case .rejected(let outbox, let code, let text):
            .object([
                "kind": .text("rejected"), "outbox": .number(outbox), "code": .text(code.rawValue), "text": .text(text),
            ])
        case .notice(let text): .object(["kind": .text("notice"), "text": .text(text)])
        case .ticket(let ticket): .object(["kind": .text("ticket"), "ticket": .bytes(ticket)])
        }
    }

    private static func entry(_ entry: LogEntry) -> Canonical {
        var fields: [String: Canonical] = [
            "time": .signed(entry.time.milliseconds), "member": .number(entry.member.rawValue),
            "name": .text(entry.name), "outbox": .number(entry.outbox),
        ]
        switch entry.body {
        case .message(let text):
            fields["kind"] = .text("message")
            fields["text"] = .text(text)
        case .joined: fields["kind"] = .text("joined")
        case .left(let reason):
            fields["kind"] = .text("left")
            fields["reason"] = .text(reason.rawValue)
        case .renamed(let name):
            fields["kind"] = .text("renamed")
            fields["to"] = .text(name)
        }
        return .object(fields)
    }
}
