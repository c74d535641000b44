import Foundation
import Testing

/// A disk that is full, a file that is damaged, in use, or of a newer program.
@Suite("storage", .timeLimit(.minutes(5)))
struct StorageTests {
    private static let longLine = String(repeating: "x", count: 4_000)

    private func start(_ house: House, data: String, launcher: [String] = []) throws -> RunningProgram {
        try house.server(
            exactly: ["127.0.0.1", "-p", "0", "--json", "--password-file", house.passwordFile, "--data", data],
            launcher: launcher)
    }

    private func listening(_ program: RunningProgram) throws -> Server {
        let port = try #require(UInt16(exactly: try program.event("listening").number("port") ?? 0))
        return Server(program: program, address: "127.0.0.1", port: port)
    }

    /// Says long lines until one is refused.
    ///
    /// - Returns: how many were said.
    private func fill(_ client: RunningProgram, upTo limit: Int = 2_000) throws -> Int {
        for count in 1...limit {
            client.send("\(count) \(Self.longLine)")
            // Of each line comes a receipt, unless nothing can be stored: then a notice, and refusals.
            let word = try client.next("what became of line \(count)") { line in
                Event(line: line).flatMap { ["sent", "error", "notice"].contains($0.kind) ? $0.kind : nil }
            }
            if word != "sent" { return count }
        }
        throw Failure("the disk never became full")
    }

    private func refusal(of text: String, _ client: RunningProgram) throws {
        client.send(text)
        try client.event("error") { $0["code"] == "storage" }
    }

    @Test("row 43: a write that fails, as by EIO, is told to the sender; later the server goes on by itself")
    func noRoomInFile() throws {
        let house = try House()
        // Writing beyond a limit of the file's size fails with EFBIG, which SQLite tells as it does EIO. The limit is in
        // blocks of 1,024 bytes; the soft one alone, so that it can be lifted.
        let program = try start(
            house, data: house.folder.path + "/data",
            launcher: ["/bin/bash", "-c", "ulimit -S -f 1024; exec \"$@\"", "-"])
        let server = try listening(program)
        let ana = try house.member("ana", at: server)
        let count = try fill(ana)
        try refusal(of: "refused", ana)
        let lift = Process()
        lift.executableURL = URL(filePath: "/usr/bin/prlimit")
        lift.arguments = ["--pid", "\(program.processID)", "--fsize=unlimited"]
        try lift.run()
        lift.waitUntilExit()
        try #require(lift.terminationStatus == 0)
        // The line that met the full disk waited and is stored now.
        try ana.event("sent") { $0["text"]?.hasPrefix("\(count) ") == true }
        try ana.say("and on")
        let bob = try house.member("bob", at: server, "--history", "2")
        try bob.hear(["\(count) \(Self.longLine)", "and on"])
        #expect(program.complaints.contains { $0.contains("nothing can be stored at present") })
        program.signal(SIGTERM)
        #expect(try program.exit() == 0)
    }

    /// A mount namespace of one's own, where the system allows it.
    private static let hasNamespaces: Bool = {
        let trial = Process()
        trial.executableURL = URL(filePath: "/usr/bin/unshare")
        trial.arguments = ["--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]
        trial.standardError = FileHandle.nullDevice
        guard (try? trial.run()) != nil else { return false }
        trial.waitUntilExit()
        return trial.terminationStatus == 0
    }()

    @Test("row 43: a full disk is told to the sender; with room again the server goes on", .enabled(if: hasNamespaces))
    func fullDisk() throws {
        let house = try House()
        let data = house.folder.path + "/data"
        let sign = house.folder.path + "/make-room"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let script = """
            set -e
            mount -t tmpfs -o size=3m tmpfs "$1"
            dd if=/dev/zero of="$1/filler" bs=1k count=1800 2>/dev/null
            (for try in $(seq 6000); do if [ -e "$2" ]; then break; fi; sleep 0.05; done; rm "$1/filler") >/dev/null 2>&1 &
            shift 2
            exec "$@"
            """
        let program = try start(
            house, data: data,
            launcher: [
                "/usr/bin/unshare", "--map-root-user", "--mount", "sh", "-c", script, "-", data, sign,
            ])
        let server = try listening(program)
        let ana = try house.member("ana", at: server)
        let count = try fill(ana)
        try refusal(of: "refused", ana)
        try house.write("", to: "make-room")
        try ana.event("sent") { $0["text"]?.hasPrefix("\(count) ") == true }
        try ana.say("and on")
        #expect(ana.events("sent").count == count + 1)
        program.signal(SIGTERM)
        #expect(try program.exit() == 0)
    }

    @Test("row 44: a damaged history is a clear stop, and a copy is kept")
    func damaged() throws {
        let house = try House()
        let data = house.folder.path + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let noise = String(repeating: "no history at all ", count: 1_000)
        try house.write(noise, to: "data/history.sqlite")
        for _ in 0..<2 {
            let program = try start(house, data: data)
            #expect(try program.exit() == 74)
            let copy = data + "/history.sqlite-damaged"
            #expect(program.complaints.count == 1 && program.complaints.first?.contains(copy) == true)
            #expect(try String(contentsOfFile: copy, encoding: .utf8) == noise)
            #expect(try String(contentsOfFile: data + "/history.sqlite", encoding: .utf8) == noise)
        }
    }

    @Test("row 44: a history that is in use, and one of a newer version, are a clear stop and stay as they are")
    func lockedAndNewer() throws {
        let house = try House()
        let data = house.folder.path + "/data"
        let first = try start(house, data: data)
        _ = try listening(first)
        let second = try start(house, data: data)
        #expect(try second.exit() == 74)
        #expect(second.complaints.first?.contains("in use") == true)
        first.signal(SIGTERM)
        #expect(try first.exit() == 0)

        let path = data + "/history.sqlite"
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        // The schema's version, as the header of the file has it.
        bytes[60..<64] = [0, 0, 0, 99]
        try Data(bytes).write(to: URL(filePath: path))
        let third = try start(house, data: data)
        #expect(try third.exit() == 74)
        #expect(third.complaints.first?.contains("99") == true)
        #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == bytes)
    }

    @Test("an older copy of the data in the place of the newer gives no number again, and who saw more is told")
    func olderCopy() throws {
        let house = try House()
        let data = house.folder.path + "/data"
        let server = try house.serverAtLastingPort("--data", data)
        let ana = try house.member("ana", at: server)
        try ana.say("kept")
        try FileManager.default.copyItem(atPath: data, toPath: data + "-copy")
        let lost = try #require(try ana.say("not in the copy").number("id"))
        server.program.signal(SIGKILL)
        _ = try server.program.exit()
        try FileManager.default.removeItem(atPath: data)
        try FileManager.default.moveItem(atPath: data + "-copy", toPath: data)
        let second = try house.server(port: server.port, "--data", data)
        try ana.event("notice") { $0["text"]?.contains("older state") == true }
        let next = try #require(try ana.say("after").number("id"))
        #expect(next > lost)
        let bob = try house.member("bob", at: second)
        try bob.hear(["kept", "after"])
    }
}
