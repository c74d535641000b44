import Basics
import ChatProtocol

/// What our decoders make of the chat's messages, in the canonical form.
enum ChatForms {
    static let decoders: [String: TransportForms.Decoder] = [
        "client-request": { (bytes) throws(WireError) in request(try ClientRequest(decoding: bytes)) },
        "server-event": { (bytes) throws(WireError) in event(try ServerEvent(decoding: bytes)) },
        "log-entry": { (bytes) throws(WireError) in entry(try LogEntry(decoding: bytes)) },
        "login-request": { (bytes) throws(WireError) in
            let value = try LoginRequest(decoding: bytes)
            return .object([
                "name": .text(value.name), "incarnation": .number(value.incarnation),
                "history": .number(UInt64(value.history)),
                "cursor": value.cursor.map {
                    .object([
                        "epoch": .number($0.epoch.rawValue), "number": .number($0.number),
                        "again": .flag(value.wantsHistoryAgain),
                    ])
                } ?? .null,
                "answer": value.answer.map {
                    .object(["session": .bytes($0.session), "share": .bytes($0.share), "tag": .bytes($0.tag)])
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
            return .object([
                "code": .text(value.code.rawValue), "text": .text(value.text),
                "challenge": value.challenge.map {
                    .object(
                        ["session": .bytes($0.session), "share": .bytes($0.share)] + fields($0.salt))
                } ?? .null,
            ])
        },
        "registration-request": { (bytes) throws(WireError) in
            switch try RegistrationRequest(decoding: bytes) {
            case .begin: return .object(["kind": .text("begin")])
            case .keep(let value):
                return .object(["kind": .text("keep"), "verifier": .bytes(value.verifier)] + fields(value.salt))
            }
        },
        "registration-event": { (bytes) throws(WireError) in
            switch try RegistrationEvent(decoding: bytes) {
            case .salt(let salt): return .object(["kind": .text("salt")] + fields(salt))
            case .registered(let name): return .object(["kind": .text("registered"), "name": .text(name)])
            case .refused(let refusal):
                return .object([
                    "kind": .text("refused"), "code": .text(refusal.code.rawValue), "text": .text(refusal.text),
                ])
            }
        },
    ]

    private static func fields(_ salt: AccountSalt) -> [String: Canonical] {
        ["salt": .bytes(salt.salt), "passes": .number(salt.passes), "kibibytes": .number(salt.kibibytes)]
    }

    // MARK: Requests

    private static func request(_ request: ClientRequest) -> Canonical {
        switch request {
        case .post(let line, let place): .object(["kind": .text("post")] + fields(place) + fields(line))
        case .ask(let question, let label):
            .object(["kind": .text("ask"), "label": .number(label)] + fields(question))
        case .rename(let name): .object(["kind": .text("rename"), "name": .text(name)])
        case .away(let text): .object(["kind": .text("away"), "text": .text(text)])
        case .topic(let text, let place): .object(["kind": .text("topic"), "text": .text(text)] + fields(place))
        case .group(let action, let name, let person):
            .object([
                "kind": .text("group"), "action": .text(action.word), "name": .text(name), "person": .text(person),
            ])
        case .moderate(let action, let name, let seconds, let text):
            .object([
                "kind": .text("moderate"), "action": .text(action.word), "name": .text(name),
                "seconds": .number(seconds), "text": .text(text),
            ])
        case .follow(let positions):
            .object([
                "kind": .text("follow"),
                "positions": .list(
                    positions.map {
                        .object([
                            "log": .number($0.log.rawValue), "epoch": .number($0.cursor.epoch.rawValue),
                            "number": .number($0.cursor.number),
                        ])
                    }),
            ])
        case .typing(let place): .object(["kind": .text("typing")] + fields(place))
        case .account(let step): .object(["kind": .text("account"), "step": .bytes(step)])
        }
    }

    private static func fields(_ place: Place) -> [String: Canonical] {
        switch place {
        case .room: ["place": .text("room")]
        case .group(let name): ["place": .text("group"), "placeName": .text(name)]
        case .person(let name): ["place": .text("person"), "placeName": .text(name)]
        }
    }

    private static func fields(_ line: Line) -> [String: Canonical] {
        switch line {
        case .text(let text): ["line": .text("text"), "text": .text(text)]
        case .action(let text): ["line": .text("action"), "text": .text(text)]
        case .reply(let target, let text):
            ["line": .text("reply"), "target": .number(target), "text": .text(text)]
        case .edit(let target, let text): ["line": .text("edit"), "target": .number(target), "text": .text(text)]
        case .delete(let target): ["line": .text("delete"), "target": .number(target)]
        case .react(let target, let sign):
            ["line": .text("react"), "target": .number(target), "sign": .text(sign)]
        }
    }

    private static func fields(_ question: Question) -> [String: Canonical] {
        switch question {
        case .members(let place): ["question": .text("members")] + fields(place)
        case .people: ["question": .text("people")]
        case .groups: ["question": .text("groups")]
        case .history(let place, let before, let count):
            ["question": .text("history"), "before": .number(before), "count": .number(UInt64(count))] + fields(place)
        case .search(let place, let words, let count):
            ["question": .text("search"), "words": .text(words), "count": .number(UInt64(count))] + fields(place)
        case .seen(let place, let number):
            ["question": .text("seen"), "number": .number(number)] + fields(place)
        }
    }

    // MARK: Events

    private static func event(_ event: ServerEvent) -> Canonical {
        switch event {
        case .members(let label, let names, let isLast):
            list("members", label, isLast, "names", names.map(Canonical.text))
        case .rejected(let outbox, let code, let text):
            .object([
                "kind": .text("rejected"), "outbox": .number(outbox), "code": .text(code.rawValue), "text": .text(text),
            ])
        case .notice(let text): .object(["kind": .text("notice"), "text": .text(text)])
        case .log(let announcement): self.announcement(announcement)
        case .followed: .object(["kind": .text("followed")])
        case .unfollowed(let log): .object(["kind": .text("unfollowed"), "log": .number(log.rawValue)])
        case .facts(let facts):
            .object([
                "kind": .text("facts"), "topic": .text(facts.topic), "slow": .number(facts.slowSeconds),
                "operator": .flag(facts.isOperator), "registered": .flag(facts.isRegistered),
            ])
        case .failed(let label, let code, let text):
            .object([
                "kind": .text("failed"), "label": .number(label), "code": .text(code.rawValue), "text": .text(text),
            ])
        case .people(let label, let people, let isLast): list("people", label, isLast, "people", people.map(person))
        case .groups(let label, let groups, let isLast): list("groups", label, isLast, "groups", groups.map(group))
        case .entries(let label, let entries, let isLast):
            list(
                "entries", label, isLast, "entries",
                entries.map { .object(["number": .number($0.number), "bytes": .bytes($0.bytes)]) })
        case .seen(let label, let total, let missingCount, let missing):
            .object([
                "kind": .text("seen"), "label": .number(label), "total": .number(total),
                "missingCount": .number(missingCount), "missing": .list(missing.map(Canonical.text)),
            ])
        case .typing(let name, let place): .object(["kind": .text("typing"), "name": .text(name)] + fields(place))
        case .account(let step): .object(["kind": .text("account"), "step": .bytes(step)])
        case .ticket(let ticket): .object(["kind": .text("ticket"), "ticket": .bytes(ticket)])
        }
    }

    private static func list(
        _ kind: String, _ label: UInt32, _ isLast: Bool, _ key: String, _ elements: [Canonical]
    ) -> Canonical {
        .object(["kind": .text(kind), "label": .number(label), "isLast": .flag(isLast), key: .list(elements)])
    }

    private static func announcement(_ value: LogAnnouncement) -> Canonical {
        .object([
            "kind": .text("log"), "alias": .number(value.alias), "log": .number(value.log.rawValue),
            "logKind": .text(value.kind == .inbox ? "inbox" : "group"), "title": .text(value.title),
            "epoch": .number(value.epoch.rawValue), "cursor": .number(value.cursor), "end": .number(value.end),
            "continued": .flag(value.isContinued),
        ])
    }

    private static func person(_ value: Presence) -> Canonical {
        .object([
            "name": .text(value.name), "away": .text(value.away), "operator": .flag(value.isOperator),
            "roundTrip": .number(value.roundTripMicroseconds), "loss": .number(UInt64(value.lossPerMille)),
            "silence": .number(value.silenceMilliseconds),
        ])
    }

    private static func group(_ value: GroupSummary) -> Canonical {
        .object([
            "name": .text(value.name), "members": .number(value.memberCount), "private": .flag(value.isPrivate),
            "own": .flag(value.isOwn),
        ])
    }

    // MARK: Entries

    private static func entry(_ entry: LogEntry) -> Canonical {
        .object(
            [
                "time": .signed(entry.time.milliseconds), "member": .number(entry.member.rawValue),
                "name": .text(entry.name), "outbox": .number(entry.outbox),
            ] + fields(entry.body))
    }

    private static func fields(_ body: LogEntry.Body) -> [String: Canonical] {
        switch body {
        case .line(let line): ["kind": .text("line")] + fields(line)
        case .joined: ["kind": .text("joined")]
        case .left(let reason): ["kind": .text("left"), "reason": .text(reason.rawValue)]
        case .renamed(let name): ["kind": .text("renamed"), "to": .text(name)]
        case .topic(let text): ["kind": .text("topic"), "text": .text(text)]
        case .away(let text): ["kind": .text("away"), "text": .text(text)]
        case .moderated(let action, let name, let seconds, let text):
            [
                "kind": .text("moderated"), "action": .text(action.word), "target": .text(name),
                "seconds": .number(seconds), "text": .text(text),
            ]
        case .group(let action, let name):
            ["kind": .text("group"), "action": .text(action.word), "person": .text(name)]
        case .personal(let line, let name, let twin):
            ["kind": .text("personal"), "to": .text(name), "twin": .number(twin)] + fields(line)
        case .settled(let code, let text):
            ["kind": .text("settled"), "code": code.map { .text($0.rawValue) } ?? .null, "text": .text(text)]
        }
    }
}

/// Two sets of fields; none is in both.
private func + (left: [String: Canonical], right: [String: Canonical]) -> [String: Canonical] {
    left.merging(right) { first, _ in first }
}
