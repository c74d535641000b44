import Basics
import ChatProtocol
import Testing

@testable import History

@Suite struct StoreTests {
    @Test("what was stored is there again after an ordinary end, and numbers go on without a jump")
    func reopened() throws {
        let folder = try TestFolder()
        var first = try Made.store(folder)
        #expect(try first.load() == StoredState())
        try first.write(Made.log(1), Made.log(2, .group), Made.session(5, outbox: 1))
        try first.write(Made.entry(1, "one"), .mark(MemberID(rawValue: 5), 9), Made.entry(1, "aside", log: 2))
        try first.write(Made.entry(2, "two"), Made.record(1, "ana"), Made.record(2, "bo"))
        try first.write(.delete(collection: "names", key: [1]), .count(counter: "member", through: 5))
        try first.finish()
        _ = consume first

        var second = try Made.store(folder)
        let state = try second.load()
        #expect(state.texts() == ["one", "two"] && state.texts(2) == ["aside"])
        #expect(state.end() == 2 && state.end(2) == 1)
        #expect(state.sessions == [StoredSession(member: MemberID(rawValue: 5), outbox: 9, bytes: [5])])
        #expect(state.records == [StoredRecord(collection: "names", key: [2], bytes: Array("bo".utf8))])
        #expect(state.counters == ["member": 5])
        #expect(!state.wasUnclean && !state.wasRestored)
    }

    @Test("a killed process loses nothing that was stored, and its numbers are skipped, not used again")
    func killed() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.write(Made.log(1))
        for number in 1...300 { try store.write(Made.entry(UInt64(number), "\(number)")) }
        try store.write(.count(counter: "member", through: 3))
        let left = try folder.killed()

        var next = try Made.fallen(left)
        let state = try next.load()
        #expect(state.texts() == (1...300).map(String.init))
        let end = try #require(state.end())
        #expect(end >= 300 && end < 300 + 4 * HistoryLimits.firstReservation)
        #expect(state.counters["member"] ?? 0 >= 3)
        #expect(state.wasUnclean)
        #expect(throws: StoreError.invalid(.numberTaken)) { try next.write(Made.entry(301, "reused")) }
        try next.write(Made.entry(end + 1, "on"))
        _ = consume store
    }

    @Test("each unclean end skips above the one before")
    func killedTwice() throws {
        var folder = try TestFolder()
        var last: EntryNumber = 0
        for round in 1...4 {
            var store = try Made.fallen(folder)
            let end = try store.load().end() ?? 0
            #expect(end >= last)
            if round == 1 { try store.write(Made.log(1)) }
            last = end + 1
            try store.write(Made.entry(last, "round \(round)"))
            folder = try folder.killed()
        }
        var store = try Made.store(folder)
        #expect(try store.load().texts() == (1...4).map { "round \($0)" })
    }

    @Test("a group is stored as a whole or not at all, and a bad one does not hold up the others")
    func groups() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        let faults = try store.write([
            [Made.log(1), Made.entry(1, "one")],
            [Made.log(2), Made.record(1, "x"), Made.entry(1, "again")],
            [Made.entry(2, "two")],
            [Made.entry(1, "nowhere", log: 9)],
            [Made.log(1)], [Made.log(0)], [.drop(LogID(rawValue: 2))],
            [.put(StoredRecord(collection: "c", key: [], bytes: [UInt8](repeating: 0, count: 70_000)))],
        ])
        #expect(
            faults == [
                1: .numberTaken, 3: .unknownLog, 4: .logTaken, 5: .logTaken, 6: .unknownLog, 7: .tooLarge,
            ])
        let state = try store.load()
        #expect(state.logs.count == 1 && state.texts() == ["one", "two"] && state.records.isEmpty)
    }

    @Test("a full store refuses whole transactions, keeps all it has, and goes on when there is room")
    func full() throws {
        let folder = try TestFolder()
        var store = try Made.store(Made.configuration(folder, pageLimit: 40))
        try store.write(Made.log(1))
        var stored: EntryNumber = 0
        let long = String(repeating: "x", count: 3_000)
        let failure = #expect(throws: StoreError.self) {
            while stored < 1_000 {
                try store.write(Made.entry(stored + 1, long), Made.record(1, "\(stored + 1)"))
                stored += 1
            }
        }
        #expect(failure == .full)
        #expect(failure?.mayPass == true)
        let state = try store.load()
        #expect(state.texts().count == Int(stored) && stored > 0)
        #expect(state.records.first?.bytes == Array("\(stored)".utf8))
        try store.database.execute("PRAGMA max_page_count = 10000")
        try store.write(Made.entry(stored + 1, long))
        #expect(try store.load().texts().count == Int(stored) + 1)
    }

    @Test("an entry that is replaced is found by its new text only; one that is gone is let be")
    func replaced() throws {
        var store = try Made.store(try TestFolder())
        try store.write(Made.log(1), Made.entry(1, "apple"), Made.entry(2, "pear"))
        #expect(try store.found("apple") == ["apple"])
        let new = StoredEntry(
            log: Made.room, number: 1, time: WallTime(milliseconds: 0), bytes: Array("plum".utf8), text: "plum")
        try store.write(.replace(new))
        var gone = new
        gone.number = 77
        try store.write(.replace(gone))
        #expect(try store.found("apple") == [] && store.found("plum") == ["plum"])
        try store.checkIndex()
        #expect(try store.load().texts() == ["plum", "pear"])
    }

    @Test("a log that was dropped can't be read, and goes bit by bit")
    func dropped() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.write(Made.log(1), Made.log(2))
        try store.write(all: (1...600).map { Made.entry($0, "word \($0)", log: 2) })
        #expect(try store.found("word", log: 2, limit: 3).count == 3)
        try store.write(.drop(LogID(rawValue: 2)))
        #expect(throws: StoreError.invalid(.unknownLog)) {
            try store.reading.page(of: LogID(rawValue: 2), after: 0, byteLimit: 10)
        }
        #expect(throws: StoreError.invalid(.unknownLog)) { try store.write(Made.entry(601, "more", log: 2)) }
        for id in store.trimmableLogs { while try store.trim(id, at: WallTime(milliseconds: 0)) {} }
        #expect(try store.database.integer("SELECT count(*) FROM entries") == 0)
        #expect(try store.load().logs.map(\.log.id.rawValue) == [1])
        try store.checkIndex()
    }

    @Test("pages follow each other without a gap, and say when the end is reached")
    func pages() throws {
        var store = try Made.store(try TestFolder())
        try store.write(Made.log(1), Made.log(2))
        try store.write(all: (1...100).map { Made.entry($0 * 3, "entry \($0)") })
        try store.write(Made.entry(1, "elsewhere", log: 2))
        var items: [LogItem] = []
        var pages = 0
        var isLast = false
        while !isLast {
            let page = try store.reading.page(of: Made.room, after: items.last?.number ?? 0, byteLimit: 90)
            items += page.items
            isLast = page.isLast
            pages += 1
        }
        #expect(items.map(\.number) == (1...100).map { $0 * 3 })
        #expect(pages > 5 && pages < 20)
        #expect(try store.reading.page(of: Made.room, after: 300, byteLimit: 90).items.isEmpty)
    }
}
