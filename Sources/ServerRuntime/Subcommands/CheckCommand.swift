import ChatProtocol
import History
import ProgramFrame
import Sentences
import SocketIO

/// `udp-server check [DIR]`: whether a data folder is whole. Nothing is changed; a server may use it meanwhile.
enum CheckCommand {
    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        let folder = if let path = call.operands.first { UpkeepFolder(path: path) } else { try UpkeepFolder(call) }
        try folder.expectStore()
        let words = call.language.upkeep
        var faults = exposed(in: folder).map { $0.text(in: call.language) }
        faults += keyFaults(in: folder).map { $0.text(in: call.language) }
        var answer = faults
        do throws(StoreError) {
            let inspection = try StoreInspection(of: folder.store)
            answer += inspection.faults.map { words.fault(of: $0) }
            if inspection.faults.isEmpty { answer += try unreadable(in: folder).map { words.unreadable(log: $0, $1) } }
            if answer.isEmpty {
                let sentence = words.whole(
                    folder.path, version: inspection.version, logs: inspection.logs, entries: inspection.entries)
                return call.voice.answer(sentence + "\n")
            }
        } catch {
            answer.append(error.text(in: call.language))
        }
        _ = call.voice.answer(answer.map { $0 + "\n" }.joined())
        return .file
    }

    /// What other users can open, or exchange.
    private static func exposed(in folder: UpkeepFolder) -> [Phrase] {
        let store = ["", "-wal", "-shm", "-lock"].map { DataFolder.storeName + $0 }
        var faults: [Phrase] = []
        for name in UpkeepFolder.companions + store where SmallFile.exists(folder.file(name)) {
            let path = folder.file(name)
            do throws(FileError) {
                let mode = try SmallFile.permissions(of: path)
                guard mode & 0o077 != 0 else { continue }
                faults.append(Phrase { FileError.exposed(path: path, mode: mode).text(in: $0) })
            } catch {
                faults.append(Phrase { error.text(in: $0) })
            }
        }
        if let mode = try? SmallFile.permissions(of: folder.path), mode & 0o022 != 0 {
            faults.append(Phrase { $0.upkeep.folderExposed(folder.path, mode: String(mode, radix: 8)) })
        }
        return faults
    }

    private static func keyFaults(in folder: UpkeepFolder) -> [Phrase] {
        var faults: [Phrase] = []
        let key = folder.file(ServerKeyFile.name)
        if !SmallFile.exists(key) {
            faults.append(Phrase { $0.upkeep.keyMissing(key) })
        } else if let bytes = try? SmallFile.read(key, limit: ServerKeyFile.byteCount + 1),
            ServerKeyFile.decode(bytes) == nil
        {
            faults.append(Phrase { $0.server.keyDamaged(key) })
        }
        let tickets = folder.file(TicketKeyFile.name)
        if SmallFile.exists(tickets), let bytes = try? SmallFile.read(tickets, limit: TicketKeyFile.byteLimit + 1),
            TicketKeyFile.decode(bytes) == nil
        {
            faults.append(Phrase { $0.upkeep.ticketKeysDamaged(tickets) })
        }
        return faults
    }

    /// Logs with entries that this edition does not understand, and how many those are.
    private static func unreadable(in folder: UpkeepFolder) throws(StoreError) -> [(log: UInt32, count: Int)] {
        let archive = try StoreArchive(path: folder.store)
        var found: [(log: UInt32, count: Int)] = []
        for log in archive.logs {
            var number: EntryNumber = 0
            var count = 0
            while true {
                let items = try archive.entries(of: log, after: number)
                guard let last = items.last else { break }
                number = last.number
                count += items.count { (try? LogEntry(decoding: $0.bytes.span)) == nil }
            }
            if count > 0, found.count < StoreInspection.faultLimit { found.append((log.log.id.rawValue, count)) }
        }
        return found
    }
}

extension UpkeepSentences {
    fileprivate func fault(of fault: StoreFault) -> String {
        switch fault {
        case .damaged(let detail): damaged(detail)
        case .schema(let detail): schema(detail)
        case .numbers(let log): numbers(log: log)
        case .totals(let log): totals(log: log)
        case .stray(let count): stray(count)
        case .counter(let name): counter(name)
        }
    }
}
