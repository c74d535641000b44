import Foundation
import Testing

/// A folder of one test, in which everybody has a home, and the programs that run there.
final class House {
    /// The room password, if nothing else is said. It is long, so that it can't turn up in random bytes by chance.
    let password: String
    let folder: URL

    init(password: String = "correct-horse-battery-staple") throws {
        self.password = password
        folder = FileManager.default.temporaryDirectory.appending(path: "gaschat-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write(password + "\n", to: "password")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Writes a file of the house and returns its path.
    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let path = folder.appending(path: name).path
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        else { throw Failure("can't write \(path)") }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    var passwordFile: String { folder.appending(path: "password").path }

    /// The whole environment of a program.
    ///
    /// - Parameter home: whose home it lives in; one home is one device.
    func environment(home: String, adding more: [String: String] = [:]) throws -> [String: String] {
        let home = folder.appending(path: "home-\(home)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let path = home.path
        return [
            "HOME": path, "XDG_CONFIG_HOME": "\(path)/config", "XDG_CONFIG_DIRS": "\(path)/shared",
            "XDG_DATA_HOME": "\(path)/data", "XDG_STATE_HOME": "\(path)/state", "XDG_CACHE_HOME": "\(path)/cache",
            "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "PATH": "/usr/bin:/bin", "TMPDIR": path,
        ].merging(more) { _, new in new }
    }

    // MARK: Programs

    /// Starts `udp-server` with exactly these arguments.
    func server(
        exactly arguments: [String], home: String = "server", environment: [String: String] = [:],
        launcher: [String] = []
    ) throws -> RunningProgram {
        try RunningProgram(
            "udp-server", arguments, environment: try self.environment(home: home, adding: environment),
            launcher: launcher)
    }

    /// Starts `udp-client` with exactly these arguments.
    func client(
        exactly arguments: [String], home: String = "client", environment: [String: String] = [:],
        terminal: PseudoTerminal? = nil, inputFile: String? = nil
    ) throws -> RunningProgram {
        try RunningProgram(
            "udp-client", arguments, environment: try self.environment(home: home, adding: environment),
            terminal: terminal, inputFile: inputFile)
    }

    /// Starts a server and waits until it listens.
    func server(
        address: String = "127.0.0.1", port: UInt16 = 0, home: String = "server", _ more: String...
    ) throws -> Server {
        let arguments = [address, "-p", "\(port)", "--json", "--password-file", passwordFile] + more
        let program = try server(exactly: arguments, home: home)
        let listening = try program.event("listening")
        let heard = UInt16(exactly: listening.number("port") ?? 0) ?? 0
        return Server(program: program, address: address, port: try #require(heard == 0 ? nil : heard))
    }

    /// Starts a server at a port that it can have again later: one from below those that the system gives away.
    func serverAtLastingPort(home: String = "server", _ more: String...) throws -> Server {
        for _ in 0..<20 {
            let port = UInt16.random(in: 20_000..<30_000)
            let arguments = ["127.0.0.1", "-p", "\(port)", "--json", "--password-file", passwordFile] + more
            let program = try server(exactly: arguments, home: home)
            if (try? program.event("listening")) != nil {
                return Server(program: program, address: "127.0.0.1", port: port)
            }
        }
        throw Failure("no free port")
    }

    /// Starts a client; it is not in the room yet when this returns.
    ///
    /// - Parameter home: whose home it lives in; the name's own if nothing is said.
    func client(
        _ name: String, at server: Server, port: UInt16? = nil, home: String? = nil, clientPort: String = "0",
        passwordFile: String? = nil, json: Bool = true, _ more: String...
    ) throws -> RunningProgram {
        let arguments =
            [server.address, "\(port ?? server.port)", clientPort, "--name", name, "--password-file"]
            + [passwordFile ?? self.passwordFile] + (json ? ["--json"] : []) + more
        return try client(exactly: arguments, home: home ?? name)
    }

    /// Starts a client and waits until it is in the room.
    func member(
        _ name: String, at server: Server, port: UInt16? = nil, home: String? = nil, _ more: String...
    ) throws -> RunningProgram {
        let arguments =
            [server.address, "\(port ?? server.port)", "0", "--name", name, "--password-file", passwordFile]
            + ["--json"] + more
        let program = try client(exactly: arguments, home: home ?? name)
        try program.event("connected")
        return program
    }
}

/// A server that listens.
struct Server {
    let program: RunningProgram
    let address: String
    let port: UInt16
}

extension RunningProgram {
    /// Waits for the texts of messages of others, in the order in which they come.
    func hear(_ texts: [String]) throws {
        for text in texts {
            let heard = try event("message")["text"]
            guard heard == text else {
                throw Failure("\(self) heard \(heard ?? "nothing") and not \(text)\n\(transcript)")
            }
        }
    }

    /// Says a line and waits for its receipt.
    @discardableResult
    func say(_ text: String) throws -> Event {
        send(text)
        return try event("sent") { $0["text"] == text }
    }

    /// Leaves, and expects that nothing is wrong.
    func leave(sourceLocation: SourceLocation = #_sourceLocation) throws {
        send("QUIT")
        let status = try exit()
        #expect(status == 0, "\(transcript)", sourceLocation: sourceLocation)
    }

    /// The lines on standard error.
    var complaints: [String] { errors.lines.filter { !$0.isEmpty } }
}
