import Basics
import ChatProtocol

/// What is known about the logs and counters if the transaction at hand succeeds.
struct StoreDraft {
    var logs: [LogID: LogState] = [:]
    var counters: [String: Store.CounterState] = [:]
    /// The highest line per session: a busy member's mark is written once a transaction.
    var marks: [MemberID: OutboxNumber] = [:]
    /// Something was reserved, so the transaction must be on the disk before anybody sees its entries.
    var mustSync = false
    var appended = 0
}

extension Store {
    /// Stores groups of changes in one transaction, in order.
    ///
    /// A group that no store could make is left out as a whole and its fault returned under its index; it is a fault of
    /// the domain. Any other error is thrown, and nothing of all the groups is stored then.
    mutating func write(_ groups: [[StoreChange]]) throws(StoreError) -> [Int: InvalidChange] {
        var draft = StoreDraft()
        var faults: [Int: InvalidChange] = [:]
        for (index, group) in groups.enumerated() {
            if let fault = check(group, &draft) { faults[index] = fault }
        }
        let syncsApart = draft.mustSync && configuration.durability == .process && configuration.location != .memory
        if syncsApart { try database.execute("PRAGMA synchronous = FULL") }
        defer { if syncsApart { try? database.execute("PRAGMA synchronous = NORMAL") } }
        do throws(StoreError) {
            try database.execute("BEGIN IMMEDIATE")
            for (index, group) in groups.enumerated() where faults[index] == nil {
                for change in group { try apply(change, &draft) }
            }
            try applyTotals(&draft)
            if draft.mustSync { try database.execute("UPDATE state SET value = value + 1 WHERE name = 'mark'") }
            try database.execute("COMMIT")
        } catch {
            database.rollBack()
            throw error
        }
        if draft.mustSync {
            mark += 1
            lock?.write(mark: mark)
        }
        accept(draft)
        return faults
    }

    private mutating func accept(_ draft: StoreDraft) {
        for (id, state) in draft.logs {
            logs[id] = state
            if state.isDropped {
                unindexedLogs.remove(id)
            } else if state.indexed < state.end {
                unindexedLogs.insert(id)
            }
        }
        counters.merge(draft.counters) { $1 }
        unindexedEntries += draft.appended
    }

    // MARK: Checking

    /// Looks for a change that can't be made, and takes note of what the group does to logs and counters.
    ///
    /// After a fault the draft may count numbers as used that are not: numbers may jump.
    private func check(_ group: [StoreChange], _ draft: inout StoreDraft) -> InvalidChange? {
        guard group.count <= StoreLimits.changesOfGroup else { return .tooLarge }
        // Logs first, so that a fault behind the beginning of a log leaves nothing of it.
        var begun: [LogID] = []
        for change in group {
            guard let fault = check(change, &draft, &begun) else { continue }
            for id in begun { draft.logs[id] = nil }
            return fault
        }
        return nil
    }

    private func check(_ change: StoreChange, _ draft: inout StoreDraft, _ begun: inout [LogID]) -> InvalidChange? {
        switch change {
        case .begin(let log):
            guard (1...StoreLimits.logs).contains(log.id.rawValue), state(log.id, draft) == nil else {
                return .logTaken
            }
            guard log.key.count <= StoreLimits.keyBytes else { return .tooLarge }
            // Reserved without a sync: if the beginning is lost, the epoch that the numbers were shown under is as well.
            draft.logs[log.id] = LogState(
                kind: log.kind, end: 0, reserved: HistoryLimits.firstReservation, trimmed: 0, indexed: 0, entries: 0,
                bytes: 0)
            begun.append(log.id)
        case .drop(let id):
            guard var state = state(id, draft), !state.isDropped else { return .unknownLog }
            state.isDropped = true
            draft.logs[id] = state
        case .append(let entry):
            return checkAppend(entry, &draft)
        case .replace(let entry):
            guard let state = state(entry.log, draft), !state.isDropped else { return .unknownLog }
            guard Self.fits(entry) else { return .tooLarge }
        case .putSession(let session):
            guard session.bytes.count <= StoreLimits.recordBytes else { return .tooLarge }
        case .mark, .deleteSession, .delete: break
        case .put(let record):
            guard record.bytes.count <= StoreLimits.recordBytes, record.key.count <= StoreLimits.keyBytes,
                record.collection.utf8.count <= StoreLimits.collectionBytes
            else { return .tooLarge }
        case .count(let name, let value):
            guard name.utf8.count <= StoreLimits.collectionBytes, value <= VarInt.max else { return .tooLarge }
            checkCount(name, value, &draft)
        }
        return nil
    }

    private func checkAppend(_ entry: StoredEntry, _ draft: inout StoreDraft) -> InvalidChange? {
        guard var state = state(entry.log, draft), !state.isDropped else { return .unknownLog }
        guard entry.number > state.end, entry.number <= StoreLimits.entryNumber else { return .numberTaken }
        guard Self.fits(entry) else { return .tooLarge }
        state.end = entry.number
        state.entries += 1
        state.bytes += Int64(entry.bytes.count)
        if entry.number > state.reserved {
            state.reserve(through: entry.number)
            draft.mustSync = true
        }
        draft.logs[entry.log] = state
        draft.appended += 1
        return nil
    }

    private func checkCount(_ name: String, _ value: UInt64, _ draft: inout StoreDraft) {
        var counter = draft.counters[name] ?? counters[name] ?? CounterState(value: 0, reserved: 0)
        counter.value = max(counter.value, value)
        if counter.value > counter.reserved {
            counter.reserved = counter.value + HistoryLimits.firstReservation
            draft.mustSync = true
        }
        draft.counters[name] = counter
    }

    private func state(_ id: LogID, _ draft: StoreDraft) -> LogState? { draft.logs[id] ?? logs[id] }

    private static func fits(_ entry: StoredEntry) -> Bool {
        entry.bytes.count <= ChatLimits.messageBytes && (entry.text?.utf8.count ?? 0) <= ChatLimits.messageBytes
    }

    // MARK: Applying

    private mutating func apply(_ change: StoreChange, _ draft: inout StoreDraft) throws(StoreError) {
        switch change {
        case .begin(let log):
            try statements.beginLog.bind(1, Int64(log.id.rawValue))
            try statements.beginLog.bind(2, Int64(log.kind.rawValue))
            try statements.beginLog.bind(3, log.key)
            try statements.beginLog.bind(4, bits: log.epoch.rawValue)
            try statements.beginLog.run()
        case .append(let entry):
            try statements.append.bind(1, EntryID(entry.log, entry.number).rawValue)
            try statements.append.bind(2, entry.time.milliseconds)
            try statements.append.bind(3, entry.bytes)
            try statements.append.bind(4, entry.text)
            try statements.append.run()
        case .replace(let entry):
            try replace(entry, &draft)
        case .putSession(let session):
            try applyMark(of: session.member, &draft)
            try statements.putSession.bind(1, Int64(session.member.rawValue))
            try statements.putSession.bind(2, bits: min(session.outbox, VarInt.max))
            try statements.putSession.bind(3, session.bytes)
            try statements.putSession.run()
        case .mark(let member, let number):
            draft.marks[member] = max(draft.marks[member] ?? 0, min(number, VarInt.max))
        case .deleteSession(let member):
            draft.marks[member] = nil
            try statements.deleteSession.bind(1, Int64(member.rawValue))
            try statements.deleteSession.run()
        case .put(let record):
            try statements.put.bind(1, record.collection)
            try statements.put.bind(2, record.key)
            try statements.put.bind(3, record.bytes)
            try statements.put.run()
        case .delete(let collection, let key):
            try statements.delete.bind(1, collection)
            try statements.delete.bind(2, key)
            try statements.delete.run()
        case .drop, .count: break  // Written with the totals.
        }
    }

    /// An entry that is indexed leaves the index by its old text and enters it by the new one.
    private func replace(_ entry: StoredEntry, _ draft: inout StoreDraft) throws(StoreError) {
        let id = EntryID(entry.log, entry.number).rawValue
        try statements.oldest.bind(1, id - 1)
        try statements.oldest.bind(2, id)
        try statements.oldest.bind(3, 1)
        guard var state = state(entry.log, draft), try statements.oldest.step() else { return }
        state.bytes += Int64(entry.bytes.count) - statements.oldest.integer(2)
        statements.oldest.reset()
        draft.logs[entry.log] = state
        let isIndexed = entry.number <= state.indexed
        if isIndexed { try Self.run(statements.unindex, from: id - 1, through: id) }
        try statements.replace.bind(1, id)
        try statements.replace.bind(2, entry.bytes)
        try statements.replace.bind(3, entry.text)
        try statements.replace.run()
        if isIndexed { try Self.run(statements.index, from: id - 1, through: id) }
    }

    /// What is written once a transaction, however many changes it has.
    private func applyTotals(_ draft: inout StoreDraft) throws(StoreError) {
        for (id, state) in draft.logs { try update(id, state) }
        for member in Array(draft.marks.keys) { try applyMark(of: member, &draft) }
        for (name, counter) in draft.counters {
            try statements.count.bind(1, name)
            try statements.count.bind(2, bits: counter.value)
            try statements.count.bind(3, bits: counter.reserved)
            try statements.count.run()
        }
    }

    /// Writes the mark that was kept back. A session that there is none of has no mark.
    private func applyMark(of member: MemberID, _ draft: inout StoreDraft) throws(StoreError) {
        guard let number = draft.marks.removeValue(forKey: member) else { return }
        try statements.mark.bind(1, Int64(member.rawValue))
        try statements.mark.bind(2, bits: number)
        try statements.mark.run()
    }

    func update(_ id: LogID, _ state: LogState) throws(StoreError) {
        try statements.updateLog.bind(1, Int64(id.rawValue))
        try statements.updateLog.bind(2, bits: state.end)
        try statements.updateLog.bind(3, bits: state.reserved)
        try statements.updateLog.bind(4, bits: state.trimmed)
        try statements.updateLog.bind(5, bits: state.indexed)
        try statements.updateLog.bind(6, state.entries)
        try statements.updateLog.bind(7, state.bytes)
        try statements.updateLog.bind(8, state.isDropped ? 1 : 0)
        try statements.updateLog.run()
    }

    /// Runs a statement over the entries behind one place, through another.
    static func run(_ statement: Statement, from first: Int64, through last: Int64) throws(StoreError) {
        try statement.bind(1, first)
        try statement.bind(2, last)
        try statement.run()
    }
}
