package import Basics
import ChatDomain
import ChatProtocol
import ServerCore

/// How long the store of a simulated server takes.
package struct StorePace: Hashable, Sendable {
    /// The longest time until the next groups are stored; zero: at once.
    package var latency: Duration
    /// The longest time until a page or an answer is read.
    package var reading: Duration

    package init(latency: Duration = .zero, reading: Duration = .zero) {
        self.latency = latency
        self.reading = reading
    }
}

/// What a server finds when it starts.
package enum ServerBoot: Sendable {
    /// What the last one stored.
    case stored
    /// Nothing: the room forgets.
    case forgetful
    /// What `backUpStore` gave, after which everything that was stored since is gone.
    case restored(SimulatedStore)
    /// A copy of the files that was made earlier, in their place: what was stored since is gone, and the store knows.
    case copied(SimulatedStore)
    /// An older state that is taken for what was stored last: to prove that the invariants see it.
    case mistaken(SimulatedStore)
}

/// What a simulated store has in hand.
struct StoreWork: Sendable {
    var store = SimulatedStore()
    var pace = StorePace()
    /// When the next groups are stored; nil when nothing waits.
    var nextStore: Instant?
    /// Nothing can be stored before.
    var fullUntil: Instant?
    var readings: [(due: Instant, reading: Reading)] = []
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// When something is to be done next.
    var next: Instant? {
        let storing = nextStore.map { max($0, fullUntil ?? $0) }
        return [storing, readings.map(\.due).min()].compactMap { $0 }.min()
    }

    mutating func delay(upTo longest: Duration) -> Duration {
        let nanoseconds = longest.wholeNanoseconds
        guard nanoseconds > 0 else { return .zero }
        // Mostly short, sometimes as long as it gets.
        let share = Double.random(in: 0..<1, using: &random)
        return .nanoseconds(Int64(Double(nanoseconds) * share * share * share))
    }
}

/// The server's store: what it takes is stored a while later, and what a crash finds on the way is lost.
extension SimulatedChat {
    // MARK: What befalls it

    /// How long the store takes from now on.
    package mutating func setStorePace(_ pace: StorePace) {
        storeWork.pace = pace
    }

    /// The disk is full for a while: nothing is stored, and the server is told.
    package mutating func fillDisk(for duration: Duration) {
        guard server != nil, storeWork.fullUntil == nil else { return }
        note("the disk is full for \(duration)")
        storeWork.fullUntil = clock.now + duration
        storeWork.nextStore = storeWork.nextStore ?? clock.now
        server?.storeStalled(true, at: clock.now, wall: clock.wall)
        drainServer()
    }

    /// A copy of what is stored now.
    package func backUpStore() -> SimulatedStore { storeWork.store }

    /// Retention leaves this many entries of each log.
    package mutating func trimStore(keeping count: Int) {
        for (log, through) in storeWork.store.trim(keeping: count) {
            note("log \(log.rawValue) is cut up to \(through)")
            models.trim(log, through: through)
            server?.trimmed(log, through: through, at: clock.now, wall: clock.wall)
        }
        drainServer()
    }

    // MARK: Carrying

    /// Carries what the server changed and wants to know.
    mutating func carryToStore() {
        while let changes = server?.pollChanges() { storeWork.store.submit(changes) }
        while let reading = server?.pollReading() {
            let due = clock.now + storeWork.delay(upTo: storeWork.pace.reading)
            storeWork.readings.append((due, reading))
            if tracesEvents { note("to be read: \(reading)") }
        }
        if storeWork.store.waitingGroups > 0, storeWork.nextStore == nil {
            storeWork.nextStore = clock.now + storeWork.delay(upTo: storeWork.pace.latency)
        }
    }

    /// Whether the store has something for the server now.
    var storeIsDue: Bool { server != nil && stallEnd == nil && (storeWork.next.map { $0 <= clock.now } ?? false) }

    /// Does what the store has to do by now.
    mutating func serveStore() {
        if let full = storeWork.fullUntil, full <= clock.now {
            note("there is room on the disk")
            storeWork.fullUntil = nil
            server?.storeStalled(false, at: clock.now, wall: clock.wall)
        }
        if storeWork.fullUntil == nil, let due = storeWork.nextStore, due <= clock.now {
            storeWork.nextStore = nil
            // What has come in is one transaction, or as much of it as is taken at a time.
            let waiting = storeWork.store.waitingGroups
            let count = storeWork.random.chance(0.7) ? waiting : Int.random(in: 0...waiting, using: &storeWork.random)
            let through = store(count)
            server?.stored(through: through, at: clock.now, wall: clock.wall)
        }
        while let index = storeWork.readings.firstIndex(where: { $0.due <= clock.now }) {
            read(storeWork.readings.remove(at: index).reading)
        }
    }

    /// Stores groups and takes note of what is there from now on.
    mutating func store(_ count: Int) -> UInt64 {
        var changes: [StoreChange] = []
        let through = storeWork.store.store(count) { changes.append($0) }
        check(by: "the store") { chat throws(Breach) in
            for change in changes {
                if chat.tracesEvents { chat.note("stored: \(change.inWords)") }
                try chat.models.note(change)
            }
            if let breach = chat.storeWork.store.breach { throw Breach(breach) }
        }
        return through
    }

    private mutating func read(_ reading: Reading) {
        let (now, wall) = (clock.now, clock.wall)
        switch reading {
        case .page(let log, let after, let limit):
            let page = storeWork.store.page(log, after: after, byteLimit: limit)
            if tracesEvents { note("read: \(page.items.count) entries of log \(log.rawValue) after \(after)") }
            server?.fetched(page, of: log, after: after, at: now, wall: wall)
        case .before(let log, let number, let limit, let question):
            let items = storeWork.store.messages(log, before: number, limit: limit)
            server?.found(items, question: question, at: now, wall: wall)
        case .search(let log, let words, let limit, let question):
            let items = storeWork.store.search(log, words: words, limit: limit)
            server?.found(items, question: question, at: now, wall: wall)
        }
    }

    // MARK: Opening and closing

    /// The server was killed: what waits is lost, but for what the disk had and the server had not heard of.
    mutating func loseUnstored() {
        let waiting = storeWork.store.waitingGroups
        if storeWork.fullUntil == nil, waiting > 0, storeWork.random.chance(0.5) {
            _ = store(Int.random(in: 0...waiting, using: &storeWork.random))
        }
        storeWork.readings.removeAll()
        storeWork.nextStore = nil
        storeWork.fullUntil = nil
        storeWasKilled = true
    }

    /// The server ended in order: everything is stored.
    mutating func closeStore() {
        _ = store(.max)
        storeWork.readings.removeAll()
        storeWork.nextStore = nil
        storeWork.fullUntil = nil
        storeWasKilled = false
    }

    /// Opens the store for a server that starts.
    mutating func openStore(_ boot: ServerBoot) -> StoredState? {
        switch boot {
        case .stored:
            return storeWork.store.open(wasKilled: storeWasKilled)
        case .copied(let old):
            storeWork.store = old
            let state = storeWork.store.open(wasKilled: true, isCopy: true)
            for log in models.current {
                models.lose(log, after: storeWork.store.entries(of: log).last?.number ?? 0)
            }
            return state
        case .mistaken(let old):
            storeWork.store = old
            return storeWork.store.open(wasKilled: false)
        case .forgetful:
            storeWork.store = SimulatedStore()
            return storeWork.store.open(wasKilled: false)
        case .restored(let backup):
            storeWork.store = backup
            let state = storeWork.store.openBackup(using: &storeWork.random)
            check(by: "the store") { chat throws(Breach) in
                for log in state.logs { try chat.models.adopt(log.log, chat.storeWork.store.entries(of: log.log.id)) }
            }
            return state
        }
    }
}

extension StoreChange {
    /// For a trace: an entry as it reads.
    fileprivate var inWords: String {
        guard case .append(let entry) = self, let read = try? LogEntry(decoding: entry.bytes.span) else {
            return "\(self)"
        }
        return "\(entry.number) in log \(entry.log.rawValue): \(read)"
    }
}
