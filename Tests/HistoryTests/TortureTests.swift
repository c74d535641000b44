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
        /// After each transaction since the store was opened.
        var steps: [Step] = []
        /// What had been shown when the store was opened.
        var shownBefore: [UInt32: EntryNumber] = [:]
        /// The newest number that was shown, per log, and the epoch it was shown under.
        var shown: [UInt32: EntryNumber] = [:]
        var epochs: [UInt32: UInt64] = [:]

        /// How long the write-ahead log was after a transaction, whether it is on the disk from then on whatever happens,
        /// and what had been shown.
        struct Step {
            let logBytes: Int
            let isSynced: Bool
            let shown: [UInt32: EntryNumber]
        }

        /// What can have been shown when a power cut leaves so much of the write-ahead log: everything up to the first
        /// transaction that would have been on the disk.
        func shown(whenLeft logBytes: Int) -> [UInt32: EntryNumber] {
            let fallen = steps.firstIndex { $0.isSynced && $0.logBytes > logBytes } ?? steps.endIndex
            return fallen > 0 ? steps[fallen - 1].shown : shownBefore
        }

        private static let headerBytes = 32
        private static let frameBytes = 24 + 4_096

        var frameEnds: [Int] { Array(stride(from: Self.headerBytes, through: log.count, by: Self.frameBytes)) }
    }

    /// A run over a store that an earlier one made, with lines, edits, records and the index, killed at its end.
    ///
    /// - Parameter leap: how far numbers jump at most, beyond what one transaction needs.
    private static func record(seed: UInt64, transactions: Int, leap: UInt64 = 0) throws -> Run {
        var random = SeededGenerator(seed: seed)
        let folder = try TestFolder()
        var run = Run()
        var naive = NaiveStore()
        func write(_ store: inout Store, _ count: Int) throws {
            for _ in 0..<count {
                let reserved = store.reservations
                var ends = run.shown
                // In a fixed order: a dictionary's own would differ from run to run.
                if leap > 0 { for log in ends.keys.sorted() { ends[log, default: 0] += random.next() % leap } }
                var newEnds = ends
                let group = (0..<3).map { _ in
                    let change = OracleTests.change(naive, &newEnds, using: &random)
                    if case .begin(let log) = change { run.epochs[log.id.rawValue] = log.epoch.rawValue }
                    naive.apply(change)
                    return change
                }
                #expect(try store.write([group]) == [:])
                for (log, end) in newEnds where end != ends[log] { run.shown[log] = end }
                run.states.append(naive)
                run.steps.append(
                    Run.Step(
                        logBytes: try folder.bytes("log.sqlite-wal").count, isSynced: store.reservations != reserved,
                        shown: run.shown))
                if random.chance(0.2) { _ = try store.index(limit: 10) }
            }
        }
        var earlier = try Made.store(folder)
        try write(&earlier, 5)
        try earlier.finish()
        _ = consume earlier
        run.states = [naive]
        run.steps = []
        run.shownBefore = run.shown
        var store = try Made.store(folder)
        _ = try store.load()
        try write(&store, transactions)
        run.database = try folder.bytes("log.sqlite")
        run.log = try folder.bytes("log.sqlite-wal")
        return run
    }

    /// Opens what a fault left, and judges it.
    ///
    /// - Parameter left: how much of the write-ahead log is as it was.
    /// - Returns: which of the run's states it is.
    @discardableResult
    private static func judge(_ log: [UInt8], left: Int? = nil, of run: Run, _ fault: String) throws -> NaiveStore {
        let folder = try TestFolder()
        try folder.write(run.database, to: "log.sqlite")
        try folder.write(log, to: "log.sqlite-wal")
        var store = try Made.fallen(folder)
        let state = try store.load()
        let found = NaiveStore(state)
        #expect(run.states.contains(found), "no prefix: \(fault)")
        #expect(state.wasUnclean)
        let allShown = left.map { run.shown(whenLeft: $0) } ?? run.shown
        for log in state.logs where run.epochs[log.log.id.rawValue] == log.log.epoch.rawValue {
            let shown = allShown[log.log.id.rawValue] ?? 0
            #expect(log.end >= shown, "\(log.log.id) would give \(log.end + 1) again, \(shown) was shown: \(fault)")
            try store.write(Made.entry(log.end + 1, "and on", log: log.log.id.rawValue))
        }
        try store.checkIndex()
        return found
    }

    @Test("row 45: cut at every frame, it is a consistent prefix, and no number is used again")
    func cut() throws {
        let run = try Self.record(seed: 11, transactions: 12)
        try #require(run.frameEnds.count > 20)
        var reached = 0
        for end in [0, 16] + run.frameEnds {
            let state = try Self.judge(Array(run.log[..<end]), of: run, "cut at \(end)")
            // The more is left, the later the state.
            let last = try #require(run.states.lastIndex(of: state))
            #expect(last >= reached)
            reached = run.states.firstIndex(of: state) ?? last
        }
        // Whole, it is the whole run.
        #expect(try Self.judge(run.log, of: run, "whole") == run.states.last)
    }

    @Test("row 45: where numbers outgrow what was reserved, none that may have been shown is given again")
    func outgrown() throws {
        let run = try Self.record(seed: 15, transactions: 40, leap: 100)
        #expect(run.steps.count(where: \.isSynced) > 5 && run.shown.values.max() ?? 0 > 1_000)
        for end in run.frameEnds {
            try Self.judge(Array(run.log[..<end]), left: end, of: run, "cut at \(end)")
        }
    }

    @Test("row 45: damaged at the head, the first or last byte of any frame, likewise", arguments: [0, 8, 24, 4_119])
    func damagedFrames(offset: Int) throws {
        let run = try Self.record(seed: 14, transactions: 6)
        try #require(run.frameEnds.count > 10)
        for frame in run.frameEnds.dropLast() {
            var log = run.log
            log[frame + offset] ^= 0x40
            let state = try Self.judge(log, of: run, "frame at \(frame), offset \(offset)")
            #expect(try state == Self.judge(Array(run.log[..<frame]), of: run, "cut at \(frame)"))
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

extension Store {
    /// Up to where numbers of each log are reserved.
    fileprivate var reservations: [LogID: EntryNumber] { logs.mapValues(\.reserved) }
}
