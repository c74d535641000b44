import Basics
import ChatProtocol
import Testing

@testable import History

@Suite struct MigrationTests {
    private func schema(_ database: borrowing Database) throws(StoreError) -> [String] {
        let rows = try database.prepare("SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name")
        var schema: [String] = []
        while try rows.step() { schema.append(rows.text(0)) }
        return schema
    }

    @Test("each earlier version becomes the present one and keeps what it held")
    func fromEachVersion() throws {
        let steps = [
            "CREATE TABLE a (x INTEGER NOT NULL) STRICT", "ALTER TABLE a ADD COLUMN y TEXT",
            "CREATE TABLE b (z INTEGER) STRICT; INSERT INTO b SELECT x FROM a",
        ]
        let target = Migrations(steps: steps)
        let fresh = try Database.open(path: ":memory:", mode: .create)
        try target.run(on: fresh)
        for version in 1...steps.count {
            let database = try Database.open(path: ":memory:", mode: .create)
            try Migrations(steps: Array(steps[..<version])).run(on: database)
            try database.execute("INSERT INTO a (x) VALUES (41)")
            try target.run(on: database)
            #expect(try schema(database) == schema(fresh))
            #expect(try database.integer("PRAGMA user_version") == 3)
            #expect(try database.integer("SELECT x FROM a") == 41)
            if version < 3 { #expect(try database.integer("SELECT z FROM b") == 41) }
        }
    }

    @Test("the present schema comes out of every version before it")
    func present() throws {
        let fresh = try Database.open(path: ":memory:", mode: .create)
        try Migrations.current.run(on: fresh)
        for version in 0..<Migrations.current.version {
            let database = try Database.open(path: ":memory:", mode: .create)
            try Migrations(steps: Array(Migrations.current.steps[..<version])).run(on: database)
            try Migrations.current.run(on: database)
            #expect(try schema(database) == schema(fresh))
        }
    }

    @Test("a step that fails leaves the version before it, whole")
    func failing() throws {
        let database = try Database.open(path: ":memory:", mode: .create)
        try Migrations(steps: ["CREATE TABLE a (x INTEGER)"]).run(on: database)
        let bad = Migrations(steps: ["CREATE TABLE a (x INTEGER)", "CREATE TABLE b (x INTEGER)", "nonsense"])
        #expect(throws: StoreError.self) { try bad.run(on: database) }
        #expect(try database.integer("PRAGMA user_version") == 1)
        #expect(try schema(database) == ["CREATE TABLE a (x INTEGER)"])
        let isInTransaction = database.isInTransaction
        #expect(!isInTransaction)
    }
}
