import ChatProtocol

/// The way from a path to an open store:
///
///     lock -> file is ours, not newer -> write-ahead log -> migrations -> after an unclean end: check, skip numbers
///
/// A damaged file is a stop, with a copy kept; so is one that is newer, foreign or in use. None of those is changed.
struct StoreOpening {
    let configuration: HistoryConfiguration
    let migrations: Migrations
    let knowsCopies: Bool

    func open(using random: inout some RandomNumberGenerator) throws(StoreError) -> Store {
        switch configuration.location {
        case .memory:
            let database = try Database.open(path: ":memory:", mode: .create)
            try migrations.run(on: database)
            try limitPages(of: database)
            return try Store(configuration: configuration, database: database, lock: nil, boot: StoreBoot())
        case .file(let path):
            let file = StoreFile(path: path)
            try file.makePrivate()
            let lock = try StoreLock(for: file)
            let database = try Database.open(path: path, mode: .create)
            // Until all is well, closing must leave the files as they are.
            database.setCheckpointOnClose(false)
            database.waitForLocks(milliseconds: HistoryLimits.lockPatienceMilliseconds)
            let boot: StoreBoot
            do throws(StoreError) {
                boot = try prepare(database, of: file, lock, using: &random)
            } catch .corrupt(_, let detail, _) {
                throw .corrupt(path: path, detail: detail, copy: file.keepDamagedCopy())
            } catch .busy {
                throw .locked(path: path)
            }
            database.setCheckpointOnClose(true)
            return try Store(configuration: configuration, database: database, lock: lock, boot: boot)
        }
    }

    private func prepare(
        _ database: borrowing Database, of file: StoreFile, _ lock: borrowing StoreLock,
        using random: inout some RandomNumberGenerator
    ) throws(StoreError) -> StoreBoot {
        if try migrations.version(of: database) == 0 {
            // Only an empty database takes it: freed pages go back to the system a few at a time.
            try database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        }
        guard try database.text("PRAGMA journal_mode = WAL") == "wal" else { throw .busy }
        try database.execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA cache_size = -\(HistoryLimits.cacheKiB);
            """)
        database.countPages()
        try migrations.run(on: database)
        let boot = try begin(database, of: file, mark: lock.mark, using: &random)
        // The reservations stand in the database itself from now on, whatever happens to the write-ahead log.
        try database.checkpoint(.truncate)
        lock.write(mark: try database.integer(Self.selectMark))
        try limitPages(of: database)
        try database.execute("PRAGMA synchronous = \(configuration.durability == .power ? "FULL" : "NORMAL")")
        return boot
    }

    static let selectMark = "SELECT value FROM state WHERE name = 'mark'"

    /// Whether the file is another one than was there before, perhaps an older one in the place of a newer: by its inode, or
    /// since it has another mark than the lock's file.
    private func isCopy(
        _ database: borrowing Database, of file: StoreFile, mark: Int64
    ) throws(StoreError) -> Bool {
        guard knowsCopies else { return false }
        let known = try database.integer("SELECT value FROM state WHERE name = 'file'")
        if known != 0, file.identity != 0, known != file.identity { return true }
        let own = try database.integer(Self.selectMark)
        return own != 0 && own != mark
    }

    /// Marks the run as begun, after what the end of the last one asks for.
    ///
    /// - Parameter mark: the one in the lock's file.
    private func begin(
        _ database: borrowing Database, of file: StoreFile, mark: Int64,
        using random: inout some RandomNumberGenerator
    ) throws(StoreError) -> StoreBoot {
        var boot = StoreBoot()
        boot.wasUnclean = try database.integer("SELECT value FROM state WHERE name = 'clean'") == 0
        boot.wasRestored = try database.integer("SELECT value FROM state WHERE name = 'copied'") != 0
        let isCopy = try isCopy(database, of: file, mark: mark)
        if boot.wasUnclean, file.byteCount <= HistoryLimits.checkedBytes {
            let verdict = try database.text("PRAGMA quick_check(1)")
            guard verdict == "ok" else { throw .corrupt(path: file.path, detail: verdict, copy: nil) }
        }
        try database.transaction { database throws(StoreError) in
            if isCopy { try Self.skipNumbers(in: database) }
            if boot.wasUnclean {
                // Numbers up to the reserved one may have been shown by transactions that are lost.
                let block = HistoryLimits.firstReservation
                try database.execute(
                    """
                    UPDATE logs SET last = max(last, reserved), reserved = max(last, reserved) + \(block);
                    UPDATE counters SET value = max(value, reserved), reserved = max(value, reserved) + \(block);
                    """)
            }
            let next = Int64.random(in: 1..<1 << 62, using: &random)
            try database.execute(
                "INSERT OR REPLACE INTO state VALUES ('file', \(file.identity)), ('mark', \(next))")
            if boot.wasRestored { try drawEpochs(in: database, using: &random) }
            try database.execute(
                "UPDATE state SET value = 0 WHERE name = 'clean'; UPDATE state SET value = 0 WHERE name = 'copied'")
        }
        return boot
    }

    /// The file is a copy, perhaps an older one in the place of a newer: what that had given since is not given again.
    private static func skipNumbers(in database: borrowing Database) throws(StoreError) {
        try database.execute(
            """
            UPDATE logs SET last = max(last, reserved) + \(HistoryLimits.numbersSkippedByCopy);
            UPDATE logs SET reserved = last + \(HistoryLimits.firstReservation);
            UPDATE counters SET value = max(value, reserved) + \(HistoryLimits.countsSkippedByCopy);
            UPDATE counters SET reserved = value + \(HistoryLimits.firstReservation);
            """)
    }

    /// What was written after the backup was made is gone, and its numbers will be used again: under other epochs.
    private func drawEpochs(
        in database: borrowing Database, using random: inout some RandomNumberGenerator
    ) throws(StoreError) {
        let select = try database.prepare("SELECT id FROM logs")
        var ids: [Int64] = []
        while try select.step() { ids.append(select.integer(0)) }
        let update = try database.prepare("UPDATE logs SET epoch = ?2 WHERE id = ?1")
        for id in ids {
            try update.bind(1, id)
            try update.bind(2, bits: random.next())
            try update.run()
        }
    }

    private func limitPages(of database: borrowing Database) throws(StoreError) {
        guard let limit = configuration.pageLimit else { return }
        try database.execute("PRAGMA max_page_count = \(max(1, limit))")
    }
}
