import Basics
import Foundation
import SocketIO
import Testing

/// Who is not let in, and what a person or a script is told about it.
@Suite("refusals", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct RefusalTests {
    /// Expects that a client ended with one line for people and, before that, one error event for scripts.
    private func expect(
        _ client: RunningProgram, status: Int32, code: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let ended = try client.exit()
        #expect(ended == status, "\(client.transcript)", sourceLocation: sourceLocation)
        #expect(client.complaints.count == 1, "\(client.transcript)", sourceLocation: sourceLocation)
        #expect(client.events("error").map { $0["code"] } == [code], sourceLocation: sourceLocation)
        #expect(client.events("connected") == [], sourceLocation: sourceLocation)
        #expect(client.events.last?.kind == "bye", sourceLocation: sourceLocation)
    }

    @Test("a wrong password")
    func wrongPassword() throws {
        let house = try House()
        let server = try house.server()
        let wrong = try house.write("not the password\n", to: "wrong")
        let mallory = try house.client("mallory", at: server, passwordFile: wrong)
        try expect(mallory, status: 77, code: "wrong-password")
        #expect(try server.program.event("refused")["reason"] == "wrong-password")
        #expect(server.program.events("joined") == [])
    }

    @Test("people are told in one line on standard error, and nothing else")
    func wrongPasswordInWords() throws {
        let house = try House()
        let server = try house.server()
        let wrong = try house.write("not the password\n", to: "wrong")
        let mallory = try house.client("mallory", at: server, passwordFile: wrong, json: false)
        #expect(try mallory.exit() == 77)
        #expect(mallory.complaints.count == 1 && mallory.output.lines == [], "\(mallory.transcript)")
        #expect(!mallory.errors.text.contains("not the password"))
    }

    @Test("a changed password file counts after SIGHUP, and who is in stays")
    func changedPassword() throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let old = try house.write(house.password + "\n", to: "old")
        try house.write("another-password\n", to: "password")
        server.program.signal(SIGHUP)
        let bob = try house.member("bob", at: server)
        try bob.say("in with the new one")
        try ana.hear(["in with the new one"])
        let carol = try house.client("carol", at: server, passwordFile: old)
        try expect(carol, status: 77, code: "wrong-password")
    }

    @Test("a name that somebody has, in whatever disguise", arguments: ["ana", "ANA", "аna", "SERVER", "server"])
    func takenName(name: String) throws {
        let house = try House()
        let server = try house.server()
        let ana = try house.member("ana", at: server)
        let stranger = try house.client(name, at: server, home: "stranger")
        try expect(stranger, status: 77, code: "name-taken")
        try ana.say("nobody came")
        #expect(ana.events("joined") == [])
    }

    @Test(
        "a name that is none",
        arguments: ["an a\u{7}", "\u{202e}ana", " ", String(repeating: "n", count: 200), "ana\u{200b}"])
    func invalidName(name: String) throws {
        let house = try House()
        let server = try house.server()
        let client = try house.client(name, at: server, home: "client")
        let status = try client.exit()
        #expect(status == 77, "\(client.transcript)")
        #expect(client.events("error").map { $0["code"] } == ["name-invalid"])
        #expect(client.complaints.count == 1)
        #expect(server.program.events("joined") == [])
    }

    @Test("a password file that others can read, on either side")
    func exposedPasswordFile() throws {
        let house = try House()
        let exposed = try house.write("secret\n", to: "exposed", mode: 0o644)
        let server = try house.server(exactly: ["127.0.0.1", "-p", "0", "--password-file", exposed])
        #expect(try server.exit() == 78)
        #expect(server.complaints.count == 1 && server.complaints.first?.contains(exposed) == true)
        let client = try house.client(
            exactly: ["127.0.0.1", "9", "0", "--name", "ana", "--password-file", exposed, "--json"])
        #expect(try client.exit() == 78)
        #expect(client.complaints.count == 1 && client.complaints.first?.contains(exposed) == true)
    }

    @Test("a password file that is not there, on either side")
    func missingPasswordFile() throws {
        let house = try House()
        let missing = house.folder.appending(path: "missing").path
        let server = try house.server(exactly: ["127.0.0.1", "-p", "0", "--password-file", missing])
        #expect(try server.exit() == 78)
        #expect(server.complaints.count == 1 && server.complaints.first?.contains(missing) == true)
        let client = try house.client(exactly: ["127.0.0.1", "9", "0", "--name", "ana", "--password-file", missing])
        #expect(try client.exit() == 78)
        #expect(client.complaints.count == 1 && client.complaints.first?.contains(missing) == true)
    }

    @Test("the environment's password serves both sides, and without any the built-in one does")
    func environmentPassword() throws {
        let house = try House()
        for secret in ["from the environment", nil] {
            let environment = secret.map { ["GAS_PASSWORD": $0] } ?? [:]
            let program = try house.server(exactly: ["127.0.0.1", "-p", "0", "--json"], environment: environment)
            let port = try #require(try program.event("listening").number("port"))
            let client = try house.client(
                exactly: ["127.0.0.1", "\(port)", "0", "--name", "ana", "--json"],
                environment: ["GAS_PASSWORD": secret ?? "GAS1"])
            try client.event("connected")
            try client.leave()
            #expect(program.complaints == [], "no warning on the loopback")
        }
    }

    @Test("a server that does not answer", arguments: ["0", "1"])
    func silentServer(reconnect: String) throws {
        let house = try House()
        let silent = try UDPSocket(binding: .loopback(port: 0))
        let begin = MonotonicClock.now
        let client = try house.client(
            exactly: [
                "127.0.0.1", "\(silent.localAddress.port)", "0", "--name", "ana", "--password-file",
                house.passwordFile, "--json", "--reconnect", reconnect,
            ])
        let status = try client.exit()
        let took = MonotonicClock.now - begin
        #expect(status == 69, "\(client.transcript)")
        #expect(took >= (reconnect == "0" ? .seconds(4) : .milliseconds(900)), "it kept trying")
        #expect(client.complaints.count == 1)
        #expect(client.events.last?.kind == "bye")
        _ = consume silent
    }

    @Test("a port where nobody listens")
    func noServer() throws {
        let house = try House()
        let socket = try UDPSocket(binding: .loopback(port: 0))
        let port = socket.localAddress.port
        _ = consume socket
        let client = try house.client(
            exactly: [
                "127.0.0.1", "\(port)", "0", "--name", "ana", "--password-file", house.passwordFile, "--reconnect", "1",
            ])
        #expect(try client.exit() == 69)
        #expect(client.complaints.count == 1)
    }

    @Test("another server's key at the same address stops hard")
    func changedKey() throws {
        let house = try House()
        var server = try house.serverAtLastingPort()
        let ana = try house.member("ana", at: server)
        try ana.leave()
        server.program.signal(SIGTERM)
        #expect(try server.program.exit() == 0)

        let port = server.port
        server = try house.server(port: port, home: "impostor")
        let again = try house.client("ana", at: server)
        try expect(again, status: 76, code: "key-changed")
        server.program.signal(SIGTERM)
        #expect(try server.program.exit() == 0)
        #expect(server.program.events("joined") == [])

        server = try house.server(port: port)
        let returned = try house.member("ana", at: server)
        try returned.leave()
    }
}
