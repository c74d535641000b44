import Basics
import ChatProtocol
import Testing

@testable import History

/// A write-ahead log as it was found after a fall, cut off or damaged anywhere: SQLite takes the transactions before the
/// fault, whole, and our numbers go on above all that the run had shown.
@Suite struct TortureTests {
    /// What a run left, and what it held after each transaction.
    private struct Run {
        var database: [UInt8] = []
        var log: [UInt8] = []
        var states: [NaiveStore] = []
        /// The newest number that was shown, per log, and the epoch it was shown under.
        var shown: [UInt32: EntryNumber] = [:]
        var epochs: [UInt32: UInt64] = [:]

        private static let headerBytes = 32
        private static let frameBytes = 24 + 4_096

        var frameEnds: [Int] { Array(stride(from: Self.headerBytes, through: log.count, by: Self.frameBytes)) }
    }

    /// A run over a store that an earlier one made, with lines, edits, records and the index, killed at its end.
    private static func record(seed: UInt64, transactions: Int) throws -> Run {
        var random = SeededGenerator(seed: seed)
        let folder = try TestFolder()
        var run = Run()
        var naive = NaiveStore()
        func write(_ store: inout Store, _ count: Int) throws {
            for _ in 0..<count {
                let group = (0..<3).map { _ in
                    let change = OracleTests.change(naive, &run.shown, using: &random)
                    if case .begin(let log) = change { run.epochs[log.id.rawValue] = log.epoch.rawValue }
                    naive.apply(change)
                    return change
                }
                #expect(try store.write([group]) == [:])
                run.states.append(naive)
                if random.chance(0.2) { _ = try store.index(limit: 10) }
            }
        }
        var earlier = try Made.store(folder)
        try write(&earlier, 5)
        try earlier.finish()
        _ = consume earlier
        run.states = [naive]
        var store = try Made.store(folder)
        _ = try store.load()
        try write(&store, transactions)
        run.database = try folder.bytes("log.sqlite")
        run.log = try folder.bytes("log.sqlite-wal")
        return run
    }

    /// Opens what a fault left, and judges it.
    private static func judge(_ log: [UInt8], of run: Run, _ fault: String) throws {
        let folder = try TestFolder()
        try folder.write(run.database, to: "log.sqlite")
        try folder.write(log, to: "log.sqlite-wal")
        var store = try Made.fallen(folder)
        let state = try store.load()
        #expect(run.states.contains(NaiveStore(state)), "no prefix: \(fault)")
        #expect(state.wasUnclean)
        for log in state.logs where run.epochs[log.log.id.rawValue] == log.log.epoch.rawValue {
            let shown = run.shown[log.log.id.rawValue] ?? 0
            #expect(log.end >= shown, "\(log.log.id) would give \(log.end + 1) again, \(shown) was shown: \(fault)")
            try store.write(Made.entry(log.end + 1, "and on", log: log.log.id.rawValue))
        }
        try store.checkIndex()
    }

    @Test("row 45: cut at every frame, it is a consistent prefix, and no number is used again")
    func cut() throws {
        let run = try Self.record(seed: 11, transactions: 12)
        try #require(run.frameEnds.count > 20)
        for end in run.frameEnds { try Self.judge(Array(run.log[..<end]), of: run, "cut at \(end)") }
        // Whole, it is the whole run.
        let folder = try TestFolder()
        try folder.write(run.database, to: "log.sqlite")
        try folder.write(run.log, to: "log.sqlite-wal")
        var store = try Made.fallen(folder)
        #expect(try NaiveStore(store.load()) == run.states.last)
    }

    @Test("row 45: damaged at the head or in the first byte of any frame, likewise", arguments: [0, 8, 24])
    func damagedFrames(offset: Int) throws {
        let run = try Self.record(seed: 14, transactions: 6)
        try #require(run.frameEnds.count > 10)
        for frame in run.frameEnds.dropLast() {
            var log = run.log
            log[frame + offset] ^= 0x40
            try Self.judge(log, of: run, "frame at \(frame), offset \(offset)")
        }
    }

    @Test("row 45: damaged in any frame, or cut within one, likewise", arguments: [12, 13] as [UInt64])
    func damaged(seed: UInt64) throws {
        let run = try Self.record(seed: seed, transactions: 10)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let place = Int.random(in: 0..<run.log.count, using: &random)
            var log = run.log
            if random.chance(0.3) { log.removeLast(log.count - place) } else { log[place] ^= 1 << UInt8(place % 8) }
            try Self.judge(log, of: run, "seed \(seed), byte \(place)")
        }
    }
}
