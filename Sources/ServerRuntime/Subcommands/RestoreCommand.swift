import History
import ProgramFrame
import Sentences
import SocketIO

/// `udp-server restore FILE`: puts a backup into the data folder, which no server may use meanwhile. What was there is
/// kept in a folder beside it.
enum RestoreCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        let folder = try UpkeepFolder(call)
        let backup = call.operands[0]
        try file { () throws(FileError) in try SmallFile.makeDirectory(folder.path) }
        let restoration = try open(folder)
        let companions = try upkeep({ $0.backupUnusable(backup, $1) }) { () throws(StoreError) in
            try restoration.unpack(backup)
        }
        try judge(companions, of: backup)
        let kept = try keep(folder, hasStore: restoration.hasStore)
        try upkeep({ $0.notRestored(folder.path, $1) }) { () throws(StoreError) in
            try restoration.install(keeping: kept ?? folder.path)
        }
        for companion in companions where UpkeepFolder.companions.contains(companion.name) {
            let path = folder.file(companion.name)
            try file { () throws(FileError) in try SmallFile.write(companion.bytes, to: path) }
            StoreRestoration.giveToFolderOwner(path)
        }
        return call.voice.answer(call.language.upkeep.restored(backup, folder.path, kept: kept) + "\n")
    }

    private static func open(_ folder: UpkeepFolder) throws(ProgramFailure) -> StoreRestoration {
        do throws(StoreError) {
            return try StoreRestoration(of: folder.store)
        } catch .locked {
            throw ProgramFailure(.file) { $0.upkeep.inUse(folder.path) }
        } catch {
            throw ProgramFailure(.file) { $0.upkeep.notRestored(folder.path, error.text(in: $0)) }
        }
    }

    /// A key that makes no sense must not take the place of one that does.
    private static func judge(_ companions: [CompanionFile], of backup: String) throws(ProgramFailure) {
        for companion in companions {
            let isWhole =
                switch companion.name {
                case ServerKeyFile.name: ServerKeyFile.decode(companion.bytes) != nil
                case TicketKeyFile.name: TicketKeyFile.decode(companion.bytes) != nil
                default: true
                }
            guard isWhole else { throw ProgramFailure(.file) { $0.upkeep.backupKeyDamaged(backup, companion.name) } }
        }
    }

    /// Makes the folder of what is there, and copies the keys into it.
    ///
    /// - Returns: the folder; nil when there is nothing to keep.
    private static func keep(_ folder: UpkeepFolder, hasStore: Bool) throws(ProgramFailure) -> String? {
        let keys = UpkeepFolder.companions.filter { SmallFile.exists(folder.file($0)) }
        guard hasStore || !keys.isEmpty else { return nil }
        // 20260131T143020.123Z: sorts by time, and has no sign that a shell or another system minds.
        let time = CivilTime.rfc3339(WallClock.now).filter { $0 != "-" && $0 != ":" }
        let kept = folder.file("before-restore-\(time)")
        try file { () throws(FileError) in
            try SmallFile.makeDirectory(kept)
            for key in keys {
                let bytes = try SmallFile.read(folder.file(key), limit: StoreBackup.companionBytes)
                try SmallFile.write(bytes, to: "\(kept)/\(key)")
                StoreRestoration.giveToFolderOwner("\(kept)/\(key)")
            }
        }
        StoreRestoration.giveToFolderOwner(kept)
        return kept
    }

    private static func file(_ work: () throws(FileError) -> Void) throws(ProgramFailure) {
        do throws(FileError) {
            try work()
        } catch {
            throw ProgramFailure(.file) { error.text(in: $0) }
        }
    }
}
