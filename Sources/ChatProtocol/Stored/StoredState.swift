/// An entry as the store gives it back.
package struct LogItem: Hashable, Sendable {
    package let number: EntryNumber
    /// The entry as it travels.
    package let bytes: [UInt8]
    /// What `:search` finds the entry by.
    package let searched: SearchedText

    package init(number: EntryNumber, bytes: [UInt8], searched: SearchedText = .notRead) {
        self.number = number
        self.bytes = bytes
        self.searched = searched
    }
}

/// What `:search` finds an entry by: it differs from what the bytes say where the line was edited or taken back since.
package enum SearchedText: Hashable, Sendable {
    /// Pages are read without it: whoever is fed them gets the edit as well.
    case notRead
    /// It is not searched, or not any more.
    case nothing
    case text(String)
}

/// A run of a log's entries, as somebody who catches up needs them.
package struct LogPage: Hashable, Sendable {
    package let log: LogID
    /// In order; empty when nothing follows.
    package let items: [LogItem]
    /// Whether the log held nothing behind them then.
    package let isLast: Bool
    /// Retention has removed everything up to here: a cursor before it misses what was removed.
    package let trimmedThrough: EntryNumber

    package init(log: LogID, items: [LogItem], isLast: Bool, trimmedThrough: EntryNumber) {
        self.log = log
        self.items = items
        self.isLast = isLast
        self.trimmedThrough = trimmedThrough
    }
}

/// A log as the store found it at the start.
package struct LoadedLog: Hashable, Sendable {
    package let log: StoredLog
    /// New entries get numbers above it. After an unclean end of the last run it lies above the newest entry, so that
    /// no number that somebody may have seen is used again.
    package let end: EntryNumber
    /// Retention has removed everything up to here; 0 when nothing was removed.
    package let trimmedThrough: EntryNumber
    /// The newest entries, oldest first.
    package let tail: [LogItem]
    /// Whether `tail` is all that the log holds.
    package let isWhole: Bool

    package init(log: StoredLog, end: EntryNumber, trimmedThrough: EntryNumber, tail: [LogItem], isWhole: Bool) {
        self.log = log
        self.end = end
        self.trimmedThrough = trimmedThrough
        self.tail = tail
        self.isWhole = isWhole
    }
}

/// All that the store knows when the server starts.
package struct StoredState: Hashable, Sendable {
    /// By their identifiers, ascending.
    package var logs: [LoadedLog]
    /// By their members' numbers, ascending.
    package var sessions: [StoredSession]
    /// By collection and key, ascending.
    package var records: [StoredRecord]
    /// Where each counter goes on: above the value. After an unclean end it lies above what may have been handed out.
    package var counters: [String: UInt64]
    /// The last run did not end in order (it was killed, or the power failed), so numbers were skipped.
    package var wasUnclean: Bool
    /// The store was restored from a backup: every log has a new epoch, so that cursors of the old one start anew.
    package var wasRestored: Bool

    package init(
        logs: [LoadedLog] = [], sessions: [StoredSession] = [], records: [StoredRecord] = [],
        counters: [String: UInt64] = [:], wasUnclean: Bool = false, wasRestored: Bool = false
    ) {
        self.logs = logs
        self.sessions = sessions
        self.records = records
        self.counters = counters
        self.wasUnclean = wasUnclean
        self.wasRestored = wasRestored
    }
}

/// The bounds of what is stored.
package enum StoreLimits {
    /// The largest identifier of a log: it shares 63 bits with an entry's number.
    package static let logs: UInt32 = 1 << 24 - 1

    /// The largest number of an entry: at 50,000 entries a second it is reached after 127 days of doing nothing else,
    /// 549 billion entries.
    package static let entryNumber: EntryNumber = 1 << 39 - 1

    /// The longest key of a log or of a record, in bytes.
    package static let keyBytes = 512

    /// The largest record and the largest session, in bytes.
    package static let recordBytes = 64 * 1_024

    /// The longest name of a collection or of a counter, in bytes.
    package static let collectionBytes = 64

    /// The most changes of one group.
    package static let changesOfGroup = 4_096
}
