import Basics

/// What a client wants to know. Each question has a label, never 0, and is answered by one or several events with it.
///
///     kind 1 | fields
package enum Question: Hashable, Sendable {
    /// Who is in the room or a group. Answer: `members`.
    case members(of: Place)
    /// Who is in the room, and how their links are. Answer: `people`.
    case people
    /// Which groups there are, as far as the person may know. Answer: `groups`.
    case groups
    /// The last `count` messages of a place before the entry `before`; 0: the newest. Answer: `entries`.
    case history(of: Place, before: EntryNumber, count: Int)
    /// Messages of a place with all these words, the newest first. Answer: `entries`.
    case search(in: Place, words: String, count: Int)
    /// Who has an entry of a place. Answer: `seen`.
    case seen(in: Place, EntryNumber)

    private enum Kind: UInt8 {
        case members = 1
        case people
        case groups
        case history
        case search
        case seen
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        switch Kind(rawValue: try bytes.take(UInt8.self)) {
        case .members: self = .members(of: try Place(from: &bytes))
        case .people: self = .people
        case .groups: self = .groups
        case .history:
            let place = try Place(from: &bytes)
            let before = try bytes.takeVarInt()
            self = .history(of: place, before: before, count: try bytes.takeCount())
        case .search:
            let place = try Place(from: &bytes)
            let words = try bytes.takeName(limit: ChatLimits.searchBytes, field: "words")
            self = .search(in: place, words: words, count: try bytes.takeCount())
        case .seen:
            let place = try Place(from: &bytes)
            self = .seen(in: place, try bytes.takeEntryNumber())
        case nil: throw .invalid(field: "question")
        }
    }

    func put(into bytes: inout [UInt8]) {
        switch self {
        case .members(let place):
            bytes.append(Kind.members.rawValue)
            place.put(into: &bytes)
        case .people: bytes.append(Kind.people.rawValue)
        case .groups: bytes.append(Kind.groups.rawValue)
        case .history(let place, let before, let count):
            bytes.append(Kind.history.rawValue)
            place.put(into: &bytes)
            bytes.putVarInt(before)
            bytes.putCount(count)
        case .search(let place, let words, let count):
            bytes.append(Kind.search.rawValue)
            place.put(into: &bytes)
            bytes.putText(words.cut(toBytes: ChatLimits.searchBytes))
            bytes.putCount(count)
        case .seen(let place, let number):
            bytes.append(Kind.seen.rawValue)
            place.put(into: &bytes)
            bytes.putVarInt(number)
        }
    }
}

extension Span<UInt8> {
    /// Takes how many entries are wanted: 1...`ChatLimits.entriesPerAnswer`.
    fileprivate mutating func takeCount() throws(WireError) -> Int {
        let count = Int(try take(UInt16.self))
        guard (1...ChatLimits.entriesPerAnswer).contains(count) else { throw .invalid(field: "count") }
        return count
    }
}

extension [UInt8] {
    fileprivate mutating func putCount(_ count: Int) {
        put(UInt16(Swift.min(Swift.max(1, count), ChatLimits.entriesPerAnswer)))
    }
}
