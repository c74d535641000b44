import CSQLite

/// A compiled statement: bound, stepped, read and reset, as often as needed; finalised when it goes.
///
/// Parameters count from 1 and columns from 0, as in SQLite. `@safe`: the statement keeps its connection open, and
/// every pointer that SQLite lends is copied from before the next call. A class, so that an initialiser that prepares
/// several may fail between them.
@safe
final class Statement {
    private let statement: OpaquePointer
    private let handle: OpaquePointer
    private let path: String

    /// Takes ownership of a compiled statement.
    init(_ statement: OpaquePointer, of handle: OpaquePointer, path: String) {
        unsafe self.statement = statement
        unsafe self.handle = handle
        self.path = path
    }

    deinit {
        unsafe sqlite3_finalize(statement)
    }

    // MARK: Binding

    func bind(_ index: Int32, _ value: Int64) throws(StoreError) {
        try check(unsafe sqlite3_bind_int64(statement, index, value))
    }

    /// A value above 2^63 - 1 is kept by its bits.
    func bind(_ index: Int32, bits value: UInt64) throws(StoreError) {
        try bind(index, Int64(bitPattern: value))
    }

    func bind(_ index: Int32, _ bytes: [UInt8]) throws(StoreError) {
        let result = unsafe bytes.withUnsafeBytes { buffer in
            unsafe csqlite_bind_bytes(statement, index, buffer.baseAddress, Int32(clamping: buffer.count))
        }
        try check(result)
    }

    /// nil becomes NULL.
    func bind(_ index: Int32, _ text: String?) throws(StoreError) {
        guard var text else { return try check(unsafe sqlite3_bind_null(statement, index)) }
        let result = text.withUTF8 { buffer in
            unsafe csqlite_bind_text(statement, index, buffer.baseAddress, Int32(clamping: buffer.count))
        }
        try check(result)
    }

    // MARK: Running

    /// Runs to the end and is ready for the next time.
    func run() throws(StoreError) {
        while try step() {}
    }

    /// Goes to the next row. After the last one, and after an error, the statement is ready for the next time.
    ///
    /// - Returns: whether there is a row.
    func step() throws(StoreError) -> Bool {
        let result = unsafe sqlite3_step(statement)
        if result == SQLITE_ROW { return true }
        if result != SQLITE_DONE {
            let error = unsafe StoreError(result, handle: handle, path: path)
            reset()
            throw error
        }
        reset()
        return false
    }

    /// Ends a reading before its last row; its locks end with it.
    func reset() {
        // It repeats the error of the last step, which was told already.
        _ = unsafe sqlite3_reset(statement)
    }

    // MARK: Columns of the present row

    func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(statement, column)
    }

    func bits(_ column: Int32) -> UInt64 {
        UInt64(bitPattern: integer(column))
    }

    func bytes(_ column: Int32) -> [UInt8] {
        // The pointer comes first: it may change the value's form, and with it the count.
        guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
        let count = unsafe sqlite3_column_bytes(statement, column)
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: Int(count)))
    }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    func text(_ column: Int32) -> String {
        String(decoding: bytes(column), as: UTF8.self)
    }

    private func check(_ result: Int32) throws(StoreError) {
        guard result != SQLITE_OK else { return }
        throw unsafe StoreError(result, handle: handle, path: path)
    }
}
