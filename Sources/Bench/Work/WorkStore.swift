import Basics
import ChatDomain
import ChatProtocol
import ServerCore
import Simulation

/// A store in memory that takes its time as the real one does: what has come in while a transaction was under way is
/// the next one.
struct WorkStore {
    /// What a transaction takes, and each group of changes in it; `udp-bench store` shows about as much.
    private static let transaction: Duration = .microseconds(60)
    private static let group: Duration = .microseconds(5)
    /// So many entries are kept of each log, and as many again before it is cut; who is present needs none of them.
    private static let kept = 4_096

    private var store = SimulatedStore()
    /// Groups of the transaction under way.
    private var underWay = 0
    private var untrimmed = 0

    /// When the transaction under way is done; nil while there is none.
    private(set) var due: Instant?

    /// What a server finds when it starts.
    mutating func open() -> StoredState { store.open(wasKilled: false) }

    mutating func submit(_ changes: [StoreChange], at now: Instant) {
        store.submit(changes)
        if due == nil { begin(at: now) }
    }

    /// Ends the transaction under way, when it is due.
    ///
    /// - Returns: the number of the last group stored; nil when nothing is due.
    mutating func takeStored(at now: Instant) -> UInt64? {
        guard let due, due <= now else { return nil }
        let through = store.store(underWay)
        untrimmed += underWay
        if untrimmed >= Self.kept {
            untrimmed = 0
            _ = store.trim(keeping: Self.kept)
        }
        self.due = nil
        if store.waitingGroups > 0 { begin(at: now) }
        return through
    }

    private mutating func begin(at now: Instant) {
        underWay = store.waitingGroups
        due = now + Self.transaction + Self.group * underWay
    }

    /// Reads what the core asks for.
    func read(_ reading: Reading, for core: inout ServerCore, at now: Instant, wall: WallTime) {
        switch reading {
        case .page(let log, let after, let limit):
            core.fetched(store.page(log, after: after, byteLimit: limit), of: log, after: after, at: now, wall: wall)
        case .before(_, _, _, let question), .search(_, _, _, let question):
            core.found(nil, question: question, at: now, wall: wall)
        }
    }
}
