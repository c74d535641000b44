import ChatProtocol

/// A connection to the file of an open store that only reads, so that reading never waits for writing, nor writing for
/// reading. It also copies the write-ahead log into the database, which takes the disk tens of milliseconds.
struct StoreReader: ~Copyable {
    private let database: Database
    let statements: ReadStatements

    init(path: String) throws(StoreError) {
        let database = try Database.open(path: path, mode: .read)
        database.waitForLocks(milliseconds: HistoryLimits.lockPatienceMilliseconds)
        try database.execute("PRAGMA query_only = ON; PRAGMA cache_size = -\(HistoryLimits.cacheKiB)")
        statements = try ReadStatements(for: database)
        self.database = database
    }

    /// Copies as much of the write-ahead log into the database as nobody still reads.
    func checkpoint() throws(StoreError) {
        try database.checkpoint(.passive)
    }

    /// Writes a copy of the whole store, as it is now, to a new file. Those who write go on meanwhile.
    ///
    /// The copy is marked: when it is opened as a store, its logs get new epochs, because numbers that were given after
    /// the backup will be given again.
    func backUp(to path: String) throws(StoreError) {
        try database.execute("PRAGMA query_only = OFF")
        defer { try? database.execute("PRAGMA query_only = ON") }
        try database.vacuum(into: StoreFile(path: path))
        let copy = try Database.open(path: path, mode: .read)
        try copy.execute("UPDATE state SET value = 1 WHERE name = 'copied'")
    }
}

/// Reading the log: pages for those who catch up, and search.
struct ReadStatements {
    private let entries: Statement
    private let search: Statement
    private let newest: Statement
    private let log: Statement

    init(for database: borrowing Database) throws(StoreError) {
        entries = try database.prepare("SELECT id, bytes FROM entries WHERE id > ?1 AND id <= ?2 ORDER BY id")
        search = try database.prepare(
            """
            SELECT entries.id, entries.bytes, entries.text FROM search JOIN entries ON entries.id = search.rowid
            WHERE search MATCH ?1 AND search.rowid > ?2 AND search.rowid < ?3 ORDER BY search.rowid DESC LIMIT ?4
            """)
        newest = try database.prepare(
            """
            SELECT id, bytes, text FROM entries WHERE id > ?1 AND id < ?2 AND text IS NOT NULL ORDER BY id DESC LIMIT ?3
            """)
        log = try database.prepare("SELECT trimmed FROM logs WHERE id = ?1 AND dropped = 0")
    }

    /// The entries of a log after a number, until `byteLimit` is reached; at least one if there is one.
    func page(of id: LogID, after number: EntryNumber, byteLimit: Int) throws(StoreError) -> LogPage {
        let trimmed = try trimmed(of: id)
        try entries.bind(1, EntryID(id, number).rawValue)
        try entries.bind(2, EntryID.last(of: id).rawValue)
        var items: [LogItem] = []
        var left = min(byteLimit, HistoryLimits.pageBytes)
        while try entries.step() {
            guard left > 0 || items.isEmpty else {
                entries.reset()
                return LogPage(log: id, items: items, isLast: false, trimmedThrough: trimmed)
            }
            let item = LogItem(number: EntryID(rawValue: entries.integer(0)).number, bytes: entries.bytes(1))
            left -= item.bytes.count
            items.append(item)
        }
        return LogPage(log: id, items: items, isLast: true, trimmedThrough: trimmed)
    }

    /// The newest entries of a log before a number whose texts hold every word, newest first; without a word, all that
    /// have a text.
    func search(
        _ query: SearchQuery, in id: LogID, before number: EntryNumber, limit: Int
    ) throws(StoreError) -> [LogItem] {
        _ = try trimmed(of: id)
        guard let expression = query.expression else { return try newest(in: id, before: number, limit: limit) }
        try search.bind(1, expression)
        try search.bind(2, EntryID(id, 0).rawValue)
        try search.bind(3, EntryID(id, number).rawValue)
        try search.bind(4, Int64(min(max(0, limit), HistoryLimits.searchResults)))
        var items: [LogItem] = []
        while try search.step() {
            items.append(search.foundItem)
        }
        return items
    }

    private func newest(
        in id: LogID, before number: EntryNumber, limit: Int
    ) throws(StoreError) -> [LogItem] {
        try newest.bind(1, EntryID(id, 0).rawValue)
        try newest.bind(2, EntryID(id, number).rawValue)
        try newest.bind(3, Int64(min(max(0, limit), ChatLimits.entriesPerAnswer)))
        var items: [LogItem] = []
        while try newest.step() {
            items.append(newest.foundItem)
        }
        return items
    }

    private func trimmed(of id: LogID) throws(StoreError) -> EntryNumber {
        try log.bind(1, Int64(id.rawValue))
        guard try log.step() else { throw .invalid(.unknownLog) }
        let trimmed = log.bits(0)
        log.reset()
        return trimmed
    }
}

extension Statement {
    /// The entry of the present row: its number, its bytes, and what it is found by.
    var foundItem: LogItem {
        LogItem(
            number: EntryID(rawValue: integer(0)).number, bytes: bytes(1),
            searched: isNull(2) ? .nothing : .text(text(2)))
    }
}
