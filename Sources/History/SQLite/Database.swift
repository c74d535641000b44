import CSQLite

/// A connection to SQLite; closed with its last statement.
///
/// A thin layer: SQLite's pointers stay inside, what goes in is copied by SQLite, what comes out is copied by us.
/// Whoever owns the value uses it from one thread at a time. `@safe`: the handle is open for as long as the value lives.
@safe
struct Database: ~Copyable {
    enum Mode {
        /// Makes the file where there is none.
        case create
        /// For reading and for checkpoints, of a file that exists.
        case read
        /// For reading a file that nobody writes to, also where nothing can be written.
        case readOnly
    }

    private let handle: OpaquePointer
    /// How many pages the write-ahead log holds, told by SQLite after each commit.
    private let walPageCount: UnsafeMutablePointer<Int32>
    let path: String

    /// - Parameter path: a file, or `:memory:`.
    static func open(path: String, mode: Mode) throws(StoreError) -> Database {
        var opened: OpaquePointer?
        let access =
            switch mode {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .read: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW
        let place = path == ":memory:" ? path : StoreFile(path: path).resolved
        let result = unsafe sqlite3_open_v2(place, &opened, flags, nil)
        guard result == SQLITE_OK, let handle = unsafe opened else {
            let text = unsafe String(cString: unsafe sqlite3_errstr(result))
            unsafe sqlite3_close_v2(opened)
            throw .cannotOpen(path: path, text: text)
        }
        let database = unsafe Database(owning: handle, path: path)
        // A file of somebody else's making can't run code by its schema (sqlite.org, "Defense Against The Dark Arts").
        try database.execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        return database
    }

    private init(owning handle: OpaquePointer, path: String) {
        unsafe self.handle = handle
        unsafe walPageCount = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        unsafe walPageCount.initialize(to: 0)
        self.path = path
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
        unsafe walPageCount.deallocate()
    }

    /// Has the pages counted, and nothing copied on its own account: SQLite's own copying is a hook as well, and there
    /// is place for one.
    func countPages() {
        unsafe sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                unsafe context?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, walPageCount)
    }

    /// The pages of the write-ahead log after the last commit of this connection; see `countPages`.
    var walPages: Int { unsafe Int(walPageCount.pointee) }

    /// Whether a transaction is open; SQLite ends one by itself after some errors.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// How long a call waits for the lock of another connection.
    func waitForLocks(milliseconds: Int32) {
        unsafe sqlite3_busy_timeout(handle, milliseconds)
    }

    /// Whether closing the last connection copies the write-ahead log into the database.
    func setCheckpointOnClose(_ isWanted: Bool) {
        // It can't fail for this option.
        _ = unsafe csqlite_checkpoint_on_close(handle, isWanted ? 1 : 0)
    }

    /// Runs statements that give nothing back.
    func execute(_ sql: String) throws(StoreError) {
        try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// Compiles one statement.
    func prepare(_ sql: String) throws(StoreError) -> Statement {
        var prepared: OpaquePointer?
        try check(unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil))
        guard let statement = unsafe prepared else { throw .failed(code: SQLITE_MISUSE, text: "no statement") }
        return unsafe Statement(statement, of: handle, path: path)
    }

    /// The integer that a statement gives in its first row; 0 without a row.
    func integer(_ sql: String) throws(StoreError) -> Int64 {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The text that a statement gives in its first row; empty without a row.
    func text(_ sql: String) throws(StoreError) -> String {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : ""
    }

    enum Checkpoint {
        /// Copies what it can without waiting for anybody.
        case passive
        /// Copies everything and empties the write-ahead log; waits for readers.
        case truncate
    }

    /// Copies the write-ahead log into the database file.
    func checkpoint(_ kind: Checkpoint) throws(StoreError) {
        let mode = kind == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        try check(unsafe sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil))
    }

    private func check(_ result: Int32) throws(StoreError) {
        guard result != SQLITE_OK else { return }
        throw unsafe StoreError(result, handle: handle, path: path)
    }
}

extension StoreError {
    /// The error of a failed call, from SQLite's extended result code.
    init(_ result: Int32, handle: OpaquePointer, path: String) {
        let text = unsafe String(cString: unsafe sqlite3_errmsg(handle))
        switch result & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_FULL: self = .full
        case SQLITE_IOERR: self = .io(code: result, text: text)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt(path: path, detail: text, copy: nil)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY: self = .cannotOpen(path: path, text: text)
        default: self = .failed(code: result, text: text)
        }
    }
}
