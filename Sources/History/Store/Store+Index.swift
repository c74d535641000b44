import ChatProtocol

extension Store {
    /// Takes entries into the search index, those of one log after the other, in one transaction.
    ///
    /// The index is written behind the entries, in large pieces: FTS5 begins a new segment with each transaction and
    /// each step back to an earlier entry, and merging small segments costs more than all the rest. How far a log is
    /// indexed stands beside it, in the same transaction, so nothing is left out or taken twice after a crash.
    ///
    /// - Parameter limit: the most entries that are looked at.
    /// - Returns: whether more wait.
    mutating func index(limit: Int) throws(StoreError) -> Bool {
        var left = limit
        var changed: [LogID: LogState] = [:]
        do throws(StoreError) {
            try database.execute("BEGIN IMMEDIATE")
            for id in unindexedLogs.sorted(by: { $0.rawValue < $1.rawValue }) where left > 0 {
                guard var state = logs[id] else { continue }
                left -= try index(id, &state, limit: left)
                changed[id] = state
                try update(id, state)
            }
            try database.execute("COMMIT")
        } catch {
            database.rollBack()
            throw error
        }
        logs.merge(changed) { $1 }
        for (id, state) in changed where state.indexed >= state.end { unindexedLogs.remove(id) }
        unindexedEntries = unindexedLogs.isEmpty ? 0 : max(0, unindexedEntries - (limit - left))
        return !unindexedLogs.isEmpty
    }

    /// - Returns: how many entries were looked at.
    private func index(_ id: LogID, _ state: inout LogState, limit: Int) throws(StoreError) -> Int {
        let first = EntryID(id, state.indexed)
        try statements.indexBound.bind(1, first.rawValue)
        try statements.indexBound.bind(2, EntryID(id, state.end).rawValue)
        try statements.indexBound.bind(3, Int64(limit))
        guard try statements.indexBound.step() else { return 0 }
        let last = EntryID(rawValue: statements.indexBound.integer(0))
        let count = Int(statements.indexBound.integer(1))
        statements.indexBound.reset()
        if count > 0 { try Self.run(statements.index, from: first.rawValue, through: last.rawValue) }
        state.indexed = count < limit ? state.end : last.number
        return count
    }
}
