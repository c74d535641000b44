import Basics
import Crypto
import ProgramFrame
import Sentences
import Testing

@testable import ClientRuntime

@Suite("The arguments of udp-client")
struct OptionTests {
    private static let letters = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"

    private func options(_ arguments: String...) throws(ProgramFailure) -> ClientOptions? {
        guard case .chat(let options) = try Invocation(arguments: arguments) else { return nil }
        return options
    }

    @Test("server, port and client port stand anywhere between the options")
    func positionsAndOptionsMix() throws {
        let options = try #require(try options("--json", "chat.example", "--name", "ana", "8080", "auto"))
        #expect(options.server == "chat.example")
        #expect(options.serverPort == 8080)
        #expect(options.clientPort == .firstFree)
        #expect(options.name == "ana")
        #expect(options.isJSON)
    }

    @Test("what is not said has its default")
    func defaults() throws {
        let options = try #require(try options("::1", "8080", "0"))
        #expect(options.clientPort == .number(0))
        #expect(options.historyOnJoining == 20)
        #expect(options.reconnect == .seconds(120))
        #expect(options.timestamps == .long)
        #expect(options.showsColours)
        #expect(!options.isJSON && !options.follows && options.send == nil)
    }

    @Test("who sends one line is not shown what others said earlier, unless they ask")
    func sendingAsksForNoHistory() throws {
        #expect(try #require(try options("h", "1", "2", "--send", "x")).historyOnJoining == 0)
        #expect(try #require(try options("h", "1", "2", "--send", "x", "--history", "5")).historyOnJoining == 5)
    }

    @Test("an invite stands for server, port and key")
    func invite() throws {
        let key = [UInt8](repeating: 7, count: 32)
        let invite = "[::1]:8080#\(Fingerprint.text(of: key))"
        let options = try #require(try options("--json", invite, "auto"))
        #expect(options.server == "::1" && options.serverPort == 8080 && options.clientPort == .firstFree)
        #expect(options.invitedKey == KeyFingerprint(of: key))
        #expect(try #require(try self.options("h", "1", "2")).invitedKey == nil)
    }

    @Test("a bad invite is shown with what is wrong, as visible text")
    func badInvite() {
        let failure = #expect(throws: ProgramFailure.self) { try Invocation(arguments: ["h:1#\u{1b}[2J", "0"]) }
        #expect(
            failure?.text(in: .english).contains("24 letters") == true
                && failure?.text(in: .english).contains("\u{1b}") == false)
    }

    @Test("no arguments at all are right: the person is asked")
    func nothingIsAsked() throws {
        #expect(try #require(try options()).server == nil)
    }

    @Test(
        "wrong arguments are refused",
        arguments: [
            ["h"], ["h", "1"], ["h", "1", "2", "3"], ["", "1", "2"], ["h", "0", "2"], ["h", "65536", "2"],
            ["h", "+1", "2"], ["h", "1", "-2"], ["h", "1", "65536"], ["h", "1", "Auto"], ["h", "1", "2", "--nope"],
            ["h", "1", "2", "--name"], ["h", "1", "2", "--json=yes"], ["h", "1", "2", "--history", "1001"],
            ["h", "1", "2", "--history", "-1"], ["h", "1", "2", "--reconnect", "1.5"],
            ["h", "1", "2", "--reconnect", "99999999999999999999"], ["h", "1", "2", "--timestamps", "Long"],
            ["h", "1", "2", "--send", " "], ["h", "1", "2", "--send", "x", "--follow"],
            ["h", "1", "2", "--password-file", ""], ["-x"],
            ["h:1#AAAA", "2"], ["h:1#" + letters], ["h:1#" + letters, "1", "2"], ["h:1#" + letters, "x"],
            ["h#" + letters, "1"], ["h", "1"],
        ])
    func wrongArgumentsAreRefused(arguments: [String]) {
        let failure = #expect(throws: ProgramFailure.self) { try Invocation(arguments: arguments) }
        #expect(failure?.status == .usage)
        #expect(failure?.text(in: .english).hasSuffix("; see udp-client --help") == true)
    }

    @Test("help is given whatever else is wrong")
    func helpComesFirst() throws {
        #expect(try Invocation(arguments: ["one", "--help"]) == .answer(.help))
        #expect(try Invocation(arguments: ["-h"]) == .answer(.help))
        #expect(try Invocation(arguments: ["--version"]) == .answer(.version))
    }

    @Test(
        "the help names every option, and fits a terminal of 80 columns and 24 lines with its prompt",
        arguments: Language.allCases)
    func help(language: Language) {
        let table = ClientOptionTable.table
        for row in table.rows where row.isInHelp {
            for name in row.names { #expect(table.helpText(in: language).contains(name)) }
        }
        let lines = table.helpText(in: language).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
        #expect(lines.count <= 24 && lines.last == "")
    }
}
