import Transport

/// A log whose old entries may be cut, as an owner of connections keeps it.
struct TestLog: MessageStore {
    private(set) var entries: [StoredMessage] = []
    /// Everything that was ever appended, by number.
    private(set) var history: [UInt64: [UInt8]] = [:]

    var end: UInt64 { entries.last?.number ?? lastCut }
    private var lastCut: UInt64 = 0

    /// - Parameter step: how far the number is above the one before.
    mutating func append(_ bytes: [UInt8], step: UInt64 = 1) {
        let number = end + step
        entries.append(StoredMessage(number: number, bytes: bytes))
        history[number] = bytes
    }

    mutating func cut(_ count: Int) {
        lastCut = max(lastCut, entries.prefix(count).last?.number ?? 0)
        entries.removeFirst(min(count, entries.count))
    }

    func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number > number { high = middle } else { low = middle + 1 }
        }
        return low < entries.count ? entries[low] : nil
    }
}

/// Several logs, by name.
struct TestLogs: MessageStore {
    var logs: [UInt64: TestLog] = [:]

    func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
        logs[log]?.message(after: number, in: log)
    }
}
