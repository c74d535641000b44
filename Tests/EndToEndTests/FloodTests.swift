import Foundation
import Testing

/// What the benchmark of a flood finds, for a second and at a low rate: all but the times, which belong to the machine.
@Suite("floods", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct FloodTests {
    @Test("row 13: while forged hellos come in members chat on, and the server says less than it hears")
    func forgedHellos() throws {
        let house = try House()
        let program = try RunningProgram(
            "udp-bench", ["flood", "--rate", "5000", "--members", "3", "--seconds", "1", "--json"],
            environment: try house.environment(home: "bench"))
        #expect(try program.exit() == 0, "\(program.transcript)")
        let line = try #require(program.output.lines.first { !$0.isEmpty })
        let result = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        func figure(_ key: String) throws -> Double { try #require(result[key] as? Double, "\(key) in \(line)") }
        #expect(try figure("hellos") > 0 && figure("floodLines") > 0)
        #expect(try figure("bytesOut") > 0 && figure("bytesOut") <= figure("bytesIn"))
        #expect(try figure("serverGrowthBytes") < 32e6)
    }
}
