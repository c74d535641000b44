package import Basics
package import ChatDomain
package import ChatProtocol
import Transport

/// Between the room and its store. The owner takes `pollChanges` to the store and `pollReading` to whoever reads it, and
/// says when something is stored or was read. A core without a store calls everything stored at once.
extension ServerCore {
    /// How long a page that could not be read is left alone.
    private static let pauseAfterUnread: Duration = .milliseconds(500)

    /// The logs that a present member of that name should follow.
    package func logs(of name: String) -> [LogID] { chat.logs(of: name) }

    /// Whether somebody who was present when the last server ended may still come back without anybody knowing.
    package var awaitsReturn: Bool { chat.awaitsReturn }

    /// Whether something waits for the store.
    package var awaitsStore: Bool { chat.awaitsStore }

    /// The next group of changes for the store, in order; groups are numbered from 1. Nil when there is none now.
    package mutating func pollChanges() -> [StoreChange]? {
        outbound.popChanges()
    }

    /// What is to be read from the store next; nil when there is nothing.
    package mutating func pollReading() -> Reading? {
        outbound.popReading()
    }

    /// The store has every group up to this number.
    package mutating func stored(through group: UInt64, at now: Instant, wall: WallTime) {
        chat.stored(through: group)
        settle(at: now, wall: wall)
    }

    /// The store can store nothing at present, or can again.
    package mutating func storeStalled(_ isStalled: Bool, at now: Instant, wall: WallTime) {
        chat.storeStalled(isStalled)
        settle(at: now, wall: wall)
    }

    /// A page that was to be read has come; nil: it can't be had.
    package mutating func fetched(
        _ page: LogPage?, of log: LogID, after number: EntryNumber, at now: Instant, wall: WallTime
    ) {
        if let page {
            chat.fetched(page, after: number)
        } else {
            chat.fetchFailed(log, after: number)
            unread.insert(log)
            readAgainAt = readAgainAt ?? now + Self.pauseAfterUnread
        }
        settle(at: now, wall: wall)
    }

    /// Retention has removed everything up to a number of a log. Who did not have all of that is told.
    package mutating func trimmed(_ log: LogID, through number: EntryNumber, at now: Instant, wall: WallTime) {
        chat.trimmed(log, through: number)
        for (member, peer) in peerOfMember {
            guard let alias = chat.alias(of: log, for: member),
                let arrived = endpoint.arrivedThrough(alias: alias, at: peer), arrived < number
            else { continue }
            chat.tellLoss(in: log, to: member)
        }
        settle(at: now, wall: wall)
    }

    /// Lets who waits for a page that could not be read ask for it again.
    mutating func readAgain(at now: Instant) {
        guard let moment = readAgainAt, moment <= now else { return }
        readAgainAt = nil
        for log in unread { endpoint.logGrew(UInt64(log.rawValue)) }
        unread.removeAll()
    }

    /// What answers a question was found, oldest first; nil: it can't be had.
    package mutating func found(_ items: [LogItem]?, question: UInt64, at now: Instant, wall: WallTime) {
        chat.found(items, question: question)
        settle(at: now, wall: wall)
    }

    /// Hands on what an input changed.
    mutating func takeChanges() {
        while true {
            let changes = chat.takeChanges()
            guard !changes.isEmpty else { return }
            if hasStore { outbound.append(changes) } else { chat.stored(through: chat.takenGroups) }
        }
    }

    /// A core without a store has nothing older than what the room keeps.
    mutating func read(_ reading: Reading) {
        guard !hasStore else { return outbound.append(reading) }
        switch reading {
        case .page(let log, let after, _): chat.fetchFailed(log, after: after)
        case .before(_, _, _, let question), .search(_, _, _, let question): chat.found([], question: question)
        }
    }

    /// Has fetched from the store what peers wait for who were just to be sent something.
    ///
    /// - Returns: whether some of it is there already, so that there is more to send.
    mutating func fetchAwaited(at now: Instant) -> Bool {
        for (log, after) in endpoint.takeAwaited() {
            guard let id = UInt32(exactly: log) else { continue }
            chat.fetch(after: after, in: LogID(rawValue: id))
        }
        var hasMore = false
        while let effect = chat.pollEffect() {
            if case .appended = effect { hasMore = true }
            run(effect, at: now, wall: WallTime(milliseconds: 0))
        }
        return hasMore
    }
}

/// What waits to be taken by the store and its reader. Bound: the chat accepts nothing new while
/// `ChatLimits.waitingChanges` wait, and asks for each page once.
struct StoreOutbound: Sendable {
    private var changes: [[StoreChange]] = []
    private var readings: [Reading] = []
    private var changesHead = 0
    private var readingsHead = 0

    mutating func append(_ group: [StoreChange]) { changes.append(group) }
    mutating func append(_ reading: Reading) { readings.append(reading) }

    mutating func popChanges() -> [StoreChange]? { Self.pop(&changes, &changesHead) }
    mutating func popReading() -> Reading? { Self.pop(&readings, &readingsHead) }

    private static func pop<Item>(_ items: inout [Item], _ head: inout Int) -> Item? {
        guard head < items.count else {
            items.removeAll(keepingCapacity: true)
            head = 0
            return nil
        }
        defer { head += 1 }
        return items[head]
    }
}
