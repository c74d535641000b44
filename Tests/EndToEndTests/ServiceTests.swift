import Foundation
import Testing

/// The server under a service manager.
@Suite("service", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct ServiceTests {
    private func start(
        _ house: House, _ environment: [String: String], _ more: [String] = [], launcher: [String] = []
    ) throws -> Server {
        let program = try house.server(
            exactly: ["127.0.0.1", "-p", "0", "--json", "--password-file", house.passwordFile] + more,
            environment: environment, launcher: launcher)
        let port = try #require(UInt16(exactly: try program.event("listening").number("port") ?? 0))
        return Server(program: program, address: "127.0.0.1", port: port)
    }

    @Test("tells when it is ready, reads again, is alive and stops", arguments: [false, true])
    func notices(isAbstract: Bool) throws {
        let house = try House()
        let name = isAbstract ? "@gaschat-test-\(UUID().uuidString)" : house.folder.appending(path: "notify").path
        let manager = try ManagerSocket(name)
        let server = try start(house, ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "200000"])
        let ready = try manager.hear("READY")
        #expect(ready["STATUS"]?.contains("127.0.0.1:\(server.port)") == true)
        let ana = try house.member("ana", at: server)
        // Signs of life come by themselves, and tell how many are there.
        while try manager.hear("WATCHDOG")["STATUS"]?.hasSuffix("main: 1 here") != true {}

        try house.write("another-horse-entirely\n", to: "password")
        server.program.signal(SIGHUP)
        let reloading = try manager.hear("RELOADING")
        #expect(Int64(reloading["MONOTONIC_USEC"] ?? "") ?? 0 > 0)
        try manager.hear("READY")
        try ana.say("still here")
        let bob = try house.member("bob", at: server)
        try bob.say("with the new password")

        server.program.signal(SIGTERM)
        try manager.hear("STOPPING")
        #expect(try server.program.exit() == 0)
        #expect(try ana.event("disconnected")["reason"] == "shutdown")
    }

    @Test("a server that is stuck gives no sign of life")
    func watchdog() throws {
        let house = try House()
        let manager = try ManagerSocket(house.folder.appending(path: "notify").path)
        let server = try start(house, ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "100000"])
        try manager.hear("WATCHDOG")
        server.program.signal(SIGSTOP)
        // What it sent before is passed over; then nothing comes for many times the interval.
        while manager.next(within: 1) != nil {}
        server.program.signal(SIGCONT)
        try manager.hear("WATCHDOG")
    }

    @Test("a manager that is gone, or was never there, harms nothing")
    func noManager() throws {
        let house = try House()
        let server = try start(house, ["NOTIFY_SOCKET": "/nowhere/notify", "WATCHDOG_USEC": "1000"])
        try house.member("ana", at: server).leave()
        #expect(server.program.read(fromProc: "environ").isEmpty == false)
        server.program.signal(SIGTERM)
        #expect(try server.program.exit() == 0)
    }

    /// Keeps a socket and starts the server with it, again when it ends, as a service manager does. Says the server's
    /// process ID on standard error.
    private static let keeper = """
        import os, socket, sys
        held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        held.bind(("127.0.0.1", 0))
        os.dup2(held.fileno(), 3)
        for turn in range(2):
            child = os.fork()
            if child == 0:
                os.environ["LISTEN_FDS"] = "1"
                os.environ["LISTEN_PID"] = str(os.getpid())
                os.set_inheritable(3, True)
                os.execv(sys.argv[1], sys.argv[1:])
            print("child", child, file=sys.stderr, flush=True)
            status = os.waitpid(child, 0)[1]
        sys.exit(os.waitstatus_to_exitcode(status))
        """

    @Test("the socket that the manager keeps stays open while the server restarts")
    func passedSocket() throws {
        let house = try House()
        let server = try start(house, [:], ["-p", "1"], launcher: ["/usr/bin/python3", "-c", Self.keeper])
        func child(_ turn: Int) throws -> Int32 {
            let found = server.program.errors.wait(until: Date(timeIntervalSinceNow: 60)) { lines -> Int32? in
                let children = lines.filter { $0.hasPrefix("child ") }
                return children.count > turn ? Int32(children[turn].dropFirst(6)) : nil
            }
            return try #require(found)
        }
        let first = try child(0)
        let ana = try house.member("ana", at: server)
        try ana.say("before")
        kill(first, SIGKILL)
        ana.send("while nobody was there")
        let second = try child(1)
        let port = try server.program.event("listening").number("port")
        #expect(port == Int(server.port))
        try ana.event("sent") { $0["text"] == "while nobody was there" }
        #expect(server.program.complaints.contains { $0.contains("the service manager keeps the socket") })
        kill(second, SIGTERM)
        #expect(try server.program.exit() == 0)
    }

    @Test("a descriptor that is no UDP socket is told, and the server binds its own")
    func wrongDescriptor() throws {
        let house = try House()
        let server = try start(
            house, ["LISTEN_FDS": "1"], [],
            launcher: ["/bin/bash", "-c", "exec 3</dev/null; LISTEN_PID=$$ exec \"$@\"", "-"])
        let told = server.program.errors.wait(until: Date(timeIntervalSinceNow: RunningProgram.patience)) { lines in
            lines.first { $0.contains("can't be used") }
        }
        #expect(told != nil)
        try house.member("ana", at: server).leave()
    }

    @Test("row 48: the password of the service manager's folder, whatever its bits say; an empty one is none")
    func credential() throws {
        let house = try House()
        let folder = house.folder.appending(path: "credentials")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // An access list for the service's user shows as a right of the group.
        try house.write(house.password + "\n", to: "credentials/password", mode: 0o440)
        let environment = ["CREDENTIALS_DIRECTORY": folder.path]
        func start(_ address: String) throws -> Server {
            let program = try house.server(exactly: [address, "-p", "0", "--json"], environment: environment)
            let port = try #require(UInt16(exactly: try program.event("listening").number("port") ?? 0))
            return Server(program: program, address: "127.0.0.1", port: port)
        }
        let server = try start("127.0.0.1")
        try house.member("ana", at: server).leave()
        server.program.signal(SIGTERM)
        #expect(try server.program.exit() == 0)
        try house.write("\n", to: "credentials/password", mode: 0o440)
        let open = try start("0.0.0.0")
        let warned = open.program.errors.wait(until: Date(timeIntervalSinceNow: 60)) { lines in
            lines.first { $0.contains("the room password is GAS1") }
        }
        #expect(warned?.hasSuffix(": udp-server password /etc/gaschat/password") == true)
    }

    @Test("the journal tells who comes and goes and is refused, and never what is said")
    func journal() throws {
        let house = try House()
        let manager = try ManagerSocket(house.folder.appending(path: "notify").path)
        let server = try start(
            house, ["NOTIFY_SOCKET": manager.path], ["--log-format", "json", "--log-level", "debug"])
        let ana = try house.member("ana", at: server)
        try ana.say("a treasure lies under the oak")
        let wrong = try house.write("a-mistyped-password\n", to: "wrong")
        let eve = try house.client("eve", at: server, passwordFile: wrong)
        #expect(try eve.exit() == 77)
        try ana.leave()
        try server.program.event("left")
        server.program.signal(SIGTERM)
        #expect(try server.program.exit() == 0)
        let events = server.program.complaints.map { Event(line: $0) }
        #expect(events.allSatisfy { $0?.kind == "log" && $0?["time"] != nil && $0?["level"] != nil })
        let texts = events.compactMap { $0?["text"] }
        for word in ["ana joined", "ana left", "refused somebody", "Server is listening", "the server stops"] {
            #expect(texts.contains { $0.contains(word) }, "\(word)")
        }
        for secret in [house.password, "a-mistyped-password", "treasure"] {
            #expect(!server.program.errors.text.contains(secret))
        }
    }

    @Test("row 39: as JSON every line of the log is one object, also the last one of a start that fails")
    func failureAsJSON() throws {
        let house = try House()
        let exposed = try house.write("x\n", to: "exposed\u{1b}[2J\nudp-server: forged", mode: 0o644)
        let program = try house.server(
            exactly: ["127.0.0.1", "-p", "0", "--log-format=json", "--password-file", exposed])
        #expect(try program.exit() == 78)
        let line = try #require(program.complaints.first)
        #expect(program.complaints.count == 1 && Event(line: line)?["level"] == "error")
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
    }
}
