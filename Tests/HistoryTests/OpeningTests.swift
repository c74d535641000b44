import Basics
import ChatProtocol
import Foundation
import Testing

@testable import History

@Suite struct OpeningTests {
    @Test("row 44: a store that is open can't be opened again")
    func locked() throws {
        let folder = try TestFolder()
        let store = try Made.store(folder)
        #expect(throws: StoreError.locked(path: folder.path)) { _ = try Made.store(folder) }
        _ = consume store
        _ = try Made.store(folder)
    }

    @Test("a folder may be a symbolic link, as that of a service is; the file itself may not")
    func links() throws {
        let folder = try TestFolder()
        let other = try TestFolder()
        try FileManager.default.createSymbolicLink(atPath: other.file("link"), withDestinationPath: folder.url.path)
        let linked = HistoryConfiguration(location: .file(path: other.file("link/log.sqlite")))
        _ = try Made.store(linked)
        #expect(folder.exists("log.sqlite"))
        try FileManager.default.createSymbolicLink(atPath: other.path, withDestinationPath: folder.path)
        #expect(throws: StoreError.self) { _ = try Made.store(other) }
    }

    @Test("row 44: a store that another program writes to is a clear stop")
    func lockedElsewhere() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.finish()
        _ = consume store
        let other = try Database.open(path: folder.path, mode: .read)
        try other.execute("BEGIN IMMEDIATE")
        #expect(throws: StoreError.locked(path: folder.path)) { _ = try Made.store(folder) }
    }

    @Test("row 44: a newer file is refused and left as it is")
    func newer() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.finish()
        try store.database.execute("PRAGMA user_version = 99")
        _ = consume store
        let before = try folder.bytes("log.sqlite")
        let known = Migrations.current.version
        #expect(throws: StoreError.newer(path: folder.path, version: 99, known: known)) { _ = try Made.store(folder) }
        #expect(try folder.bytes("log.sqlite") == before)
    }

    @Test("row 44: the file of another program is refused and left as it is")
    func foreign() throws {
        let folder = try TestFolder()
        do {
            let other = try Database.open(path: folder.path, mode: .create)
            try other.execute("CREATE TABLE recipes (name TEXT)")
        }
        let before = try folder.bytes("log.sqlite")
        #expect(throws: StoreError.foreign(path: folder.path)) { _ = try Made.store(folder) }
        #expect(try folder.bytes("log.sqlite") == before)
    }

    @Test("row 44: what is no database is refused, and a copy is kept once")
    func noDatabase() throws {
        let folder = try TestFolder()
        let noise = [UInt8](repeating: 0x5a, count: 9_000)
        try folder.write(noise, to: "log.sqlite")
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { _ = try Made.store(folder) }
            guard case .corrupt(let path, _, let copy) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(path == folder.path && copy == folder.path + "-damaged")
        }
        #expect(try folder.bytes("log.sqlite-damaged") == noise)
        #expect(try folder.bytes("log.sqlite") == noise)
    }

    @Test("row 44: damage inside the file is found after an unclean end, with a copy kept")
    func damaged() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.write(Made.log(1))
        try store.write(all: (1...500).map { Made.entry($0, "some words of entry \($0)") })
        try store.database.checkpoint(.truncate)
        let left = try folder.killed()
        _ = consume store
        var bytes = try left.bytes("log.sqlite")
        for offset in stride(from: 4_096 * 3, to: bytes.count, by: 512) { bytes[offset] ^= 0xff }
        try left.write(bytes, to: "log.sqlite")
        let error = #expect(throws: StoreError.self) { _ = try Made.store(left) }
        guard case .corrupt(_, _, let copy) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(copy == left.path + "-damaged" && left.exists("log.sqlite-damaged"))
    }

    @Test("a folder that does not exist is a clear stop")
    func noFolder() {
        #expect(throws: StoreError.self) {
            _ = try Made.store(HistoryConfiguration(location: .file(path: "/nowhere/at/all")))
        }
    }

    @Test("the files are for their owner alone")
    func rights() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.write(Made.log(1))
        for suffix in ["", "-wal", "-lock"] { #expect(try folder.mode("log.sqlite" + suffix) == 0o600, "\(suffix)") }
    }

    @Test("row 46: a clock that jumps changes neither order nor what is kept")
    func clock() throws {
        var store = try Made.store(try TestFolder())
        let day: Int64 = 86_400_000
        try store.write(
            Made.log(1), Made.entry(1, "a", time: day), Made.entry(2, "b", time: 0), Made.entry(3, "c", time: 2 * day))
        #expect(try store.load().texts() == ["a", "b", "c"])
    }

    @Test("a copy of the folder in its place gives no number again that the newer one may have given")
    func oldCopy() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.write(Made.log(1), Made.entry(1, "one"), .count(counter: "member", through: 7))
        let copy = try folder.killed()
        for start in stride(from: 2 as EntryNumber, to: 9_000, by: 3_000) {
            try store.write(all: (start..<start + 3_000).map { Made.entry($0, nil) })
        }
        _ = consume store

        var second = try Made.store(copy)
        let state = try second.load()
        #expect(state.texts() == ["one"] && !state.wasRestored)
        #expect(state.end() ?? 0 > 9_000 && state.counters["member"] ?? 0 > 256)
        #expect(state.logs.first?.log.epoch == LogEpoch(rawValue: 7))
        let end = try #require(state.end())
        try second.write(Made.entry(end + 1, "two"))
        try second.finish()
        _ = consume second
        // Once: it is its own file from then on.
        var third = try Made.store(copy)
        #expect(try third.load().end() == end + 1)
    }

    @Test(
        "an older file written over the newer one gives no number again, copied while it was in use or after its end",
        arguments: [true, false], [100, 300] as [EntryNumber])
    func overwritten(isInUse: Bool, later: EntryNumber) throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        try store.write(Made.log(1), Made.entry(1, "one"), .count(counter: "member", through: 7))
        if !isInUse { try store.finish() }
        let copy = try folder.killed()
        if !isInUse {
            _ = consume store
            store = try Made.store(folder, seed: 2)
            #expect(try store.load().end() == 1, "its own file skips nothing")
        }
        try store.write(all: (2...later).map { Made.entry($0, nil) })
        try store.finish()
        _ = consume store
        for suffix in ["", "-wal"] {
            let name = "log.sqlite" + suffix
            try folder.write(copy.exists(name) ? copy.bytes(name) : [], to: name)
        }
        var second = try Made.store(folder)
        let state = try second.load()
        #expect(state.texts() == ["one"] && state.end() ?? 0 >= later)
    }

    @Test("a backup is a whole store; restored, its logs have new epochs and its numbers go on")
    func backup() throws {
        let folder = try TestFolder()
        let restored = try TestFolder()
        var store = try Made.store(folder)
        try store.write(Made.log(1, epoch: 7), Made.entry(1, "one"), Made.record(1, "ana"))
        try StoreReader(path: folder.path).backUp(to: restored.path)
        try store.write(Made.entry(2, "later"))

        var second = try Made.store(restored, seed: 3)
        let state = try second.load()
        #expect(state.wasRestored && state.texts() == ["one"] && state.records.count == 1)
        let epoch = state.logs.first?.log.epoch.rawValue
        #expect(epoch != nil && epoch != 7)
        try second.finish()
        _ = consume second
        var third = try Made.store(restored, seed: 4)
        let again = try third.load()
        #expect(!again.wasRestored && again.logs.first?.log.epoch.rawValue == epoch)
    }

    @Test("a store in memory does all the same and leaves nothing")
    func memory() throws {
        var store = try Made.store(HistoryConfiguration(location: .memory))
        try store.write(Made.log(1), Made.entry(1, "one two"))
        #expect(try store.found("two") == ["one two"])
        #expect(try store.reading.page(of: Made.room, after: 0, byteLimit: 100).items.count == 1)
        try store.finish()
        var next = try Made.store(HistoryConfiguration(location: .memory))
        #expect(try next.load() == StoredState())
    }
}
