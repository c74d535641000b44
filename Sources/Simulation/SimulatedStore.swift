import Basics
package import ChatProtocol

/// A store in memory with the rules of the real one: groups of changes are made whole and in order, what was not stored
/// when the process is killed is lost, and after that no number that somebody may have seen is given again.
package struct SimulatedStore: Sendable {
    private struct Log: Sendable {
        var log: StoredLog
        var entries: [StoredEntry] = []
        var end: EntryNumber = 0
        var trimmed: EntryNumber = 0
    }

    /// How many numbers are skipped after an unclean end; more than are ever under way at once in a world.
    private static let skippedNumbers: UInt64 = 10_000
    /// How many are skipped where the files are a copy.
    private static let skippedByCopy: UInt64 = 1_000_000

    private var logs: [LogID: Log] = [:]
    private var sessions: [MemberID: StoredSession] = [:]
    private var records: [Key: StoredRecord] = [:]
    private var counters: [String: UInt64] = [:]
    private var waiting: [[StoreChange]] = []
    private var isOpen = false
    /// The group stored last since the store was opened.
    package private(set) var storedThrough: UInt64 = 0
    /// A rule of the store that was broken by who uses it; nil while all is well.
    package private(set) var breach: String?

    private struct Key: Hashable {
        let collection: String
        let key: [UInt8]
    }

    package init() {}

    /// How many groups were handed in and are not stored.
    package var waitingGroups: Int { waiting.count }

    // MARK: Input

    /// Takes a group. Groups are numbered from 1 since `open`.
    package mutating func submit(_ changes: [StoreChange]) {
        waiting.append(changes)
    }

    /// Stores the first groups that wait.
    ///
    /// - Parameter onChange: told of each change, in order.
    /// - Returns: the number of the last one stored.
    package mutating func store(_ count: Int = .max, onChange: (StoreChange) -> Void = { _ in }) -> UInt64 {
        let count = min(max(0, count), waiting.count)
        for changes in waiting.prefix(count) {
            for change in changes {
                make(change)
                onChange(change)
            }
        }
        waiting.removeFirst(count)
        storedThrough += UInt64(count)
        return storedThrough
    }

    /// Opens the store as a server that starts.
    ///
    /// - Parameters:
    ///   - wasKilled: what waited is lost, and numbers are skipped; otherwise everything is stored.
    ///   - isCopy: it may be an older one in the place of a newer: more numbers are skipped.
    ///   - tail: how many of the newest entries of each log are loaded.
    package mutating func open(wasKilled: Bool, isCopy: Bool = false, tail: Int = 64) -> StoredState {
        if wasKilled { waiting.removeAll() } else { _ = store() }
        let isUnclean = wasKilled && isOpen
        isOpen = true
        storedThrough = 0
        if isUnclean || isCopy {
            let skipped = isCopy ? Self.skippedByCopy : Self.skippedNumbers
            for id in logs.keys { logs[id]?.end += skipped }
            for counter in counters.keys { counters[counter, default: 0] += skipped }
        }
        return StoredState(
            logs: logs.values.sorted { $0.log.id.rawValue < $1.log.id.rawValue }.map { log in
                LoadedLog(
                    log: log.log, end: log.end, trimmedThrough: log.trimmed,
                    tail: log.entries.suffix(tail).map(\.found),
                    isWhole: log.entries.count <= tail)
            },
            sessions: sessions.values.sorted { $0.member < $1.member },
            records: records.values.sorted {
                ($0.collection, $0.key.description) < ($1.collection, $1.key.description)
            },
            counters: counters, wasUnclean: isUnclean)
    }

    /// Opens a copy that was made while a server ran: what came later is gone, so its numbers are given again, under
    /// other epochs.
    package mutating func openBackup(using random: inout some RandomNumberGenerator) -> StoredState {
        for id in logs.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            logs[id]?.log.epoch = LogEpoch(rawValue: random.next())
        }
        isOpen = true
        return open(wasKilled: true)
    }

    /// Removes the oldest entries of each log, until so many are left; the newest always stays.
    ///
    /// - Returns: up to where which logs were cut.
    package mutating func trim(keeping count: Int) -> [(LogID, through: EntryNumber)] {
        var cuts: [(LogID, through: EntryNumber)] = []
        for id in logs.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let log = logs[id], log.entries.count > max(1, count) else { continue }
            let surplus = log.entries.count - max(1, count)
            let through = log.entries[surplus - 1].number
            logs[id]?.entries.removeFirst(surplus)
            logs[id]?.trimmed = through
            cuts.append((id, through))
        }
        return cuts
    }

    private mutating func make(_ change: StoreChange) {
        switch change {
        case .begin(let log):
            if logs[log.id] != nil { breach = "log \(log.id.rawValue) begins twice" }
            logs[log.id] = Log(log: log)
        case .drop(let id): logs[id] = nil
        case .append(let entry):
            guard let end = logs[entry.log]?.end else { return }
            if entry.number <= end { breach = "entry \(entry.number) of log \(entry.log.rawValue) after \(end)" }
            logs[entry.log]?.entries.append(entry)
            logs[entry.log]?.end = entry.number
        case .replace(let entry):
            let index = logs[entry.log]?.entries.firstIndex { $0.number == entry.number }
            if let index { logs[entry.log]?.entries[index] = entry }
        case .putSession(var session):
            let known = sessions[session.member]?.outbox ?? 0
            session.outbox = max(session.outbox, known)
            sessions[session.member] = session
        case .mark(let member, let number):
            let known = sessions[member]?.outbox ?? 0
            sessions[member]?.outbox = max(number, known)
        case .deleteSession(let member): sessions[member] = nil
        case .put(let record): records[Key(collection: record.collection, key: record.key)] = record
        case .delete(let collection, let key): records[Key(collection: collection, key: key)] = nil
        case .count(let counter, let value): counters[counter] = max(value, counters[counter] ?? 0)
        }
    }

    // MARK: Reading

    /// How many bytes the largest record has; 0 where there is none.
    package var largestRecord: Int { records.values.map(\.bytes.count).max() ?? 0 }

    /// The entries of a log after a number, until so many bytes are reached; at least one, where there is one.
    package func page(_ id: LogID, after number: EntryNumber, byteLimit: Int) -> LogPage {
        let entries = logs[id]?.entries ?? []
        var items: [LogItem] = []
        var bytes = 0
        for entry in entries[entries.partitioningIndex { $0.number > number }...] {
            guard bytes < byteLimit else { break }
            items.append(LogItem(number: entry.number, bytes: entry.bytes))
            bytes += entry.bytes.count
        }
        let isLast = (items.last?.number ?? number) >= (entries.last?.number ?? 0)
        return LogPage(log: id, items: items, isLast: isLast, trimmedThrough: logs[id]?.trimmed ?? 0)
    }

    /// The newest messages of a log before a number (0: of all), in the log's order.
    package func messages(_ id: LogID, before number: EntryNumber, limit: Int) -> [LogItem] {
        let entries = (logs[id]?.entries ?? []).filter { $0.text != nil && (number == 0 || $0.number < number) }
        return entries.suffix(limit).map(\.found)
    }

    /// The newest messages of a log with all these words, in the log's order.
    package func search(_ id: LogID, words: String, limit: Int) -> [LogItem] {
        let words = words.lowercased().split(separator: " ")
        let found = (logs[id]?.entries ?? []).filter { entry in
            guard let text = entry.text?.lowercased() else { return false }
            return words.allSatisfy { text.contains($0) }
        }
        return found.suffix(limit).map(\.found)
    }

    /// Every entry of a log, encoded.
    package func entries(of id: LogID) -> [LogItem] {
        (logs[id]?.entries ?? []).map { LogItem(number: $0.number, bytes: $0.bytes) }
    }
}

extension StoredEntry {
    /// As it is given to whoever asks for what it says now.
    fileprivate var found: LogItem {
        LogItem(number: number, bytes: bytes, searched: text.map { .text($0) } ?? .nothing)
    }
}
