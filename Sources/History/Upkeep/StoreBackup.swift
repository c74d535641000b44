/// A small file that belongs to a store and travels in its backup, such as a key.
package struct CompanionFile: Hashable, Sendable {
    /// The file's name, without a folder.
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// A backup is one file: the whole store as it was at one moment, and the files that belong to it, in a table of their own.
///
/// It is an SQLite database, marked so that its logs get new epochs when it is opened as a store: numbers that were given
/// after the backup will be given again.
package enum StoreBackup {
    /// The most companions of a backup, and the most bytes of each.
    package static let companionLimit = 16
    package static let companionBytes = 64 << 10

    static let companionTable = "companions"

    /// Writes a backup of a store that another process may have open and write to meanwhile: it sees one moment, and
    /// nobody waits for it (`VACUUM INTO` reads in one transaction, which the write-ahead log makes free for writers).
    ///
    /// - Parameters:
    ///   - store: the store's file; it is not changed.
    ///   - path: where nothing is yet. The file stands there when it is whole and on the disk, never before; its owner
    ///     alone can read it.
    /// - Throws: `StoreError`, `.cannotOpen` where there is no store or something stands at `path`.
    package static func write(
        of store: String, to path: String, with companions: [CompanionFile]
    ) throws(StoreError) {
        let file = StoreFile(path: path)
        guard !file.exists else { throw .cannotOpen(path: path, text: StoreFile.text(of: .exists)) }
        let draft = StoreFile(path: path + "-draft")
        draft.remove()
        do throws(StoreError) {
            try copy(store, to: draft, with: companions)
            try draft.install(at: file)
        } catch {
            draft.remove()
            throw error
        }
    }

    private static func copy(
        _ store: String, to draft: StoreFile, with companions: [CompanionFile]
    ) throws(StoreError) {
        let source = try open(store)
        try source.vacuum(into: draft)
        let copy = try Database.open(path: draft.path, mode: .read)
        try copy.transaction { copy throws(StoreError) in
            try copy.execute("UPDATE state SET value = 1 WHERE name = 'copied'")
            try copy.execute(
                "CREATE TABLE \(companionTable) (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID")
            let insert = try copy.prepare("INSERT INTO \(companionTable) VALUES (?1, ?2)")
            for companion in companions.prefix(companionLimit) {
                try insert.bind(1, companion.name)
                try insert.bind(2, companion.bytes)
                try insert.run()
            }
        }
    }

    /// Opens the store of another process so that nothing of it changes, its write-ahead log included.
    static func open(_ store: String) throws(StoreError) -> Database {
        let database = try Database.open(path: store, mode: .read)
        database.setCheckpointOnClose(false)
        database.waitForLocks(milliseconds: HistoryLimits.lockPatienceMilliseconds)
        guard try Migrations.current.version(of: database) > 0 else { throw .foreign(path: store) }
        return database
    }

    /// Makes a store of a backup, or of a plain copy of a store.
    ///
    /// - Parameters:
    ///   - path: the backup, which is not changed.
    ///   - draft: where the store is to be.
    /// - Returns: the files that came with it.
    /// - Throws: `StoreError` when it is damaged, newer, of another program, or has anything that stores do not have.
    static func unpack(_ path: String, into draft: StoreFile) throws(StoreError) -> [CompanionFile] {
        guard StoreFile(path: path).exists else { throw .cannotOpen(path: path, text: StoreFile.text(of: .missing)) }
        let companions = try copy(backup: path, into: draft)
        let store = try Database.open(path: draft.path, mode: .read)
        // The keys leave no trace in pages that are free now.
        try store.execute("PRAGMA secure_delete = ON")
        try store.transaction { store throws(StoreError) in
            try store.execute("DROP TABLE IF EXISTS \(companionTable)")
            try store.execute("UPDATE state SET value = 1 WHERE name = 'copied'")
        }
        return companions
    }

    private static func copy(backup path: String, into draft: StoreFile) throws(StoreError) -> [CompanionFile] {
        let backup = try Database.open(path: path, mode: .readOnly)
        guard try Migrations.current.version(of: backup) > 0 else { throw .foreign(path: path) }
        if let detail = try backup.integrityFaults(limit: 1).first {
            throw .corrupt(path: path, detail: detail, copy: nil)
        }
        if let strange = try backup.schemaDifference() { throw .corrupt(path: path, detail: strange, copy: nil) }
        let companions = try companions(in: backup)
        try backup.vacuum(into: draft)
        return companions
    }

    private static func companions(in backup: borrowing Database) throws(StoreError) -> [CompanionFile] {
        let count = try backup.integer("SELECT count(*) FROM sqlite_schema WHERE name = '\(companionTable)'")
        guard count > 0 else { return [] }
        let rows = try backup.prepare(
            """
            SELECT name, bytes FROM \(companionTable) WHERE length(bytes) <= \(companionBytes)
            ORDER BY name LIMIT \(companionLimit)
            """)
        var companions: [CompanionFile] = []
        while try rows.step() { companions.append(CompanionFile(name: rows.text(0), bytes: rows.bytes(1))) }
        return companions
    }
}

extension Database {
    /// Writes a copy of the whole database, as it is now, to a new file that its owner alone can read.
    func vacuum(into file: StoreFile) throws(StoreError) {
        try file.makePrivate()
        // It refuses a file that holds anything.
        let copying = try prepare("VACUUM INTO ?1")
        try copying.bind(1, file.resolved)
        try copying.run()
    }

    /// What SQLite's own check finds, at most so many things.
    func integrityFaults(limit: Int) throws(StoreError) -> [String] {
        let rows = try prepare("PRAGMA integrity_check(\(max(1, limit)))")
        var faults: [String] = []
        while try rows.step() {
            if rows.text(0) != "ok" { faults.append(rows.text(0)) }
        }
        return faults
    }

    /// The first table, index or trigger that a store of the present version does not have, or has otherwise; nil when
    /// there is none, or the version is an older one.
    func schemaDifference() throws(StoreError) -> String? {
        let migrations = Migrations.current
        guard try migrations.version(of: self) == migrations.version else { return nil }
        let model = try Database.open(path: ":memory:", mode: .create)
        try migrations.run(on: model)
        let wanted = try model.schema()
        let found = try schema()
        let strange = wanted.symmetricDifference(found).sorted { $0.name < $1.name }.first
        return strange.map { "schema: \($0.name)" }
    }

    private struct SchemaObject: Hashable {
        let name: String
        let text: String
    }

    private func schema() throws(StoreError) -> Set<SchemaObject> {
        let rows = try prepare(
            """
            SELECT name, type || ' ' || ifnull(sql, '') FROM sqlite_schema
            WHERE name <> '\(StoreBackup.companionTable)' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            """)
        var objects: Set<SchemaObject> = []
        while try rows.step() { objects.insert(SchemaObject(name: rows.text(0), text: rows.text(1))) }
        return objects
    }
}
