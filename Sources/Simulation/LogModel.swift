import Basics
import ChatProtocol

/// What one log holds, as the store took it: an entry that stands here once stands here for ever, whatever befalls the
/// server. A log that begins anew, or comes back from a backup, has another epoch and so another model.
struct LogModel: Sendable {
    struct Entry: Sendable {
        let number: EntryNumber
        let entry: LogEntry
    }

    let id: LogID
    let kind: LogKind
    let epoch: LogEpoch
    private(set) var entries: [Entry] = []
    /// Retention removed everything up to here.
    var trimmedThrough: EntryNumber = 0
    /// What an older store in the place of this one no longer had.
    private var lost: [ClosedRange<EntryNumber>] = []
    /// How often each text was appended.
    private var counts: [String: Int] = [:]

    init(_ log: StoredLog) {
        id = log.id
        kind = log.kind
        epoch = log.epoch
    }

    /// The newest number that was ever given.
    private var last: EntryNumber { entries.last?.number ?? 0 }

    /// The newest entry that is still there; 0 when there is none.
    var end: EntryNumber { entries.last { !isLost($0.number) }?.number ?? 0 }

    /// Whether an entry is no longer there.
    func isLost(_ number: EntryNumber) -> Bool { lost.contains { $0.contains(number) } }

    /// An older store took the place of this one: everything after that number is gone, and was true all the same.
    mutating func lose(after number: EntryNumber) {
        if last > number { lost.append(number + 1...last) }
    }

    /// Takes an entry that was stored.
    ///
    /// - Returns: how often its text, if it has one, stands in the log now.
    mutating func append(_ bytes: [UInt8], number: EntryNumber) throws(Breach) -> Int {
        guard number > last else { throw Breach("log \(id.rawValue) has \(number) after \(last)") }
        guard let entry = try? LogEntry(decoding: bytes.span) else { throw Breach("entry \(number) can't be read") }
        entries.append(Entry(number: number, entry: entry))
        guard let text = entry.line?.text else { return 0 }
        counts[text, default: 0] += 1
        return counts[text] ?? 0
    }

    /// How often that text was said.
    func count(of text: String) -> Int { counts[text] ?? 0 }

    /// The entry with that number.
    func entry(_ number: EntryNumber) -> LogEntry? {
        let index = firstIndex(above: number) - 1
        guard index >= 0, entries[index].number == number else { return nil }
        return entries[index].entry
    }

    /// The entries up to a number, the newest first.
    func backwards(from number: EntryNumber) -> ReversedCollection<ArraySlice<Entry>> {
        entries[..<firstIndex(above: number)].reversed()
    }

    /// How many messages have numbers up to and including `number`.
    func messages(through number: EntryNumber) -> Int {
        entries[..<firstIndex(above: number)].count { $0.entry.body.isMessage && !isLost($0.number) }
    }

    private func firstIndex(above number: EntryNumber) -> Int {
        entries.partitioningIndex { $0.number > number }
    }
}

/// All logs that ever were, and who typed what.
struct LogModels: Sendable {
    private(set) var all: [LogEpoch: LogModel] = [:]
    /// The epoch that each log has now.
    private var epochs: [LogID: LogEpoch] = [:]
    /// How often each text was typed, by whom.
    private var typed: [String: [String: Int]] = [:]
    /// Every name that somebody went by.
    private var names: [String: Set<String>] = [:]

    /// The room's log.
    var room: LogModel? { self[.room] }

    subscript(id: LogID) -> LogModel? { epochs[id].flatMap { all[$0] } }

    /// Every log there is now.
    var current: [LogID] { epochs.keys.sorted { $0.rawValue < $1.rawValue } }

    /// The log of that epoch.
    func log(_ epoch: LogEpoch) -> LogModel? { all[epoch] }

    /// How many messages the logs have, all together.
    var messageCount: Int { all.values.reduce(0) { $0 + $1.messages(through: $1.end) } }

    mutating func note(text: String, typedBy label: String) {
        typed[text, default: [:]][label, default: 0] += 1
    }

    mutating func note(name: String, of label: String) {
        names[label, default: []].insert(name)
    }

    /// Whether that person typed the text.
    func isTyped(_ text: String, by label: String) -> Bool { typed[text]?[label] != nil }

    /// Whether the person ever went by that name.
    func goes(_ label: String, by name: String) -> Bool { names[label]?.contains(name) == true }

    /// How often the text stands in logs of that kind, whatever became of them.
    func count(of text: String, in kind: LogKind) -> Int {
        all.values.reduce(0) { $0 + ($1.kind == kind ? $1.count(of: text) : 0) }
    }

    /// Takes what was stored.
    mutating func note(_ change: StoreChange) throws(Breach) {
        switch change {
        case .begin(let log): try begin(log)
        case .append(let entry):
            guard let epoch = epochs[entry.log] else { throw Breach("entry of log \(entry.log), which never began") }
            try append(entry.bytes, number: entry.number, to: epoch)
        case .drop(let id): epochs[id] = nil
        case .replace, .putSession, .mark, .deleteSession, .put, .delete, .count: return
        }
    }

    /// A log begins, under an epoch that no log ever had.
    mutating func begin(_ log: StoredLog) throws(Breach) {
        guard all[log.epoch] == nil else { throw Breach("log \(log.id.rawValue) has an epoch that was there before") }
        all[log.epoch] = LogModel(log)
        epochs[log.id] = log.epoch
    }

    /// What a store from elsewhere holds.
    mutating func adopt(_ log: StoredLog, _ items: [LogItem]) throws(Breach) {
        try begin(log)
        for item in items { try append(item.bytes, number: item.number, to: log.epoch) }
    }

    /// Everything of a log after a number is gone.
    mutating func lose(_ id: LogID, after number: EntryNumber) {
        guard let epoch = epochs[id] else { return }
        all[epoch]?.lose(after: number)
    }

    mutating func trim(_ id: LogID, through number: EntryNumber) {
        guard let epoch = epochs[id] else { return }
        all[epoch]?.trimmedThrough = number
    }

    private mutating func append(_ bytes: [UInt8], number: EntryNumber, to epoch: LogEpoch) throws(Breach) {
        let count = try all[epoch]?.append(bytes, number: number) ?? 0
        guard count > 0, let entry = all[epoch]?.entry(number), let text = entry.line?.text else { return }
        let authors = typed[text] ?? [:]
        guard count <= authors.values.reduce(0, +) else {
            throw Breach("entry \(number): \"\(text)\" is there \(count) times, and was not typed so often")
        }
        guard authors.keys.contains(where: { goes($0, by: entry.name) }) else {
            throw Breach("entry \(number): \(entry.name) did not type \"\(text)\"")
        }
    }
}

extension LogEntry {
    /// The line that was said, in the room, a group or to a person.
    var line: Line? {
        switch body {
        case .line(let line), .personal(let line, _, _): line
        case .joined, .left, .renamed, .topic, .away, .moderated, .group, .settled: nil
        }
    }
}
