import Basics
import ClientRuntime
import Diagnosis
import Doctor
import Foundation
import Glibc
import ProgramFrame
import Sentences
import SocketIO
import Testing

/// `udp-server doctor` and `udp-client doctor` on this machine: all well, and faults that need no network of their own.
@Suite("doctors", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct DoctorTests {
    private func serverDoctor(
        _ house: House, _ arguments: [String], home: String = "server", launcher: [String] = []
    ) throws -> Examination {
        let program = try house.server(
            exactly: ["doctor"] + arguments + ["--password-file", house.passwordFile], home: home, launcher: launcher)
        return try Examination(of: program)
    }

    private func clientDoctor(
        _ house: House, port: UInt16, from clientPort: String = "0", passwordFile: String? = nil
    ) throws -> Examination {
        let program = try house.client(
            exactly: ["doctor", "127.0.0.1", "\(port)", clientPort, "--password-file"]
                + [passwordFile ?? house.passwordFile])
        return try Examination(of: program)
    }

    @Test("a client's doctor finds a server well, nobody hears of it, and nothing is left behind")
    func wellClient() throws {
        let house = try House()
        let server = try house.server()
        let examination = try clientDoctor(house, port: server.port)
        #expect(examination.status == 0, "\(examination)")
        #expect(examination.faults == [])
        for check in ["address", "port", "loopback", "server", "firewall", "packet size", "clock", "password"] {
            #expect(examination.lines.contains { $0.hasPrefix("ok     \(check): ") }, "\(check)\n\(examination)")
        }
        let ana = try house.member("ana", at: server)
        try ana.leave()
        #expect(server.program.events.map(\.kind) == ["listening", "joined", "left"])
        #expect(server.program.complaints == [])
        let left = FileManager.default.enumerator(atPath: house.folder.appending(path: "home-client").path)?.allObjects
        #expect(left?.isEmpty == true)
    }

    @Test("a server's doctor finds a free place well, before there is a server and while it runs")
    func wellServer() throws {
        let house = try House()
        let before = try serverDoctor(house, ["127.0.0.1", "-p", "\(try house.freePort())"])
        #expect(before.status == 0, "\(before)")
        let left = FileManager.default.enumerator(atPath: house.folder.appending(path: "home-server").path)?.allObjects
        #expect(left?.isEmpty == true)
        let server = try house.server()
        let during = try serverDoctor(house, ["127.0.0.1", "-p", "\(server.port)"])
        #expect(during.status == 0, "\(during)")
        #expect(during.lines.contains { $0.hasPrefix("ok     port: the server of this data folder runs") })
        #expect(during.lines.contains { $0.hasPrefix("ok     password: the server takes it") })
    }

    @Test("port taken: by another program, and by another chat server, which is told apart")
    func portTaken() throws {
        let house = try House()
        let holder = try UDPHolder()
        let examination = try serverDoctor(house, ["127.0.0.1", "-p", "\(holder.port)"])
        #expect(examination.status == 71)
        #expect(examination.faults.count == 1)
        #expect(examination.faults.first?.contains("port: another program has UDP port \(holder.port)") == true)

        let server = try house.server()
        let other = try serverDoctor(house, ["127.0.0.1", "-p", "\(server.port)"], home: "neighbour")
        #expect(other.status == 71)
        #expect(other.faults.first?.contains("another chat server (key ") == true, "\(other)")

        let client = try clientDoctor(house, port: server.port, from: "\(holder.port)")
        #expect(client.status == 71)
        #expect(client.faults.count == 1 && client.faults[0].contains("port: UDP port \(holder.port) is in use"))
    }

    @Test("wrong address: one of another machine, and a name that nobody has")
    func wrongAddress() throws {
        let house = try House()
        let foreign = try serverDoctor(house, ["192.0.2.77", "-p", "0"])
        #expect(foreign.status == 71)
        #expect(foreign.faults.count == 1)
        #expect(foreign.faults.first?.contains("address: 192.0.2.77 is no address of this machine") == true)
        let unknown = try serverDoctor(house, ["nobody.invalid", "-p", "0"])
        #expect(unknown.faults.count == 1 && unknown.faults[0].contains("address: nobody.invalid"), "\(unknown)")
        let client = try house.client(
            exactly: ["doctor", "nobody.invalid", "8080", "0", "--password-file", house.passwordFile])
        let examination = try Examination(of: client)
        #expect(examination.status == 69)
        #expect(examination.faults.count == 1 && examination.faults[0].contains("address: nobody.invalid"))
    }

    @Test("nobody listens at the server's port: said at once, by the word of the machine there")
    func nobodyListens() throws {
        let house = try House()
        let port = try house.freePort()
        let examination = try clientDoctor(house, port: port)
        #expect(examination.status == 69)
        #expect(examination.faults.count == 1)
        #expect(examination.faults.first?.contains("nobody listens at UDP port \(port)") == true, "\(examination)")
    }

    @Test("unwritable data: a folder that can't be made, keys that others can read, a folder in use")
    func unwritableData() throws {
        let house = try House()
        let port = "\(try house.freePort())"
        // Also the administrator makes no folder in a file.
        let file = try house.write("", to: "in the way")
        let blocked = try serverDoctor(house, ["127.0.0.1", "-p", port, "--data", "\(file)/data"])
        #expect(blocked.status == 74)
        #expect(blocked.faults.count == 1 && blocked.faults[0].contains("data folder: "), "\(blocked)")
        #expect(blocked.faults.first?.contains("can't be written (ENOTDIR)") == true)

        let folder = house.folder.appending(path: "exposed")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try house.write("x", to: "exposed/server.key", mode: 0o644)
        let exposed = try serverDoctor(house, ["127.0.0.1", "-p", port, "--data", folder.path])
        #expect(exposed.status == 74)
        #expect(exposed.faults.count == 1 && exposed.faults[0].contains("server.key"), "\(exposed)")

        let server = try house.server()
        defer { server.program.signal(SIGTERM) }
        let used = try serverDoctor(house, ["127.0.0.1", "-p", port])
        #expect(used.status == 74)
        #expect(used.faults.count == 1 && used.faults[0].contains("another server uses"), "\(used)")
    }

    @Test(
        "unwritable data: of a user who may not write",
        .enabled("only root can be somebody else") { getuid() == 0 })
    func foreignFolder() throws {
        let house = try House()
        let launcher = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        let program = try house.server(
            exactly: ["doctor", "127.0.0.1", "-p", "\(try house.freePort())", "--data", "/usr/share"],
            launcher: launcher)
        let examination = try Examination(of: program)
        #expect(examination.status == 74, "\(examination)")
        #expect(examination.faults.contains { $0.contains("/usr/share can't be written (EACCES)") })
    }

    @Test("clock off: behind what the server itself has written")
    func clockOff() throws {
        let house = try House()
        let server = try house.server()
        server.program.signal(SIGTERM)
        #expect(try server.program.exit() == 0)
        let tomorrow = Date(timeIntervalSinceNow: 86_400)
        let database = house.folder.appending(path: "home-server/data/gaschat/history.sqlite").path
        try FileManager.default.setAttributes([.modificationDate: tomorrow], ofItemAtPath: database)
        let examination = try serverDoctor(house, ["127.0.0.1", "-p", "\(try house.freePort())"])
        #expect(examination.status == 71)
        #expect(examination.faults.count == 1)
        #expect(examination.faults.first?.contains("clock: the clock is 1440 min behind") == true, "\(examination)")
    }

    @Test("clock off: the client's, against what the server says", arguments: [86_400, -3_600, 0] as [Int64])
    func clientClockOff(seconds: Int64) throws {
        let house = try House()
        let server = try house.server()
        var environment = Environment()
        environment.dataHome = house.folder.path
        var options = ClientOptions()
        options.server = "127.0.0.1"
        options.serverPort = server.port
        options.clientPort = .number(0)
        options.passwordFile = house.passwordFile
        let doctor = ClientDoctor(options: options, environment: environment) {
            WallTime(milliseconds: WallClock.now.milliseconds + seconds * 1000)
        }
        let report = try doctor.examine()
        let faults = report.findings.filter(\.isFault).map { $0.line(in: .english) }
        guard seconds != 0 else {
            #expect(faults == [] && report.status == .fine)
            return
        }
        #expect(report.status == .system && faults.count == 1)
        let word = seconds > 0 ? "1440 min ahead of the server's" : "60 min behind the server's"
        #expect(faults.first?.contains("clock: this machine's clock is \(word)") == true, "\(faults)")
    }

    @Test("wrong password: at the client, at the server that runs, and a file that others can read")
    func wrongPassword() throws {
        let house = try House()
        let server = try house.server()
        let wrong = try house.write("not-this-one\n", to: "wrong")
        let examination = try clientDoctor(house, port: server.port, passwordFile: wrong)
        #expect(examination.status == 77)
        #expect(examination.faults.count == 1)
        #expect(examination.faults.first?.contains("password: the server does not take it") == true, "\(examination)")
        let program = try house.server(
            exactly: ["doctor", "127.0.0.1", "-p", "\(server.port)", "--password-file", wrong])
        let own = try Examination(of: program)
        #expect(own.status == 77 && own.faults.count == 1, "\(own)")
        let open = try house.write("open\n", to: "open", mode: 0o644)
        let exposed = try clientDoctor(house, port: server.port, passwordFile: open)
        #expect(exposed.status == 78 && exposed.faults.first?.contains("chmod 600") == true)
        // No word of a password anywhere.
        for text in [examination, own, exposed].map(\.description) { #expect(!text.contains("not-this-one")) }
    }

    @Test("the password that everybody knows is pointed out where others can come; with :memory: nothing is kept")
    func builtInPassword() throws {
        let house = try House()
        let program = try house.server(
            exactly: ["doctor", "0.0.0.0", "-p", "\(try house.freePort())", "--data", ":memory:"])
        let examination = try Examination(of: program)
        #expect(examination.lines.contains { $0.hasPrefix("?      password: none is set") }, "\(examination)")
        #expect(examination.lines.contains("ok     data folder: nothing is kept"))
        #expect(examination.status == 0)
    }

    @Test("a server with another key than the one that is known: nothing is told to it")
    func otherKey() throws {
        let house = try House()
        let first = try house.serverAtLastingPort()
        let ana = try house.member("ana", at: first, home: "client")
        try ana.leave()
        first.program.signal(SIGTERM)
        #expect(try first.program.exit() == 0)
        let impostor = try house.server(port: first.port, home: "impostor")
        defer { impostor.program.signal(SIGTERM) }
        let examination = try clientDoctor(house, port: first.port)
        #expect(examination.status == 76)
        #expect(examination.faults.count == 1 && examination.faults[0].contains("another key"), "\(examination)")
    }

    @Test("without a password everything else is looked at; in Indonesian as well")
    func withoutPassword() throws {
        let house = try House()
        let server = try house.server()
        let program = try house.client(
            exactly: ["doctor", "127.0.0.1", "\(server.port)", "0", "--lang", "id"])
        let examination = try Examination(of: program)
        #expect(examination.status == 0, "\(examination)")
        #expect(examination.lines.last == "Semuanya baik.")
        #expect(examination.lines.contains { $0.hasPrefix("?      password: ") })
    }
}

/// What a doctor said.
struct Examination: CustomStringConvertible {
    let status: Int32
    let lines: [String]
    private let complaints: [String]

    init(of program: RunningProgram) throws {
        status = try program.exit()
        lines = program.output.lines.filter { !$0.isEmpty }
        complaints = program.complaints
    }

    /// The lines about faults, without their first word.
    var faults: [String] {
        lines.filter { $0.hasPrefix("FAULT  ") }.map { String($0.dropFirst(7)) }
    }

    var description: String { (lines + complaints + ["exit \(status)"]).joined(separator: "\n") }
}
