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

/// What the server was told by its arguments.
package struct ServerOptions: Hashable, Sendable {
    /// The address to bind, as it was given.
    package var host = ""
    /// 0 lets the system choose.
    package var port: UInt16 = 8080
    package var passwordFile: String?
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
    package var format = OutputFormat.text
    package var console = ConsoleChoice.whenTerminal
    package var logLevel = LogLevel.info
    /// Nil where the environment tells the language.
    package var language: Language?
    /// How times are shown to people.
    package var timestamps = Timestamps.short

    package init() {}
}

/// What the arguments ask for.
package enum Invocation: Hashable, Sendable {
    case serve(ServerOptions)
    /// What every program is asked.
    case answer(StandardQuestion)
}

extension Invocation {
    /// Reads the arguments, the program's name not among them. Total: any text may be given.
    ///
    /// - Throws: `ProgramFailure` with the status `usage`.
    package init(arguments: [String]) throws(ProgramFailure) {
        let table = ServerOptionTable.table
        var options = ServerOptions()
        switch try table.read(arguments, into: &options) {
        case .question(let question): self = .answer(question)
        case .operands(let operands):
            guard let host = operands.first, !host.isEmpty else {
                throw table.misuse { $0.server.needsAddress }
            }
            guard operands.count == 1 else {
                let second = operands[1]
                throw table.misuse { $0.server.tooMuch(second) }
            }
            options.host = host
            self = .serve(options)
        }
    }
}
