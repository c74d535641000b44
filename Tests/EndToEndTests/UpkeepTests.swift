import Foundation
import Testing

/// Backups, moves, exports and checks, by a second process beside a server that people write to.
@Suite("upkeep", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct UpkeepTests {
    private func run(_ house: House, _ arguments: String...) throws -> RunningProgram {
        try house.server(exactly: arguments, home: "operator")
    }

    private func status(_ program: RunningProgram) throws -> Int32 { try program.exit() }

    @Test("a room that is written to is backed up, and moves to another folder: nothing that was confirmed is missing")
    func backupAndMove() throws {
        let house = try House()
        let data = house.folder.path + "/data"
        let moved = house.folder.path + "/moved"
        let backup = house.folder.path + "/room.backup"
        let server = try house.serverAtLastingPort("--data", data)
        let key = try #require(server.program.events("listening").first?["fingerprint"])
        let ana = try house.member("ana", at: server)
        for number in 1...50 { try ana.say("before \(number)") }
        // Lines are on their way while the backup is made.
        ana.send(lines: (1...500).map { "during \($0)" })
        let made = try run(house, "backup", backup, "--data", data)
        #expect(try status(made) == 0 && made.complaints == [], "\(made.transcript)")
        try ana.event("sent") { $0["text"] == "during 500" }
        let mode = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let again = try run(house, "backup", backup, "--data", data)
        #expect(try status(again) == 74 && again.complaints.count == 1)
        let refused = try run(house, "restore", backup, "--data", data)
        #expect(try status(refused) == 74 && refused.complaints.first?.contains("stop it first") == true)
        try ana.say("still there")
        try ana.leave()
        server.program.signal(SIGTERM)
        #expect(try server.program.exit() == 0)

        let restored = try run(house, "restore", backup, "--data", moved)
        #expect(try status(restored) == 0, "\(restored.transcript)")
        let second = try house.server("--data", moved)
        #expect(second.program.events("listening").first?["fingerprint"] == key)
        let bob = try house.member("bob", at: second, "--history", "600")
        bob.send("and on")
        try bob.event("sent")
        let heard = bob.events("message").compactMap { $0["text"] }
        #expect(Array(heard.prefix(50)) == (1...50).map { "before \($0)" })
        // One moment: what the backup has of the rest is its beginning.
        let during = heard.dropFirst(50)
        #expect(Array(during) == (1...500).prefix(during.count).map { "during \($0)" })
    }

    @Test("what was there before a restore is kept, with its keys")
    func keeping() throws {
        let house = try House()
        let data = house.folder.path + "/data"
        let backup = house.folder.path + "/room.backup"
        func room(saying text: String, by name: String = "ana") throws -> String {
            let server = try house.server("--data", data)
            try house.member(name, at: server).say(text)
            server.program.signal(SIGTERM)
            #expect(try server.program.exit() == 0)
            return try #require(server.program.events("listening").first?["fingerprint"])
        }
        let first = try room(saying: "first")
        #expect(try status(try run(house, "backup", backup, "--data", data)) == 0)
        try FileManager.default.removeItem(atPath: data)
        let second = try room(saying: "second")
        #expect(second != first)
        let restored = try run(house, "restore", backup, "--data", data)
        #expect(try status(restored) == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: data)
        let kept = try #require(names.first { $0.hasPrefix("before-restore-") })
        #expect(restored.output.text.contains("\(data)/\(kept)"))
        // ana's name is kept for her device, which is another one at another port.
        #expect(try room(saying: "again", by: "bob") == first)
        let old = try run(house, "export", "--data", "\(data)/\(kept)")
        #expect(try status(old) == 0)
        #expect(old.events("message").map { $0["text"] } == ["second"])
        #expect(try status(try run(house, "check", "\(data)/\(kept)")) == 0)
    }

    @Test("an export of a running room has every line as it reads now, and no private one")
    func export() throws {
        let house = try House()
        let data = house.folder.path + "/data"
        let server = try house.server("--data", data)
        let ana = try house.member("ana", at: server)
        let bob = try house.member("bob", at: server)
        let id = try #require(try ana.say("hello \u{1b}[2J there").number("id"))
        try ana.say("wrong")
        ana.send(":edit right")
        try ana.event("edited")
        try ana.say("gone")
        ana.send(":delete")
        try ana.event("deleted")
        ana.send(":group create team")
        try ana.event("members") { $0["group"] == "team" }
        ana.send(":group send team to the team")
        try ana.event("sent") { $0["group"] == "team" }
        bob.send(":pm ana between us")
        try bob.event("sent") { $0["to"] == "ana" }

        let shown = try run(house, "export", "--data", data)
        #expect(try status(shown) == 0 && shown.complaints == [])
        let messages = shown.events("message")
        #expect(messages.map { $0["text"] } == ["hello \u{1b}[2J there", "right"])
        #expect(messages[0].number("id") == id && messages[1].flag("edited"))
        #expect(messages[0].fieldNames.isSuperset(of: ["id", "from", "text", "time", "room"]))
        #expect(shown.events("group").map { [$0["group"], $0["text"]] } == [["team", "to the team"]])
        #expect(shown.events("joined").compactMap { $0["name"] } == ["ana", "bob"])
        for word in ["between us", "wrong", "gone", "\u{1b}"] { #expect(!shown.output.text.contains(word)) }

        let file = house.folder.path + "/room.ndjson"
        #expect(try status(try run(house, "export", file, "--data", data)) == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == shown.output.text)
        let again = try run(house, "export", file, "--data", data)
        #expect(try status(again) == 74 && again.complaints.count == 1)
    }

    @Test("a check finds no fault in a running room, and names what others can read and what is damaged")
    func check() throws {
        let house = try House()
        let data = house.folder.path + "/data"
        let server = try house.server("--data", data)
        let ana = try house.member("ana", at: server)
        try ana.say("hello")
        let fine = try run(house, "check", "--data", data)
        #expect(try status(fine) == 0 && fine.output.text.contains("is whole"), "\(fine.transcript)")
        server.program.signal(SIGTERM)
        #expect(try server.program.exit() == 0)

        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o644], ofItemAtPath: data + "/server.key")
        let exposed = try run(house, "check", data)
        #expect(try status(exposed) == 74)
        #expect(exposed.output.lines.filter { !$0.isEmpty }.count == 1)
        #expect(exposed.output.text.contains("server.key") && exposed.output.text.contains("chmod 600"))
        try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: data + "/server.key")
        try manager.moveItem(atPath: data + "/server.key", toPath: data + "/elsewhere")
        let missing = try run(house, "check", data)
        #expect(try status(missing) == 74 && missing.output.text.contains("is missing"))
        try manager.moveItem(atPath: data + "/elsewhere", toPath: data + "/server.key")

        var bytes = [UInt8](try Data(contentsOf: URL(filePath: data + "/history.sqlite")))
        for index in 4_096..<min(bytes.count, 16_384) { bytes[index] ^= 0x55 }
        try Data(bytes).write(to: URL(filePath: data + "/history.sqlite"))
        let damaged = try run(house, "check", data)
        #expect(try status(damaged) == 74 && damaged.output.text.contains("damaged"), "\(damaged.transcript)")
        #expect([UInt8](try Data(contentsOf: URL(filePath: data + "/history.sqlite"))) == bytes)
    }

    @Test("without a data folder there is nothing to do, which is said in one line")
    func nothingThere() throws {
        let house = try House()
        let none = house.folder.path + "/none"
        for arguments in [["backup", none + ".b"], ["export"], ["check"]] {
            let asked = try house.server(exactly: arguments + ["--data", none])
            #expect(try asked.exit() == 74 && asked.complaints.count == 1, "\(asked.transcript)")
            #expect(!FileManager.default.fileExists(atPath: none))
        }
        let memory = try run(house, "backup", none, "--data", ":memory:")
        #expect(try status(memory) == 64 && memory.complaints.count == 1)
        let nothing = try run(house, "restore", none, "--data", none + "-new")
        #expect(try status(nothing) == 74 && nothing.complaints.count == 1)
    }
}
