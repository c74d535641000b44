import Basics
import ChatProtocol

/// What was asked of the worker and is not taken yet. Everything in it is bounded.
struct HistoryInbox {
    /// Some changes that are stored together.
    struct Group {
        let ticket: StoreTicket
        let changes: [StoreChange]
        let bytes: Int
    }

    typealias Lookup = (ticket: ReadTicket, request: ReadRequest)

    private var groups: [Group] = []
    private var lastTicket: StoreTicket = 0
    private var lastReading: ReadTicket = 0
    /// Changes and bytes that are not stored yet, those of the transaction at hand included.
    private var changes = 0
    private var bytes = 0
    private var readings = 0
    /// Readings that wait for the writer.
    private var lookups: [Lookup] = []
    private var trimTime: WallTime?
    private var retention: [LogKind: HistoryConfiguration.Retention]?

    /// A turn of the writer is on its way.
    var isScheduled = false
    var isClosed = false

    var room: Int { isClosed || bytes >= HistoryLimits.waitingBytes ? 0 : HistoryLimits.waitingChanges - changes }
    var hasGroups: Bool { !groups.isEmpty }
    var isEmpty: Bool { groups.isEmpty && lookups.isEmpty && trimTime == nil }

    /// - Returns: nil when there is no room for the changes.
    mutating func append(_ new: [StoreChange]) -> StoreTicket? {
        guard !isClosed, new.count <= room else { return nil }
        let size = new.reduce(0) { $0 + $1.byteCount }
        lastTicket += 1
        groups.append(Group(ticket: lastTicket, changes: new, bytes: size))
        changes += new.count
        bytes += size
        return lastTicket
    }

    /// The oldest groups, as many as one transaction takes; one at least.
    mutating func takeGroups() -> [Group] {
        var count = 0
        var taken = 0
        while count < groups.count, taken == 0 || taken + groups[count].changes.count <= Self.transactionLimit {
            taken += groups[count].changes.count
            count += 1
        }
        defer { groups.removeFirst(count) }
        return Array(groups[..<count])
    }

    private static var transactionLimit: Int { HistoryLimits.changesOfTransaction }

    /// These groups were dealt with: their room is free again.
    mutating func release(_ done: [Group]) {
        for group in done {
            changes -= group.changes.count
            bytes -= group.bytes
        }
    }

    // MARK: Readings

    mutating func beginReading() -> ReadTicket? {
        guard !isClosed, readings < HistoryLimits.readings else { return nil }
        readings += 1
        lastReading += 1
        return lastReading
    }

    mutating func endReading() {
        readings -= 1
    }

    mutating func appendLookup(_ ticket: ReadTicket, _ request: ReadRequest) {
        lookups.append((ticket, request))
    }

    mutating func takeLookups() -> [Lookup] {
        defer { lookups = [] }
        return lookups
    }

    // MARK: Retention

    mutating func requestTrim(at now: WallTime) {
        trimTime = now
    }

    mutating func replaceRetention(_ rules: [LogKind: HistoryConfiguration.Retention]) {
        retention = rules
    }

    /// Other rules than before; nil where there are none.
    mutating func takeRetention() -> [LogKind: HistoryConfiguration.Retention]? {
        defer { retention = nil }
        return retention
    }

    mutating func takeTrim() -> WallTime? {
        defer { trimTime = nil }
        return trimTime
    }
}

extension StoreChange {
    /// About how much memory the change takes while it waits.
    fileprivate var byteCount: Int {
        switch self {
        case .append(let entry), .replace(let entry): 64 + entry.bytes.count + (entry.text?.utf8.count ?? 0)
        case .putSession(let session): 64 + session.bytes.count
        case .put(let record): 64 + record.key.count + record.bytes.count
        case .begin(let log): 64 + log.key.count
        case .delete(_, let key): 64 + key.count
        case .drop, .mark, .deleteSession, .count: 64
        }
    }
}
