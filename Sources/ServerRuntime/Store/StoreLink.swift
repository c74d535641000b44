import Basics
import ChatDomain
import ChatProtocol
import History
import Metrics
import ProgramFrame
import Sentences
import ServerCore
import SocketIO

/// Between the core and the store's threads: carries changes and questions there, and what became of them back.
struct StoreLink: ~Copyable {
    private let worker: HistoryWorker
    private let mailbox: Mailbox<Bool>
    /// What the worker had no room for; the core accepts nothing more while much waits.
    private var waiting: [[StoreChange]] = []
    private var readings: [ReadTicket: Reading] = [:]
    /// Readings that the worker had no room for; the core asks for each page once, and takes a bounded count of questions.
    private var unasked: [Reading] = []
    private var trimAt: Instant
    /// When what was handed to the worker was handed over, oldest first. Bound: what the worker takes.
    private var handed: [(ticket: StoreTicket, at: Instant)] = []
    /// How long it took from there to the disk.
    private(set) var latency = Histogram()
    /// Nothing can be stored at the moment, or any more.
    private(set) var isStalled = false

    /// How many groups of changes wait to be stored.
    var waitingCount: Int { waiting.count + handed.count }

    /// How often rules of retention are looked at.
    private static let trimInterval: Duration = .seconds(60)

    /// What the store said, for the log.
    enum News {
        case stalled(StoreError)
        case resumed
        case failed(StoreError)
    }

    /// Opens the store.
    ///
    /// - Throws: `ProgramFailure` with the status `file` that names the file and what is wrong with it.
    init(_ configuration: HistoryConfiguration, at now: Instant) throws(ProgramFailure) {
        let (worker, mailbox) = try Self.open(configuration)
        self.worker = worker
        self.mailbox = mailbox
        trimAt = now + Self.trimInterval
    }

    private static func open(
        _ configuration: HistoryConfiguration
    ) throws(ProgramFailure) -> (HistoryWorker, Mailbox<Bool>) {
        let mailbox: Mailbox<Bool>
        do throws(SystemError) {
            mailbox = try Mailbox(limit: 1)
        } catch {
            throw ProgramFailure(.system) { error.text(in: $0) }
        }
        do throws(StoreError) {
            return (try HistoryWorker(configuration) { _ = mailbox.post(true) }, mailbox)
        } catch {
            throw ProgramFailure(.file) { error.text(in: $0) }
        }
    }

    /// For the poller: readable when the store has something to say.
    var descriptor: Int32 { mailbox.descriptor }

    /// When `serve` has something to do next though nothing came.
    var deadline: Instant { trimAt }

    /// What the store held when it was opened.
    func takeLoaded() -> StoredState { worker.takeLoaded() }

    /// How much of each log is kept from now on; it is looked at at once.
    mutating func setRetention(_ rules: [LogKind: HistoryConfiguration.Retention], at now: Instant) {
        worker.setRetention(rules)
        trimAt = now
    }

    /// Waits until the first changes of a core are stored: before that it can give nobody a number.
    ///
    /// - Throws: `ProgramFailure` with the status `file` when they can't be stored, for want of room for instance.
    mutating func begin(_ core: inout ServerCore, at now: Instant, wall: WallTime) throws(ProgramFailure) {
        submit(&core, at: now)
        worker.wait()
        for news in serve(&core, at: now, wall: wall) {
            switch news {
            case .stalled(let error), .failed(let error):
                throw ProgramFailure(.file) { $0.server.historyNotWritten(error.text(in: $0)) }
            case .resumed: break
            }
        }
    }

    /// Carries what waits to the store, and its answers to the core.
    ///
    /// - Returns: what is to be told the operator.
    mutating func serve(_ core: inout ServerCore, at now: Instant, wall: WallTime) -> [News] {
        _ = mailbox.takeAll()
        var news: [News] = []
        for report in worker.takeReports() { take(report, &core, &news, at: now, wall: wall) }
        submit(&core, at: now)
        if trimAt <= now {
            trimAt = now + Self.trimInterval
            worker.trim(at: wall)
        }
        return news
    }

    /// Carries what the core changed and wants to know to the store.
    mutating func submit(_ core: inout ServerCore, at now: Instant) {
        while let changes = core.pollChanges() { waiting.append(changes) }
        var taken = 0
        for changes in waiting {
            guard let ticket = worker.submit(changes) else { break }
            handed.append((ticket, now))
            taken += 1
        }
        waiting.removeFirst(taken)
        while let reading = core.pollReading() { unasked.append(reading) }
        var asked = 0
        for reading in unasked {
            guard let ticket = worker.read(Self.request(for: reading)) else { break }
            readings[ticket] = reading
            asked += 1
        }
        unasked.removeFirst(asked)
    }

    /// Stores what waits and closes the store.
    ///
    /// - Returns: why something could not be stored, if so.
    mutating func close(_ core: inout ServerCore, at now: Instant, wall: WallTime) -> StoreError? {
        submit(&core, at: now)
        // What the worker had no room for comes in as it gets some.
        var left = waiting.count
        while left > 0 {
            worker.wait()
            _ = serve(&core, at: now, wall: wall)
            guard waiting.count < left else { break }
            left = waiting.count
        }
        let error = worker.close()
        _ = serve(&core, at: now, wall: wall)
        return waiting.isEmpty ? error : error ?? .full
    }

    private static func request(for reading: Reading) -> ReadRequest {
        switch reading {
        case .page(let log, let after, let byteLimit): .page(log, after: after, byteLimit: byteLimit)
        case .before(let log, let number, let limit, _):
            // Without words the search gives the newest of all.
            .search(log, text: "", before: number == 0 ? StoreLimits.entryNumber : number, limit: limit)
        case .search(let log, let words, let limit, _):
            .search(log, text: words, before: StoreLimits.entryNumber, limit: limit)
        }
    }

    private mutating func take(
        _ report: StoreReport, _ core: inout ServerCore, _ news: inout [News], at now: Instant, wall: WallTime
    ) {
        switch report {
        case .stored(let ticket):
            noteStored(through: ticket, at: now)
            core.stored(through: ticket, at: now, wall: wall)
        case .refused(_, let change): news.append(.failed(.invalid(change)))
        case .stalled(let error):
            isStalled = true
            core.storeStalled(true, at: now, wall: wall)
            news.append(.stalled(error))
        case .resumed:
            isStalled = false
            core.storeStalled(false, at: now, wall: wall)
            news.append(.resumed)
        case .failed(let error):
            isStalled = true
            core.storeStalled(true, at: now, wall: wall)
            news.append(.failed(error))
        case .page(let ticket, let page): answer(ticket, with: page, &core, at: now, wall: wall)
        case .found(let ticket, let items): answer(ticket, with: items, &core, at: now, wall: wall)
        case .trimmed(let log, let through): core.trimmed(log, through: through, at: now, wall: wall)
        case .backedUp: break
        case .unread(let ticket, _): giveUp(ticket, &core, at: now, wall: wall)
        }
    }

    private mutating func noteStored(through ticket: StoreTicket, at now: Instant) {
        let count = handed.firstIndex { $0.ticket > ticket } ?? handed.count
        for item in handed[..<count] { latency.observe(nanoseconds: (now - item.at).wholeNanoseconds) }
        handed.removeFirst(count)
    }

    private mutating func answer(
        _ ticket: ReadTicket, with page: LogPage, _ core: inout ServerCore, at now: Instant, wall: WallTime
    ) {
        guard case .page(let log, let after, _)? = readings.removeValue(forKey: ticket) else { return }
        core.fetched(page, of: log, after: after, at: now, wall: wall)
    }

    private mutating func answer(
        _ ticket: ReadTicket, with items: [LogItem], _ core: inout ServerCore, at now: Instant, wall: WallTime
    ) {
        switch readings.removeValue(forKey: ticket) {
        case .before(_, _, _, let question), .search(_, _, _, let question):
            // The newest are found first and shown last.
            core.found(items.reversed(), question: question, at: now, wall: wall)
        case .page, nil: return
        }
    }

    private mutating func giveUp(
        _ ticket: ReadTicket, _ core: inout ServerCore, at now: Instant, wall: WallTime
    ) {
        switch readings.removeValue(forKey: ticket) {
        case .page(let log, let after, _): core.fetched(nil, of: log, after: after, at: now, wall: wall)
        case .before(_, _, _, let question), .search(_, _, _, let question):
            core.found(nil, question: question, at: now, wall: wall)
        case nil: return
        }
    }
}
