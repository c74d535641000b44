import Foundation
import Testing

/// The real server, killed under load. `make crash` does the same a thousand times.
@Suite("crashes", .timeLimit(.minutes(5)))
struct CrashTests {
    @Test("row 45: after 25 times kill -9 every receipt is true, and no line is lost, doubled or out of order")
    func killed() throws {
        let house = try House()
        let trial = try RunningProgram(
            "udp-bench", ["crash", "--rounds", "25", "--json"], environment: try house.environment(home: "bench"))
        #expect(try trial.exit() == 0, "\(trial.transcript)")
        let result = trial.output.lines.joined()
        #expect(result.contains("\"rounds\":25,"), "\(trial.transcript)")
    }
}
