package import Basics

/// What the server tells one client beside the log.
///
///     kind 1 | fields
package enum ServerEvent: Hashable, Sendable, WireValue {
    /// A piece of the list of members. Label 0 belongs to the login, others to the request with that label.
    case members(label: UInt32, names: [String], isLast: Bool)
    /// The line with this outbox number was not taken, for good; 0 when it concerns no line.
    case rejected(outbox: OutboxNumber, code: ErrorCode, text: String)
    /// A sentence for the person.
    case notice(String)
    /// A newer ticket to resume with, at most `ChatLimits.ticketBytes`.
    case ticket([UInt8])

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        switch Kind(rawValue: try bytes.take(UInt8.self)) {
        case .members: self = try Self.takeMembers(&bytes)
        case .rejected:
            let outbox = try bytes.takeVarInt()
            let code = try bytes.takeErrorCode()
            let text = try bytes.takeText(limit: ChatLimits.explanationBytes, field: "sentence")
            self = .rejected(outbox: outbox, code: code, text: text)
        case .notice: self = .notice(try bytes.takeText(limit: ChatLimits.textBytes, field: "notice"))
        case .ticket: self = .ticket(try bytes.takeBlock(limit: ChatLimits.ticketBytes, field: "ticket"))
        case nil: throw .invalid(field: "event kind")
        }
        try bytes.expectEnd()
    }

    /// The event's bytes; sentences longer than their limit are cut.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .members(let label, let names, let isLast):
            bytes.append(Kind.members.rawValue)
            bytes.put(label)
            bytes.putFlag(isLast)
            bytes.putVarInt(UInt64(names.count))
            for name in names { bytes.putText(name) }
        case .rejected(let outbox, let code, let text):
            bytes.append(Kind.rejected.rawValue)
            bytes.putVarInt(outbox)
            bytes.putText(code.rawValue)
            bytes.putText(text.cut(toBytes: ChatLimits.explanationBytes))
        case .notice(let text):
            bytes.append(Kind.notice.rawValue)
            bytes.putText(text.cut(toBytes: ChatLimits.textBytes))
        case .ticket(let ticket):
            bytes.append(Kind.ticket.rawValue)
            bytes.putBlock(ticket)
        }
        return bytes
    }

    /// The events that carry a whole list: each at most `ChatLimits.memberListBytes`, the last one marked; one event
    /// even when nobody is there.
    ///
    /// - Parameter names: each at most `ChatLimits.nameBytes`.
    package static func memberLists(label: UInt32, names: [String]) -> [ServerEvent] {
        // Kind, label, flag, and the count at its longest.
        let overheadBytes = 1 + 4 + 1 + 8
        var lists: [[String]] = [[]]
        var usedBytes = overheadBytes
        for name in names {
            let neededBytes = name.utf8.count + VarInt.length(of: UInt64(name.utf8.count))
            if usedBytes + neededBytes > ChatLimits.memberListBytes {
                lists.append([])
                usedBytes = overheadBytes
            }
            lists[lists.count - 1].append(name)
            usedBytes += neededBytes
        }
        return lists.indices.map { index in
            .members(label: label, names: lists[index], isLast: index == lists.count - 1)
        }
    }

    private static func takeMembers(_ bytes: inout Span<UInt8>) throws(WireError) -> ServerEvent {
        let label = try bytes.take(UInt32.self)
        let isLast = try bytes.takeFlag(field: "last")
        let count = try bytes.takeVarInt()
        // Every name takes at least two bytes, so a count that lies ends at the end of the input, not of the memory.
        var names: [String] = []
        while UInt64(names.count) < count {
            names.append(try bytes.takeName(limit: ChatLimits.nameBytes, field: "member name"))
        }
        return .members(label: label, names: names, isLast: isLast)
    }

    private enum Kind: UInt8 {
        case members = 1
        case rejected
        case notice
        case ticket
    }
}
