package import Basics

/// One entry of a log: encoded once when it is appended, then carried to everybody as these bytes.
///
///     kind 1 | time 8 | member 4 | name text | outbox varint | body
package struct LogEntry: Hashable, Sendable, WireValue {
    /// What happened.
    package enum Body: Hashable, Sendable {
        /// A line was said; the text obeys `MessageText`.
        case message(String)
        /// The member came in.
        case joined
        /// The member is gone.
        case left(LeaveReason)
        /// The member goes by another name from here on; the entry's name is the old one.
        case renamed(to: String)
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
        switch Kind(rawValue: kind) {
        case .message: body = .message(try bytes.takeMessageText())
        case .joined: body = .joined
        case .left:
            guard let reason = LeaveReason(code: try bytes.take(UInt8.self)) else { throw .invalid(field: "reason") }
            body = .left(reason)
        case .renamed: body = .renamed(to: try bytes.takeName(limit: ChatLimits.nameBytes, field: "new name"))
        case nil: throw .invalid(field: "entry kind")
        }
        try bytes.expectEnd()
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(kind.rawValue)
        bytes.put(time.milliseconds)
        bytes.put(member.rawValue)
        bytes.putText(name)
        bytes.putVarInt(outbox)
        switch body {
        case .message(let text): bytes.putText(text)
        case .joined: break
        case .left(let reason): bytes.append(reason.code)
        case .renamed(let newName): bytes.putText(newName)
        }
        return bytes
    }

    private enum Kind: UInt8 {
        case message = 1
        case joined
        case left
        case renamed
    }

    private var kind: Kind {
        switch body {
        case .message: .message
        case .joined: .joined
        case .left: .left
        case .renamed: .renamed
        }
    }
}
