import Basics
import ChatProtocol
import Foundation
import Testing

@testable import History

@Suite("backups and checks")
struct UpkeepTests {
    private static let key = CompanionFile(name: "server.key", bytes: [1, 2, 3])

    private func filled(_ folder: TestFolder, through last: EntryNumber = 20) throws -> Store {
        var store = try Made.store(folder)
        _ = try store.load()
        try store.write(Made.log(1), Made.record(1, "one"))
        for number in 1...last { try store.write(Made.entry(number, "text \(number)")) }
        return store
    }

    private func closed(_ folder: TestFolder) throws {
        var store = try filled(folder)
        try store.finish()
    }

    @Test("a backup of an open store has one moment of it and its keys, and becomes a store with new epochs")
    func backUpAndRestore() throws {
        let folder = try TestFolder()
        var store = try filled(folder)
        try StoreBackup.write(of: folder.path, to: folder.file("b"), with: [Self.key])
        try store.write(Made.entry(21, "after the backup"))
        #expect(try folder.mode("b") == 0o600 && !folder.exists("b-draft"))
        let other = try TestFolder()
        let restoration = try StoreRestoration(of: other.path)
        #expect(try restoration.unpack(folder.file("b")) == [Self.key])
        #expect(!restoration.hasStore && !other.exists("log.sqlite"))
        try restoration.install(keeping: other.file("none"))
        _ = consume restoration
        let plain = Array("server.key".utf8)
        let bytes = try other.bytes("log.sqlite")
        #expect(!bytes.indices.contains { bytes[$0...].starts(with: plain) })
        var restored = try Made.store(other)
        let state = try restored.load()
        #expect(state.wasRestored && state.texts() == (1...20).map { "text \($0)" })
        #expect(state.logs.first?.log.epoch != LogEpoch(rawValue: 7))
    }

    @Test("what was there is kept whole, and a store in use is not touched")
    func keeping() throws {
        let folder = try TestFolder()
        try closed(folder)
        try StoreBackup.write(of: folder.path, to: folder.file("b"), with: [])
        let other = try TestFolder()
        var old = try filled(other, through: 3)
        #expect(throws: StoreError.locked(path: other.path)) { _ = try StoreRestoration(of: other.path) }
        try old.write(Made.entry(4, "newest"))
        let fallen = try other.killed()
        _ = consume old
        let kept = try TestFolder()
        let restoration = try StoreRestoration(of: fallen.path)
        _ = try restoration.unpack(folder.file("b"))
        try restoration.install(keeping: kept.url.path)
        _ = consume restoration
        #expect(!fallen.exists("log.sqlite-wal") && kept.exists("log.sqlite-wal"))
        var former = try Made.fallen(kept)
        #expect(try former.load().texts().last == "newest")
        var restored = try Made.store(fallen)
        #expect(try restored.load().texts().count == 20)
    }

    @Test("nothing is written over, and without a store there is no backup")
    func refusals() throws {
        let folder = try TestFolder()
        try closed(folder)
        try folder.write([9], to: "b")
        #expect(throws: StoreError.cannotOpen(path: folder.file("b"), text: "File exists")) {
            try StoreBackup.write(of: folder.path, to: folder.file("b"), with: [])
        }
        #expect(try folder.bytes("b") == [9])
        #expect(throws: StoreError.self) {
            try StoreBackup.write(of: folder.file("none"), to: folder.file("c"), with: [])
        }
        #expect(!folder.exists("c") && !folder.exists("c-draft") && !folder.exists("none"))
    }

    @Test(
        "row 44: what is no whole store of ours is not restored",
        arguments: [
            "PRAGMA application_id = 1", "PRAGMA user_version = 99", "CREATE TABLE more (a)", "DROP TABLE sessions",
            "CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM entries; END",
        ])
    func strange(change: String) throws {
        let folder = try TestFolder()
        try closed(folder)
        try StoreBackup.write(of: folder.path, to: folder.file("b"), with: [])
        try Database.open(path: folder.file("b"), mode: .read).execute(change)
        let other = try TestFolder()
        let restoration = try StoreRestoration(of: other.path)
        #expect(throws: StoreError.self) { _ = try restoration.unpack(folder.file("b")) }
        #expect(!other.exists("log.sqlite-restored"))
    }

    @Test("row 44: of a damaged backup nothing is taken", arguments: [UInt64(1), 2, 3])
    func damaged(seed: UInt64) throws {
        let folder = try TestFolder()
        try closed(folder)
        try StoreBackup.write(of: folder.path, to: folder.file("b"), with: [Self.key])
        var random = SeededGenerator(seed: seed)
        var bytes = try folder.bytes("b")
        for _ in 0..<200 { bytes[Int.random(in: 100..<bytes.count, using: &random)] ^= 0xff }
        try folder.write(bytes, to: "b")
        let other = try TestFolder()
        let restoration = try StoreRestoration(of: other.path)
        #expect(throws: StoreError.self) { _ = try restoration.unpack(folder.file("b")) }
        #expect(!other.exists("log.sqlite-restored"))
    }

    @Test("a store is whole while it is written to, and when it was closed")
    func whole() throws {
        let folder = try TestFolder()
        var store = try filled(folder)
        let open = try StoreInspection(of: folder.path)
        #expect(open.faults == [] && open.logs == 1 && open.entries == 20 && open.version == Migrations.current.version)
        try store.finish()
        _ = consume store
        let before = try folder.bytes("log.sqlite")
        #expect(try StoreInspection(of: folder.path).faults == [])
        #expect(try folder.bytes("log.sqlite") == before)
    }

    @Test(
        "numbers, totals and strangers are found",
        arguments: [
            ("UPDATE logs SET last = 19", [StoreFault.numbers(log: 1)]),
            ("UPDATE logs SET trimmed = 1", [.numbers(log: 1)]),
            ("UPDATE logs SET reserved = 3", [.numbers(log: 1)]),
            ("DELETE FROM entries WHERE id & 31 = 7", [.totals(log: 1)]),
            ("UPDATE logs SET bytes = 0", [.totals(log: 1)]),
            ("INSERT INTO entries VALUES ((9 << 39) + 1, 0, x'00', NULL)", [.stray(1)]),
            ("INSERT INTO counters VALUES ('account', 9, 8)", [.counter("account")]),
            ("CREATE INDEX more ON entries (time)", [.schema("schema: more")]),
        ])
    func faults(change: String, faults: [StoreFault]) throws {
        let folder = try TestFolder()
        try closed(folder)
        try Database.open(path: folder.path, mode: .read).execute(change)
        #expect(try StoreInspection(of: folder.path).faults == faults)
    }

    @Test("an archive gives every entry once, in pages, with what became of it")
    func archive() throws {
        let folder = try TestFolder()
        var store = try Made.store(folder)
        _ = try store.load()
        let count = EntryNumber(StoreArchive.pageEntries * 2 + 1)
        try store.write(Made.log(1), Made.log(2, .group))
        for number in 1...count { try store.write(Made.entry(number, "\(number)")) }
        let archive = try StoreArchive(path: folder.path)
        try store.write(Made.entry(count + 1, "later"))
        #expect(archive.logs.map(\.log.kind) == [.room, .group])
        var numbers: [EntryNumber] = []
        while let page = try? archive.entries(of: archive.logs[0], after: numbers.last ?? 0), !page.isEmpty {
            #expect(page.count <= StoreArchive.pageEntries)
            numbers += page.map(\.number)
        }
        #expect(numbers == Array(1...count))
        #expect(try archive.entries(of: archive.logs[1], after: 0) == [])
    }
}
