import ChatProtocol

/// What the store keeps in mind about a log.
struct LogState {
    let kind: LogKind
    /// The newest number, or above it where numbers were skipped.
    var end: EntryNumber
    /// Numbers up to here may be used without waiting for the disk: that they may was synced to it.
    var reserved: EntryNumber
    /// Retention has removed everything up to here.
    var trimmed: EntryNumber
    /// The search index covers everything up to here.
    var indexed: EntryNumber
    /// How many entries are kept, and their bytes.
    var entries: Int64
    var bytes: Int64
    /// Removed as far as anybody can see; its entries are on their way out.
    var isDropped = false
    /// How many numbers the next reservation takes.
    var reservation = HistoryLimits.firstReservation

    /// The reservation that a new number needs; each doubles the next one.
    mutating func reserve(through number: EntryNumber) {
        reserved = number + reservation
        reservation = min(reservation * 2, HistoryLimits.largestReservation)
    }
}

/// Where an entry stands in the table: the log in the upper 24 bits of 63, the number in the lower 39.
struct EntryID {
    static let numberBits: Int64 = 39

    let rawValue: Int64

    init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// - Parameter number: what is beyond `StoreLimits.entryNumber` counts as it.
    init(_ log: LogID, _ number: EntryNumber) {
        rawValue = Int64(log.rawValue) << Self.numberBits | Int64(min(number, StoreLimits.entryNumber))
    }

    var number: EntryNumber {
        UInt64(bitPattern: rawValue) & StoreLimits.entryNumber
    }

    /// The last place of a log.
    static func last(of log: LogID) -> EntryID { EntryID(log, StoreLimits.entryNumber) }
}
