import ChatProtocol

/// Something in a store that should not be.
package enum StoreFault: Hashable, Sendable {
    /// SQLite's own check found this.
    case damaged(String)
    /// The tables are not those of the version.
    case schema(String)
    /// A log has entries beyond the numbers that it gave.
    case numbers(log: UInt32)
    /// A log has other entries than it counts.
    case totals(log: UInt32)
    /// So many entries belong to no log.
    case stray(Int64)
    /// A counter went beyond what was reserved for it.
    case counter(String)
}

/// What was found in a store.
package struct StoreInspection: Hashable, Sendable {
    /// The most faults that are told.
    package static let faultLimit = 100

    /// The version of the schema.
    package let version: Int
    package private(set) var logs = 0
    package private(set) var entries: Int64 = 0
    package private(set) var faults: [StoreFault] = []

    /// Looks at a store, which another process may have open and write to meanwhile. Nothing is changed.
    ///
    /// - Throws: `StoreError` when it can't be looked at: it is not there, newer, or of another program. A file that
    ///   SQLite refuses to read at all is `.corrupt`.
    package init(of path: String) throws(StoreError) {
        let database = try StoreBackup.open(path)
        version = try Migrations.current.version(of: database)
        // One moment: what is counted here is not added to there.
        try database.execute("BEGIN")
        faults = try database.integrityFaults(limit: Self.faultLimit).map { .damaged($0) }
        if let difference = try database.schemaDifference() { faults.append(.schema(difference)) }
        // Where pages are damaged, what stands in them is not worth counting.
        guard faults.isEmpty else { return }
        try inspectLogs(of: database)
        try inspectCounters(of: database)
        database.rollBack()
    }

    private mutating func add(_ fault: StoreFault) {
        if faults.count < Self.faultLimit { faults.append(fault) }
    }

    /// What the table of logs says against what stands in the table of entries.
    private mutating func inspectLogs(of database: borrowing Database) throws(StoreError) {
        let rows = try database.prepare(
            """
            SELECT logs.id, last, reserved, trimmed, logs.entries, logs.bytes, dropped,
                ifnull(found.entries, 0), ifnull(found.bytes, 0), ifnull(found.low, last), ifnull(found.high, 0)
            FROM logs LEFT JOIN (
                SELECT id >> \(EntryID.numberBits) AS log, count(*) AS entries, sum(length(bytes)) AS bytes,
                    min(id) & \(StoreLimits.entryNumber) AS low, max(id) & \(StoreLimits.entryNumber) AS high
                FROM entries GROUP BY 1
            ) AS found ON found.log = logs.id
            ORDER BY logs.id
            """)
        while try rows.step() {
            let id = UInt32(truncatingIfNeeded: rows.integer(0))
            // A dropped log goes in pieces, and counts nothing any more.
            guard rows.integer(6) == 0 else { continue }
            logs += 1
            entries += rows.integer(7)
            let last = rows.bits(1)
            if rows.bits(10) > last || last > rows.bits(2) || (rows.integer(7) > 0 && rows.bits(9) <= rows.bits(3)) {
                add(.numbers(log: id))
            }
            if rows.integer(4) != rows.integer(7) || rows.integer(5) != rows.integer(8) { add(.totals(log: id)) }
        }
        let stray = try database.integer(
            "SELECT count(*) FROM entries WHERE id >> \(EntryID.numberBits) NOT IN (SELECT id FROM logs)")
        if stray > 0 { add(.stray(stray)) }
    }

    private mutating func inspectCounters(of database: borrowing Database) throws(StoreError) {
        let rows = try database.prepare("SELECT name FROM counters WHERE value > reserved ORDER BY name")
        while try rows.step() { add(.counter(rows.text(0))) }
    }
}
