import Foundation
import Testing

/// `udp-server password`, and what a server does without any.
@Suite("the password command", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct PasswordCommandTests {
    private static let pattern = #"[a-kmnp-z2-9]{5}(-[a-kmnp-z2-9]{5}){3}\n"#

    private func content(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test("makes a strong one where the server finds it, shows it to nobody's log, and leaves one that is there alone")
    func usual() throws {
        let house = try House()
        let program = try house.server(exactly: ["password"])
        #expect(try program.exit() == 0, "\(program.transcript)")
        let path = house.folder.appending(path: "home-server/config/gaschat/password").path
        let password = try content(path)
        #expect(try Regex(Self.pattern).wholeMatch(in: password) != nil)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(program.output.text.isEmpty && program.errors.text.contains(path))
        #expect(!program.errors.text.contains(password.dropLast()))

        let again = try house.server(exactly: ["password"])
        #expect(try again.exit() == 74 && again.complaints.count == 1)
        #expect(try content(path) == password)

        // Nothing else is said to the server: it is not the one that everybody knows any more.
        let server = try house.server(exactly: ["0.0.0.0", "-p", "0", "--json"])
        let port = try #require(UInt16(exactly: try server.event("listening").number("port") ?? 0))
        let ana = try house.client(
            "ana", at: Server(program: server, address: "127.0.0.1", port: port), passwordFile: path)
        try ana.event("connected")
        try ana.leave()
        #expect(!server.errors.text.contains("GAS1"))
    }

    @Test("a file that is named, by an argument, an option or the configuration, counts before the usual one")
    func named() throws {
        let house = try House()
        let folder = house.folder.path
        let configuration = try house.write("{ password_file: 'third' }", to: "server.json5")
        let ways: [([String], String)] = [
            (["password", "\(folder)/new/first"], "new/first"),
            (["password", "--password-file", "\(folder)/second"], "second"),
            (["password", "--config", configuration], "third"),
        ]
        var made: Set<String> = []
        for (arguments, name) in ways {
            let program = try house.server(exactly: arguments)
            #expect(try program.exit() == 0, "\(program.transcript)")
            made.insert(try content("\(folder)/\(name)"))
        }
        #expect(made.count == 3)
        let nowhere = try house.server(exactly: ["password", "/proc/no/such/place"])
        #expect(try nowhere.exit() == 74 && nowhere.complaints.count == 1)
        let tooMuch = try house.server(exactly: ["password", "a", "b"])
        #expect(try tooMuch.exit() == 64)
    }

    @Test("at a terminal it is shown, for whoever has to tell it to people")
    func terminal() throws {
        let house = try House()
        let terminal = try PseudoTerminal()
        let program = try RunningProgram(
            "udp-server", ["password"], environment: try house.environment(home: "server"), terminal: terminal)
        #expect(try program.exit() == 0)
        let path = house.folder.appending(path: "home-server/config/gaschat/password").path
        let password = try content(path).dropLast()
        #expect(program.output.text.contains(password))
    }

    @Test("row 48: without a password the server says what that means, and the command that ends it")
    func builtIn() throws {
        let house = try House()
        let server = try house.server(exactly: ["0.0.0.0", "-p", "0", "--json"])
        try server.event("listening")
        let line = server.errors.wait(until: Date(timeIntervalSinceNow: RunningProgram.patience)) { $0.first }
        #expect(line?.contains("GAS1") == true && line?.hasSuffix(": udp-server password") == true)
        // At a loopback address nobody else can come.
        let alone = try house.server(exactly: ["127.0.0.1", "-p", "0", "--json"], home: "alone")
        try alone.event("listening")
        alone.signal(SIGTERM)
        #expect(try alone.exit() == 0 && alone.complaints.isEmpty)
    }
}
