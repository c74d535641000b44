import Basics
import ChatProtocol
import Dispatch
import Synchronization

extension HistoryWorker {
    /// One turn of the writer: store what waits, say so, then some upkeep.
    func turn() {
        withWriter { writer in
            inbox.withLock { inbox in
                inbox.isScheduled = false
                if writer.held.isEmpty { writer.held = inbox.takeGroups() }
                if let rules = inbox.takeRetention() { writer.store.setRetention(rules) }
                guard let now = inbox.takeTrim() else { return }
                writer.trimTime = now
                writer.trims = writer.store.trimmableLogs.reversed()
            }
            store(&writer)
            maintain(&writer)
        }
    }

    /// Ends the run: the last try for what waits, then the connections are closed.
    func finish() -> StoreError? {
        var result: StoreError?
        withWriter { writer in
            repeat {
                if writer.held.isEmpty { writer.held = inbox.withLock { $0.takeGroups() } }
                store(&writer)
            } while writer.held.isEmpty && inbox.withLock { $0.hasGroups }
            result = writer.finish()
            answer(inbox.withLock { $0.takeLookups() }, writer)
        }
        writer.withLock { _ = $0.take() }
        return result
    }

    /// Only the writing queue calls it, so nobody ever waits for the lock.
    private func withWriter(_ body: (inout HistoryWriter) -> Void) {
        writer.withLock { slot in
            guard var writer = slot.take() else { return }
            body(&writer)
            slot = consume writer
        }
    }

    private func store(_ writer: inout HistoryWriter) {
        let (reports, done) = writer.writeHeld()
        inbox.withLock { $0.release(done) }
        report(reports)
    }

    private func maintain(_ writer: inout HistoryWriter) {
        // Taken at once: a search that comes in from here on waits for the next turn and what that indexes.
        let lookups = inbox.withLock { $0.takeLookups() }
        let mustIndex = lookups.contains { if case .search = $0.request { true } else { false } }
        // Upkeep that fails, for want of room for instance, is done another time; what was asked for goes on.
        let hasMore = (try? writer.maintain(mustIndex: mustIndex)) ?? false
        report(writer.cuts.map { .trimmed($0, through: $1) })
        writer.cuts.removeAll()
        answer(lookups, writer)
        checkpoint(&writer)
        scheduleNext(&writer, hasMore: hasMore)
    }

    /// Answers on the spot where there is one connection; else hands searches on, now that the index has everything.
    private func answer(_ lookups: [HistoryInbox.Lookup], _ writer: borrowing HistoryWriter) {
        for (ticket, request) in lookups {
            guard isInMemory else {
                reading.async { [self] in carryOut(request, ticket) }
                continue
            }
            let answer = Self.answer(request, ticket, writer.store.reading) { path throws(StoreError) in
                throw .cannotOpen(path: path, text: "a store in memory has no backup")
            }
            inbox.withLock { $0.endReading() }
            report([answer])
        }
    }

    /// Has the write-ahead log copied by the other thread.
    private func checkpoint(_ writer: inout HistoryWriter) {
        guard writer.store.database.walPages >= HistoryLimits.checkpointPages, !writer.isCheckpointing else { return }
        writer.isCheckpointing = true
        reading.async { [self] in
            reader.withLock { slot in
                guard let reader = slot.take() else { return }
                // What can't be copied now is copied another time; the write-ahead log holds it as safely.
                try? reader.checkpoint()
                slot = consume reader
            }
            writing.async { [self] in withWriter { $0.isCheckpointing = false } }
        }
    }

    /// Sets off the next turn: at once, after a pause, or when the line has been quiet for a while.
    private func scheduleNext(_ writer: inout HistoryWriter, hasMore: Bool) {
        guard writer.failure == nil else { return }
        if let pause = writer.pause {
            writing.asyncAfter(deadline: .now() + .nanoseconds(Int(pause.wholeNanoseconds))) { [self] in turn() }
            // Until then nothing else sets off a turn: it could only fail again.
            inbox.withLock { $0.isScheduled = true }
        } else if hasMore || !writer.held.isEmpty || inbox.withLock({ !$0.isEmpty }) {
            if inbox.withLock({ $0.schedule() }) { writing.async { [self] in turn() } }
        } else if writer.store.unindexedEntries > 0, !writer.waitsForIdleness {
            writer.waitsForIdleness = true
            waitForIdleness(since: writer.transactions)
        }
    }

    /// One timer at a time: setting one for each line would cost as much as storing it.
    private func waitForIdleness(since transactions: UInt64) {
        let idle = Int(HistoryLimits.idleBeforeIndexing.wholeNanoseconds)
        writing.asyncAfter(deadline: .now() + .nanoseconds(idle)) { [self] in indexIdly(since: transactions) }
    }

    /// Indexes a slice if nothing was written since the timer was set, and then the next one; else waits again.
    private func indexIdly(since transactions: UInt64) {
        withWriter { writer in
            writer.waitsForIdleness = writer.failure == nil && writer.store.unindexedEntries > 0
            guard writer.waitsForIdleness else { return }
            guard writer.transactions == transactions else { return waitForIdleness(since: writer.transactions) }
            writer.waitsForIdleness = (try? writer.store.index(limit: HistoryLimits.indexSlice)) == true
            if writer.waitsForIdleness { writing.async { [self] in indexIdly(since: transactions) } }
        }
    }
}
