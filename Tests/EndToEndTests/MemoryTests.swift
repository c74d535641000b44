import Foundation
import Glibc
import Testing

/// What is left of secrets in the memory of the running programs.
@Suite("memory", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct MemoryTests {
    /// Nobody but root may look into a process that forbids it.
    static let mayLook = geteuid() == 0

    /// How often bytes occur in what a process can write.
    ///
    /// - Returns: nil when its memory can't be read.
    private func occurrences(of secret: String, in program: RunningProgram) -> Int? {
        let memory = unsafe open("/proc/\(program.processID)/mem", O_RDONLY)
        guard memory >= 0 else { return nil }
        defer { close(memory) }
        let wanted = Data(secret.utf8)
        var count = 0
        var bytesRead = 0
        for line in program.read(fromProc: "maps").split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 1, fields[1].hasPrefix("rw") else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            guard ends.count == 2, ends[1] - ends[0] < 1 << 30 else { continue }
            var region = Data(count: Int(ends[1] - ends[0]))
            let size = region.count
            let result = unsafe region.withUnsafeMutableBytes { buffer in
                unsafe pread(memory, buffer.baseAddress, size, off_t(ends[0]))
            }
            guard result > 0 else { continue }
            bytesRead += result
            var rest = region[region.startIndex..<region.startIndex + result]
            while let found = rest.range(of: wanted) {
                count += 1
                rest = rest[found.upperBound...]
            }
        }
        return bytesRead > 0 ? count : nil
    }

    @Test(
        "row 52: passwords lie in memory once where they are needed, and nowhere after they were",
        .enabled(if: mayLook, "only root may read the memory of these processes"))
    func passwords() throws {
        let house = try House(password: "an-unmistakable-room-password-\(UUID().uuidString)")
        let personal = "an-unmistakable-personal-password-\(UUID().uuidString)"
        let server = try house.server("--console")
        let ana = try house.client(
            exactly: [
                "127.0.0.1", "\(server.port)", "0", "--name", "ana", "--password-file", house.passwordFile, "--json",
            ], home: "ana", environment: ["GAS_ACCOUNT_PASSWORD": personal])
        try ana.event("connected")
        ana.send(":register")
        try ana.event("notice") { $0["text"]?.contains("ana is yours") == true }
        try ana.say("an-unmistakable-line")

        // The search finds what is there.
        #expect(try #require(occurrences(of: "an-unmistakable-line", in: server.program)) > 0)
        // The server needs the room's password for the next one who knocks; it never had the personal one.
        #expect(try #require(occurrences(of: house.password, in: server.program)) <= 1)
        #expect(occurrences(of: personal, in: server.program) == 0)
        #expect(try #require(occurrences(of: house.password, in: ana)) <= 1)
        // As it was given and as it was prepared, both in memory that is wiped.
        #expect(try #require(occurrences(of: personal, in: ana)) <= 2)

        let former = house.password
        try ana.leave()
        try server.program.event("left")
        try house.write("another-one-\(UUID().uuidString)\n", to: "password")
        server.program.send(":reload")
        try server.program.event("notice")
        #expect(occurrences(of: former, in: server.program) == 0)
        #expect(occurrences(of: personal, in: server.program) == 0)
    }
}
