import Foundation
import Testing

/// What SIGHUP and `:reload` change while people are in the room.
@Suite("reading again", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct ReloadTests {
    private func start(_ house: House, _ text: String) throws -> Server {
        try write(text, house)
        let program = try house.server(
            exactly: [
                "127.0.0.1", "-p", "0", "--json", "--console", "--config",
                house.folder.appending(path: "server.json5").path,
            ])
        let port = try #require(UInt16(exactly: try program.event("listening").number("port") ?? 0))
        return Server(program: program, address: "127.0.0.1", port: port)
    }

    private func write(_ text: String, _ house: House) throws {
        try house.write("{ password_file: 'password', \(text) }", to: "server.json5")
    }

    private func reload(_ server: Server) throws -> String {
        server.program.send(":reload")
        return try server.program.event("notice") { $0["command"] == "reload" }["text"] ?? ""
    }

    @Test("another language speaks from then on, and nobody leaves")
    func language() throws {
        let house = try House()
        let server = try start(house, "lang: 'en'")
        let ana = try house.member("ana", at: server)
        try write("lang: 'id'", house)
        #expect(try reload(server).contains("lang"))
        server.program.send(":nonsense")
        let text = try server.program.event("notice") { $0["command"] == "nonsense" }["text"]
        #expect(text?.hasPrefix("Tidak ada perintah") == true, "\(text ?? "")")
        try ana.say("still here")
        #expect(server.program.events("left").isEmpty)
    }

    @Test("the file of bans: who is in it goes and does not come back, who is not in it any more may, all others stay")
    func bans() throws {
        let house = try House()
        try house.write("# nobody yet\n", to: "bans", mode: 0o644)
        let server = try start(house, "bans: 'bans'")
        let (ana, eve) = (try house.member("ana", at: server), try house.member("eve", at: server))
        try house.write("eve  spoils it   for all # really\n\n192.0.2.0/24\nnot/a/name\n", to: "bans", mode: 0o644)
        server.program.signal(SIGHUP)
        #expect(try eve.exit() == 77)
        let warned = server.program.errors.wait(until: Date(timeIntervalSinceNow: RunningProgram.patience)) { lines in
            lines.first { $0.contains("bans:4:") }
        }
        #expect(warned != nil, "\(server.program.transcript)")
        try ana.say("still here")
        let again = try house.client("eve", at: server)
        #expect(try again.exit() == 77)
        #expect(again.events("error").first?["code"] == "banned")

        try house.write("\u{0}\u{1}\n192.0.2.0/24\n", to: "bans", mode: 0o644)
        _ = try reload(server)
        try house.member("eve", at: server).say("forgiven")
        // A file that can't be read changes nothing.
        try FileManager.default.removeItem(atPath: house.folder.appending(path: "bans").path)
        _ = try reload(server)
        let told = server.program.errors.wait(until: Date(timeIntervalSinceNow: RunningProgram.patience)) { lines in
            lines.first { $0.contains("the bans stay as they were") }
        }
        #expect(told != nil)
    }

    @Test("another password: who is in stays, unless the server is told to ask everybody again")
    func askAgain() throws {
        let house = try House()
        let server = try start(house, "ask_again: false")
        let ana = try house.member("ana", at: server)
        try house.write("the-second-password\n", to: "password")
        _ = try reload(server)
        try ana.say("not asked")
        #expect(ana.events("disconnected").isEmpty)
        try write("ask_again: true", house)
        try house.write("the-third-password\n", to: "password")
        _ = try reload(server)
        // She has no terminal to be asked at, and what she knows is not good any more.
        #expect(try ana.exit() == 77)
        #expect(ana.events("error").last?["code"] == "wrong-password")
        let bob = try house.member("bob", at: server)
        _ = try reload(server)
        try bob.say("it did not change, so nobody is asked")
        #expect(bob.events("disconnected").isEmpty)
    }

    @Test("rules of retention hold from then on")
    func retention() throws {
        let house = try House()
        let server = try start(house, "keep: null")
        let ana = try house.member("ana", at: server)
        for count in 1...30 { try ana.say("line \(count)") }
        try write("keep: '5'", house)
        #expect(try reload(server).contains("keep"))
        // Bit by bit, between other work: a newcomer sees at most what is kept, in the end.
        var seen = 30
        for turn in 0..<40 where seen > 5 {
            let bob = try house.member("bob\(turn)", at: server, "--history", "30")
            try bob.say("x")
            seen = bob.events("message").filter { $0["text"]?.hasPrefix("line ") == true }.count
            try bob.leave()
        }
        #expect(seen <= 5)
    }
}
