import ChatDomain
import ChatProtocol

/// What the log of one life of the server must be, as learned from what the server says that happens in the room: entry
/// number n is the nth observation.
struct RoomModel: Sendable {
    enum Entry: Hashable, Sendable {
        case message(from: String, text: String)
        case joined(String)
        case left(String, LeaveReason)
        case renamed(from: String, to: String)

        /// Whose coming, going or renaming it is; nil for a message.
        var crosser: String? {
            switch self {
            case .message: nil
            case .joined(let name), .left(let name, _), .renamed(_, let name): name
            }
        }
    }

    let epoch: LogEpoch
    private(set) var entries: [Entry] = []
    /// How often each text was appended.
    private var appended: [String: Int] = [:]

    init(epoch: LogEpoch) {
        self.epoch = epoch
    }

    var end: EntryNumber { EntryNumber(entries.count) }

    /// The entry with that number, 1...`end`.
    func entry(_ number: EntryNumber) throws(Breach) -> Entry {
        guard number >= 1, number <= end else { throw Breach("there is no entry \(number), the log ends at \(end)") }
        return entries[Int(number) - 1]
    }

    /// How often that name has said that text.
    func count(of text: String, from name: String) -> Int {
        appended[Self.key(text, name)] ?? 0
    }

    /// How many messages have numbers up to and including `number`.
    func messages(through number: EntryNumber) -> Int {
        entries.prefix(Int(number)).count { $0.crosser == nil }
    }

    /// Takes what the server says that happened.
    mutating func append(_ observation: RoomObservation) throws(Breach) {
        switch observation {
        case .refused, .group, .personal, .moderated, .topic: return
        case .joined(let name, _): entries.append(.joined(name))
        case .left(let name, let reason): entries.append(.left(name, reason))
        case .renamed(let old, let new): entries.append(.renamed(from: old, to: new))
        case .message(let id, let from, let text, _):
            entries.append(.message(from: from, text: text))
            appended[Self.key(text, from), default: 0] += 1
            guard id == end else { throw Breach("entry \(end) of the log has the number \(id)") }
        }
    }

    private static func key(_ text: String, _ name: String) -> String {
        "\(name)\0\(text)"
    }
}
