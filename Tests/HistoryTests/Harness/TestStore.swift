import Basics
import ChatProtocol
import Testing

@testable import History

/// Changes and configurations as the tests use them.
enum Made {
    static let room = LogID(rawValue: 1)

    static func log(_ id: UInt32, _ kind: LogKind = .room, epoch: UInt64 = 7) -> StoreChange {
        .begin(
            StoredLog(
                id: LogID(rawValue: id), kind: kind, key: [UInt8(truncatingIfNeeded: id)],
                epoch: LogEpoch(rawValue: epoch)))
    }

    static func entry(_ number: EntryNumber, _ text: String?, log: UInt32 = 1, time: Int64 = 0) -> StoreChange {
        .append(
            StoredEntry(
                log: LogID(rawValue: log), number: number, time: WallTime(milliseconds: time),
                bytes: Array((text ?? "-").utf8), text: text))
    }

    static func record(_ key: UInt8, _ value: String, in collection: String = "names") -> StoreChange {
        .put(StoredRecord(collection: collection, key: [key], bytes: Array(value.utf8)))
    }

    static func session(_ member: UInt32, outbox: OutboxNumber = 0) -> StoreChange {
        .putSession(
            StoredSession(
                member: MemberID(rawValue: member), outbox: outbox, bytes: [UInt8(truncatingIfNeeded: member)]))
    }

    static func configuration(
        _ folder: TestFolder, retention: [LogKind: HistoryConfiguration.Retention] = [:], pageLimit: Int? = nil
    ) -> HistoryConfiguration {
        let all = HistoryConfiguration.Tail(entries: 100_000, bytes: 100_000_000)
        return HistoryConfiguration(
            location: .file(path: folder.path), retention: retention,
            tails: [.room: all, .group: all, .inbox: all], pageLimit: pageLimit)
    }

    /// Opens the store of a folder.
    static func store(_ folder: TestFolder, seed: UInt64 = 1) throws(StoreError) -> Store {
        try store(configuration(folder), seed: seed)
    }

    /// Opens what a fall left in a folder: for the test it is a copy, for the store it is to be its own file.
    static func fallen(_ folder: TestFolder, seed: UInt64 = 1) throws(StoreError) -> Store {
        var random = SeededGenerator(seed: seed)
        return try Store.open(configuration(folder), knowsCopies: false, using: &random)
    }

    static func store(_ configuration: HistoryConfiguration, seed: UInt64 = 1) throws(StoreError) -> Store {
        var random = SeededGenerator(seed: seed)
        return try Store.open(configuration, using: &random)
    }
}

extension StoredState {
    /// The texts of a log's entries, as the tests write them.
    func texts(_ log: UInt32 = 1) -> [String] {
        logs.first { $0.log.id.rawValue == log }?.tail.map { String(decoding: $0.bytes, as: UTF8.self) } ?? []
    }

    func end(_ log: UInt32 = 1) -> EntryNumber? { logs.first { $0.log.id.rawValue == log }?.end }
}

extension Store {
    /// Stores one group; a fault of its making is an error here.
    mutating func write(_ changes: StoreChange...) throws(StoreError) {
        try write(all: changes)
    }

    mutating func write(all changes: [StoreChange]) throws(StoreError) {
        if let fault = try write([changes])[0] { throw .invalid(fault) }
    }

    /// The texts that a search finds, newest first.
    mutating func found(_ text: String, log: UInt32 = 1, limit: Int = 100) throws(StoreError) -> [String] {
        while try index(limit: 1_000) {}
        let items = try reading.search(
            SearchQuery(text), in: LogID(rawValue: log), before: StoreLimits.entryNumber, limit: limit)
        return items.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Whether the search index holds exactly what the entries say, as far as it reaches.
    mutating func checkIndex() throws(StoreError) {
        while try index(limit: 1_000) {}
        try database.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    }
}
