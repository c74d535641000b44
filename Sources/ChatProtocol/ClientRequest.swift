package import Basics

/// What a client asks of the server once it is in.
///
///     kind 1 | fields
///
/// What changes something goes through the outbox, so it has a number and is done once; what became of it stands in a log
/// that the client follows. The rest goes over the control channel.
package enum ClientRequest: Hashable, Sendable, WireValue {
    // MARK: Through the outbox
    /// Says or does something.
    case post(Line, in: Place)
    /// Wants to go by another name.
    case rename(String)
    /// Is away, with a word about it, or, when it is empty, back.
    case away(String)
    /// Sets the topic of the room or a group; empty: takes it away.
    case topic(String, in: Place)
    /// Does something about a group; `person` is empty where the action needs none.
    case group(GroupAction, name: String, person: String)
    /// Does something as an operator about `name` (a person, for bans also an address or block), or about the room when
    /// that is empty.
    case moderate(Moderation, name: String, seconds: UInt32, text: String)

    // MARK: Over the control channel
    /// Wants to know something; the answer carries the label, which is never 0.
    case ask(Question, label: UInt32)
    /// How far the client has which logs; said once after each login. The server answers with `log` for each log that
    /// the account follows beside the room, then `followed`.
    case follow([LogPosition])
    /// Is writing a line there; told to whom it concerns, at most every `ChatLimits.typingInterval`.
    case typing(in: Place)
    /// A step of registering, or of signing in with a personal password; its content belongs to the surroundings.
    case account([UInt8])

    /// Says a line in the room.
    package static func say(_ text: String) -> ClientRequest { .post(.text(text), in: .room) }

    /// Asks who is in the room.
    package static func members(label: UInt32) -> ClientRequest { .ask(.members(of: .room), label: label) }

    /// Whether it goes through the outbox.
    package var isNumbered: Bool {
        switch self {
        case .post, .rename, .away, .topic, .group, .moderate: true
        case .ask, .follow, .typing, .account: false
        }
    }

    private enum Kind: UInt8 {
        case post = 1
        case ask
        case rename
        case away
        case topic
        case group
        case moderate
        case follow
        case typing
        case account
    }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        guard let kind = Kind(rawValue: try bytes.take(UInt8.self)) else { throw .invalid(field: "request kind") }
        self = try Self.take(kind, from: &bytes)
        try bytes.expectEnd()
    }

    private static func take(_ kind: Kind, from bytes: inout Span<UInt8>) throws(WireError) -> ClientRequest {
        switch kind {
        case .post:
            let place = try Place(from: &bytes)
            return .post(try Line(from: &bytes), in: place)
        case .ask:
            let label = try bytes.take(UInt32.self)
            guard label != 0 else { throw .invalid(field: "label") }
            return .ask(try Question(from: &bytes), label: label)
        case .rename: return .rename(try bytes.takeName(limit: ChatLimits.requestedNameBytes, field: "new name"))
        case .away: return .away(try bytes.takeText(limit: ChatLimits.awayBytes, field: "away"))
        case .topic:
            let place = try Place(from: &bytes)
            return .topic(try bytes.takeText(limit: ChatLimits.topicBytes, field: "topic"), in: place)
        case .group:
            guard let action = GroupAction(rawValue: try bytes.take(UInt8.self)) else {
                throw .invalid(field: "group action")
            }
            let name = try bytes.takeName(limit: ChatLimits.requestedNameBytes, field: "group")
            let person = try bytes.takeText(limit: ChatLimits.requestedNameBytes, field: "person")
            guard person.isEmpty != action.needsPerson else { throw .invalid(field: "person") }
            return .group(action, name: name, person: person)
        case .moderate:
            guard let action = Moderation(rawValue: try bytes.take(UInt8.self)) else {
                throw .invalid(field: "moderation")
            }
            let name = try bytes.takeText(limit: ChatLimits.requestedNameBytes, field: "moderated")
            let seconds = try bytes.take(UInt32.self)
            let text = try bytes.takeText(limit: ChatLimits.explanationBytes, field: "moderation reason")
            return .moderate(action, name: name, seconds: seconds, text: text)
        case .follow: return .follow(try bytes.takePositions())
        case .typing: return .typing(in: try Place(from: &bytes))
        case .account: return .account(try bytes.takeBlock(limit: ChatLimits.accountStepBytes, field: "account step"))
        }
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(kind.rawValue)
        switch self {
        case .post(let line, let place):
            place.put(into: &bytes)
            line.put(into: &bytes)
        case .ask(let question, let label):
            bytes.put(label)
            question.put(into: &bytes)
        case .rename(let name): bytes.putText(name.cut(toBytes: ChatLimits.requestedNameBytes))
        case .away(let text): bytes.putText(text.cut(toBytes: ChatLimits.awayBytes))
        case .topic(let text, let place):
            place.put(into: &bytes)
            bytes.putText(text.cut(toBytes: ChatLimits.topicBytes))
        case .group(let action, let name, let person):
            bytes.append(action.rawValue)
            bytes.putText(name.cut(toBytes: ChatLimits.requestedNameBytes))
            bytes.putText(person.cut(toBytes: ChatLimits.requestedNameBytes))
        case .moderate(let action, let name, let seconds, let text):
            bytes.append(action.rawValue)
            bytes.putText(name.cut(toBytes: ChatLimits.requestedNameBytes))
            bytes.put(seconds)
            bytes.putText(text.cut(toBytes: ChatLimits.explanationBytes))
        case .follow(let positions): bytes.putPositions(positions)
        case .typing(let place): place.put(into: &bytes)
        case .account(let step): bytes.putBlock(step.prefix(ChatLimits.accountStepBytes))
        }
        return bytes
    }

    private var kind: Kind {
        switch self {
        case .post: .post
        case .ask: .ask
        case .rename: .rename
        case .away: .away
        case .topic: .topic
        case .group: .group
        case .moderate: .moderate
        case .follow: .follow
        case .typing: .typing
        case .account: .account
        }
    }
}
