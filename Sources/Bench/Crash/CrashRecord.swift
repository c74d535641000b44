import ChatClient
import ChatProtocol

/// What a trial found to be wrong.
struct CrashFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where a line of a trial went.
enum CrashPlace: Hashable {
    case room
    case group
    /// To the client of that number.
    case person(Int)
}

/// Everything that was typed and shown: each entry once and for all under its number, each line of the round once.
struct CrashRecord {
    /// A log as somebody sees it: the room's and the group's are one for all, inboxes differ.
    enum Log: Hashable {
        case room
        case group
        case inbox(Int)
    }

    struct Entry: Hashable {
        let from: String
        let text: String
    }

    struct Typed {
        let author: Int
        let place: CrashPlace
    }

    /// What was shown of each log under which number, by anybody, at any time.
    private(set) var shown: [Log: [EntryNumber: Entry]] = [:]
    /// Everything that was ever typed.
    private(set) var typed: [String: Typed] = [:]
    /// The lines of the round at hand, in the order of typing.
    private var round: [String] = []
    private var receipts: [String: EntryNumber] = [:]
    private var heard: [String: Set<Int>] = [:]

    mutating func beginRound() {
        round.removeAll(keepingCapacity: true)
    }

    mutating func type(_ text: String, by author: Int, to place: CrashPlace) {
        typed[text] = Typed(author: author, place: place)
        round.append(text)
    }

    /// Somebody was shown a line under a number.
    mutating func show(_ entry: Entry, _ number: EntryNumber, in log: Log) throws(CrashFault) {
        let known = shown[log, default: [:]].updateValue(entry, forKey: number)
        guard known == nil || known == entry else {
            throw CrashFault("number \(number) was \(String(describing: known)) and is \(entry)")
        }
        guard typed[entry.text] != nil else { throw CrashFault("nobody typed \(entry)") }
    }

    /// - Parameter mayRepeat: the client was killed, and may be shown again what it had seen last.
    mutating func receipt(
        _ text: String, _ number: EntryNumber, by client: Int, mayRepeat: Bool
    ) throws(CrashFault) {
        guard let line = typed[text], line.author == client else {
            throw CrashFault("a receipt for \(text), not typed")
        }
        let earlier = receipts.updateValue(number, forKey: text)
        guard earlier == nil || (mayRepeat && earlier == number) else {
            throw CrashFault("\(text) was receipted as \(earlier ?? 0) and as \(number)")
        }
    }

    /// - Parameter mayRepeat: it came as history after the client was killed.
    mutating func hear(_ text: String, by client: Int, mayRepeat: Bool) throws(CrashFault) {
        guard heard[text, default: []].insert(client).inserted || mayRepeat else {
            throw CrashFault("\(text) came twice")
        }
    }

    /// What of the round's lines is not where it should be yet; nil when everything is.
    func missing(clients: Int) -> String? {
        for text in round {
            guard let line = typed[text] else { continue }
            guard receipts[text] != nil else { return "\(text) has no receipt" }
            let listeners: [Int] =
                switch line.place {
                case .room, .group: Array(0..<clients)
                case .person(let other): [other]
                }
            for listener in listeners where listener != line.author {
                guard heard[text]?.contains(listener) == true else { return "\(text) was not shown to \(listener)" }
            }
        }
        return nil
    }

    /// The number that a line was receipted under.
    func receipt(of text: String) -> EntryNumber? { receipts[text] }
}
