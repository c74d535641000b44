/// Backups, moves and checks of the data folder.
struct EnglishUpkeep: UpkeepSentences {
    var needsFolder: String { "with --data :memory: there is nothing on the disk to work on" }
    func noStore(_ folder: String) -> String {
        "there is no history in \(logged(folder)): name the server's data folder with --data DIR"
    }
    func backedUp(_ folder: String, _ path: String) -> String {
        "\(logged(folder)) is backed up in \(logged(path)), history and keys: keep it as safe as the server itself"
    }
    func notBackedUp(_ path: String, _ reason: String) -> String { "no backup was made at \(logged(path)): \(reason)" }
    func backupUnusable(_ path: String, _ reason: String) -> String {
        "\(logged(path)) can't be restored, and nothing was changed: \(reason)"
    }
    func backupKeyDamaged(_ path: String, _ key: String) -> String {
        "\(logged(path)) can't be restored, and nothing was changed: \(logged(key)) in it is damaged"
    }
    func inUse(_ folder: String) -> String { "a server is using \(logged(folder)): stop it first, then restore" }
    func restored(_ path: String, _ folder: String, kept: String?) -> String {
        "\(logged(path)) is restored in \(logged(folder))"
            + (kept.map { "; what was there before is in \(logged($0))" } ?? "")
    }
    func notRestored(_ folder: String, _ reason: String) -> String {
        "\(logged(folder)) could not take the backup: \(reason)"
    }
    func exported(_ count: Int, _ path: String) -> String {
        "\(English.count(Int64(count), "line is", "lines are")) in \(logged(path))"
    }
    func notExported(_ reason: String) -> String { "the history can't be exported: \(reason)" }
    func exportNotTaken(_ path: String?) -> String {
        "the lines can't be written to \(path.map(logged) ?? "standard output")"
    }
    func whole(_ folder: String, version: Int, logs: Int, entries: Int64) -> String {
        "\(logged(folder)) is whole: \(English.count(entries, "entry", "entries")) in"
            + " \(English.count(Int64(logs), "log", "logs")), format \(version)"
    }
    func folderExposed(_ folder: String, mode: String) -> String {
        "other users can exchange files in \(logged(folder)) (mode \(mode)): run chmod 700 on it"
    }
    func keyMissing(_ path: String) -> String {
        "the server's key \(logged(path)) is missing: clients will not know the server again"
    }
    func ticketKeysDamaged(_ path: String) -> String {
        "the keys of tickets in \(logged(path)) are damaged: everybody will need the password once more"
    }
    func damaged(_ detail: String) -> String {
        "the history is damaged: \(logged(detail)); restore the newest backup"
    }
    func schema(_ detail: String) -> String {
        "the history has other tables than it should: \(logged(detail)); restore the newest backup"
    }
    func numbers(log: UInt32) -> String { "log \(log) has entries with numbers that it never gave" }
    func totals(log: UInt32) -> String { "log \(log) has other entries than it counts" }
    func stray(_ count: Int64) -> String {
        "\(English.count(count, "entry belongs", "entries belong")) to no log"
    }
    func counter(_ name: String) -> String { "the counter \(logged(name)) is beyond what was reserved for it" }
    func unreadable(log: UInt32, _ count: Int) -> String {
        "\(English.count(Int64(count), "entry", "entries")) of log \(log) can't be understood"
    }
}
