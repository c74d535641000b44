package import Basics
package import ChatProtocol

/// How the log is kept.
package struct HistoryConfiguration: Sendable {
    /// Where the store is.
    package enum Location: Hashable, Sendable {
        /// A file, made where there is none; `-wal`, `-shm` and `-lock` stand beside it.
        case file(path: String)
        /// Nowhere: everything is forgotten with the process.
        case memory
    }

    /// What a receipt survives.
    package enum Durability: String, Hashable, Sendable, CaseIterable {
        /// The end of the process, also by kill -9. A power cut may take the newest transactions, in whole.
        case process
        /// A power cut as well: each transaction is synced to the disk before its receipt.
        case power
    }

    /// How much of a log is kept; what is nil has no limit. The newest entry always stays.
    package struct Retention: Hashable, Sendable {
        package var age: Duration?
        package var entries: Int?
        /// Bytes of encoded entries.
        package var bytes: Int?

        /// Whether everything is kept.
        package var isUnlimited: Bool { age == nil && entries == nil && bytes == nil }

        package init(age: Duration? = nil, entries: Int? = nil, bytes: Int? = nil) {
            self.age = age
            self.entries = entries.map { max(1, $0) }
            self.bytes = bytes.map { max(1, $0) }
        }
    }

    /// How much of a log is loaded at the start.
    package struct Tail: Hashable, Sendable {
        package var entries: Int
        package var bytes: Int

        package init(entries: Int, bytes: Int) {
            self.entries = max(0, entries)
            self.bytes = max(0, bytes)
        }
    }

    package var location: Location
    package var durability: Durability
    /// Kinds without a row are kept for ever.
    package var retention: [LogKind: Retention]
    /// Kinds without a row load nothing.
    package var tails: [LogKind: Tail]
    /// The most pages of 4 KiB that the database may have; nil for as many as the disk holds.
    package var pageLimit: Int?

    /// As much as the chat keeps in memory.
    package static let usualTails: [LogKind: Tail] = [
        .room: Tail(entries: ChatLimits.roomTailEntries, bytes: ChatLimits.roomTailBytes),
        .group: Tail(entries: ChatLimits.groupTailEntries, bytes: ChatLimits.groupTailBytes),
        .inbox: Tail(entries: ChatLimits.inboxTailEntries, bytes: ChatLimits.inboxTailBytes),
    ]

    package init(
        location: Location, durability: Durability = .process, retention: [LogKind: Retention] = [:],
        tails: [LogKind: Tail] = usualTails,
        pageLimit: Int? = nil
    ) {
        self.location = location
        self.durability = durability
        self.retention = retention
        self.tails = tails
        self.pageLimit = pageLimit
    }
}
