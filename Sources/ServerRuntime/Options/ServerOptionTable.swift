import Basics
import ChatProtocol
import History
import ProgramFrame
import Sentences
import SocketIO
import TextSafety

/// All options of the server. No flag takes a password: it would show in the process list.
enum ServerOptionTable {
    static let table = OptionTable<ServerOptions>(
        program: ServerProgram.name, operands: { $0.server.helpOperands }, introduction: { $0.server.helpBegin },
        rows: place + kept + room + output, subcommands: subcommands, closing: { $0.server.helpEnd }, manual: manual)

    private static let place: [OptionRow<ServerOptions>] = [
        .keyOnly(
            .text("address", nil), manual: "The address to listen at, where the command line names none."
        ) { options, value in
            guard !value.isEmpty else { return .because { $0.server.needsAddress } }
            options.host = value
            return nil
        },
        .value(
            "-p", "--port", label: "PORT", key: .number("port", 8080),
            help: { $0.server.helpPort },
            manual: "The UDP port to listen at, 0 to 65535. 0 lets the system choose one, which is printed."
        ) { options, value in
            guard let port = UInt16(decimal: value) else { return .because { $0.server.badPort } }
            options.port = port
            return nil
        },
        .value(
            "--config", label: "FILE", key: nil, completion: .file, help: { $0.setup.helpConfig },
            manual: "Read this configuration file and look for no other."
        ) { options, value in
            guard !value.isEmpty else { return .because { $0.server.emptyFileName } }
            options.configurationFile = value
            return nil
        },
        .value(
            "--password-file", label: "FILE", key: .path("password_file", isLive: true), completion: .file,
            help: { $0.server.helpPasswordFile },
            manual: "The first line of this file is the room password; other users must not be able to read it"
                + " (chmod 600)."
        ) { options, value in
            guard !value.isEmpty else { return .because { $0.server.emptyFileName } }
            options.passwordFile = value
            return nil
        },
        .value(
            "--data", label: "DIR", key: .path("data"), completion: .folder,
            help: { $0.server.helpData },
            manual: "The folder of the history, the server's key and registered names, by default gaschat in"
                + " $XDG_DATA_HOME. With :memory: the history ends with the server; its key stays in $XDG_STATE_HOME."
        ) { options, value in
            guard !value.isEmpty else { return .because { $0.server.emptyFolderName } }
            options.data = value == ":memory:" ? .memory : .folder(value)
            return nil
        },
    ]

    private static let kept: [OptionRow<ServerOptions>] = [
        .value(
            "--durability", label: "HOW",
            key: .text("durability", HistoryConfiguration.Durability.process.rawValue),
            completion: .words(HistoryConfiguration.Durability.allCases.map(\.rawValue)),
            help: { $0.server.helpDurability },
            manual: "What a receipt survives: the end of the server, or a power cut as well, which costs time for each"
                + " line."
        ) { options, value in
            guard let durability = HistoryConfiguration.Durability(rawValue: value) else {
                return .because { $0.server.badDurability }
            }
            options.durability = durability
            return nil
        },
        .value(
            "--keep", label: "LIMITS", key: .text("keep", nil, isLive: true), help: { $0.server.helpKeep },
            manual: "How much of each log is kept: limits of age, number and size, each at most once, as in"
                + " 90d,5000,200M. Without it all is kept."
        ) { options, value in
            guard let retention = retention(value) else { return .because { $0.server.badRetention } }
            options.retention = retention
            return nil
        },
    ]

    private static let room: [OptionRow<ServerOptions>] = [
        .value(
            "--name", label: "NAME", key: .text("name", nil, isLive: true),
            help: { $0.server.helpName },
            manual: "What the server is called, by default as its host is. Who comes in later sees a changed name."
        ) { options, value in
            if let fault = ServerName.fault(in: value) { return .reason(fault) }
            options.name = value
            return nil
        },
        .value(
            "--operator", label: "NAME", key: .text("operator", "SERVER"),
            help: { $0.server.helpOperator },
            manual: "The name under which the console speaks; nobody else can have it."
        ) { options, value in
            do throws(NameError) {
                options.operatorName = try NameRule.prepare(value).display
                return nil
            } catch {
                return .because { $0.program.reason(error) }
            }
        },
        .flag(
            "--no-guests", key: .boolean("guests", true, isLive: true), given: false,
            help: { $0.server.helpNoGuests },
            manual: "Let in people who have no registered name; --no-guests does not. Who is in stays."
        ) { $0.admitsGuests = $1 },
        .value(
            "--members", label: "N", key: .number("members", Int64(ChatLimits.members), isLive: true),
            help: { $0.setup.helpMembers(usual: ChatLimits.members) },
            manual: "How many people may be in the room at a time, 1 to \(ChatLimits.membersAtMost). Who is in stays."
        ) { options, value in
            guard let count = Int(decimal: value), (1...ChatLimits.membersAtMost).contains(count) else {
                return .takes { $0.setup.expectsCount(limit: ChatLimits.membersAtMost) }
            }
            options.memberLimit = count
            return nil
        },
        .value(
            "--bans", label: "FILE", key: .path("bans", isLive: true), completion: .file, isInHelp: false,
            help: { $0.service.helpBans },
            manual: "Keep out whom this file names: a name, an address or a block such as 192.0.2.0/24 in each line, a"
                + " reason behind it, notes behind #. It is read at the start, at SIGHUP and at :reload; whom it does not"
                + " name any more may come back. Bans of :ban hold beside it."
        ) { options, value in
            guard !value.isEmpty else { return .because { $0.server.emptyFileName } }
            options.bansFile = value
            return nil
        },
        .flag(
            "--ask-again", key: .boolean("ask_again", false, isLive: true), isInHelp: false,
            help: { $0.service.helpAskAgain },
            manual: "When the room password changes at SIGHUP or :reload, ask everybody who is in the room for the new"
                + " one. Without it they stay, and only who is lost for longer needs it."
        ) { $0.asksAgain = $1 },
    ]

    private static let output: [OptionRow<ServerOptions>] = [
        .flag(
            "--json", key: .boolean("json", false), help: { $0.server.helpJSON },
            manual: "Print events as one JSON object a line, and nothing else, on standard output."
        ) { $0.format = $1 ? .json : .text },
        .flag(
            "--console", key: .boolean("console", nil), help: { $0.server.helpConsole },
            manual: "--console reads the operator's lines from standard input, even if it is no terminal."
        ) { $0.console = $1 ? .on : .off },
        .flag(
            "--no-console", key: .boolean("console", nil), given: false, help: nil,
            manual: "--no-console reads nothing there. Without either the lines are read at a terminal."
        ) { $0.console = $1 ? .on : .off },
        .value(
            "--timestamps", label: "STYLE", key: .text("timestamps", Timestamps.short.rawValue),
            completion: .words(Timestamps.allCases.map(\.rawValue)), help: { $0.server.helpTimestamps },
            manual: "How the times of messages are shown: long is date and time, short the time, off nothing."
        ) { options, value in
            guard let timestamps = Timestamps(rawValue: value) else { return .takes { $0.client.expectsTimestamps } }
            options.timestamps = timestamps
            return nil
        },
        .language(isLive: true) { $0.language = $1 },
        .value(
            "--log-level", label: "LEVEL", key: .text("log_level", "info", isLive: true),
            completion: .words(LogLevel.allCases.map(\.name)), help: { $0.server.helpLogLevel },
            manual: "How much the server says about itself on standard error."
        ) { options, value in
            guard let level = LogLevel(name: value) else { return .because { $0.server.badLogLevel } }
            options.logLevel = level
            return nil
        },
        .value(
            "--log-format", label: "FORMAT", key: .text("log_format", OutputFormat.text.rawValue),
            completion: .words(OutputFormat.allCases.map(\.rawValue)), isInHelp: false,
            help: { $0.service.helpLogFormat },
            manual: "How the lines on standard error look: text for people, or json, one object a line with time, level"
                + " and text. Neither ever holds a password or a key."
        ) { options, value in
            guard let format = OutputFormat(rawValue: value) else { return .takes { $0.service.expectsLogFormat } }
            options.logFormat = format
            return nil
        },
        .value(
            "--metrics", label: "ADDR:PORT", key: .text("metrics", nil), help: { $0.service.helpMetrics },
            manual: "Give figures over HTTP at this address and port, for Prometheus at /metrics; /healthz says whether"
                + " all is well. A port alone is one of 127.0.0.1. There are no names of people among the figures, yet"
                + " whoever reaches them learns how the room is used."
        ) { options, value in
            guard let place = metricsPlace(value) else { return .takes { $0.service.expectsMetricsPlace } }
            options.metrics = place
            return nil
        },
    ]

    /// `127.0.0.1:9180`, `[::1]:9180`, or a port alone; nil for anything else.
    private static func metricsPlace(_ text: String) -> SocketAddress? {
        guard let colon = text.lastIndex(of: ":") else { return UInt16(decimal: text).map { .loopback(port: $0) } }
        var host = text[..<colon]
        // Without brackets the last group of an IPv6 address would pass for a port.
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard let port = UInt16(decimal: String(text[text.index(after: colon)...])),
            let address = AddressResolver.numeric(String(host))
        else { return nil }
        return SocketAddress(host: address.host, port: port)
    }

    /// Limits of age, number and size, each at most once, such as `90d,5000,200M`; nil for anything else.
    private static func retention(_ text: String) -> HistoryConfiguration.Retention? {
        var limits = HistoryConfiguration.Retention()
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            switch word.last {
            case "d":
                guard limits.age == nil, let days = count(word.dropLast(), upTo: 36_500) else { return nil }
                limits.age = .seconds(days * 86_400)
            case "M":
                guard limits.bytes == nil, let size = count(word.dropLast(), upTo: 1 << 30) else { return nil }
                limits.bytes = size * 1_024 * 1_024
            default:
                guard limits.entries == nil, let entries = count(word, upTo: .max) else { return nil }
                limits.entries = entries
            }
        }
        return limits
    }

    /// A number from 1 to `limit`; nil for anything else.
    private static func count(_ text: Substring, upTo limit: Int) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), (1...limit).contains(number)
        else { return nil }
        return number
    }
}
