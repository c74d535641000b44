package import Basics
package import Crypto
package import ProgramFrame
package import Sentences

/// What the person asked for on the command line and in the configuration file.
package struct ClientOptions: Hashable, Sendable {
    /// Nil where the person is to be asked.
    package var server: String?
    /// 1...65535; nil where the person is to be asked.
    package var serverPort: UInt16?
    /// What an invitation says of the server's key; nil where there was none.
    package var invitedKey: KeyFingerprint?
    /// Nil where the person is to be asked.
    package var clientPort: ClientPort?
    package var name: String?
    /// The configuration file that the arguments name.
    package var configurationFile: String?
    /// The password file that the arguments name.
    package var passwordFile: String?
    /// The password file of the configuration, which counts after the environment.
    package var configuredPasswordFile: String?
    /// Events as NDJSON instead of text for people.
    package var isJSON = false
    /// How many earlier messages to show, 0...`ChatLimits.historyOnLogin`; nil where the arguments do not say it.
    package var history: Int?
    /// How many where the arguments do not say it.
    package var usualHistory = ClientOptions.defaultHistory
    /// How long to keep trying while the server is away; zero: one attempt.
    package var reconnect: Duration = .seconds(120)
    /// The one line to send.
    package var send: String?
    /// Never read the input.
    package var follows = false
    /// Others are told that the person is writing, and the person that they are.
    package var sharesTyping = false
    package var showsColours = true
    /// Whether the terminal's bell rings for mentions and private messages.
    package var ringsBell = true
    package var timestamps = Timestamps.long
    /// Nil where the environment tells the language.
    package var language: Language?

    /// How many earlier messages are shown when nothing was said about it.
    package static let defaultHistory = 20

    /// How many earlier messages to ask for: who only sends a line does not wait for what others said.
    package var historyOnJoining: Int { history ?? (send == nil ? usualHistory : 0) }

    package init() {}

    /// What arguments and configuration come to together.
    ///
    /// - Parameter said: what the arguments alone come to.
    /// - Throws: `ProgramFailure`.
    fileprivate init(
        arguments: [String], said: ClientOptions, configured contents: ConfigurationContents?
    ) throws(ProgramFailure) {
        self.init()
        let table = ClientOptionTable.table
        if let contents { try table.apply(contents, to: &self) }
        configuredPasswordFile = passwordFile
        passwordFile = nil
        usualHistory = history ?? usualHistory
        history = nil
        // Of two that exclude each other the arguments choose.
        if said.send != nil { follows = false }
        if said.follows { send = nil }
        switch try table.read(arguments, into: &self) {
        case .operands(let operands), .subcommand(_, let operands): try take(operands: operands)
        case .question: break
        }
        if passwordFile != nil { configuredPasswordFile = nil }
        if server != nil {
            serverPort = serverPort ?? ClientOptionTable.usualServerPort
            clientPort = clientPort ?? .firstFree
        }
        if send != nil, follows { throw .misuse { $0.client.sendAndFollow } }
    }

    /// Takes the server of a configuration: an address, or an invite.
    mutating func takeServer(_ value: String) -> OptionFault? {
        guard !value.isEmpty else { return .because { $0.client.emptyServer } }
        guard value.contains(Invite.sign) else {
            server = value
            return nil
        }
        do throws(Invite.Fault) {
            take(try Invite(reading: value))
            return nil
        } catch {
            return .because { $0.client.badInvite(value, error.reason(in: $0)) }
        }
    }

    fileprivate mutating func take(operands: [String]) throws(ProgramFailure) {
        // Nothing at all: the configuration says it, or the person is asked, where there is one.
        if operands.isEmpty { return }
        guard !operands[0].isEmpty else { throw .misuse { $0.client.emptyServer } }
        if operands[0].contains(Invite.sign) {
            do throws(Invite.Fault) {
                take(try Invite(reading: operands[0]))
            } catch {
                let text = operands[0]
                throw .misuse { $0.client.badInvite(text, error.reason(in: $0)) }
            }
            guard operands.count == 2 else { throw .misuse { $0.client.wrongCountWithInvite(operands.count) } }
        } else {
            guard operands.count == 3 else { throw .misuse { $0.client.wrongPositionCount(operands.count) } }
            guard let port = UInt16(decimal: operands[1]), port > 0 else {
                throw .misuse { $0.client.wrongServerPort(operands[1]) }
            }
            server = operands[0]
            serverPort = port
            invitedKey = nil
        }
        let last = operands[operands.count - 1]
        guard let port = ClientPort(argument: last) else { throw .misuse { $0.client.wrongClientPort(last) } }
        clientPort = port
    }

    /// Takes all that an invitation says.
    mutating func take(_ invite: Invite) {
        server = invite.host
        serverPort = invite.port
        invitedKey = invite.key
    }
}

/// What the arguments ask for.
package enum Invocation: Hashable, Sendable {
    case chat(ClientOptions)
    /// A subcommand by its name. Its arguments are where to look, which the options hold.
    case subcommand(String, ClientOptions)
    /// What every program is asked.
    case answer(StandardQuestion)

    /// Reads the arguments, without the program's name, and the configuration. Total: any texts may be given.
    ///
    /// - Throws: `ProgramFailure` with the status `usage` or `configuration`.
    package init(
        arguments: [String], configuration find: ConfigurationSearch = { _ throws(ProgramFailure) in nil }
    ) throws(ProgramFailure) {
        var said = ClientOptions()
        switch try ClientOptionTable.table.read(arguments, into: &said) {
        case .question(let question): self = .answer(question)
        case .subcommand(let name, _):
            let contents = try find(said.configurationFile)
            self = .subcommand(name, try ClientOptions(arguments: arguments, said: said, configured: contents))
        case .operands:
            let contents = try find(said.configurationFile)
            self = .chat(try ClientOptions(arguments: arguments, said: said, configured: contents))
        }
    }
}

extension ProgramFailure {
    /// Wrong usage, with the way to what is right.
    static func misuse(_ say: @escaping @Sendable (Language) -> String) -> ProgramFailure {
        ClientOptionTable.table.misuse(say)
    }
}

extension Invite.Fault {
    /// What is wrong with the invite.
    func reason(in language: Language) -> String {
        switch self {
        case .address: language.client.inviteAddress
        case .port: language.client.invitePort
        case .fingerprint: language.client.inviteFingerprint
        }
    }
}
