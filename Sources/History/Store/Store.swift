import ChatProtocol

/// The log on disk: one connection to SQLite and what must be known about each log to write to it.
///
/// It blocks while the disk works, so `HistoryWorker` keeps it on a thread of its own. Every call either did the whole
/// of what it says or threw and changed nothing.
struct Store: ~Copyable {
    /// Its rules of retention alone change, see `setRetention`.
    var configuration: HistoryConfiguration
    let database: Database
    /// Released after the connection is closed, so that nobody opens the file in between.
    let lock: StoreLock?

    /// Stands in the database and in the lock's file, and changes with each opening and each reservation: a database with
    /// another one is not the one that was there before.
    var mark: Int64

    var logs: [LogID: LogState] = [:]
    var counters: [String: CounterState] = [:]
    /// Logs with entries that the search index lacks, and about how many those are.
    var unindexedLogs: Set<LogID> = []
    var unindexedEntries = 0
    let statements: StoreStatements

    /// A counter and how far it may go without waiting for the disk.
    struct CounterState {
        var value: UInt64
        var reserved: UInt64
    }

    /// What was found about the last run.
    let boot: StoreBoot
    /// For a store whose only connection this is.
    let reading: ReadStatements

    /// Opens the store, or makes it where there is none. See `StoreOpening` for what is checked on the way. `load` is to
    /// follow before anything is written.
    ///
    /// - Parameters:
    ///   - knowsCopies: whether a copy of the file is known as such, and skips numbers.
    ///   - random: gives the new epochs of a restored backup.
    static func open(
        _ configuration: HistoryConfiguration, migrations: Migrations = .current, knowsCopies: Bool = true,
        using random: inout some RandomNumberGenerator
    ) throws(StoreError) -> Store {
        try StoreOpening(configuration: configuration, migrations: migrations, knowsCopies: knowsCopies)
            .open(using: &random)
    }

    init(
        configuration: HistoryConfiguration, database: consuming Database, lock: consuming StoreLock?, boot: StoreBoot
    ) throws(StoreError) {
        let statements = try StoreStatements(for: database)
        let reading = try ReadStatements(for: database)
        let mark = try database.integer(StoreOpening.selectMark)
        self.statements = statements
        self.reading = reading
        self.configuration = configuration
        self.boot = boot
        self.mark = mark
        self.database = database
        self.lock = lock
    }

    /// Ends the run in order: the next one continues the numbers where this one ended.
    ///
    /// The connection is to be closed afterwards, and the one that reads before it.
    mutating func finish() throws(StoreError) {
        while try index(limit: HistoryLimits.unindexedEntries) {}
        try database.execute("PRAGMA synchronous = FULL")
        try database.execute("UPDATE state SET value = 1 WHERE name = 'clean'")
        guard configuration.location != .memory else { return }
        // What is synced in the write-ahead log is safe; copying it now only makes the next start quicker.
        try? database.checkpoint(.truncate)
    }
}

/// What was found about the last run.
struct StoreBoot {
    var wasUnclean = false
    var wasRestored = false
}

/// Every statement that writes, compiled once.
struct StoreStatements {
    let append: Statement
    let replace: Statement
    let beginLog: Statement
    let updateLog: Statement
    let removeLog: Statement
    let putSession: Statement
    let mark: Statement
    let deleteSession: Statement
    let put: Statement
    let delete: Statement
    let count: Statement
    let indexBound: Statement
    let index: Statement
    let unindex: Statement
    let oldest: Statement
    let removeEntries: Statement

    init(for database: borrowing Database) throws(StoreError) {
        append = try database.prepare("INSERT INTO entries (id, time, bytes, text) VALUES (?1, ?2, ?3, ?4)")
        replace = try database.prepare("UPDATE entries SET bytes = ?2, text = ?3 WHERE id = ?1")
        beginLog = try database.prepare("INSERT INTO logs (id, kind, key, epoch) VALUES (?1, ?2, ?3, ?4)")
        updateLog = try database.prepare(
            """
            UPDATE logs SET last = ?2, reserved = ?3, trimmed = ?4, indexed = ?5, entries = ?6, bytes = ?7, dropped = ?8
            WHERE id = ?1
            """)
        removeLog = try database.prepare("DELETE FROM logs WHERE id = ?1")
        putSession = try database.prepare(
            """
            INSERT INTO sessions (member, outbox, bytes) VALUES (?1, ?2, ?3) ON CONFLICT (member)
            DO UPDATE SET outbox = max(outbox, excluded.outbox), bytes = excluded.bytes
            """)
        mark = try database.prepare("UPDATE sessions SET outbox = max(outbox, ?2) WHERE member = ?1")
        deleteSession = try database.prepare("DELETE FROM sessions WHERE member = ?1")
        put = try database.prepare("INSERT OR REPLACE INTO records (collection, key, bytes) VALUES (?1, ?2, ?3)")
        delete = try database.prepare("DELETE FROM records WHERE collection = ?1 AND key = ?2")
        count = try database.prepare("INSERT OR REPLACE INTO counters (name, value, reserved) VALUES (?1, ?2, ?3)")
        indexBound = try database.prepare(
            """
            SELECT max(id), count(*) FROM (SELECT id FROM entries WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3)
            """)
        index = try database.prepare(
            """
            INSERT INTO search (rowid, text) SELECT id, text FROM entries
            WHERE id > ?1 AND id <= ?2 AND text IS NOT NULL ORDER BY id
            """)
        unindex = try database.prepare(
            """
            INSERT INTO search (search, rowid, text) SELECT 'delete', id, text FROM entries
            WHERE id > ?1 AND id <= ?2 AND text IS NOT NULL ORDER BY id
            """)
        oldest = try database.prepare(
            "SELECT id, time, length(bytes) FROM entries WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3")
        removeEntries = try database.prepare("DELETE FROM entries WHERE id > ?1 AND id <= ?2")
    }
}
