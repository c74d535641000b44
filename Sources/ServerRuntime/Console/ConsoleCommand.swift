import Basics
import ChatDomain
import ChatProtocol
import ProgramFrame
import Sentences

/// What a command does.
enum ConsoleAction: Hashable {
    case list
    case stats
    /// Explains a command, or lists all.
    case help(String?)
    /// Stops the server after so many seconds.
    case shutDown(after: Int)
    /// Ends the countdown.
    case goOn
    case order(OperatorOrder)
    case groups
    case groupMembers(String)
    case bans
    /// Tells what operators did last, so many acts.
    case audit(Int)
    /// Reads again what the server was told by files.
    case reload
}

/// One command of the console: how it is called, what it says about itself, what it makes of its arguments. Who types at
/// the console may use them all.
struct ConsoleCommand: Sendable {
    let name: String
    /// Its arguments, for the help.
    let usage: String
    /// What Tab offers for each word that follows.
    let takes: [CommandArgument]
    /// A good use of it.
    let example: String
    /// Returns nil where the arguments do not fit `usage`.
    let action: @Sendable (ConsoleArguments) -> ConsoleAction?

    init(
        _ name: String, _ usage: String = "", takes: [CommandArgument] = [], example: String? = nil,
        action: @escaping @Sendable (ConsoleArguments) -> ConsoleAction?
    ) {
        self.name = name
        self.usage = usage
        self.takes = takes
        self.example = example ?? ":\(name)"
        self.action = action
    }

    /// What it does.
    func help(in language: Language) -> String { language.console.commandHelp[name] ?? "" }

    /// How it is typed.
    var form: String { usage.isEmpty ? ":\(name)" : ":\(name) \(usage)" }
}

/// The commands. Reading a line, the help and the look-up all come from these rows.
extension ConsoleCommand {
    /// The longest countdown: a day.
    static let countdownSeconds = 1...86_400
    /// The longest mute: a year.
    static let muteMinutes: ClosedRange<UInt32> = 1...(ChatLimits.longestSeconds / 60)
    /// How many acts `:audit` tells when it is not said.
    static let usualAudit = 20

    /// Every command, in the order in which `:help` shows them.
    static let rows = people + moderation + room + server

    private static let people: [ConsoleCommand] = [
        ConsoleCommand("list") { $0.isEmpty ? .list : nil },
        ConsoleCommand(
            "pm", "<user> <message>", takes: [.person, .text], example: ":pm bob your homework is due"
        ) { arguments in
            order(arguments) { name, text in text.isEmpty ? nil : .personal(to: name, text: text) }
        },
        ConsoleCommand("rename", "<old> <new>", takes: [.person, .other], example: ":rename bob robert") {
            var arguments = $0
            guard let old = arguments.takeWord(), let new = arguments.takeOnlyWord() else { return nil }
            return .order(.rename(from: old, to: new))
        },
    ]

    private static let moderation: [ConsoleCommand] = [
        ConsoleCommand(
            "kick", "<user> [reason]", takes: [.person, .text], example: ":kick bob please calm down"
        ) { act(.kick, $0) },
        ConsoleCommand(
            "ban", "<user|address> [reason]", takes: [.person, .text], example: ":ban 192.0.2.0/24 a flood"
        ) { act(.ban, $0) },
        ConsoleCommand("unban", "<user|address>", takes: [.other], example: ":unban bob") { only(.unban, $0) },
        ConsoleCommand("bans") { $0.isEmpty ? .bans : nil },
        ConsoleCommand(
            "mute", "<user> [minutes]", takes: [.person, .other], example: ":mute bob 10"
        ) { arguments in
            order(arguments) { name, rest in
                guard !rest.isEmpty else { return .moderate(.mute, name: name, seconds: 0, text: "") }
                guard let minutes = UInt32(decimal: rest), muteMinutes.contains(minutes) else { return nil }
                return .moderate(.mute, name: name, seconds: minutes * 60, text: "")
            }
        },
        ConsoleCommand("unmute", "<user>", takes: [.person], example: ":unmute bob") {
            only(.unmute, $0)
        },
        ConsoleCommand("op", "<user>", takes: [.person], example: ":op ana") {
            only(.op, $0)
        },
        ConsoleCommand("deop", "<user>", takes: [.person], example: ":deop ana") {
            only(.deop, $0)
        },
        ConsoleCommand(
            "audit", "[n]", takes: [.other], example: ":audit 50"
        ) {
            var arguments = $0
            guard !arguments.isEmpty else { return .audit(usualAudit) }
            guard let word = arguments.takeOnlyWord(), let count = UInt32(decimal: word),
                (1...ChatLimits.auditEntries).contains(Int(count))
            else { return nil }
            return .audit(Int(count))
        },
    ]

    private static let room: [ConsoleCommand] = [
        ConsoleCommand(
            "topic", "<text>", takes: [.text], example: ":topic Plans for Friday"
        ) { $0.isEmpty ? nil : .order(.topic($0.rest == "-" ? "" : $0.rest)) },
        ConsoleCommand(
            "slow", "<seconds|off>", takes: [.word(["off"])], example: ":slow 10"
        ) {
            var arguments = $0
            guard let word = arguments.takeOnlyWord() else { return nil }
            guard word != "off" else { return .order(.moderate(.slow, name: "", seconds: 0, text: "")) }
            guard let seconds = UInt32(decimal: word), (1...ChatLimits.longestSeconds).contains(seconds) else {
                return nil
            }
            return .order(.moderate(.slow, name: "", seconds: seconds, text: ""))
        },
        ConsoleCommand(
            "group", "list | members <name>",
            takes: [.choice([CommandChoice("list"), CommandChoice("members", [.group])])],
            example: ":group members tea"
        ) {
            var arguments = $0
            switch arguments.takeWord() {
            case "list": return arguments.isEmpty ? .groups : nil
            case "members": return arguments.takeOnlyWord().map { .groupMembers($0) }
            default: return nil
            }
        },
    ]

    private static let server: [ConsoleCommand] = [
        ConsoleCommand("stats") { $0.isEmpty ? .stats : nil },
        ConsoleCommand("reload") { $0.isEmpty ? .reload : nil },
        ConsoleCommand(
            "shutdown", "[seconds|cancel]", takes: [.word(["cancel"])], example: ":shutdown 30"
        ) {
            var arguments = $0
            guard !arguments.isEmpty else { return .shutDown(after: 0) }
            guard let word = arguments.takeOnlyWord() else { return nil }
            guard word != "cancel" else { return .goOn }
            guard let seconds = UInt32(decimal: word), seconds == 0 || countdownSeconds.contains(Int(seconds)) else {
                return nil
            }
            return .shutDown(after: Int(seconds))
        },
        ConsoleCommand("help", "[command]", takes: [.command], example: ":help mute") {
            var arguments = $0
            guard !arguments.isEmpty else { return .help(nil) }
            return arguments.takeOnlyWord().map { .help($0) }
        },
    ]

    // MARK: Arguments

    /// A name, and what follows it.
    private static func order(
        _ arguments: ConsoleArguments, _ make: (String, String) -> OperatorOrder?
    ) -> ConsoleAction? {
        var arguments = arguments
        guard let name = arguments.takeWord(), let order = make(name, arguments.rest) else { return nil }
        return .order(order)
    }

    /// `<user> [reason]`
    private static func act(_ action: Moderation, _ arguments: ConsoleArguments) -> ConsoleAction? {
        order(arguments) { .moderate(action, name: $0, seconds: 0, text: $1) }
    }

    /// `<user>`
    private static func only(_ action: Moderation, _ arguments: ConsoleArguments) -> ConsoleAction? {
        order(arguments) { $1.isEmpty ? .moderate(action, name: $0, seconds: 0, text: "") : nil }
    }

    // MARK: Help

    static func named(_ word: String) -> ConsoleCommand? {
        let wanted = word.lowercased()
        return rows.first { $0.name == wanted }
    }

    /// What is said about a word that is no command.
    static func unknown(_ word: String, in language: Language) -> String {
        language.console.unknownCommand(word, nearest: NearestWord.of(word, among: rows.map(\.name)))
    }

    /// The answer to `:help`.
    static func help(about word: String?, in language: Language) -> String {
        let words = language.console
        guard let word else {
            return TextTable.aligned(
                rows.map { [$0.form, $0.help(in: language)] } + [[words.textForm, words.textHelp]])
        }
        let bare = word.hasPrefix(":") ? String(word.dropFirst()) : word
        guard let command = named(bare) else { return unknown(bare, in: language) }
        return words.help(command.form, command.help(in: language), example: command.example)
    }
}
