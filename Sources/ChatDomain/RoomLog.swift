import ChatProtocol

/// An append-only, numbered log in memory, bounded in entries and in bytes: the oldest entries go first, the newest
/// never.
///
/// Entries stand here once, encoded; everybody is fed from these bytes.
struct RoomLog: Sendable {
    /// One entry as it is kept.
    struct Stored: Sendable {
        let number: EntryNumber
        let bytes: [UInt8]
        /// How many messages the log has seen up to and including this entry: history is found by bisection.
        let messagesThrough: UInt64
    }

    let epoch: LogEpoch
    /// The number of the newest entry; 0 before the first.
    private(set) var end: EntryNumber = 0
    /// How many bytes the kept entries have.
    private(set) var keptBytes = 0

    private let entryLimit: Int
    private let byteLimit: Int
    private var slots: [Stored?] = []
    /// Slots before it are empty; they are dropped in bulk, so that removing the oldest is O(1) amortised.
    private var head = 0
    private var messages: UInt64 = 0

    init(epoch: LogEpoch, entryLimit: Int, byteLimit: Int) {
        self.epoch = epoch
        self.entryLimit = max(1, entryLimit)
        self.byteLimit = byteLimit
    }

    /// How many entries are kept.
    var keptEntries: Int { slots.count - head }

    /// Appends an entry and drops the oldest beyond the bounds. O(1) amortised.
    ///
    /// - Returns: the entry's number.
    mutating func append(_ entry: LogEntry) -> EntryNumber {
        end += 1
        if case .message = entry.body { messages += 1 }
        let bytes = entry.encoded()
        slots.append(Stored(number: end, bytes: bytes, messagesThrough: messages))
        keptBytes += bytes.count
        while keptEntries > 1, keptEntries > entryLimit || keptBytes > byteLimit { dropOldest() }
        return end
    }

    /// The first kept entry after `number`. O(log entries).
    func entry(after number: EntryNumber) -> Stored? {
        let index = firstIndex { $0.number > number }
        return index < slots.count ? slots[index] : nil
    }

    /// The cursor after which exactly `count` messages follow, or all that are kept if there are fewer. O(log entries).
    func cursor(beforeLast count: Int) -> EntryNumber {
        let skipped = messages - min(messages, UInt64(max(0, count)))
        let index = firstIndex { $0.messagesThrough > skipped }
        guard index < slots.count, let first = slots[index] else { return end }
        return first.number - 1
    }

    /// Bisects the kept entries for the first that satisfies a condition which stays true once it is.
    private func firstIndex(where condition: (Stored) -> Bool) -> Int {
        var low = head
        var high = slots.count
        while low < high {
            let middle = low + (high - low) / 2
            if let slot = slots[middle], condition(slot) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func dropOldest() {
        keptBytes -= slots[head]?.bytes.count ?? 0
        slots[head] = nil
        head += 1
        if head > 64, head * 2 > slots.count {
            slots.removeFirst(head)
            head = 0
        }
    }
}
