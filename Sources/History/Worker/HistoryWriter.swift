import Basics
import ChatProtocol

/// What the writing thread has in hand.
struct HistoryWriter: ~Copyable {
    var store: Store
    /// Groups that were taken and are not stored yet: after trouble they are tried again, before any other.
    var held: [HistoryInbox.Group] = []
    /// How long the next pause is; nil while all is well.
    var pause: Duration?
    /// The store is broken; nothing is written any more.
    var failure: StoreError?
    /// Logs that retention has yet to look at, and the time that ages are counted from.
    var trims: [LogID] = []
    var trimTime = WallTime(milliseconds: 0)
    /// Up to where retention has removed what of late.
    var cuts: [(LogID, through: EntryNumber)] = []
    /// A checkpoint is on its way on the other thread.
    var isCheckpointing = false
    /// A timer is set that looks whether nothing was written for a while, or indexing goes on because of it.
    var waitsForIdleness = false
    /// Counts transactions, so that a timer can tell whether anything was written since it was set.
    var transactions: UInt64 = 0

    init(store: consuming Store) {
        self.store = store
    }

    /// Stores the groups at hand; where there is no room for all of them, as many of the first as there is room for.
    ///
    /// - Returns: what is to be told, and the groups that were dealt with.
    mutating func writeHeld() -> (reports: [StoreReport], done: [HistoryInbox.Group]) {
        var count = held.count
        while count > 0, failure == nil {
            transactions += 1
            do throws(StoreError) {
                return try write(first: count)
            } catch .full where count > 1 {
                count /= 2
            } catch {
                guard error.mayPass else {
                    failure = error
                    return ([.failed(error)], [])
                }
                defer { pause = min((pause ?? HistoryLimits.firstPause / 2) * 2, HistoryLimits.longestPause) }
                return (pause == nil ? [.stalled(error)] : [], [])
            }
        }
        return ([], [])
    }

    private mutating func write(
        first count: Int
    ) throws(StoreError) -> (reports: [StoreReport], done: [HistoryInbox.Group]) {
        let done = Array(held[..<count])
        let faults = try store.write(done.map(\.changes))
        var reports = done.indices.compactMap { index in
            faults[index].map { StoreReport.refused(done[index].ticket, $0) }
        }
        if let last = done.last { reports.append(.stored(through: last.ticket)) }
        if pause != nil { reports.append(.resumed) }
        pause = nil
        held.removeFirst(count)
        return (reports, done)
    }

    /// Marks the run as ended in order, unless something could not be stored.
    mutating func finish() -> StoreError? {
        if let failure { return failure }
        // The write that left something behind threw; its error comes again here.
        do throws(StoreError) {
            if !held.isEmpty { _ = try store.write(held.map(\.changes)) }
            try store.finish()
            return nil
        } catch {
            return error
        }
    }

    /// What keeps the store in shape, in small pieces.
    ///
    /// - Parameter mustIndex: somebody searches, so the index must have everything.
    /// - Returns: whether there is more to do.
    mutating func maintain(mustIndex: Bool) throws(StoreError) -> Bool {
        if mustIndex {
            while try store.index(limit: HistoryLimits.unindexedEntries) {}
        } else if store.unindexedEntries >= HistoryLimits.unindexedEntries {
            _ = try store.index(limit: HistoryLimits.unindexedEntries)
        }
        if store.database.walPages >= HistoryLimits.ownCheckpointPages {
            try store.database.checkpoint(.passive)
        }
        guard let log = trims.last else { return false }
        let former = store.logs[log]?.trimmed
        if try !store.trim(log, at: trimTime) { trims.removeLast() }
        if let through = store.logs[log]?.trimmed, through != former { cuts.append((log, through)) }
        return !trims.isEmpty
    }
}
