#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast that Swift can't import: SQLite copies what is bound before the call returns.

static inline int csqlite_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                      : sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_text(statement, index, count == 0 ? "" : (const char *)bytes, count, SQLITE_TRANSIENT);
}

/// Whether closing the last connection copies the write-ahead log into the database and removes it.
static inline int csqlite_checkpoint_on_close(sqlite3 *database, int wanted) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !wanted, (int *)0);
}
