import History
import ProgramFrame
import Sentences
import SocketIO

/// `udp-server backup FILE`: the store as it is at one moment, and the keys, in one file. A server may go on meanwhile.
enum BackupCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        let folder = try UpkeepFolder(call)
        try folder.expectStore()
        let path = call.operands[0]
        var companions: [CompanionFile] = []
        for name in UpkeepFolder.companions where SmallFile.exists(folder.file(name)) {
            companions.append(try read(name, in: folder))
        }
        try upkeep({ $0.notBackedUp(path, $1) }) { () throws(StoreError) in
            try StoreBackup.write(of: folder.store, to: path, with: companions)
        }
        return call.voice.answer(call.language.upkeep.backedUp(folder.path, path) + "\n")
    }

    private static func read(_ name: String, in folder: UpkeepFolder) throws(ProgramFailure) -> CompanionFile {
        do throws(FileError) {
            let bytes = try SmallFile.read(
                folder.file(name), limit: StoreBackup.companionBytes, audience: .ownerOnly)
            return CompanionFile(name: name, bytes: bytes)
        } catch {
            throw ProgramFailure(.file) { error.text(in: $0) }
        }
    }
}
