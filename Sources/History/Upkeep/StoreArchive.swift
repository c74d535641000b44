package import ChatProtocol

/// Reads all that a store holds, from the first entry to the last, while another process may write to it.
///
/// It reads in pages, each in a transaction of its own: whoever takes the pages may be slow, and a long transaction would
/// keep the write-ahead log from being emptied.
package struct StoreArchive: ~Copyable {
    private let database: Database
    private let page: Statement

    /// A log, and how far it had come when the archive was opened.
    package struct Log: Hashable, Sendable {
        package let log: StoredLog
        package let end: EntryNumber
    }

    /// The logs that there are, by their identifiers.
    package let logs: [Log]

    /// The most entries of a page.
    package static let pageEntries = 512

    /// - Throws: `StoreError` when there is no store, or it is newer or of another program.
    package init(path: String) throws(StoreError) {
        let database = try StoreBackup.open(path)
        let page = try database.prepare(
            "SELECT id, bytes, text FROM entries WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT \(Self.pageEntries)")
        let logs = try Self.logs(in: database)
        self.logs = logs
        self.page = page
        self.database = database
    }

    private static func logs(in database: borrowing Database) throws(StoreError) -> [Log] {
        let rows = try database.prepare("SELECT id, kind, key, epoch, last FROM logs WHERE dropped = 0 ORDER BY id")
        var logs: [Log] = []
        while try rows.step() {
            guard let kind = LogKind(rawValue: UInt8(truncatingIfNeeded: rows.integer(1))) else { continue }
            let log = StoredLog(
                id: LogID(rawValue: UInt32(truncatingIfNeeded: rows.integer(0))), kind: kind, key: rows.bytes(2),
                epoch: LogEpoch(rawValue: rows.bits(3)))
            logs.append(Log(log: log, end: rows.bits(4)))
        }
        return logs
    }

    /// The records of a collection.
    package func records(in collection: String) throws(StoreError) -> [StoredRecord] {
        let rows = try database.prepare("SELECT key, bytes FROM records WHERE collection = ?1 ORDER BY key")
        try rows.bind(1, collection)
        var records: [StoredRecord] = []
        while try rows.step() {
            records.append(StoredRecord(collection: collection, key: rows.bytes(0), bytes: rows.bytes(1)))
        }
        return records
    }

    /// The entries of a log after a number, at most `pageEntries`, each with what became of it; none at the log's end.
    package func entries(of log: Log, after number: EntryNumber) throws(StoreError) -> [LogItem] {
        try page.bind(1, EntryID(log.log.id, number).rawValue)
        try page.bind(2, EntryID(log.log.id, log.end).rawValue)
        var items: [LogItem] = []
        while try page.step() { items.append(page.foundItem) }
        return items
    }
}
