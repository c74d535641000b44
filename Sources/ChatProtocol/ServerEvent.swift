package import Basics

/// What the server tells one client beside the logs.
///
///     kind 1 | fields
package enum ServerEvent: Hashable, Sendable, WireValue {
    /// A piece of the list of members. Label 0 belongs to the login, others to the question with that label.
    case members(label: UInt32, names: [String], isLast: Bool)
    /// The request with this outbox number was not taken, for good; 0 when it concerns none. What is refused by a rule
    /// stands in the inbox instead; this is for what can't be stored.
    case rejected(outbox: OutboxNumber, code: ErrorCode, text: String)
    /// A sentence for the person.
    case notice(String)
    /// A log beside the room's is followed from here on.
    case log(LogAnnouncement)
    /// All logs of the account were announced.
    case followed
    /// A log is no longer followed: the person left the group or was put out.
    case unfollowed(LogID)
    /// What holds for the room and for the member in it.
    case facts(RoomFacts)
    /// The question with that label has no other answer than this.
    case failed(label: UInt32, code: ErrorCode, text: String)
    /// A piece of the answer to `people`.
    case people(label: UInt32, [Presence], isLast: Bool)
    /// A piece of the answer to `groups`.
    case groups(label: UInt32, [GroupSummary], isLast: Bool)
    /// A piece of the answer to `history` or `search`, in the log's order.
    case entries(label: UInt32, [NumberedEntry], isLast: Bool)
    /// The answer to `seen`: of `total` people, all have it but these; as many names as fit.
    case seen(label: UInt32, total: UInt32, missingCount: UInt32, missing: [String])
    /// Somebody is writing in the room, a group, or to the one who is told (`.person` with the writer's name).
    case typing(name: String, in: Place)
    /// A step of registering or signing in.
    case account([UInt8])
    /// A newer ticket to resume with, at most `ChatLimits.ticketBytes`.
    case ticket([UInt8])

    enum Kind: UInt8 {
        case members = 1
        case rejected
        case notice
        case log
        case followed
        case unfollowed
        case facts
        case failed
        case people
        case groups
        case entries
        case seen
        case typing
        case account
        case ticket
    }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        guard let kind = Kind(rawValue: try bytes.take(UInt8.self)) else { throw .invalid(field: "event kind") }
        self = try Self.take(kind, from: &bytes)
        try bytes.expectEnd()
    }

    /// The events that carry a whole list of names: each at most `ChatLimits.memberListBytes`, the last one marked; one
    /// event even when nobody is there.
    ///
    /// - Parameter names: each at most `ChatLimits.nameBytes`.
    package static func memberLists(label: UInt32, names: [String]) -> [ServerEvent] {
        pieces(of: names, size: { VarInt.length(of: UInt64($0.utf8.count)) + $0.utf8.count })
            .map { .members(label: label, names: $0, isLast: $1) }
    }

    /// The same for people.
    package static func peopleLists(label: UInt32, _ people: [Presence]) -> [ServerEvent] {
        pieces(of: people, size: { $0.name.utf8.count + $0.away.utf8.count + 20 })
            .map { .people(label: label, $0, isLast: $1) }
    }

    /// The same for groups.
    package static func groupLists(label: UInt32, _ groups: [GroupSummary]) -> [ServerEvent] {
        pieces(of: groups, size: { $0.name.utf8.count + 7 }).map { .groups(label: label, $0, isLast: $1) }
    }

    /// The same for entries. A piece with one large entry alone may be longer, but never above
    /// `ChatLimits.messageBytes`; an entry that would not fit even so is left out.
    package static func entryLists(label: UInt32, _ entries: [NumberedEntry]) -> [ServerEvent] {
        let fitting = entries.filter { $0.bytes.count <= ChatLimits.messageBytes - 64 }
        return pieces(of: fitting, size: { $0.bytes.count + 16 }).map { .entries(label: label, $0, isLast: $1) }
    }

    /// Cuts a list so that each piece, with what stands around it, stays within `ChatLimits.memberListBytes`, unless one
    /// element alone is larger.
    private static func pieces<Element>(
        of elements: [Element], size: (Element) -> Int
    ) -> [(piece: [Element], isLast: Bool)] {
        // Kind, label, flag, and the count at its longest.
        let overheadBytes = 1 + 4 + 1 + 8
        var pieces: [[Element]] = [[]]
        var usedBytes = overheadBytes
        for element in elements {
            let neededBytes = size(element)
            if usedBytes + neededBytes > ChatLimits.memberListBytes, !pieces[pieces.count - 1].isEmpty {
                pieces.append([])
                usedBytes = overheadBytes
            }
            pieces[pieces.count - 1].append(element)
            usedBytes += neededBytes
        }
        return pieces.indices.map { (pieces[$0], $0 == pieces.count - 1) }
    }
}
