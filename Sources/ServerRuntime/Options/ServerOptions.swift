package import Basics
import ChatProtocol
package import History
package import ProgramFrame
package import Sentences

/// Where the server keeps what must outlive it.
package enum DataPlace: Hashable, Sendable {
    /// The folder that the XDG Base Directory Specification names for data.
    case standard
    case folder(String)
    /// Nothing is kept but the server's key, which lies where XDG wants state.
    case memory
}

/// Whether lines of standard input are the operator's.
package enum ConsoleChoice: Hashable, Sendable {
    case whenTerminal
    case on
    case off
}

/// What the server was told by its arguments and its configuration file.
package struct ServerOptions: Hashable, Sendable {
    /// The address to bind, as it was given.
    package var host = ""
    /// 0 lets the system choose.
    package var port: UInt16 = 8080
    /// The configuration file that the arguments name.
    package var configurationFile: String?
    /// The password file that the arguments name.
    package var passwordFile: String?
    /// The password file of the configuration, which counts after the environment.
    package var configuredPasswordFile: String?
    package var data = DataPlace.standard
    /// What a receipt survives.
    package var durability = HistoryConfiguration.Durability.process
    /// How much of each log is kept.
    package var retention = HistoryConfiguration.Retention()
    /// What the server is called; nil: as the host is.
    package var name: String?
    /// The name under which the console speaks; always a valid one.
    package var operatorName = "SERVER"
    /// Whether people come in who have no registered name.
    package var admitsGuests = true
    /// How many people may be present, 1...`ChatLimits.membersAtMost`.
    package var memberLimit = ChatLimits.members
    package var format = OutputFormat.text
    package var console = ConsoleChoice.whenTerminal
    package var logLevel = LogLevel.info
    /// How the lines of the log look.
    package var logFormat = OutputFormat.text
    /// Where figures can be had over HTTP; nil: nowhere.
    package var metrics: SocketAddress?
    /// The file of bans; nil where there is none.
    package var bansFile: String?
    /// Whether a password that changed while people are in the room is asked of them, too.
    package var asksAgain = false
    /// Nil where the environment tells the language.
    package var language: Language?
    /// How times are shown to people.
    package var timestamps = Timestamps.short

    package init() {}

    /// What arguments and configuration say together; whether that is enough to begin with is another question.
    ///
    /// - Throws: `ProgramFailure`.
    init(merging arguments: [String], with contents: ConfigurationContents?) throws(ProgramFailure) {
        self.init()
        let table = ServerOptionTable.table
        if let contents { try table.apply(contents, to: &self) }
        configuredPasswordFile = passwordFile
        passwordFile = nil
        if case .operands(let operands) = try table.read(arguments, into: &self) {
            guard operands.count <= 1 else {
                let second = operands[1]
                throw table.misuse { $0.server.tooMuch(second) }
            }
            host = operands.first ?? host
        }
        if passwordFile != nil { configuredPasswordFile = nil }
    }

    /// Options that a server can begin with.
    ///
    /// - Throws: `ProgramFailure`.
    init(arguments: [String], configured contents: ConfigurationContents?) throws(ProgramFailure) {
        try self.init(merging: arguments, with: contents)
        guard !host.isEmpty else {
            throw ServerOptionTable.table.misuse { $0.server.needsAddress }
        }
    }
}

/// What the arguments ask for.
package enum Invocation: Hashable, Sendable {
    /// `configuration`: the file that was read, if there was one.
    case serve(ServerOptions, configuration: ConfigurationContents? = nil)
    /// A subcommand by its name, with its arguments.
    case subcommand(String, operands: [String], ServerOptions)
    /// What every program is asked.
    case answer(StandardQuestion)
}

extension Invocation {
    /// Reads the arguments, the program's name not among them, and the configuration. Total: any text may be given.
    ///
    /// - Throws: `ProgramFailure` with the status `usage` or `configuration`.
    package init(
        arguments: [String], configuration find: ConfigurationSearch = { _ throws(ProgramFailure) in nil }
    ) throws(ProgramFailure) {
        var said = ServerOptions()
        switch try ServerOptionTable.table.read(arguments, into: &said) {
        case .question(let question): self = .answer(question)
        case .subcommand(let name, let operands):
            let contents = try find(said.configurationFile)
            self = .subcommand(name, operands: operands, try ServerOptions(merging: arguments, with: contents))
        case .operands:
            let contents = try find(said.configurationFile)
            self = .serve(try ServerOptions(arguments: arguments, configured: contents), configuration: contents)
        }
    }
}
