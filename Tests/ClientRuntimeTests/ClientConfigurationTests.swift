import Basics
import Configuration
import Foundation
import ProgramFrame
import Sentences
import Testing

@testable import ClientRuntime

@Suite("the client's configuration")
struct ClientConfigurationTests {
    private func contents(_ text: String) throws(ProgramFailure) -> ConfigurationContents {
        ConfigurationContents(
            path: "/etc/x/client.json5",
            entries: try ConfigurationReader.entries(of: Array(text.utf8), path: "/etc/x/client.json5"))
    }

    private func options(_ text: String, _ arguments: String...) throws(ProgramFailure) -> ClientOptions {
        let contents = try contents(text)
        let invocation = try Invocation(arguments: arguments) { _ throws(ProgramFailure) in contents }
        guard case .chat(let options) = invocation else { return ClientOptions() }
        return options
    }

    private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../config/client.json5"
    ).standardized

    @Test("config/client.json5 names every key, each with its true default")
    func completeFile() throws {
        let table = ClientOptionTable.table
        let read = try ConfigurationReader.read(Self.file.path)
        #expect(read.entries.map(\.key) == table.keys.map(\.name))
        #expect(read.entries.map(\.value) == table.keys.map(\.standard))
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(try options(text) == ClientOptions())
        #expect(text == table.configurationFile, "`make config` writes it anew")
        // The defaults are told apart from what was said before.
        var options = ClientOptions()
        try table.apply(
            try contents(
                """
                { reconnect: 1, json: true, follow: true, history: 1, typing: true, color: false, timestamps: 'off' }
                """), to: &options)
        try table.apply(read, to: &options)
        var expected = ClientOptions()
        expected.history = ClientOptions.defaultHistory
        #expect(options == expected)
    }

    @Test("every option has a key but those that end at once, and --config itself")
    func keys() {
        let without = ClientOptionTable.table.rows.filter { $0.key == nil }.flatMap(\.names)
        #expect(Set(without) == ["--config", "--generate", "--version", "-h", "--help"])
    }

    @Test("every key does what its option does")
    func everyKey() throws {
        let options = try options(
            """
            { server: '::1', server_port: 9000, client_port: 0, name: 'ana', password_file: 'room.txt', reconnect: 7,
              json: true, follow: true, history: 3, typing: true, color: false, timestamps: 'short', bell: false,
              lang: 'id' }
            """)
        var expected = ClientOptions()
        expected.server = "::1"
        expected.serverPort = 9000
        expected.clientPort = .number(0)
        expected.name = "ana"
        expected.configuredPasswordFile = "/etc/x/room.txt"
        expected.reconnect = .seconds(7)
        expected.isJSON = true
        expected.follows = true
        expected.usualHistory = 3
        expected.sharesTyping = true
        expected.showsColours = false
        expected.timestamps = .short
        expected.ringsBell = false
        expected.language = .indonesian
        #expect(options == expected)
        #expect(try self.options("{ send: 'x' }", "h", "1", "2").send == "x")
        #expect(try self.options("{ send: 'x', history: 3 }", "h", "1", "2").historyOnJoining == 0)
    }

    @Test("a server of the configuration has the usual ports, and arguments count before all of it")
    func server() throws {
        let alone = try options("{ server: 'h' }")
        #expect(alone.serverPort == 8080 && alone.clientPort == .firstFree)
        let invite = "h:7#\(Fingerprint.text(of: [UInt8](repeating: 7, count: 32)))"
        let invited = try options("{ server: '\(invite)', client_port: 'auto' }")
        #expect(invited.serverPort == 7 && invited.invitedKey != nil)
        let elsewhere = try options("{ server: '\(invite)' }", "i", "8", "9")
        #expect(elsewhere.server == "i" && elsewhere.invitedKey == nil && elsewhere.clientPort == .number(9))
        #expect(try options("{ history: 5 }", "h", "1", "2", "--history", "6").historyOnJoining == 6)
        #expect(try options("{ name: 'a', password_file: 'p' }", "--name", "b").name == "b")
    }

    @Test("of --send and --follow the argument counts before the configuration; two of one place are too many")
    func sendAndFollow() throws {
        #expect(try options("{ follow: true }", "h", "1", "2", "--send", "x").follows == false)
        #expect(try options("{ send: 'x' }", "h", "1", "2", "--follow").send == nil)
        #expect(throws: ProgramFailure.self) { try options("{ send: 'x', follow: true }", "h", "1", "2") }
    }

    @Test(
        "row 47: wrong keys and values end with 78, the file, the line and the key",
        arguments: [
            ("{\n nmae: 'a' }", "2: there is no key nmae; did you mean name?"),
            ("{\n name: 1 }", "2: name takes a text in quotes"),
            ("{\n history: 1001 }", "2: history takes a number of 0 to 1000, not '1001'"),
            ("{ history: 1.5 }", "1: history takes a whole number"),
            ("{ color: 'yes' }", "1: color takes true or false"),
            ("{ server: '' }", "1: server: the address of the server is empty"),
            ("{ server_port: 0 }", "1: server_port takes a number of 1 to 65535, not '0'"),
            ("{ client_port: 'any' }", "1: client_port takes a number of 0 to 65535, or auto, not 'any'"),
            ("{ timestamps: 'LONG' }", "1: timestamps takes long, short or off, not 'LONG'"),
            ("{\n bell: 1 }", "2: bell takes true or false"),
            ("{\n lang: 'fr' }", "2: lang takes id or en, not 'fr'"),
            ("{ lang: true }", "1: lang takes a text in quotes"),
            ("{ password: 'GAS1' }", "1: there is no key password"),
        ])
    func wrongFile(text: String, fault: String) {
        let failure = #expect(throws: ProgramFailure.self) { _ = try options(text, "h", "1", "2") }
        #expect(failure?.status == .configuration)
        #expect(failure?.text(in: .english) == "/etc/x/client.json5:\(fault)")
    }
}
