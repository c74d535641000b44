import Basics

/// How events stand on the wire.
extension ServerEvent {
    /// The event's bytes; sentences longer than their limit are cut.
    package func encoded() -> [UInt8] {
        var bytes = [kind.rawValue]
        switch self {
        case .members(let label, let names, let isLast):
            bytes.putList(names, label: label, isLast: isLast) { $1.putText($0) }
        case .rejected(let outbox, let code, let text):
            bytes.putVarInt(outbox)
            bytes.putText(code.rawValue)
            bytes.putText(text.cut(toBytes: ChatLimits.explanationBytes))
        case .notice(let text): bytes.putText(text.cut(toBytes: ChatLimits.textBytes))
        case .log(let announcement): announcement.put(into: &bytes)
        case .followed: break
        case .unfollowed(let log): bytes.put(log.rawValue)
        case .facts(let facts): facts.put(into: &bytes)
        case .failed(let label, let code, let text):
            bytes.put(label)
            bytes.putText(code.rawValue)
            bytes.putText(text.cut(toBytes: ChatLimits.explanationBytes))
        case .people(let label, let people, let isLast):
            bytes.putList(people, label: label, isLast: isLast) { $0.put(into: &$1) }
        case .groups(let label, let groups, let isLast):
            bytes.putList(groups, label: label, isLast: isLast) { $0.put(into: &$1) }
        case .entries(let label, let entries, let isLast):
            bytes.putList(entries, label: label, isLast: isLast) { $0.put(into: &$1) }
        case .seen(let label, let total, let missingCount, let missing):
            bytes.put(label)
            bytes.put(total)
            bytes.put(missingCount)
            bytes.putVarInt(UInt64(missing.count))
            for name in missing { bytes.putText(name) }
        case .typing(let name, let place):
            bytes.putText(name)
            place.put(into: &bytes)
        case .account(let step): bytes.putBlock(step.prefix(ChatLimits.accountStepBytes))
        case .ticket(let ticket): bytes.putBlock(ticket)
        }
        return bytes
    }

    static func take(_ kind: Kind, from bytes: inout Span<UInt8>) throws(WireError) -> ServerEvent {
        switch kind {
        case .members:
            let list = try bytes.takeList { (bytes) throws(WireError) in
                try bytes.takeName(limit: ChatLimits.nameBytes, field: "member name")
            }
            return .members(label: list.label, names: list.elements, isLast: list.isLast)
        case .rejected:
            let outbox = try bytes.takeVarInt()
            let code = try bytes.takeErrorCode()
            return .rejected(outbox: outbox, code: code, text: try bytes.takeSentence())
        case .notice: return .notice(try bytes.takeText(limit: ChatLimits.textBytes, field: "notice"))
        case .log: return .log(try LogAnnouncement(from: &bytes))
        case .followed: return .followed
        case .unfollowed: return .unfollowed(LogID(rawValue: try bytes.take(UInt32.self)))
        case .facts: return .facts(try RoomFacts(from: &bytes))
        case .failed:
            let label = try bytes.take(UInt32.self)
            let code = try bytes.takeErrorCode()
            return .failed(label: label, code: code, text: try bytes.takeSentence())
        case .people, .groups, .entries: return try takeAnswer(kind, from: &bytes)
        case .seen: return try takeSeen(from: &bytes)
        case .typing:
            let name = try bytes.takeName(limit: ChatLimits.nameBytes, field: "writer")
            return .typing(name: name, in: try Place(from: &bytes))
        case .account: return .account(try bytes.takeBlock(limit: ChatLimits.accountStepBytes, field: "account step"))
        case .ticket: return .ticket(try bytes.takeBlock(limit: ChatLimits.ticketBytes, field: "ticket"))
        }
    }

    private static func takeAnswer(_ kind: Kind, from bytes: inout Span<UInt8>) throws(WireError) -> ServerEvent {
        switch kind {
        case .people:
            let list = try bytes.takeList { (bytes) throws(WireError) in try Presence(from: &bytes) }
            return .people(label: list.label, list.elements, isLast: list.isLast)
        case .groups:
            let list = try bytes.takeList { (bytes) throws(WireError) in try GroupSummary(from: &bytes) }
            return .groups(label: list.label, list.elements, isLast: list.isLast)
        default:
            let list = try bytes.takeList { (bytes) throws(WireError) in try NumberedEntry(from: &bytes) }
            return .entries(label: list.label, list.elements, isLast: list.isLast)
        }
    }

    private static func takeSeen(from bytes: inout Span<UInt8>) throws(WireError) -> ServerEvent {
        let label = try bytes.take(UInt32.self)
        let total = try bytes.take(UInt32.self)
        let missingCount = try bytes.take(UInt32.self)
        guard missingCount <= total else { throw .invalid(field: "missing") }
        let count = try bytes.takeVarInt()
        guard count <= UInt64(missingCount) else { throw .invalid(field: "missing names") }
        var missing: [String] = []
        while UInt64(missing.count) < count {
            missing.append(try bytes.takeName(limit: ChatLimits.nameBytes, field: "missing name"))
        }
        return .seen(label: label, total: total, missingCount: missingCount, missing: missing)
    }

    private var kind: Kind {
        switch self {
        case .members: .members
        case .rejected: .rejected
        case .notice: .notice
        case .log: .log
        case .followed: .followed
        case .unfollowed: .unfollowed
        case .facts: .facts
        case .failed: .failed
        case .people: .people
        case .groups: .groups
        case .entries: .entries
        case .seen: .seen
        case .typing: .typing
        case .account: .account
        case .ticket: .ticket
        }
    }
}

extension Span<UInt8> {
    /// Takes the sentence that explains an error.
    fileprivate mutating func takeSentence() throws(WireError) -> String {
        try takeText(limit: ChatLimits.explanationBytes, field: "sentence")
    }

    /// Takes a piece of a list: label 4, last 1, a count, the elements.
    fileprivate mutating func takeList<Item>(
        _ element: (inout Span<UInt8>) throws(WireError) -> Item
    ) throws(WireError) -> (label: UInt32, elements: [Item], isLast: Bool) {
        let label = try take(UInt32.self)
        let isLast = try takeFlag(field: "last")
        let count = try takeVarInt()
        // Every element takes at least two bytes, so a count that lies ends at the end of the input, not of the memory.
        var elements: [Item] = []
        while UInt64(elements.count) < count { elements.append(try element(&self)) }
        return (label, elements, isLast)
    }
}

extension [UInt8] {
    fileprivate mutating func putList<Item>(
        _ elements: [Item], label: UInt32, isLast: Bool, put: (Item, inout [UInt8]) -> Void
    ) {
        self.put(label)
        putFlag(isLast)
        putVarInt(UInt64(elements.count))
        for element in elements { put(element, &self) }
    }
}
