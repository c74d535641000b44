import Basics
import ChatProtocol
import Crypto
package import ProgramFrame
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
            return streams.voice.report(ProgramFailure(.system, "core dumps can't be forbidden: \(error)"))
        }
        let environment = Environment.ofProcess()
        do throws(SystemError) {
            let signals = try SignalSource([.interrupt, .terminate, .hangup])
            return run(arguments: arguments, environment: environment, signals: signals, streams: streams)
        } catch {
            return streams.voice.report(ProgramFailure(.system, "signals can't be received: \(error)"))
        }
    }

    /// Runs with everything given.
    ///
    /// - Parameter signals: nil where the process belongs to somebody else.
    package static func run(
        arguments: [String], environment: Environment, signals: consuming SignalSource?, streams: ServerStreams
    ) -> ExitStatus {
        do throws(ProgramFailure) {
            switch try Invocation(arguments: arguments) {
            case .answer(let question): return streams.voice.answer(question, of: ServerOptionTable.table)
            case .serve(let options):
                try serve(options, environment: environment, signals: signals, streams: streams)
                return .fine
            }
        } catch {
            return streams.voice.report(error)
        }
    }

    private static func serve(
        _ options: ServerOptions, environment: Environment, signals: consuming SignalSource?, streams: ServerStreams
    ) throws(ProgramFailure) {
        guard CryptoLibrary.start() else { throw ProgramFailure(.system, "libsodium can't be used here") }
        var random = SystemRandomNumberGenerator()
        let passwordSource = PasswordSource(file: options.passwordFile, environment: environment) ?? .builtIn
        let password = try passwordSource.load()
        let folder = try DataFolder.path(for: options.data, in: environment)
        let identity = try ServerKeyFile.loadOrCreate(in: folder, using: &random)
        let storedKeys = try TicketKeyFile.load(from: folder)
        let tickets = TicketKeys(
            keys: storedKeys ?? [], wall: WallClock.now, at: MonotonicClock.now, using: &random)
        let socket = try Binding.bind(host: options.host, port: options.port)
        var configuration = ServerCoreConfiguration(
            server: options.name ?? ServerName.from(host: environment.hostName), operatorName: options.operatorName)
        configuration.admitsGuests = options.admitsGuests
        configuration.readAddress = { AddressResolver.numeric($0) }
        let store = try StoreLink(try DataFolder.store(for: options.data, in: folder), at: MonotonicClock.now)
        let core = try makeCore(
            configuration, identity, password, tickets, AccountSeed(using: &random), store.takeLoaded(),
            epoch: random.next())

        let reachable = Binding.reachable(socket.localAddress, among: (try? LocalAddresses.list()) ?? [])
        let listening = Listening(
            address: socket.localAddress, reachable: reachable,
            server: configuration.server, room: configuration.room,
            fingerprint: Fingerprint.text(of: identity.publicKey),
            invite: Invite(address: reachable.first ?? socket.localAddress, publicKey: identity.publicKey).description)
        var output = NewsWriter(format: options.format, room: configuration.room, descriptor: streams.output)
        var log = ServerLog(level: options.logLevel, writer: StreamWriter(descriptor: streams.errors))
        if passwordSource.isBuiltIn, !socket.localAddress.isLoopback { log.write(.warning, builtInWarning) }
        log.write(
            .debug, "the socket has \(socket.receiveBufferBytes) bytes to receive, \(socket.sendBufferBytes) to send")
        if storedKeys == nil { log.write(.warning, damagedTicketKeys) }
        output.write(.listening(listening), at: WallClock.now)

        do throws(SystemError) {
            var loop = try ServerLoop(
                core: core, store: store, socket: socket, signals: signals, passwordSource: passwordSource,
                dataFolder: folder,
                inputDescriptor: hasConsole(options, streams) ? streams.input : nil, output: output, log: log)
            try loop.run()
        } catch {
            throw ProgramFailure(.system, "the server can't go on: \(error)")
        }
    }

    private static let builtInWarning =
        "the room password is the one that everybody knows, and others can reach this address:"
        + " choose one with --password-file or GAS_PASSWORD"

    private static let damagedTicketKeys =
        "the keys of tickets are damaged and were made anew: everybody needs the password once more"

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
            throw ProgramFailure(.usage, "the operator's name can't be used: \(error.reason)")
        }
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
    fileprivate var voice: ProgramVoice { ProgramVoice(program: "udp-server", output: output, errors: errors) }
}
