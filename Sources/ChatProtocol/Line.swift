import Basics

/// What somebody says or does in a log. Numbers are those of entries of the same log.
package enum Line: Hashable, Sendable {
    /// Says a text; it obeys `MessageText`.
    case text(String)
    /// Does something, told in the third person (`:me waves`).
    case action(String)
    /// Says a text in answer to an entry.
    case reply(to: EntryNumber, String)
    /// Puts another text in the place of an own line's.
    case edit(EntryNumber, String)
    /// Takes an own line back.
    case delete(EntryNumber)
    /// Marks an entry with a sign, one for each person; an empty sign takes the mark back.
    case react(EntryNumber, String)

    /// The words that are said; nil for what only marks or takes back.
    package var text: String? {
        switch self {
        case .text(let text), .action(let text), .reply(_, let text), .edit(_, let text): text
        case .delete, .react: nil
        }
    }

    /// The entry that is meant; nil for what stands by itself.
    package var target: EntryNumber? {
        switch self {
        case .text, .action: nil
        case .reply(let number, _), .edit(let number, _), .delete(let number), .react(let number, _): number
        }
    }

    /// Whether it stands in the log as a line to read, and so counts as a message.
    package var isMessage: Bool {
        switch self {
        case .text, .action, .reply: true
        case .edit, .delete, .react: false
        }
    }

    /// The same line about the entry of another log that is the same line there.
    package func aimed(at number: EntryNumber) -> Line {
        switch self {
        case .text, .action: self
        case .reply(_, let text): .reply(to: number, text)
        case .edit(_, let text): .edit(number, text)
        case .delete: .delete(number)
        case .react(_, let sign): .react(number, sign)
        }
    }
}

/// On the wire a line is its kind and its fields. The kinds are those of log entries, so that an entry needs one byte
/// for both.
extension Line {
    enum Kind: UInt8 {
        case text = 1
        case action = 5
        case reply
        case edit
        case delete
        case react
    }

    var kind: Kind {
        switch self {
        case .text: .text
        case .action: .action
        case .reply: .reply
        case .edit: .edit
        case .delete: .delete
        case .react: .react
        }
    }

    init(_ kind: Kind, from bytes: inout Span<UInt8>) throws(WireError) {
        switch kind {
        case .text: self = .text(try bytes.takeMessageText())
        case .action: self = .action(try bytes.takeMessageText())
        case .reply:
            let number = try bytes.takeEntryNumber()
            self = .reply(to: number, try bytes.takeMessageText())
        case .edit:
            let number = try bytes.takeEntryNumber()
            self = .edit(number, try bytes.takeMessageText())
        case .delete: self = .delete(try bytes.takeEntryNumber())
        case .react:
            let number = try bytes.takeEntryNumber()
            let sign = try bytes.takeText(limit: ChatLimits.reactionBytes, field: "reaction")
            guard !sign.utf8.contains(0) else { throw .invalid(field: "reaction") }
            self = .react(number, sign)
        }
    }

    /// Reads the kind too.
    init(from bytes: inout Span<UInt8>) throws(WireError) {
        guard let kind = Kind(rawValue: try bytes.take(UInt8.self)) else { throw .invalid(field: "line kind") }
        try self.init(kind, from: &bytes)
    }

    func putFields(into bytes: inout [UInt8]) {
        if let target { bytes.putVarInt(target) }
        if let text { bytes.putText(text) }
        if case .react(_, let sign) = self { bytes.putText(sign.cut(toBytes: ChatLimits.reactionBytes)) }
    }

    /// Writes the kind too.
    func put(into bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        putFields(into: &bytes)
    }
}

extension Span<UInt8> {
    /// Takes the number of an entry that exists: from 1 on.
    mutating func takeEntryNumber() throws(WireError) -> EntryNumber {
        let number = try takeVarInt()
        guard number > 0 else { throw .invalid(field: "entry number") }
        return number
    }
}
