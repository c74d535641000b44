import Foundation
import Testing

/// Coming back without the password.
@Suite("tickets", .timeLimit(.minutes(3)))
struct TicketTests {
    /// A client without any password.
    private func client(
        _ name: String, at server: Server, in house: House, home: String? = nil
    ) throws -> RunningProgram {
        try house.client(
            exactly: [server.address, "\(server.port)", "0", "--name", name, "--json"], home: home ?? name)
    }

    private func files(named name: String, in house: House) -> [String] {
        let all = FileManager.default.enumerator(atPath: house.folder.path)?.allObjects as? [String] ?? []
        return all.filter { $0.hasSuffix("/" + name) }.map { house.folder.path + "/" + $0 }
    }

    @Test("who was let in comes back without the password, and nobody else does")
    func clientRestart() throws {
        let house = try House()
        let server = try house.server()
        let bob = try house.member("bob", at: server)
        try house.member("ana", at: server).leave()
        let again = try client("ana", at: server, in: house)
        try again.event("connected")
        try again.say("no password")
        try bob.hear(["no password"])
        let stranger = try client("ana", at: server, in: house, home: "stranger")
        #expect(try stranger.exit() == 64)
        let otherName = try client("cy", at: server, in: house, home: "ana")
        #expect(try otherName.exit() == 64)
        for path in files(named: "ticket", in: house) + files(named: "tickets.key", in: house) {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(path)")
        }
        #expect(files(named: "ticket", in: house).count == 2 && files(named: "tickets.key", in: house).count == 1)
    }

    @Test("after kill -9 of the server and of the client both are back by themselves, without the password")
    func bothRestart() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        try house.member("ana", at: first).leave()
        let ana = try client("ana", at: first, in: house)
        try ana.event("connected")
        first.program.signal(SIGKILL)
        _ = try first.program.exit()
        ana.send("into the void")
        let second = try house.server(port: first.port)
        try ana.event("sent") { $0["text"] == "into the void" }
        ana.signal(SIGKILL)
        _ = try ana.exit()
        let again = try client("ana", at: second, in: house)
        try again.event("connected") { $0["name"] == "ana" }
        try again.leave()
        #expect(second.program.events("message").count == 1)
    }

    @Test("30: another password ends all tickets: who has it goes on silently, and who has not is told")
    func passwordChange() throws {
        let house = try House()
        let server = try house.server()
        try house.member("ana", at: server).leave()
        try house.member("bob", at: server).leave()
        try house.write("another-horse-entirely\n", to: "password")
        server.program.signal(SIGHUP)
        // Whoever comes in with the new password shows that the server has read it.
        var isRead = false
        for _ in 0..<50 where !isRead {
            let probe = try house.client("cy", at: server, "--send", "is it read?")
            isRead = try probe.exit() == 0
        }
        #expect(isRead)
        let ana = try client("ana", at: server, in: house)
        #expect(try ana.exit() == 77)
        #expect(ana.events("error").map { $0["code"] } == ["wrong-password"])
        let later = try client("ana", at: server, in: house)
        #expect(try later.exit() == 64, "the ticket is gone")
        let bob = try house.member("bob", at: server)
        #expect(bob.events("error") == [])
        try bob.leave()
    }
}
