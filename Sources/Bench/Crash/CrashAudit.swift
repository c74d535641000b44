import ChatProtocol
import Dispatch
import Foundation
import History

/// Looks into the store of a server that was killed, as a copy: what was shown stands there, once.
struct CrashAudit {
    /// How far each log was looked through.
    private var through: [LogID: EntryNumber] = [:]
    /// Lines and in how many logs they stand.
    private var counts: [String: Int] = [:]
    /// Which log an inbox is, by who was shown it.
    private var entries: [LogID: [EntryNumber: CrashRecord.Entry]] = [:]
    private var kinds: [LogID: LogKind] = [:]
    /// Lines that were looked at.
    private(set) var lines = 0

    /// - Parameters:
    ///   - data: the data folder of a server that does not run.
    ///   - scratch: where the copy may lie meanwhile.
    mutating func look(at data: URL, copyingTo scratch: URL, _ record: CrashRecord) throws(CrashFault) {
        let copy = try Self.copy(data, to: scratch)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let woken = DispatchSemaphore(value: 0)
        let worker: HistoryWorker
        do throws(StoreError) {
            worker = try HistoryWorker(HistoryConfiguration(location: .file(path: copy))) { woken.signal() }
        } catch {
            throw CrashFault("the store can't be opened: \(error)")
        }
        for log in worker.takeLoaded().logs {
            kinds[log.log.id] = log.log.kind
            try read(log.log.id, worker, woken)
        }
        _ = worker.close()
        try compare(record)
    }

    private static func copy(_ data: URL, to scratch: URL) throws(CrashFault) -> String {
        let path = scratch.appending(path: "history.sqlite").path
        do {
            try? FileManager.default.removeItem(at: scratch)
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
            for suffix in ["", "-wal"] {
                let source = data.appending(path: "history.sqlite").path + suffix
                guard FileManager.default.fileExists(atPath: source) else { continue }
                try FileManager.default.copyItem(atPath: source, toPath: path + suffix)
            }
        } catch {
            throw CrashFault("the store can't be copied: \(error)")
        }
        return path
    }

    private mutating func read(
        _ id: LogID, _ worker: HistoryWorker, _ woken: DispatchSemaphore
    ) throws(CrashFault) {
        while true {
            let after = through[id] ?? 0
            guard worker.read(.page(id, after: after, byteLimit: 1_024 * 1_024)) != nil else { return }
            var page: LogPage?
            while page == nil {
                guard woken.wait(timeout: .now() + 10) == .success else {
                    throw CrashFault("the store does not answer")
                }
                for case .page(_, let found) in worker.takeReports() { page = found }
            }
            for item in page?.items ?? [] { try note(item, in: id) }
            if page?.isLast ?? true { return }
        }
    }

    private mutating func note(_ item: LogItem, in id: LogID) throws(CrashFault) {
        guard item.number > through[id] ?? 0 else { throw CrashFault("log \(id.rawValue) is out of order") }
        through[id] = item.number
        guard let entry = try? LogEntry(decoding: item.bytes.span) else {
            throw CrashFault("entry \(item.number) of log \(id.rawValue) can't be read")
        }
        let said: String? =
            switch entry.body {
            case .line(let line), .personal(let line, _, _): line.text
            default: nil
            }
        guard let text = said else { return }
        lines += 1
        counts[text, default: 0] += 1
        entries[id, default: [:]][item.number] = CrashRecord.Entry(from: entry.name, text: text)
    }

    private func compare(_ record: CrashRecord) throws(CrashFault) {
        for (log, shown) in record.shown {
            let kind: LogKind =
                switch log {
                case .room: .room
                case .group: .group
                case .inbox: .inbox
                }
            let candidates = entries.filter { kinds[$0.key] == kind }.values
            let isThere = candidates.contains { held in shown.allSatisfy { held[$0.key] == $0.value } }
            guard isThere else {
                let lost = candidates.first.flatMap { held in shown.first { held[$0.key] != $0.value } }
                let example = String(describing: lost)
                throw CrashFault("what was shown of \(log) is not in the store, for example \(example)")
            }
        }
        for (text, typed) in record.typed where record.receipt(of: text) != nil {
            var places = 1
            if case .person = typed.place { places = 2 }
            guard counts[text] == places else {
                throw CrashFault("\(text) was receipted and is \(counts[text] ?? 0) times in the store")
            }
        }
    }
}
