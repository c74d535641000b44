import Foundation
import Testing

/// Registered names, with the programs as people run them.
@Suite("accounts", .timeLimit(.minutes(3)))
struct AccountTests {
    private static let variable = "GAS_ACCOUNT_PASSWORD"

    /// A client with a personal password in its environment.
    private func client(
        _ name: String, at server: Server, in house: House, home: String, personal: String?, _ more: String...
    ) throws -> RunningProgram {
        try house.client(
            exactly: [server.address, "\(server.port)", "0", "--name", name, "--password-file", house.passwordFile]
                + ["--json"] + more,
            home: home, environment: personal.map { [Self.variable: $0] } ?? [:])
    }

    @Test("a registered name is had on another device by its personal password, and survives the server's kill -9")
    func otherDevice() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        let desk = try client("ana", at: first, in: house, home: "desk", personal: "my own secret")
        try desk.event("connected")
        desk.send(":register")
        try desk.event("notice") { $0["text"]?.contains("ana is yours") == true }
        try desk.leave()
        first.program.signal(SIGKILL)
        _ = try first.program.exit()

        let second = try house.server(port: first.port)
        let stranger = try client("ana", at: second, in: house, home: "stranger", personal: nil)
        #expect(try stranger.exit() == 77)
        #expect(stranger.events("error").map { $0["code"] } == ["name-taken"])
        let guesser = try client("Ana", at: second, in: house, home: "guesser", personal: "your own secret")
        #expect(try guesser.exit() == 77)
        #expect(guesser.events("error").map { $0["code"] } == ["wrong-password"])

        let phone = try client("ana", at: second, in: house, home: "phone", personal: "my own secret")
        try phone.event("connected") { $0["name"] == "ana" }
        try phone.say("from the phone")
        try phone.leave()
        let later = try client("ana", at: second, in: house, home: "phone", personal: nil)
        try later.event("connected") { $0["name"] == "ana" }
        try later.leave()
        let atDesk = try client("ana", at: second, in: house, home: "desk", personal: nil)
        try atDesk.event("connected") { $0["name"] == "ana" }
        try atDesk.leave()
    }

    @Test(":register without a password to have says where it may come from, and the name stays a guest's")
    func nothingToRegisterWith() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        ana.send(":register")
        let error = try ana.event("error")
        #expect(error["code"] == "usage" && error["text"]?.contains(Self.variable) == true)
        try ana.leave()
        let other = try house.member("ana", at: server, "--history", "0")
        try other.leave()
    }

    @Test("50: the personal password is in no list of processes, and no file of the client or the server holds it")
    func secrecy() throws {
        let house = try House()
        let server = try house.server()
        let password = "an entirely unmistakable secret"
        let ana = try client("ana", at: server, in: house, home: "ana", personal: password)
        try ana.event("connected")
        ana.send(":register")
        try ana.event("notice")
        let environment = try Data(contentsOf: URL(filePath: "/proc/\(ana.processID)/environ"))
        #expect(environment.range(of: Data(password.utf8)) == nil)
        try ana.leave()
        let files = FileManager.default.enumerator(atPath: house.folder.path)?.allObjects as? [String] ?? []
        for file in files {
            guard let data = try? Data(contentsOf: house.folder.appending(path: file)) else { continue }
            #expect(data.range(of: Data(password.utf8)) == nil, "\(file)")
        }
    }

    @Test("where guests are not welcome, who is registered comes in and others are told")
    func noGuests() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        let ana = try client("ana", at: first, in: house, home: "ana", personal: "my own secret")
        try ana.event("connected")
        ana.send(":register")
        try ana.event("notice")
        try ana.leave()
        first.program.signal(SIGTERM)
        #expect(try first.program.exit() == 0)
        let second = try house.server(port: first.port, "--no-guests")
        let guest = try house.client("bob", at: second)
        #expect(try guest.exit() == 77)
        #expect(guest.events("error").map { $0["code"] } == ["not-allowed"])
        let again = try client("ana", at: second, in: house, home: "ana", personal: nil)
        try again.event("connected")
        try again.leave()
    }
}
