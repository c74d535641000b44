import Basics
import ChatProtocol
import Testing

@testable import History

/// What a store should hold, kept in the plainest way.
struct NaiveStore: Equatable {
    var entries: [UInt32: [EntryNumber: [UInt8]]] = [:]
    var sessions: [UInt32: OutboxNumber] = [:]
    var records: [UInt8: [UInt8]] = [:]

    mutating func apply(_ change: StoreChange) {
        switch change {
        case .begin(let log): entries[log.id.rawValue] = [:]
        case .drop(let id): entries[id.rawValue] = nil
        case .append(let entry): entries[entry.log.rawValue]?[entry.number] = entry.bytes
        case .replace(let entry):
            if entries[entry.log.rawValue]?[entry.number] != nil {
                entries[entry.log.rawValue]?[entry.number] = entry.bytes
            }
        case .putSession(let session):
            sessions[session.member.rawValue] = max(sessions[session.member.rawValue] ?? 0, session.outbox)
        case .mark(let member, let number):
            sessions[member.rawValue] = sessions[member.rawValue].map { max($0, number) }
        case .deleteSession(let member): sessions[member.rawValue] = nil
        case .put(let record): records[record.key.first ?? 0] = record.bytes
        case .delete(_, let key): records[key.first ?? 0] = nil
        case .count: break
        }
    }

    init() {}

    init(_ state: StoredState) {
        for log in state.logs {
            entries[log.log.id.rawValue] = Dictionary(uniqueKeysWithValues: log.tail.map { ($0.number, $0.bytes) })
        }
        for session in state.sessions { sessions[session.member.rawValue] = session.outbox }
        for record in state.records { records[record.key.first ?? 0] = record.bytes }
    }
}

@Suite struct OracleTests {
    /// A random change that a store can make, or hardly ever one that it can't.
    static func change(
        _ naive: NaiveStore, _ ends: inout [UInt32: EntryNumber], using random: inout SeededGenerator
    ) -> StoreChange {
        let log = UInt32.random(in: 1...3, using: &random)
        let key = UInt8.random(in: 0...5, using: &random)
        let member = MemberID(rawValue: UInt32.random(in: 1...4, using: &random))
        let text = "text \(random.next() % 50) of \(key)"
        switch Int.random(in: 0..<10, using: &random) {
        case _ where naive.entries[log] == nil: return Made.log(log, epoch: random.next())
        case 0: return .putSession(StoredSession(member: member, outbox: UInt64(key), bytes: [key]))
        case 1: return .mark(member, random.next() % 100)
        case 2: return .deleteSession(member)
        case 3: return Made.record(key, text)
        case 4: return .delete(collection: "names", key: [key])
        case 5:
            let number = 1 + random.next() % (1 + (ends[log] ?? 0))
            let bytes = Array("edited \(text)".utf8)
            return .replace(
                StoredEntry(
                    log: LogID(rawValue: log), number: number, time: WallTime(milliseconds: 0), bytes: bytes,
                    text: "edited \(text)"))
        default:
            let number = (ends[log] ?? 0) + 1 + random.next() % 3
            ends[log] = number
            return Made.entry(number, text, log: log)
        }
    }

    @Test(
        "the store races a naive one over random changes, ended in order and killed", arguments: [1, 2, 3] as [UInt64])
    func race(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var folder = try TestFolder()
        var naive = NaiveStore()
        var ends: [UInt32: EntryNumber] = [:]
        for _ in 0..<6 {
            var store = try Made.fallen(folder, seed: seed)
            let state = try store.load()
            #expect(NaiveStore(state) == naive, "seed \(seed)")
            for log in state.logs {
                #expect(log.end >= ends[log.log.id.rawValue] ?? 0)
                ends[log.log.id.rawValue] = log.end
            }
            for _ in 0..<40 {
                let groups = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    (0..<Int.random(in: 1...6, using: &random)).map { _ in
                        let change = Self.change(naive, &ends, using: &random)
                        naive.apply(change)
                        return change
                    }
                }
                #expect(try store.write(groups) == [:], "seed \(seed)")
                if random.chance(0.3) { _ = try store.index(limit: 20) }
            }
            if random.chance(0.5) {
                try store.finish()
            } else {
                try store.checkIndex()
                folder = try folder.killed()
            }
        }
    }
}
