import Basics
import ChatProtocol

extension Store {
    /// How much of each log is kept from now on.
    mutating func setRetention(_ rules: [LogKind: HistoryConfiguration.Retention]) {
        configuration.retention = rules
    }

    /// The logs that retention may have something to do in.
    var trimmableLogs: [LogID] {
        logs.filter { $1.isDropped || configuration.retention[$1.kind] != nil }.keys.sorted {
            $0.rawValue < $1.rawValue
        }
    }

    /// Removes the oldest entries of a log that are too old or too many, a few at a time; the newest always stays,
    /// except in a log that was dropped.
    ///
    /// An entry's age is counted by its own time against `now`, and the oldest that may stay ends the search: one that
    /// was written under a clock that ran ahead holds up those behind it until its time has come.
    ///
    /// - Returns: whether there may be more to remove.
    mutating func trim(_ id: LogID, at now: WallTime) throws(StoreError) -> Bool {
        guard var state = logs[id] else { return false }
        let slice = try surplus(of: id, state, at: now)
        guard slice.count > 0 || state.isDropped else { return false }
        let isGone = state.isDropped && slice.count == state.entries
        let indexed = EntryID(id, state.indexed).rawValue
        let first = EntryID(id, state.trimmed).rawValue
        let last = EntryID(id, slice.last).rawValue
        state.trimmed = max(state.trimmed, slice.last)
        state.indexed = max(state.indexed, state.trimmed)
        state.entries -= Int64(slice.count)
        state.bytes -= slice.bytes
        do throws(StoreError) {
            try database.execute("BEGIN IMMEDIATE")
            if min(last, indexed) > first { try Self.run(statements.unindex, from: first, through: min(last, indexed)) }
            try Self.run(statements.removeEntries, from: first, through: last)
            if isGone {
                try statements.removeLog.bind(1, Int64(id.rawValue))
                try statements.removeLog.run()
            } else {
                try update(id, state)
            }
            try database.execute("COMMIT")
        } catch {
            database.rollBack()
            throw error
        }
        logs[id] = isGone ? nil : state
        try database.execute("PRAGMA incremental_vacuum(\(HistoryLimits.vacuumPages))")
        return slice.count == HistoryLimits.trimSlice
    }

    /// The oldest entries that need not stay, at most a slice of them.
    private func surplus(
        of id: LogID, _ state: LogState, at now: WallTime
    ) throws(StoreError) -> (last: EntryNumber, count: Int, bytes: Int64) {
        let rule = configuration.retention[state.kind] ?? HistoryConfiguration.Retention()
        let oldestTime = rule.age.map { now.milliseconds - $0.wholeNanoseconds / 1_000_000 }
        var slice = (last: state.trimmed, count: 0, bytes: Int64(0))
        try statements.oldest.bind(1, EntryID(id, state.trimmed).rawValue)
        try statements.oldest.bind(2, EntryID.last(of: id).rawValue)
        try statements.oldest.bind(3, Int64(HistoryLimits.trimSlice))
        while try statements.oldest.step() {
            let entries = state.entries - Int64(slice.count)
            let isOld = oldestTime.map { statements.oldest.integer(1) < $0 } ?? false
            let isSurplus =
                isOld || entries > rule.entries.map(Int64.init) ?? .max
                || state.bytes - slice.bytes > rule.bytes.map(Int64.init) ?? .max
            guard state.isDropped || (isSurplus && entries > 1) else {
                statements.oldest.reset()
                break
            }
            slice.last = EntryID(rawValue: statements.oldest.integer(0)).number
            slice.count += 1
            slice.bytes += statements.oldest.integer(2)
        }
        return slice
    }
}
