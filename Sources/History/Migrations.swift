/// The schema, as the steps that lead to it: step i makes version i + 1 of version i.
///
/// A step that was released is never changed: files exist that it made.
struct Migrations {
    /// "GASc": marks our files (`PRAGMA application_id`), so that another program's is not taken for an empty one.
    static let applicationID: Int64 = 0x4741_5363

    let steps: [String]

    static let current = Migrations(steps: [first])

    /// Entries stand in the order of their logs: `id` is the log in the upper 24 bits and the number in the lower 39,
    /// so reading a log is reading one run of pages, and no second index is written. `text` is what the index covers:
    /// it stands there as well because FTS5 takes an entry out of the index by the text that went in.
    private static let first = """
        CREATE TABLE logs (
            id INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            key BLOB NOT NULL,
            epoch INTEGER NOT NULL,
            last INTEGER NOT NULL DEFAULT 0,
            reserved INTEGER NOT NULL DEFAULT 0,
            trimmed INTEGER NOT NULL DEFAULT 0,
            indexed INTEGER NOT NULL DEFAULT 0,
            entries INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER NOT NULL DEFAULT 0,
            dropped INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            text TEXT
        ) STRICT;
        CREATE VIRTUAL TABLE search USING fts5 (
            text, content = 'entries', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
        );
        CREATE TABLE sessions (
            member INTEGER PRIMARY KEY,
            outbox INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE TABLE records (
            collection TEXT NOT NULL,
            key BLOB NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (collection, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE counters (
            name TEXT PRIMARY KEY,
            value INTEGER NOT NULL,
            reserved INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE state (
            name TEXT PRIMARY KEY,
            value INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO state VALUES ('clean', 1), ('copied', 0);
        """

    /// The version that the steps lead to.
    var version: Int { steps.count }

    /// The version of a database that is ours to change; 0 for one that is empty. Nothing is written.
    ///
    /// - Throws: `StoreError.newer` and `.foreign` for all others.
    func version(of database: borrowing Database) throws(StoreError) -> Int {
        let path = database.path
        let application = try database.integer("PRAGMA application_id")
        let found = try database.integer("PRAGMA user_version")
        let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
        guard application == Self.applicationID || (isEmpty && application == 0 && found == 0), found >= 0 else {
            throw .foreign(path: path)
        }
        guard found <= version else { throw .newer(path: path, version: Int(found), known: version) }
        return Int(found)
    }

    /// Brings the database to the present version, in one transaction.
    func run(on database: borrowing Database) throws(StoreError) {
        let found = try version(of: database)
        guard found < version else { return }
        try database.transaction { database throws(StoreError) in
            for step in steps[found...] { try database.execute(step) }
            try database.execute("PRAGMA application_id = \(Self.applicationID); PRAGMA user_version = \(version)")
        }
    }
}

extension Database {
    /// Runs `body` in one transaction: after an error nothing of it is there.
    func transaction(_ body: (borrowing Database) throws(StoreError) -> Void) throws(StoreError) {
        try execute("BEGIN IMMEDIATE")
        do throws(StoreError) {
            try body(self)
            try execute("COMMIT")
        } catch {
            rollBack()
            throw error
        }
    }

    /// Ends an open transaction without a trace; SQLite may have done it already.
    func rollBack() {
        guard isInTransaction else { return }
        // It can only fail where nothing was written, and the transaction has ended then too.
        try? execute("ROLLBACK")
    }
}
