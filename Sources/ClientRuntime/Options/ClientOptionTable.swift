import Basics
import ChatProtocol
import ProgramFrame
import Sentences

/// All options of the client. No flag takes a password: it would show in the process list.
enum ClientOptionTable {
    static let table = OptionTable<ClientOptions>(
        program: ClientProgram.name, operands: { $0.client.helpOperands }, introduction: { $0.client.helpBegin },
        rows: place + scripts + screen, subcommands: subcommands,
        closing: { $0.client.helpEnd }, manual: manual)

    /// The longest time that `--reconnect` takes, in seconds: a year.
    static let reconnectSecondsAtMost = 365 * 86_400

    /// The port that a server has where nothing else is said.
    static let usualServerPort: UInt16 = 8080

    private static let place: [OptionRow<ClientOptions>] = [
        .keyOnly(.text("server", nil), manual: Manual.manualServer) { options, value in
            options.takeServer(value)
        },
        .keyOnly(.number("server_port", nil), manual: Manual.manualServerPort) { options, value in
            guard let port = UInt16(decimal: value), port > 0 else { return .takes { $0.setup.expectsServerPort } }
            options.serverPort = port
            return nil
        },
        .keyOnly(.numberOrText("client_port"), manual: Manual.manualClientPort) { options, value in
            guard let port = ClientPort(argument: value) else { return .takes { $0.setup.expectsClientPort } }
            options.clientPort = port
            return nil
        },
        .value(
            "--name", label: "NAME", key: .text("name", nil), help: { $0.client.helpName }, manual: Manual.manualName
        ) {
            options, value in
            options.name = value
            return nil
        },
        .value(
            "--password-file", label: "FILE", key: .path("password_file"), completion: .file,
            help: { $0.client.helpPasswordFile }, manual: Manual.manualPasswordFile
        ) { options, value in
            options.passwordFile = value
            return value.isEmpty ? .takes { $0.client.expectsText } : nil
        },
        .value(
            "--config", label: "FILE", key: nil, completion: .file, help: { $0.setup.helpConfig },
            manual: Manual.manualConfig
        ) { options, value in
            options.configurationFile = value
            return value.isEmpty ? .takes { $0.client.expectsText } : nil
        },
        .value(
            "--reconnect", label: "SECONDS", key: .number("reconnect", 120), help: { $0.client.helpReconnect },
            manual: Manual.manualReconnect
        ) { options, value in
            guard let seconds = Int(decimal: value), seconds <= reconnectSecondsAtMost else {
                return .takes { $0.client.expectsSeconds }
            }
            options.reconnect = .seconds(seconds)
            return nil
        },
    ]

    private static let scripts: [OptionRow<ClientOptions>] = [
        .flag("--json", key: .boolean("json", false), help: { $0.client.helpJSON }, manual: Manual.manualJSON) {
            $0.isJSON = $1
        },
        .value(
            "--send", label: "TEXT", key: .text("send", nil), help: { $0.client.helpSend }, manual: Manual.manualSend
        ) { options, value in
            options.send = value
            return value.allSatisfy(\.isWhitespace) ? .takes { $0.client.expectsText } : nil
        },
        .flag("--follow", key: .boolean("follow", false), help: { $0.client.helpFollow }, manual: Manual.manualFollow) {
            $0.follows = $1
        },
    ]

    private static let screen: [OptionRow<ClientOptions>] = [
        .value(
            "--history", label: "N", key: .number("history", Int64(ClientOptions.defaultHistory)),
            help: { $0.client.helpHistory(usual: ClientOptions.defaultHistory) }, manual: Manual.manualHistory
        ) { options, value in
            guard let count = Int(decimal: value), count <= ChatLimits.historyOnLogin else {
                return .takes { $0.client.expectsHistory }
            }
            options.history = count
            return nil
        },
        .flag("--typing", key: .boolean("typing", false), help: { $0.client.helpTyping }, manual: Manual.manualTyping) {
            $0.sharesTyping = $1
        },
        .flag(
            "--no-color", key: .boolean("color", true), given: false, help: { $0.client.helpNoColour },
            manual: Manual.manualNoColour
        ) { $0.showsColours = $1 },
        .flag(
            "--no-bell", key: .boolean("bell", true), given: false, help: { $0.client.helpNoBell },
            manual: Manual.manualNoBell
        ) { $0.ringsBell = $1 },
        .language { $0.language = $1 },
        .value(
            "--timestamps", label: "STYLE", key: .text("timestamps", Timestamps.long.rawValue),
            completion: .words(Timestamps.allCases.map(\.rawValue)), help: { $0.client.helpTimestamps },
            manual: Manual.manualTimestamps
        ) { options, value in
            guard let timestamps = Timestamps(rawValue: value) else { return .takes { $0.client.expectsTimestamps } }
            options.timestamps = timestamps
            return nil
        },
    ]
}
