package import Basics

/// One entry of a log: encoded once when it is appended, then carried to everybody as these bytes.
///
///     kind 1 | time 8 | member 4 | name text | outbox varint | body
///
/// The room and the groups have logs that many follow. Each account has an inbox besides, which only it follows: private
/// lines stand in the inboxes of both people, and what became of a request that left no other trace stands there too.
package struct LogEntry: Hashable, Sendable, WireValue {
    /// What happened.
    package enum Body: Hashable, Sendable {
        /// The member said or did something.
        case line(Line)
        /// The member came in.
        case joined
        /// The member is gone.
        case left(LeaveReason)
        /// The member goes by another name from here on; the entry's name is the old one.
        case renamed(to: String)
        /// The topic is this from here on; empty when there is none.
        case topic(String)
        /// The member is away, with a word about it, or, when it is empty, back.
        case away(String)
        /// An operator did something about `name`, or about the room when that is empty. `seconds` is how long it
        /// lasts, 0 when it has no end; `text` is the reason given.
        case moderated(Moderation, name: String, seconds: UInt32, text: String)
        /// Something happened to the group; `name` is the other person, where there is one, else empty.
        case group(GroupAction, name: String)
        /// In an inbox: a line from the entry's member to `to`. `twin` is the number of the same line in the other
        /// person's inbox; 0 for a line to oneself.
        case personal(Line, to: String, twin: EntryNumber)
        /// In an inbox: what became of the request whose number the entry has. `code` is nil when it was done.
        case settled(code: ErrorCode?, text: String)

        /// Somebody said this.
        package static func message(_ text: String) -> Body { .line(.text(text)) }

        /// Whether it counts as a message: a line to read.
        package var isMessage: Bool {
            switch self {
            case .line(let line), .personal(let line, _, _): line.isMessage
            case .joined, .left, .renamed, .topic, .away, .moderated, .group, .settled: false
            }
        }
    }

    /// When the server appended it; shown, never used for order.
    package var time: WallTime
    /// Whose entry it is; `MemberID.server` for the operator.
    package var member: MemberID
    /// The member's name then, at most `ChatLimits.nameBytes`.
    package var name: String
    /// The line's number in its client's outbox, 0 when it came from none. Member and number are the line's receipt.
    package var outbox: OutboxNumber
    /// What happened.
    package var body: Body

    package init(time: WallTime, member: MemberID, name: String, outbox: OutboxNumber = 0, body: Body) {
        self.time = time
        self.member = member
        self.name = name
        self.outbox = outbox
        self.body = body
    }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        let kind = try bytes.take(UInt8.self)
        time = WallTime(milliseconds: try bytes.take(Int64.self))
        member = MemberID(rawValue: try bytes.take(UInt32.self))
        name = try bytes.takeName(limit: ChatLimits.nameBytes, field: "name")
        outbox = try bytes.takeVarInt()
        if let kind = Line.Kind(rawValue: kind) {
            body = .line(try Line(kind, from: &bytes))
        } else {
            body = try Self.takeBody(kind, from: &bytes)
        }
        try bytes.expectEnd()
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(kind)
        bytes.put(time.milliseconds)
        bytes.put(member.rawValue)
        bytes.putText(name)
        bytes.putVarInt(outbox)
        putBody(into: &bytes)
        return bytes
    }

    /// Kinds beside those of lines.
    private enum Kind: UInt8 {
        case joined = 2
        case left
        case renamed
        case topic = 10
        case away
        case moderated
        case group
        case personal
        case settled
    }

    private var kind: UInt8 {
        switch body {
        case .line(let line): line.kind.rawValue
        case .joined: Kind.joined.rawValue
        case .left: Kind.left.rawValue
        case .renamed: Kind.renamed.rawValue
        case .topic: Kind.topic.rawValue
        case .away: Kind.away.rawValue
        case .moderated: Kind.moderated.rawValue
        case .group: Kind.group.rawValue
        case .personal: Kind.personal.rawValue
        case .settled: Kind.settled.rawValue
        }
    }

    private static func takeBody(_ kind: UInt8, from bytes: inout Span<UInt8>) throws(WireError) -> Body {
        switch Kind(rawValue: kind) {
        case .joined: return .joined
        case .left:
            guard let reason = LeaveReason(code: try bytes.take(UInt8.self)) else { throw .invalid(field: "reason") }
            return .left(reason)
        case .renamed: return .renamed(to: try bytes.takeName(limit: ChatLimits.nameBytes, field: "new name"))
        case .topic: return .topic(try bytes.takeText(limit: ChatLimits.topicBytes, field: "topic"))
        case .away: return .away(try bytes.takeText(limit: ChatLimits.awayBytes, field: "away"))
        case .moderated:
            guard let action = Moderation(rawValue: try bytes.take(UInt8.self)) else {
                throw .invalid(field: "moderation")
            }
            let name = try bytes.takeText(limit: ChatLimits.targetBytes, field: "moderated")
            let seconds = try bytes.take(UInt32.self)
            let text = try bytes.takeText(limit: ChatLimits.explanationBytes, field: "moderation reason")
            return .moderated(action, name: name, seconds: seconds, text: text)
        case .group:
            guard let action = GroupAction(rawValue: try bytes.take(UInt8.self)) else {
                throw .invalid(field: "group action")
            }
            return .group(action, name: try bytes.takeText(limit: ChatLimits.nameBytes, field: "group person"))
        case .personal:
            let name = try bytes.takeName(limit: ChatLimits.nameBytes, field: "recipient")
            let twin = try bytes.takeVarInt()
            return .personal(try Line(from: &bytes), to: name, twin: twin)
        case .settled:
            let code = try bytes.takeFlag(field: "settled") ? try bytes.takeErrorCode() : nil
            return .settled(
                code: code, text: try bytes.takeText(limit: ChatLimits.explanationBytes, field: "sentence"))
        case nil: throw .invalid(field: "entry kind")
        }
    }

    private func putBody(into bytes: inout [UInt8]) {
        switch body {
        case .line(let line): line.putFields(into: &bytes)
        case .joined: break
        case .left(let reason): bytes.append(reason.code)
        case .renamed(let newName): bytes.putText(newName)
        case .topic(let text): bytes.putText(text.cut(toBytes: ChatLimits.topicBytes))
        case .away(let text): bytes.putText(text.cut(toBytes: ChatLimits.awayBytes))
        case .moderated(let action, let name, let seconds, let text):
            bytes.append(action.rawValue)
            bytes.putText(name.cut(toBytes: ChatLimits.targetBytes))
            bytes.put(seconds)
            bytes.putText(text.cut(toBytes: ChatLimits.explanationBytes))
        case .group(let action, let name):
            bytes.append(action.rawValue)
            bytes.putText(name)
        case .personal(let line, let name, let twin):
            bytes.putText(name)
            bytes.putVarInt(twin)
            line.put(into: &bytes)
        case .settled(let code, let text):
            bytes.putFlag(code != nil)
            if let code { bytes.putText(code.rawValue) }
            bytes.putText(text.cut(toBytes: ChatLimits.explanationBytes))
        }
    }
}
