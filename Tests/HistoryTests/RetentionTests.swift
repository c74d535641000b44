import Basics
import ChatProtocol
import Testing

@testable import History

@Suite struct RetentionTests {
    private func trimmed(
        _ rule: HistoryConfiguration.Retention, now: Int64 = 0, entries: Int = 1_000
    ) throws -> StoredState {
        let folder = try TestFolder()
        var store = try Made.store(Made.configuration(folder, retention: [.room: rule]))
        try store.write(Made.log(1), Made.log(2, .group))
        try store.write(
            all: (1...entries).map { Made.entry(UInt64($0), "word \($0 % 10)", time: Int64($0) * 1_000) })
        try store.write(Made.entry(1, "word", log: 2))
        // Half of it is indexed, so that both kinds are removed.
        _ = try store.index(limit: entries / 2)
        for id in store.trimmableLogs {
            while try store.trim(id, at: WallTime(milliseconds: now)) {}
        }
        try store.checkIndex()
        let state = try store.load()
        #expect(state.texts(2) == ["word"], "a kind without a rule is kept")
        let room = try #require(state.logs.first)
        #expect(room.end == UInt64(entries) && room.isWhole)
        #expect(room.tail.last?.number == UInt64(entries))
        #expect(room.trimmedThrough + 1 == room.tail.first?.number)
        #expect(try store.found("word").count == min(room.tail.count, HistoryLimits.searchResults))
        return state
    }

    @Test("by count: the newest stay")
    func count() throws {
        #expect(try trimmed(.init(entries: 10)).texts().count == 10)
        #expect(try trimmed(.init(entries: 5_000)).texts().count == 1_000)
    }

    @Test("by size: as many of the newest as fit")
    func size() throws {
        #expect(try trimmed(.init(bytes: 61)).texts().count == 10)
    }

    @Test("by age: what is younger stays, and the newest in any case")
    func age() throws {
        #expect(try trimmed(.init(age: .seconds(100)), now: 1_000_000).texts().count == 101)
        #expect(try trimmed(.init(age: .seconds(100)), now: 9_000_000).texts().count == 1)
        #expect(try trimmed(.init(age: .seconds(100)), now: 0).texts().count == 1_000)
    }

    @Test("row 46: whatever the clock did, what goes is the oldest by number, and nothing younger than the limit")
    func clockSteps() throws {
        let folder = try TestFolder()
        let day: Int64 = 86_400_000
        let rule = HistoryConfiguration.Retention(age: .seconds(10 * 86_400))
        var store = try Made.store(Made.configuration(folder, retention: [.room: rule]))
        // The days that the clock showed: it was set a day forward at the third line, and back at the fifth.
        let days: [Int64] = [1, 2, 4, 5, 4, 5, 6]
        try store.write(Made.log(1))
        try store.write(all: days.enumerated().map { Made.entry(UInt64($0 + 1), "\($0 + 1)", time: $1 * day) })
        for (today, kept) in [(11, 7), (12, 6), (14, 5), (15, 4), (12, 4), (16, 1), (400, 1)] as [(Int64, Int)] {
            while try store.trim(Made.room, at: WallTime(milliseconds: today * day)) {}
            #expect(try store.load().texts() == (8 - kept...7).map(String.init), "on day \(today)")
        }
    }

    @Test("what is freed goes back to the system")
    func space() throws {
        let folder = try TestFolder()
        let rule = HistoryConfiguration.Retention(entries: 10)
        var store = try Made.store(Made.configuration(folder, retention: [.room: rule]))
        let text = String(repeating: "x", count: 1_000)
        try store.write(Made.log(1))
        try store.write(all: (1...2_000).map { Made.entry(UInt64($0), text) })
        let before = try store.database.integer("PRAGMA page_count")
        while try store.trim(Made.room, at: WallTime(milliseconds: 0)) {}
        let after = try store.database.integer("PRAGMA page_count")
        #expect(before > 1_000 && after < 100)
        #expect(try store.database.integer("PRAGMA freelist_count") < 50)
    }
}
