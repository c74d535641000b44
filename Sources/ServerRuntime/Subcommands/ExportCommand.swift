import ChatDomain
import ChatProtocol
import History
import ProgramFrame
import Sentences
import ServerCore
import SocketIO

/// `udp-server export [FILE]`: what was said in the room and the groups, one JSON object a line. A server may go on
/// meanwhile: what is said after the beginning is not in it.
enum ExportCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        let folder = try UpkeepFolder(call)
        try folder.expectStore()
        guard let path = call.operands.first else {
            _ = try export(folder, to: call.voice.outputDescriptor, named: nil)
            return .fine
        }
        let count = try export(folder, toNew: path)
        return call.voice.answer(call.language.upkeep.exported(count, path) + "\n")
    }

    /// - Returns: how many lines the file has. There is none when something went wrong.
    private static func export(_ folder: UpkeepFolder, toNew path: String) throws(ProgramFailure) -> Int {
        let file: NewFile
        do throws(FileError) {
            file = try NewFile(at: path)
        } catch {
            throw ProgramFailure(.file) { error.text(in: $0) }
        }
        do throws(ProgramFailure) {
            let count = try export(folder, to: file.descriptor, named: path)
            guard (try? file.sync()) != nil else { throw ProgramFailure(.file) { $0.upkeep.exportNotTaken(path) } }
            return count
        } catch {
            try? SmallFile.remove(path)
            throw error
        }
    }

    /// - Returns: how many lines were written.
    private static func export(
        _ folder: UpkeepFolder, to descriptor: Int32, named path: String?
    ) throws(ProgramFailure) -> Int {
        let archive = try upkeep({ $0.notExported($1) }) { () throws(StoreError) in
            try StoreArchive(path: folder.store)
        }
        let records = try upkeep({ $0.notExported($1) }) { () throws(StoreError) in
            try archive.records(in: Archive.groupCollection)
        }
        let renderer = ArchiveRenderer(
            archive: Archive(groups: records), room: ServerCoreConfiguration(server: "").room)
        var writer = StreamWriter(descriptor: descriptor)
        var count = 0
        for log in archive.logs where log.log.kind != .inbox {
            var number: EntryNumber = 0
            while true {
                let items = try upkeep({ $0.notExported($1) }) { () throws(StoreError) in
                    try archive.entries(of: log, after: number)
                }
                guard let last = items.last else { break }
                number = last.number
                for line in items.compactMap({ renderer.line($0, in: log.log.id) }) {
                    writer.write(line + "\n")
                    count += 1
                }
                // A reader may be as slow as it likes: nothing waits for it but this.
                writer.flush(patience: -1)
                guard !writer.hasFailed else { throw ProgramFailure(.file) { $0.upkeep.exportNotTaken(path) } }
            }
        }
        return count
    }
}
