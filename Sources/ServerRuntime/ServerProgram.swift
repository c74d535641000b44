import Basics
import ChatProtocol
import Configuration
import Crypto
import History
import LineEditing
import Metrics
package import ProgramFrame
import Sentences
import ServerCore
package import SocketIO
import TextSafety
import Transport

/// The streams that a server uses.
package struct ServerStreams: Sendable {
    package var input: Int32
    package var output: Int32
    package var errors: Int32

    package init(
        input: Int32 = StandardStream.input, output: Int32 = StandardStream.output,
        errors: Int32 = StandardStream.errors
    ) {
        self.input = input
        self.output = output
        self.errors = errors
    }
}

/// The whole program, from its arguments to its exit status.
package enum ServerProgram {
    /// How the program is called.
    static let name = "udp-server"

    /// Runs as the process that this is: with its arguments, environment, signals and streams.
    ///
    /// To be called once, on the main thread, before another thread starts.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Returns: the exit status; everything was said on standard output and standard error.
    package static func runAsProcess(arguments: [String]) -> Int32 {
        start(arguments).rawValue
    }

    private static func start(_ arguments: [String]) -> ExitStatus {
        ProcessStart.secureStreams()
        let streams = ServerStreams()
        do throws(SystemError) {
            // Before the password is read: it and the key are nobody else's.
            try ProcessSecrecy.forbidInspection()
        } catch {
            return streams.voice(of: .ofProcess(), arguments).report(
                ProgramFailure(.system) { $0.server.coreDumps(error.text(in: $0)) })
        }
        let environment = Environment.ofProcess()
        // What a subcommand does ends as the system has it when a signal comes.
        guard ServerOptionTable.table.subcommand(in: arguments) == nil else {
            return run(arguments: arguments, environment: environment, signals: nil, streams: streams)
        }
        do throws(SystemError) {
            let signals = try SignalSource([.interrupt, .terminate, .hangup, .windowChange, .suspend])
            return run(arguments: arguments, environment: environment, signals: signals, streams: streams)
        } catch {
            return streams.voice(of: environment, arguments).report(
                ProgramFailure(.system) { $0.server.noSignals(error.text(in: $0)) })
        }
    }

    /// Runs with everything given.
    ///
    /// - Parameter signals: nil where the process belongs to somebody else.
    package static func run(
        arguments: [String], environment: Environment, signals: consuming SignalSource?, streams: ServerStreams
    ) -> ExitStatus {
        var language = ServerOptionTable.table.language(in: arguments) ?? environment.language
        var format = OutputFormat.text
        let voice = streams.voice(in: language)
        do throws(ProgramFailure) {
            let invocation = try Invocation(arguments: arguments) { given throws(ProgramFailure) in
                try ConfigurationReader.find(given: given, name: ServerSetup.fileName, in: environment)
            }
            switch invocation {
            case .answer(let question): return voice.answer(question, of: ServerOptionTable.table)
            case .subcommand(let name, let operands, let options):
                language = options.language ?? language
                let call = ServerCall(
                    operands: operands, settings: options, environment: environment, language: language,
                    voice: streams.voice(in: language))
                return try ServerOptionTable.table.subcommand(named: name)?.run(call) ?? .usage
            case .serve(let options, let configuration):
                let setup = ServerSetup(
                    arguments: arguments, environment: environment, options: options, configuration: configuration)
                // The configuration may choose the language, too.
                language = options.language ?? language
                format = options.logFormat
                try serve(setup, in: language, environment: environment, signals: signals, streams: streams)
                return .fine
            }
        } catch {
            return streams.report(error, in: language, format: format)
        }
    }

    private static func serve(
        _ setup: ServerSetup, in language: Language, environment: Environment, signals: consuming SignalSource?,
        streams: ServerStreams
    ) throws(ProgramFailure) {
        guard CryptoLibrary.start() else { throw ProgramFailure(.system) { $0.server.noCrypto } }
        var random = SystemRandomNumberGenerator()
        let (options, passwordSource) = (setup.options, setup.passwordSource)
        let password = try passwordSource.load()
        let folder = try DataFolder.path(for: options.data, in: environment)
        let identity = try ServerKeyFile.loadOrCreate(in: folder, using: &random)
        let storedKeys = try TicketKeyFile.load(from: folder)
        let tickets = TicketKeys(keys: storedKeys ?? [], wall: WallClock.now, at: MonotonicClock.now, using: &random)
        var log = ServerLog(
            level: options.logLevel, format: options.logFormat, writer: StreamWriter(descriptor: streams.errors))
        let socket = try Binding.bind(
            host: options.host, port: options.port, passed: environment.service.passedSockets
        ) { level, phrase in log.write(level, phrase.text(in: language)) }
        let configuration = makeConfiguration(setup)
        var store = try StoreLink(try DataFolder.store(for: options, in: folder), at: MonotonicClock.now)
        // Only the core keeps the password, and only the loop the core: nothing is left of it once there is another.
        var core = try makeCore(
            configuration, identity, consume password, tickets, AccountSeed(using: &random), store.takeLoaded(),
            epoch: random.next())
        try store.begin(&core, at: MonotonicClock.now, wall: WallClock.now)

        let terminal = makeTerminal(options, environment, streams)
        var text = TextRenderer(language)
        text.timestamps = options.timestamps
        text.people = colours(environment, of: terminal.outputIsTerminal)
        var output = NewsWriter(
            format: options.format, text: text, room: configuration.room, descriptor: streams.output)
        let listening = describe(
            socket.localAddress, configuration, identity, data: options.data == .memory ? nil : folder)
        warn(in: &log, language, of: socket, hasBuiltInPassword: passwordSource.isBuiltIn, environment)
        let metrics = try makeMetrics(at: options.metrics, &log, language)
        if storedKeys == nil { log.write(.warning, language.server.ticketKeysDamaged) }
        output.write(.listening(listening), at: WallClock.now)

        let closingError: StoreError?
        do throws(SystemError) {
            var loop = try ServerLoop(
                core: consume core, store: store, socket: socket, signals: signals, setup: setup,
                dataFolder: folder, service: environment.service, metrics: metrics, language: language,
                inputDescriptor: hasConsole(options, streams) ? streams.input : nil, terminal: terminal,
                output: output, log: log)
            try loop.run()
            closingError = loop.closingError
        } catch {
            throw ProgramFailure(.system) { $0.server.cannotGoOn(error.text(in: $0)) }
        }
        if let closingError {
            throw ProgramFailure(.file) { $0.server.notAllStored(closingError.text(in: $0)) }
        }
    }

    /// How the server can be reached and recognised.
    private static func describe(
        _ address: SocketAddress, _ configuration: ServerCoreConfiguration, _ identity: SigningKey, data: String?
    ) -> Listening {
        let reachable = Binding.reachable(address, among: (try? LocalAddresses.list()) ?? [])
        return Listening(
            address: address, reachable: reachable, server: configuration.server, room: configuration.room,
            fingerprint: Fingerprint.text(of: identity.publicKey),
            invite: Invite(address: reachable.first ?? address, publicKey: identity.publicKey).description, data: data)
    }

    /// Opens the port for figures, where one is asked for.
    private static func makeMetrics(
        at place: SocketAddress?, _ log: inout ServerLog, _ language: Language
    ) throws(ProgramFailure) -> MetricsServer? {
        guard let place else { return nil }
        let server: MetricsServer
        do throws(SystemError) {
            server = try MetricsServer(binding: place)
        } catch {
            throw ProgramFailure(.system) { $0.service.noMetrics(place.description, error.words(in: $0)) }
        }
        log.write(.info, language.service.metricsAt(server.localAddress.description))
        if !place.isLoopback { log.write(.warning, language.service.metricsOpen) }
        return server
    }

    private static func makeConfiguration(_ setup: ServerSetup) -> ServerCoreConfiguration {
        var configuration = ServerCoreConfiguration(
            server: setup.serverName, operatorName: setup.options.operatorName,
            memberLimit: setup.options.memberLimit)
        configuration.admitsGuests = setup.options.admitsGuests
        configuration.readAddress = { AddressResolver.numeric($0) }
        return configuration
    }

    /// Says what is worth knowing of the socket.
    private static func warn(
        in log: inout ServerLog, _ language: Language, of socket: borrowing UDPSocket, hasBuiltInPassword: Bool,
        _ environment: Environment
    ) {
        if hasBuiltInPassword, !socket.localAddress.isLoopback {
            let file = environment.service.credentialsFolder == nil ? "" : " /etc/gaschat/password"
            log.write(.warning, language.service.builtInPassword(command: "\(name) password\(file)"))
        }
        let (receive, send) = (socket.receiveBufferBytes, socket.sendBufferBytes)
        if min(receive, send) < UDPSocket.wantedBufferBytes, !socket.localAddress.isLoopback {
            let text = language.server.socketBuffersSmall(
                receive: receive, send: send, wanted: UDPSocket.wantedBufferBytes)
            log.write(.warning, text)
        } else {
            log.write(.debug, language.server.socketBuffers(receive: receive, send: send))
        }
    }

    private static func makeCore(
        _ configuration: ServerCoreConfiguration, _ identity: SigningKey, _ password: RoomPassword,
        _ tickets: TicketKeys, _ accounts: AccountSeed, _ stored: StoredState, epoch: UInt64
    ) throws(ProgramFailure) -> ServerCore {
        do throws(NameError) {
            return try ServerCore(
                configuration: configuration, identity: identity, password: password,
                epoch: LogEpoch(rawValue: epoch), tickets: tickets, accounts: accounts, restoring: stored,
                at: MonotonicClock.now, wall: WallClock.now)
        } catch {
            throw ProgramFailure(.usage) { $0.server.badOperatorName($0.program.reason(error)) }
        }
    }

    private static func makeTerminal(
        _ options: ServerOptions, _ environment: Environment, _ streams: ServerStreams
    ) -> Terminal {
        Terminal(
            input: streams.input, output: streams.output, questions: streams.errors, name: environment.terminalName,
            editing: options.format == .text && hasConsole(options, streams))
    }

    private static func colours(_ environment: Environment, of isTerminal: Bool) -> PersonColour {
        guard isTerminal, environment.allowsColours else { return .none }
        return PersonColour(terminal: environment.terminalName, colours: environment.colourTerminal)
    }

    private static func hasConsole(_ options: ServerOptions, _ streams: ServerStreams) -> Bool {
        switch options.console {
        case .on: true
        case .off: false
        case .whenTerminal: StandardStream.isTerminal(streams.input)
        }
    }
}

extension ServerStreams {
    /// Says why the server ends, in the form that the log has.
    fileprivate func report(_ failure: ProgramFailure, in language: Language, format: OutputFormat) -> ExitStatus {
        guard format == .json else { return voice(in: language).report(failure) }
        var writer = StreamWriter(descriptor: errors)
        writer.write(ServerLog.line(.error, failure.text(in: language), format: format, at: WallClock.now))
        writer.flush(patience: 1_000)
        return failure.status
    }

    fileprivate func voice(in language: Language) -> ProgramVoice {
        ProgramVoice(program: ServerProgram.name, language: language, output: output, errors: errors)
    }

    fileprivate func voice(of environment: Environment, _ arguments: [String]) -> ProgramVoice {
        voice(in: ServerOptionTable.table.language(in: arguments) ?? environment.language)
    }
}
