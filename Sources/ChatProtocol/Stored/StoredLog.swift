package import Basics

/// A log as it is begun: its entries follow one by one.
package struct StoredLog: Hashable, Sendable {
    /// 1...`StoreLimits.logs`. A number is never given to another log, even after the log was dropped.
    package var id: LogID
    package var kind: LogKind
    /// What the domain finds the log by, at most `StoreLimits.keyBytes`.
    package var key: [UInt8]
    /// Drawn at random when the log begins.
    package var epoch: LogEpoch

    package init(id: LogID, kind: LogKind, key: [UInt8], epoch: LogEpoch) {
        self.id = id
        self.kind = kind
        self.key = key
        self.epoch = epoch
    }
}

/// One entry on its way into the store.
package struct StoredEntry: Hashable, Sendable {
    package var log: LogID
    /// Above every number that the log ever had, at most `StoreLimits.entryNumber`.
    package var number: EntryNumber
    /// The entry's time, by which its age is counted.
    package var time: WallTime
    /// The entry as it travels, at most `ChatLimits.messageBytes`.
    package var bytes: [UInt8]
    /// What `:search` finds the entry by; nil for what is not searched.
    package var text: String?

    package init(log: LogID, number: EntryNumber, time: WallTime, bytes: [UInt8], text: String?) {
        self.log = log
        self.number = number
        self.time = time
        self.bytes = bytes
        self.text = text
    }
}

/// A session as the store keeps it: what only the domain reads, and the mark that grows with each line.
package struct StoredSession: Hashable, Sendable {
    package var member: MemberID
    /// The last line of the client's outbox whose entry is stored.
    package var outbox: OutboxNumber
    /// The domain's own encoding, at most `StoreLimits.recordBytes`.
    package var bytes: [UInt8]

    package init(member: MemberID, outbox: OutboxNumber, bytes: [UInt8]) {
        self.member = member
        self.outbox = outbox
        self.bytes = bytes
    }
}

/// A fact of the domain under a key: an account, a ban, a group. Its bytes carry their version.
package struct StoredRecord: Hashable, Sendable {
    /// The name of its collection, at most `StoreLimits.collectionBytes`.
    package var collection: String
    /// At most `StoreLimits.keyBytes`.
    package var key: [UInt8]
    /// The domain's own encoding, at most `StoreLimits.recordBytes`.
    package var bytes: [UInt8]

    package init(collection: String, key: [UInt8], bytes: [UInt8]) {
        self.collection = collection
        self.key = key
        self.bytes = bytes
    }
}
