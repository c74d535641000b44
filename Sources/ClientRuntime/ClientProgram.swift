import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Configuration
import Crypto
import LineEditing
import ProgramFrame
import Sentences
import SocketIO
import TextSafety
import Transport

/// The program `udp-client`, from its arguments to its exit status.
package struct ClientProgram: ~Copyable {
    private let environment: Environment
    private var language: Language
    private var options = ClientOptions()
    private var random = SystemRandomNumberGenerator()

    private init(environment: Environment) {
        self.environment = environment
        language = environment.language
    }

    /// How the program is called.
    static let name = "udp-client"

    private var voice: ProgramVoice { ProgramVoice(program: Self.name, language: language) }
    private var words: any ClientSentences { language.client }

    /// Runs as the process that this is: with its environment, signals and streams, until the person leaves or it can't
    /// go on.
    ///
    /// To be called once, on the main thread, before another thread starts.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Returns: the exit status; everything was said on standard output and standard error.
    package static func runAsProcess(arguments: [String]) -> Int32 {
        ProcessStart.secureStreams()
        var program = ClientProgram(environment: .ofProcess())
        do throws(ProgramFailure) {
            return try program.run(arguments).rawValue
        } catch {
            return program.voice.report(error).rawValue
        }
    }

    private mutating func run(_ arguments: [String]) throws(ProgramFailure) -> ExitStatus {
        language = ClientOptionTable.table.language(in: arguments) ?? language
        let environment = environment
        let invocation = try Invocation(arguments: arguments) { given throws(ProgramFailure) in
            try ConfigurationReader.find(
                given: given, name: ClientOptionTable.manual.configuration, in: environment)
        }
        switch invocation {
        case .answer(let question): return voice.answer(question, of: ClientOptionTable.table)
        case .subcommand(let name, let given):
            language = given.language ?? language
            let call = ClientCall(
                operands: [], settings: given, environment: environment, language: language, voice: voice)
            return try ClientOptionTable.table.subcommand(named: name)?.run(call) ?? .usage
        case .chat(let given):
            options = given
            // The configuration may choose the language, too.
            language = given.language ?? language
            return try chat()
        }
    }

    /// Finds out who and where, then chats.
    private mutating func chat() throws(ProgramFailure) -> ExitStatus {
        var interview = Interview(terminal: makeTerminal(), language: language)
        try interview.completePlaces(&options)
        guard let server = options.server, let port = options.serverPort, let clientPort = options.clientPort else {
            throw ProgramFailure.misuse { $0.client.needsPositions }
        }
        // The port comes before name and password: nobody types them in vain.
        var route = try resolve(server, port: port)
        let socket = try bind(clientPort, for: &route)
        let name = try name(from: &interview)
        guard let data = environment.dataFolder else { throw ProgramFailure(.file) { $0.client.noDataFolder } }
        let folder = try ClientFolder(data: data, server: "\(server):\(port)", nameKey: name.key, using: &random)
        let password = try password(from: &interview, hasTicket: folder.ticket != nil)
        let login = Login(
            name: name.display, device: folder.device, pinnedServerKey: folder.pinnedServerKey,
            pinPath: folder.pinPath, canTypePassword: givenPassword == nil && interview.hasPerson,
            canAskWhileChatting: interview.editsLines, incarnation: random.next())
        let kept = try ClientStateFile.read(folder.statePath)
        if let copy = kept.damagedCopy { voice.report([words.damagedState(copy)]) }
        let personal = try givenPersonalPassword()
        let secrets = Secrets(room: password, personal: personal, ticket: folder.ticket)
        let core = makeCore(login, secrets, former: kept.stored)
        var screen = Screen(
            terminal: interview.end(), options: options, environment: environment,
            language: language, voice: voice,
            historyPath: folder.historyPath)
        screen.showHint(language.room.connecting("\(server):\(port)"))
        var loop = try makeLoop(socket: socket, route: route, core: core, folder: folder, screen: screen)
        return try chat(&loop, login, secrets)
    }

    /// The password, as far as it is needed: who has a ticket is asked for it only when the ticket is refused.
    private func password(
        from interview: inout Interview, hasTicket: Bool
    ) throws(ProgramFailure) -> RoomPassword? {
        if let source = givenPassword { return try source.load() }
        if hasTicket { return nil }
        guard interview.hasPerson else { throw ProgramFailure.misuse { $0.client.needsPassword } }
        return try interview.password()
    }

    private mutating func chat(
        _ loop: inout ClientLoop, _ login: Login, _ known: Secrets
    ) throws(ProgramFailure) -> ExitStatus {
        var secrets = known
        if let line = options.send { loop.sendOnly(line) } else { loop.begin() }
        var attempt = known.room == nil ? 0 : 1
        var personalAttempt = 0
        while true {
            let finish: ClientFinish
            do throws(ProgramFailure) {
                finish = try loop.run()
            } catch {
                loop.screen.leave()
                voice.report([error.text(in: language)] + loop.unconfirmed.map(words.notConfirmed))
                return error.status
            }
            loop.screen.leave()
            var interview = Interview(terminal: makeTerminal(), language: language)
            secrets.ticket = nil
            if finish.wantsPersonalPassword {
                guard interview.hasPerson, known.personal == nil, personalAttempt < Interview.passwordAttempts else {
                    return end(&loop, finish, login)
                }
                voice.report([finish.text])
                personalAttempt += 1
                secrets.personal = try interview.personalPassword(of: login.name)
            } else {
                guard loop.lastError == .wrongPassword, login.canTypePassword, attempt < Interview.passwordAttempts
                else { return end(&loop, finish, login) }
                voice.report([attempt == 0 ? finish.text : words.tryPasswordAgain])
                attempt += 1
                secrets.room = try interview.password()
            }
            let core = makeCore(login, secrets, former: loop.takeStored())
            loop.restart(core: core, terminal: interview.end())
        }
    }

    // MARK: The last words

    private mutating func end(_ loop: inout ClientLoop, _ finish: ClientFinish, _ login: Login) -> ExitStatus {
        let leftover = loop.leftover
        let unconfirmed = finish.unconfirmed + leftover.lines
        var status = finish.reason.status
        var reason = finish.text
        if status == .fine, !unconfirmed.isEmpty { status = .unreachable }
        if status == .unreachable, reason.isEmpty { reason = words.leftUnconfirmed }
        if finish.reason == .keyChanged, login.pinnedServerKey != nil {
            reason += " " + words.removePin(login.pinPath)
        }
        if options.send != nil, status == .fine, loop.confirmedCount == 0 {
            status = loop.lastError.map(\.statusOfRefusedLine) ?? .usage
            reason = words.notStored
        }
        guard status != .fine else { return .fine }
        var lines = [reason] + unconfirmed.map(words.notConfirmed)
        if finish.reason == .unreachable, leftover.hasMore { lines.append(words.restNotRead) }
        voice.report(lines)
        return status
    }
}

/// What stays the same when a person tries another password.
private struct Login {
    let name: String
    let device: SigningKey
    let pinnedServerKey: [UInt8]?
    let pinPath: String
    /// Whether the person may type the password, and may do so again.
    let canTypePassword: Bool
    /// Whether the person may be asked for a secret while the room goes on.
    let canAskWhileChatting: Bool
    let incarnation: UInt64
}

/// What the person proves who they are by.
private struct Secrets {
    var room: RoomPassword?
    var personal: PersonalPassword?
    var ticket: ResumptionTicket?
}

extension ClientProgram {
    /// The personal password of the environment; an empty variable holds none.
    private func givenPersonalPassword() throws(ProgramFailure) -> PersonalPassword? {
        guard let secret = environment.personalPassword, secret.bytes.count > 0 else { return nil }
        var bytes = secret.bytes.revealed()
        do throws(PasswordError) {
            return try PersonalPassword(wiping: &bytes)
        } catch {
            throw ProgramFailure(.configuration) {
                "\(Environment.personalPasswordVariable): \($0.program.reason(error))"
            }
        }
    }

    /// Where the password is, when it need not be asked for. An empty variable holds none.
    private var givenPassword: PasswordSource? {
        let source = PasswordSource(
            file: options.passwordFile, environment: environment, configuredFile: options.configuredPasswordFile)
        if case .environment(let secret) = source, secret.bytes.count == 0 { return nil }
        return source
    }

    private func makeTerminal() -> Terminal {
        Terminal(
            name: environment.terminalName, editing: !options.isJSON && !options.follows && options.send == nil,
            isForPrograms: options.isJSON)
    }

    private func makeCore(_ login: Login, _ secrets: Secrets, former: StoredClient?) -> ClientCore {
        var random = SystemRandomNumberGenerator()
        var configuration = ClientCoreConfiguration(
            name: login.name, history: options.historyOnJoining, reconnect: options.reconnect,
            pinnedServerKey: login.pinnedServerKey, invitedKey: options.invitedKey, former: former,
            sharesTyping: options.sharesTyping)
        configuration.language = language
        configuration.canAskPassword = login.canAskWhileChatting
        return ClientCore(
            configuration: configuration,
            identity: ClientIdentity(
                device: login.device, password: secrets.room, ticket: secrets.ticket,
                personalPassword: secrets.personal, incarnation: login.incarnation),
            at: MonotonicClock.now, using: &random)
    }

    private func makeLoop(
        socket: consuming UDPSocket, route: ServerRoute, core: ClientCore, folder: consuming ClientFolder,
        screen: consuming Screen
    ) throws(ProgramFailure) -> ClientLoop {
        do throws(SystemError) {
            return try ClientLoop(
                socket: socket, route: route, core: core, folder: folder, screen: screen, language: language,
                readsInput: !options.follows && options.send == nil)
        } catch {
            throw ProgramFailure(.system) { error.text(in: $0) }
        }
    }

    private func resolve(_ server: String, port: UInt16) throws(ProgramFailure) -> ServerRoute {
        do throws(ResolutionError) {
            return ServerRoute(try AddressResolver.resolve(server, port: port))
        } catch {
            throw ProgramFailure(.unreachable) { $0.client.noServer(error.text(in: $0)) }
        }
    }

    /// Binds in the family of the server's addresses; where the machine has no IPv6, those of IPv4 must do.
    private func bind(_ port: ClientPort, for route: inout ServerRoute) throws(ProgramFailure) -> UDPSocket {
        do throws(PortFailure) {
            guard route.needsIPv6 else { return try PortChoice.bind(port, isDualStack: false) }
            do throws(PortFailure) {
                return try PortChoice.bind(port, isDualStack: true)
            } catch {
                guard error.isFamilyMissing, let rest = route.withoutIPv6 else { throw error }
                route = rest
                return try PortChoice.bind(port, isDualStack: false)
            }
        } catch {
            throw error.failure
        }
    }

    /// The name; what is wrong with it is an event too, as if the server had said it.
    private func name(from interview: inout Interview) throws(ProgramFailure) -> SafeName {
        do throws(ProgramFailure) {
            return try interview.name(options)
        } catch {
            if options.isJSON, error.status == .refused {
                let events: [ClientEvent] = [
                    .error(code: .nameInvalid, text: error.text(in: language)),
                    .bye(reason: ClientFinish.Reason.refused.word),
                ]
                _ = voice.answer(events.map { EventJSON.line($0) + "\n" }.joined())
            }
            throw error
        }
    }
}

extension ClientFinish.Reason {
    fileprivate var status: ExitStatus {
        switch self {
        case .quit: .fine
        case .unreachable: .unreachable
        case .refused: .refused
        case .keyChanged: .keyChanged
        }
    }
}

extension ErrorCode {
    /// How a client ends whose only line was not taken: it was wrong in itself, or the server did not want it.
    fileprivate var statusOfRefusedLine: ExitStatus {
        switch self {
        case .tooLong, .textInvalid, .unknownCommand, .usage: .usage
        case .wrongPassword, .tooManyAttempts, .nameTaken, .nameInvalid, .banned, .kicked, .roomFull, .noSuchUser,
            .noSuchGroup, .noSuchLine, .groupTaken, .tooMany, .notAMember, .notAllowed, .muted, .slowMode, .outboxFull,
            .storage, .keyChanged:
            .refused
        }
    }
}
