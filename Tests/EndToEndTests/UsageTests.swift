import Foundation
import Testing

/// What a wrong command line is answered with: exit 64 and one line, before anything else happens.
@Suite("usage", .serialized, .ownThread, .timeLimit(.minutes(5)))
struct UsageTests {
    private func expectUsage(_ program: RunningProgram, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let status = try program.exit()
        #expect(status == 64, "\(program) \(program.transcript)", sourceLocation: sourceLocation)
        #expect(program.complaints.count == 1, "\(program) \(program.transcript)", sourceLocation: sourceLocation)
    }

    @Test("the server's arguments")
    func server() throws {
        let house = try House()
        let wrong: [[String]] = [
            [], ["-p", "0"], ["127.0.0.1", "-p"], ["127.0.0.1", "-p", "eighty"], ["127.0.0.1", "-p", "65536"],
            ["127.0.0.1", "-p", "-1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.1", "--nonsense"],
            ["127.0.0.1", "--password", "GAS1"], ["127.0.0.1", "-p", "0", "--name"],
            ["backup"], ["backup", "a", "b"], ["restore"], ["export", "a", "b"], ["check", "a", "b"],
            ["check", "--console"], ["password", "a", "b"], ["doctor", "127.0.0.1", "8080"], ["backup", "--nonsense"],
        ]
        for arguments in wrong { try expectUsage(try house.server(exactly: arguments)) }
    }

    @Test("the client's arguments")
    func client() throws {
        let house = try House()
        let good = ["127.0.0.1", "9", "0", "--name", "ana", "--password-file", house.passwordFile]
        let wrong: [[String]] = [
            [], ["127.0.0.1"], ["127.0.0.1", "9"], ["127.0.0.1", "nine", "0"], ["127.0.0.1", "65536", "0"],
            ["127.0.0.1", "0", "0"], ["127.0.0.1", "9", "any"], good + ["one-too-many"], good + ["--nonsense"],
            good + ["--password", "GAS1"], good + ["--history", "-1"], good + ["--history", "many"],
            ["doctor", "127.0.0.1"], ["doctor", "127.0.0.1", "nine", "0"], ["doctor", "--json"],
            good + ["--reconnect", "soon"], good + ["--reconnect", "-1"], good + ["--send"],
        ]
        for arguments in wrong { try expectUsage(try house.client(exactly: arguments)) }
    }

    @Test("no name or no password, and nobody to ask for them")
    func nobodyToAsk() throws {
        let house = try House()
        try expectUsage(
            try house.client(exactly: ["127.0.0.1", "9", "0", "--password-file", house.passwordFile, "--json"]))
        try expectUsage(try house.client(exactly: ["127.0.0.1", "9", "0", "--name", "ana", "--json"]))
    }

    @Test("help and version are no errors", arguments: ["udp-server", "udp-client"])
    func help(program: String) throws {
        let house = try House()
        for flag in ["--help", "-h", "--version"] {
            let asked = try RunningProgram(program, [flag], environment: try house.environment(home: "anybody"))
            #expect(try asked.exit() == 0)
            #expect(asked.output.text.contains(flag == "--version" ? "." : "--password-file"))
            #expect(asked.complaints == [])
        }
    }
}
