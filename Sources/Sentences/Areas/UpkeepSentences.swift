/// Backups, moves and checks of the data folder. Paths are made harmless here.
package protocol UpkeepSentences: Sendable {
    /// `--data :memory:` was said.
    var needsFolder: String { get }
    /// The folder has no history.
    func noStore(_ folder: String) -> String
    /// A backup was made.
    func backedUp(_ folder: String, _ path: String) -> String
    /// A backup could not be made.
    func notBackedUp(_ path: String, _ reason: String) -> String
    /// A file can't be restored.
    func backupUnusable(_ path: String, _ reason: String) -> String
    /// A key in a backup makes no sense.
    func backupKeyDamaged(_ path: String, _ key: String) -> String
    /// A server uses the folder.
    func inUse(_ folder: String) -> String
    /// A backup was restored; `kept` is where the former files are, if there were any.
    func restored(_ path: String, _ folder: String, kept: String?) -> String
    /// A backup could not be restored.
    func notRestored(_ folder: String, _ reason: String) -> String
    /// So many lines were exported.
    func exported(_ count: Int, _ path: String) -> String
    /// The history can't be read.
    func notExported(_ reason: String) -> String
    /// The lines could not be written; `path` is nil for standard output.
    func exportNotTaken(_ path: String?) -> String
    /// A folder has no fault.
    func whole(_ folder: String, version: Int, logs: Int, entries: Int64) -> String
    /// Others can exchange files in the folder; `mode` is octal.
    func folderExposed(_ folder: String, mode: String) -> String
    /// There is no server's key.
    func keyMissing(_ path: String) -> String
    /// The keys of tickets make no sense.
    func ticketKeysDamaged(_ path: String) -> String
    /// SQLite found something.
    func damaged(_ detail: String) -> String
    /// The tables are not those of the version.
    func schema(_ detail: String) -> String
    /// A log has entries with numbers that it never gave.
    func numbers(log: UInt32) -> String
    /// A log has other entries than it counts.
    func totals(log: UInt32) -> String
    /// Entries belong to no log.
    func stray(_ count: Int64) -> String
    /// A counter went too far.
    func counter(_ name: String) -> String
    /// Entries of a log make no sense.
    func unreadable(log: UInt32, _ count: Int) -> String
}
