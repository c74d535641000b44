import ChatClient
import ChatProtocol
import Sentences

/// What one person said, and what became of it: each line is receipted once, in order, or refused.
struct SaidLines: Sendable {
    /// Where something was said.
    enum Place: Hashable, Sendable {
        case room
        case group(String)
        case person

        init(_ place: ShownPlace) {
            switch place {
            case .room: self = .room
            case .group(let title): self = .group(title.lowercased())
            case .person: self = .person
            }
        }

        /// The kind of log that it goes into.
        var kind: LogKind {
            switch self {
            case .room: .room
            case .group: .group
            case .person: .inbox
            }
        }
    }

    private struct Said: Sendable {
        let text: String
        let typed: String
        let place: Place
        /// A later line to the same place has its receipt: this one can only have been refused.
        var isPassed = false
    }

    private var waiting: [Said] = []
    private var receipted: Set<String> = []
    /// Receipts that the person saw in the last moment of a run that was killed may be seen again.
    private var repeatable: Set<String> = []
    /// How often something that was asked for did not happen.
    var errors = 0
    /// Whether the last run was killed.
    var wasKilled = false

    mutating func say(_ text: String, typed: String, to place: Place) {
        waiting.append(Said(text: text, typed: typed, place: place))
    }

    /// A later run begins.
    mutating func beginRun() {
        repeatable = wasKilled ? receipted : []
        wasKilled = false
    }

    /// These lines had no number yet when the program was killed.
    mutating func forget(_ typed: [String]) {
        for line in typed {
            if let index = waiting.lastIndex(where: { $0.typed == line }) { waiting.remove(at: index) }
        }
    }

    /// - Parameter isSeen: whether the entry itself was seen; otherwise the receipt was told at a login.
    mutating func receipt(_ text: String, isSeen: Bool, in place: ShownPlace) throws(Breach) {
        let place = Place(place)
        guard let index = waiting.firstIndex(where: { $0.text == text && $0.place == place }) else {
            guard repeatable.remove(text) != nil else {
                throw Breach("the receipt for \"\(text)\" is one too many")
            }
            return
        }
        guard !waiting[index].isPassed || !isSeen else {
            throw Breach("the receipt for \"\(text)\" comes after that of a later line")
        }
        waiting.remove(at: index)
        receipted.insert(text)
        for earlier in waiting.indices.prefix(index) where isSeen && waiting[earlier].place == place {
            waiting[earlier].isPassed = true
        }
    }

    /// Retention can remove a refusal before it was seen. Then the client says of a line that nobody knows its fate.
    mutating func noteFateUnknown(_ notice: String) {
        guard notice.hasPrefix(Self.fateUnknown) else { return }
        waiting.removeAll { notice == Self.fateUnknown + $0.typed }
    }

    private static let fateUnknown = Language.english.chat.fateUnknown("")

    /// What has no receipt was refused, and stands in no log.
    func checkSettled(_ models: LogModels) throws(Breach) {
        guard waiting.count <= errors else {
            let text = waiting.first?.text ?? ""
            throw Breach("\(waiting.count) lines have no receipt, \(errors) errors were shown: \(text)")
        }
        for said in waiting where models.count(of: said.text, in: said.place.kind) > 0 {
            throw Breach("\"\(said.text)\" is in the log and has no receipt")
        }
    }
}
