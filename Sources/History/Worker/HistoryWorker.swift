package import Basics
package import ChatProtocol
import Dispatch
import Synchronization

/// The store on threads of its own: changes in, reports out.
///
///     owner's loop --submit--> inbox --> writer: one transaction of all that waits --> reports --wake up--> owner
///                  --read------------> reader: pages, searches, checkpoints ----------> reports
///
/// Everything that waits when the writer comes to it is one transaction (group commit), so the cost of a commit is
/// shared under load and nobody waits for company without it. All calls are safe from any thread and none blocks,
/// except `init` and `close`.
package final class HistoryWorker: Sendable {
    let wakeUp: @Sendable () -> Void
    let isInMemory: Bool
    let writing = DispatchQueue(label: "history writer", qos: .userInitiated)
    let reading = DispatchQueue(label: "history reader", qos: .utility)
    let inbox = Mutex(HistoryInbox())
    let writer: Mutex<HistoryWriter?>
    let reader: Mutex<StoreReader?>
    private let reports = Mutex<[StoreReport]>([])

    /// What the store held when it was opened. `takeLoaded` hands it over once.
    private let loaded: Mutex<StoredState?>

    /// Opens the store, or makes it, and reads what it holds.
    ///
    /// - Parameter wakeUp: called from the worker's threads when reports come in where none were; it must not call the
    ///   worker.
    package init(
        _ configuration: HistoryConfiguration, wakeUp: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        var random = SystemRandomNumberGenerator()
        var store = try Store.open(configuration, using: &random)
        loaded = Mutex(try store.load())
        switch configuration.location {
        case .memory:
            isInMemory = true
            reader = Mutex(nil)
        case .file(let path):
            isInMemory = false
            reader = Mutex(try StoreReader(path: path))
        }
        writer = Mutex(HistoryWriter(store: store))
        self.wakeUp = wakeUp
    }

    /// What the store held when it was opened; empty the second time.
    package func takeLoaded() -> StoredState {
        loaded.withLock { state in
            defer { state = nil }
            return state ?? StoredState()
        }
    }

    // MARK: Input

    /// How many changes there is room for. The owner takes nothing more from its members when it can't hand it on.
    package var room: Int { inbox.withLock { $0.room } }

    /// Has changes stored, all of them together, behind those of all earlier calls.
    ///
    /// - Returns: the ticket that `StoreReport.stored` will name; nil when there is no room, or after `close`.
    package func submit(_ changes: [StoreChange]) -> StoreTicket? {
        let (ticket, mustSchedule) = inbox.withLock { inbox -> (StoreTicket?, Bool) in
            guard let ticket = inbox.append(changes) else { return (nil, false) }
            return (ticket, inbox.schedule())
        }
        if mustSchedule { writing.async { [self] in turn() } }
        return ticket
    }

    /// Asks for something that is stored; one report with the ticket follows.
    ///
    /// - Returns: nil when too many readings are under way, or after `close`.
    package func read(_ request: ReadRequest) -> ReadTicket? {
        guard let ticket = inbox.withLock({ $0.beginReading() }) else { return nil }
        switch request {
        case .page where !isInMemory, .backup where !isInMemory:
            reading.async { [self] in carryOut(request, ticket) }
        case .page, .backup, .search:
            // A search waits until the index has everything; and with one connection all waits for the writer.
            let mustSchedule = inbox.withLock { inbox in
                inbox.appendLookup(ticket, request)
                return inbox.schedule()
            }
            if mustSchedule { writing.async { [self] in turn() } }
        }
        return ticket
    }

    /// How much of each log is kept from now on; `trim` applies it.
    package func setRetention(_ rules: [LogKind: HistoryConfiguration.Retention]) {
        inbox.withLock { $0.replaceRetention(rules) }
    }

    /// Has the retention rules applied, bit by bit between transactions. Asked for about once a minute.
    ///
    /// - Parameter now: what ages are counted from.
    package func trim(at now: WallTime) {
        let mustSchedule = inbox.withLock { inbox in
            inbox.requestTrim(at: now)
            return inbox.schedule()
        }
        if mustSchedule { writing.async { [self] in turn() } }
    }

    /// Stores what waits, ends the run in order and closes the store. Blocks until then.
    ///
    /// - Returns: why something could not be stored, if so; the run does not count as ended in order then.
    package func close() -> StoreError? {
        inbox.withLock { $0.isClosed = true }
        reading.sync { reader.withLock { $0 = nil } }
        return writing.sync { finish() }
    }

    /// Blocks until what was handed in before was tried to be stored.
    package func wait() {
        writing.sync {}
    }

    // MARK: Output

    /// Takes what there is to say, in order.
    package func takeReports() -> [StoreReport] {
        reports.withLock { reports in
            defer { reports = [] }
            return reports
        }
    }

    /// Bounded by what is under way: consecutive `stored` reports become one, each reading has one report.
    func report(_ new: [StoreReport]) {
        guard !new.isEmpty else { return }
        let wasEmpty = reports.withLock { reports in
            let wasEmpty = reports.isEmpty
            for report in new {
                if case .stored = report, case .stored = reports.last { reports.removeLast() }
                reports.append(report)
            }
            return wasEmpty
        }
        if wasEmpty { wakeUp() }
    }

    // MARK: Reading

    func carryOut(_ request: ReadRequest, _ ticket: ReadTicket) {
        var answer = StoreReport.unread(ticket, .closed)
        reader.withLock { slot in
            guard let reader = slot.take() else { return }
            answer = Self.answer(request, ticket, reader.statements) { path throws(StoreError) in
                try reader.backUp(to: path)
            }
            slot = consume reader
        }
        inbox.withLock { $0.endReading() }
        report([answer])
    }

    static func answer(
        _ request: ReadRequest, _ ticket: ReadTicket, _ statements: ReadStatements,
        backUp: (String) throws(StoreError) -> Void
    ) -> StoreReport {
        do throws(StoreError) {
            switch request {
            case .page(let id, let number, let byteLimit):
                return .page(ticket, try statements.page(of: id, after: number, byteLimit: byteLimit))
            case .search(let id, let text, let number, let limit):
                return .found(
                    ticket, try statements.search(SearchQuery(text), in: id, before: number, limit: limit))
            case .backup(let path):
                try backUp(path)
                return .backedUp(ticket)
            }
        } catch {
            return .unread(ticket, error)
        }
    }
}

extension HistoryInbox {
    /// - Returns: whether a turn must be set off, because none is on its way.
    mutating func schedule() -> Bool {
        defer { isScheduled = true }
        return !isScheduled
    }
}
