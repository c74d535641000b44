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

#ifdef __linux__
#include <fcntl.h>
#include <linux/stat.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/// What tells a file from a copy of it: its inode and, where the file system knows it, when it was made. 0 when the system
/// does not tell.
static inline unsigned long long csqlite_file_identity(const char *path) {
#ifdef __linux__
    struct statx status;
    memset(&status, 0, sizeof status);
    if (syscall(SYS_statx, AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &status) != 0) return 0;
    unsigned long long made = 0;
    if (status.stx_mask & STATX_BTIME) made = status.stx_btime.tv_sec * 1000000000ULL + status.stx_btime.tv_nsec;
    return (status.stx_ino * 0x9e3779b97f4a7c15ULL ^ made) | 1;
#else
    (void)path;
    return 0;
#endif
}
