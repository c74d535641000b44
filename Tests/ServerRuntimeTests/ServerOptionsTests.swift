import Basics
import History
import ProgramFrame
import Sentences
import Testing

@testable import ServerRuntime

struct ServerOptionsTests {
    private func options(_ arguments: String...) throws(ProgramFailure) -> ServerOptions {
        guard case .serve(let options, _) = try Invocation(arguments: arguments) else { return ServerOptions() }
        return options
    }

    @Test("an address alone leaves every option at its default")
    func defaults() throws {
        var expected = ServerOptions()
        expected.host = "127.0.0.1"
        #expect(try options("127.0.0.1") == expected)
        #expect(expected.port == 8080)
        #expect(expected.operatorName == "SERVER")
    }

    @Test("every option does what it says")
    func everyOption() throws {
        let options = try options(
            "--json", "--console", "--log-level=debug", "--name=The pub", "--operator", "BOSS", "--data", "/tmp/x",
            "--password-file", "secret.txt", "0.0.0.0", "-p", "0")
        var expected = ServerOptions()
        expected.host = "0.0.0.0"
        expected.port = 0
        expected.format = .json
        expected.console = .on
        expected.logLevel = .debug
        expected.name = "The pub"
        expected.operatorName = "BOSS"
        expected.data = .folder("/tmp/x")
        expected.passwordFile = "secret.txt"
        #expect(options == expected)
        #expect(try self.options("a", "--data", ":memory:").data == .memory)
        #expect(try self.options("a", "--durability", "power").durability == .power)
        let retention = try self.options("a", "--keep", "90d,5000,200M").retention
        #expect(retention.age == .seconds(90 * 86_400) && retention.entries == 5_000 && retention.bytes == 209_715_200)
        #expect(try self.options("a", "--keep", "1").retention.isUnlimited == false)
        #expect(try self.options("a").retention.isUnlimited)
        #expect(try self.options("a", "--console", "--no-console").console == .off)
    }

    @Test("what is after two dashes is the address")
    func endOfOptions() throws {
        #expect(try options("--json", "--", "--name").host == "--name")
    }

    @Test(
        "wrong usage ends with 64 and a line that names --help",
        arguments: [
            [], [""], ["a", "b"], ["a", "--threads", "2"], ["a", "-p"], ["a", "-p", "65536"], ["a", "-p", "-1"],
            ["a", "-p", "+1"], ["a", "-p", ""], ["a", "--json=yes"], ["a", "--operator", "two words"],
            ["a", "--name", ""], ["a", "--name", "a\nb"], ["a", "--log-level", "loud"], ["a", "--data="],
            ["a", "--password", "GAS1"], ["a", "\u{1b}[2J"],
            ["a", "--durability", "hope"], ["a", "--keep", ""], ["a", "--keep", "0"], ["a", "--keep", "1d,2d"],
            ["a", "--keep", "-1M"], ["a", "--keep", "99999999999999999999"], ["a", "--keep", "5,"],
            ["a", "--\u{1b}[2J"], ["a", "-"],
        ])
    func wrongUsage(_ arguments: [String]) {
        let failure = #expect(throws: ProgramFailure.self) { _ = try Invocation(arguments: arguments) }
        #expect(failure?.status == .usage)
        #expect(failure?.text(in: .english).contains("--help") == true)
        #expect(failure?.text(in: .english).contains { $0.isNewline || $0 == "\u{1b}" } == false)
    }

    @Test("help and version are answered wherever they stand")
    func answers() throws {
        #expect(try Invocation(arguments: ["--json", "-h"]) == .answer(.help))
        #expect(try Invocation(arguments: ["--version"]) == .answer(.version))
    }

    @Test(
        "the help names every option, and fits a terminal of 80 columns and 24 lines with its prompt",
        arguments: Language.allCases)
    func help(language: Language) {
        let table = ServerOptionTable.table
        for row in table.rows where row.isInHelp {
            for name in row.names { #expect(table.helpText(in: language).contains(name)) }
        }
        let lines = table.helpText(in: language).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
        #expect(lines.count <= 24 && lines.last == "")
    }
}
