import ChatProtocol
import Configuration
import Foundation
import ProgramFrame
import Sentences
import Testing

@testable import ServerRuntime

@Suite("the server's configuration")
struct ServerConfigurationTests {
    private func contents(_ text: String) throws(ProgramFailure) -> ConfigurationContents {
        ConfigurationContents(
            path: "/etc/x/server.json5",
            entries: try ConfigurationReader.entries(of: Array(text.utf8), path: "/etc/x/server.json5"))
    }

    private func options(_ text: String, _ arguments: String...) throws(ProgramFailure) -> ServerOptions {
        let contents = try contents(text)
        let invocation = try Invocation(arguments: arguments) { _ throws(ProgramFailure) in contents }
        guard case .serve(let options, _) = invocation else { return ServerOptions() }
        return options
    }

    private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../config/server.json5"
    ).standardized

    @Test("config/server.json5 names every key, each with its true default")
    func completeFile() throws {
        let table = ServerOptionTable.table
        let read = try ConfigurationReader.read(Self.file.path)
        #expect(read.entries.map(\.key) == table.keys.map(\.name))
        #expect(read.entries.map(\.value) == table.keys.map(\.standard))
        var options = ServerOptions()
        try table.apply(read, to: &options)
        #expect(options == ServerOptions())
        // The defaults are told apart from what was said before.
        try table.apply(
            try contents(
                "{ port: 9, operator: 'x', guests: false, members: 1, json: true, log_level: 'debug' }"), to: &options)
        try table.apply(read, to: &options)
        #expect(options == ServerOptions())
        #expect(
            try String(contentsOf: Self.file, encoding: .utf8) == table.configurationFile,
            "`make config` writes it anew")
    }

    @Test("every option has a key but those that end at once, and --config itself")
    func keys() {
        let without = ServerOptionTable.table.rows.filter { $0.key == nil }.flatMap(\.names)
        #expect(Set(without) == ["--config", "--generate", "--version", "-h", "--help"])
    }

    @Test("every key does what its option does")
    func everyKey() throws {
        let options = try options(
            """
            { address: '::1', port: 9000, password_file: 'room.txt', data: 'd', name: 'The pub', operator: 'BOSS',
              guests: false, members: 7, json: true, console: false, log_level: 'debug', timestamps: 'off', lang: 'id' }
            """)
        var expected = ServerOptions()
        expected.host = "::1"
        expected.port = 9000
        expected.configuredPasswordFile = "/etc/x/room.txt"
        expected.data = .folder("/etc/x/d")
        expected.name = "The pub"
        expected.operatorName = "BOSS"
        expected.admitsGuests = false
        expected.memberLimit = 7
        expected.format = .json
        expected.console = .off
        expected.logLevel = .debug
        expected.timestamps = .off
        expected.language = .indonesian
        #expect(options == expected)
        #expect(try self.options("{ data: ':memory:' }", "h").data == .memory)
        let kept = try self.options("{ durability: 'power', keep: '90d,5000,200M' }", "h")
        #expect(kept == (try self.options("{}", "h", "--durability", "power", "--keep", "90d,5000,200M")))
        #expect(kept != (try self.options("{ durability: 'process' }", "h", "--keep", "90d,5000,200M")))
        #expect(kept != (try self.options("{ keep: '90d,5000' }", "h", "--durability", "power")))
    }

    @Test("an argument counts before the file, and the file before the default")
    func precedence() throws {
        let options = try options("{ address: 'a', port: 1, guests: false }", "b", "-p", "2")
        #expect(options.host == "b" && options.port == 2 && !options.admitsGuests)
        #expect(try self.options("{ address: 'a', port: 1 }").port == 1)
    }

    @Test("the password: --password-file, then GAS_PASSWORD, then the configuration's file, then GAS1")
    func passwordPrecedence() throws {
        func isFile(_ source: PasswordSource?, _ path: String) -> Bool {
            if case .file(path) = source { true } else { false }
        }
        func source(_ options: ServerOptions, _ environment: Environment) -> PasswordSource {
            ServerSetup(arguments: [], environment: environment, options: options, configuration: nil).passwordSource
        }
        let both = try options("{ address: 'a', password_file: 'c' }", "--password-file", "f")
        let configured = try options("{ address: 'a', password_file: 'c' }")
        #expect(isFile(source(both, Environment()), "f"))
        #expect(isFile(source(configured, Environment()), "/etc/x/c"))
        #expect(source(ServerOptions(), Environment()).isBuiltIn)
        #expect(configured.passwordFile == nil && both.configuredPasswordFile == nil)
    }

    @Test(
        "row 47: wrong keys and values end with 78, the file, the line and the key",
        arguments: [
            ("{\n prot: 1 }", "2: there is no key prot; did you mean port?"),
            ("{\n port: '1' }", "2: port takes a whole number"),
            ("{\n port: 65536 }", "2: port: a port is a number from 0 to 65535"),
            ("{\n\n name: '' }", "3: name: the name is empty"),
            ("{ members: 0 }", "1: members takes a number of 1 to 16384, not '0'"),
            ("{ guests: 'no' }", "1: guests takes true or false"),
            ("{ password: 'GAS1' }", "1: there is no key password"),
            ("{ log_level: 'loud' }", "1: log_level: a level is error, warning, info or debug"),
            ("{ operator: ['x'] }", "1: operator takes a text in quotes"),
            ("{\n lang: 'fr' }", "2: lang takes id or en, not 'fr'"),
            ("{ lang: true }", "1: lang takes a text in quotes"),
            ("{\n durability: 'disk' }", "2: durability: it is process or power"),
            ("{ durability: 1 }", "1: durability takes a text in quotes"),
            ("{\n\n keep: 5000 }", "3: keep takes a text in quotes"),
        ])
    func wrongFile(text: String, fault: String) {
        let failure = #expect(throws: ProgramFailure.self) { _ = try options(text, "127.0.0.1") }
        #expect(failure?.status == .configuration)
        #expect(failure?.text(in: .english) == "/etc/x/server.json5:\(fault)")
    }

    @Test("row 47: what is no limit of what is kept", arguments: ["", "90x", "90d,1d", "0", "5000,", "-1", "36501d"])
    func wrongLimits(keep: String) {
        let failure = #expect(throws: ProgramFailure.self) { _ = try options("{\n keep: '\(keep)' }", "127.0.0.1") }
        #expect(failure?.status == .configuration)
        #expect(failure?.text(in: .english).hasPrefix("/etc/x/server.json5:2: keep: limits are days (90d), ") == true)
    }

    @Test("read again: live keys change, others wait for a restart, and what arguments say stays")
    func readAgain() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/server.json5"
        func write(_ text: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        try write("{ name: 'one', port: 1, log_level: 'debug' }")
        let arguments = ["--config", path, "h", "--log-level", "info"]
        let invocation = try Invocation(arguments: arguments) { given throws(ProgramFailure) in
            try ConfigurationReader.find(given: given, name: "server.json5", in: Environment())
        }
        guard case .serve(let options, let configuration) = invocation else { throw ProgramFailure(.usage) { _ in "" } }
        var setup = ServerSetup(
            arguments: arguments, environment: Environment(), options: options, configuration: configuration)
        #expect(try setup.readAgain() == .init(hasFile: true, live: [], afterRestart: []))
        try write("{ name: 'two', members: 3, port: 2, log_level: 'error' }")
        #expect(try setup.readAgain() == .init(hasFile: true, live: ["name", "members"], afterRestart: ["port"]))
        #expect(setup.serverName == "two" && setup.options.memberLimit == 3 && setup.options.logLevel == .info)
        #expect(try setup.readAgain() == .init(hasFile: true, live: [], afterRestart: ["port"]))
        try write("{ name: 'three', port: }")
        #expect(throws: ProgramFailure.self) { try setup.readAgain() }
        #expect(setup.serverName == "two")
        try write("{ port: 1 }")
        #expect(try setup.readAgain() == .init(hasFile: true, live: ["name", "members"], afterRestart: []))
        #expect(setup.options.memberLimit == ChatLimits.members)
    }
}
