import Basics
import ChatProtocol

extension Store {
    /// Reads what the server must know to go on where the last run ended.
    mutating func load() throws(StoreError) -> StoredState {
        var state = StoredState(wasUnclean: boot.wasUnclean, wasRestored: boot.wasRestored)
        state.logs = try loadLogs()
        let sessions = try database.prepare("SELECT member, outbox, bytes FROM sessions ORDER BY member")
        while try sessions.step() {
            let member = MemberID(rawValue: UInt32(truncatingIfNeeded: sessions.integer(0)))
            state.sessions.append(
                StoredSession(member: member, outbox: sessions.bits(1), bytes: sessions.bytes(2)))
        }
        let records = try database.prepare("SELECT collection, key, bytes FROM records ORDER BY collection, key")
        while try records.step() {
            state.records.append(
                StoredRecord(collection: records.text(0), key: records.bytes(1), bytes: records.bytes(2)))
        }
        let rows = try database.prepare("SELECT name, value, reserved FROM counters")
        while try rows.step() {
            counters[rows.text(0)] = CounterState(value: rows.bits(1), reserved: rows.bits(2))
            state.counters[rows.text(0)] = rows.bits(1)
        }
        return state
    }

    private mutating func loadLogs() throws(StoreError) -> [LoadedLog] {
        let rows = try database.prepare(
            """
            SELECT id, kind, key, epoch, last, reserved, trimmed, indexed, entries, bytes, dropped
            FROM logs ORDER BY id
            """)
        let entries = try database.prepare(
            "SELECT id, bytes, text FROM entries WHERE id > ?1 AND id <= ?2 ORDER BY id DESC LIMIT ?3")
        var loaded: [LoadedLog] = []
        while try rows.step() {
            let id = LogID(rawValue: UInt32(truncatingIfNeeded: rows.integer(0)))
            guard let kind = LogKind(rawValue: UInt8(truncatingIfNeeded: rows.integer(1))) else {
                throw .corrupt(path: database.path, detail: "log \(id.rawValue) is of no known kind", copy: nil)
            }
            let state = LogState(
                kind: kind, end: rows.bits(4), reserved: rows.bits(5), trimmed: rows.bits(6), indexed: rows.bits(7),
                entries: rows.integer(8), bytes: rows.integer(9), isDropped: rows.integer(10) != 0)
            logs[id] = state
            guard !state.isDropped else { continue }
            if state.indexed < state.end {
                unindexedLogs.insert(id)
                unindexedEntries += Int(clamping: state.end - state.indexed)
            }
            let log = StoredLog(id: id, kind: kind, key: rows.bytes(2), epoch: LogEpoch(rawValue: rows.bits(3)))
            let (tail, isWhole) = try tail(of: id, state, reading: entries)
            loaded.append(
                LoadedLog(log: log, end: state.end, trimmedThrough: state.trimmed, tail: tail, isWhole: isWhole))
        }
        return loaded
    }

    /// The newest entries of a log, within the bounds of its kind.
    private func tail(
        of id: LogID, _ state: LogState, reading entries: Statement
    ) throws(StoreError) -> (items: [LogItem], isWhole: Bool) {
        let bounds = configuration.tails[state.kind] ?? HistoryConfiguration.Tail(entries: 0, bytes: 0)
        guard bounds.entries > 0 else { return ([], state.entries == 0) }
        try entries.bind(1, EntryID(id, state.trimmed).rawValue)
        try entries.bind(2, EntryID.last(of: id).rawValue)
        try entries.bind(3, Int64(bounds.entries))
        var items: [LogItem] = []
        var bytes = 0
        while try entries.step() {
            let item = entries.foundItem
            bytes += item.bytes.count
            guard bytes <= bounds.bytes else {
                entries.reset()
                break
            }
            items.append(item)
        }
        items.reverse()
        return (items, items.count == state.entries)
    }
}
