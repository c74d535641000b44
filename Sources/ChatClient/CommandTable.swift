package import Basics
import ChatProtocol
package import Sentences

/// One command that a person can type: a row of the table.
package struct Command: Sendable {
    /// Who may use it; the server decides, this is the hint that `:help` gives.
    package enum Permission: Hashable, Sendable {
        case everyone
        case operators
    }

    /// Does the command with what followed it.
    typealias Handler = @Sendable (inout ClientState, String) throws(CommandFault) -> Void

    /// The word after the sign, in lower case.
    package let name: String
    /// Other words for it, as the hands of IRC users know them.
    package let aliases: [String]
    /// What may follow, as `:help` shows it; empty when nothing may.
    package let arguments: String
    /// What Tab offers for each word that follows; the last `.text` goes on to the end of the line.
    package let takes: [CommandArgument]
    /// A good use of it.
    package let example: String
    package let permission: Permission
    /// Whether it waits, with these arguments, until everything typed before it is settled: it asks about that, or means
    /// a line by its place.
    let waits: @Sendable (String) -> Bool
    let handler: Handler

    init(
        _ name: String, _ aliases: [String] = [], _ arguments: String = "", takes: [CommandArgument] = [],
        example: String? = nil, permission: Permission = .everyone,
        waits: @escaping @Sendable (String) -> Bool = { _ in false },
        handler: @escaping Handler
    ) {
        self.name = name
        self.aliases = aliases
        self.arguments = arguments
        self.takes = takes
        self.example = example ?? ":\(name)"
        self.permission = permission
        self.waits = waits
        self.handler = handler
    }

    /// What it does, in words.
    package func help(in language: Language) -> String { language.chat.commandHelp[name] ?? "" }

    /// The command as it is typed, with what may follow.
    var usage: String { arguments.isEmpty ? ":\(name)" : ":\(name) \(arguments)" }

    /// The line of `:help`: `:list (also :names) shows who is in the room`.
    func helpLine(in language: Language) -> String {
        let words = aliases.map { ":\($0)" }.joined(separator: ", ")
        let others = aliases.isEmpty ? "" : " \(language.chat.also(words))"
        let hint = permission == .operators ? " \(language.chat.forOperators)" : ""
        return "\(usage)\(others)\(hint) \(help(in: language))"
    }
}

/// Why a command was not done.
enum CommandFault: Error {
    /// It was used wrongly.
    case usage
    /// It can't be done.
    case refused(ErrorCode, Phrase)
}

/// The commands of the client. Help, look-up and completion all come from these rows.
package enum CommandTable {
    /// Every command, in the order in which `:help` shows them.
    package static let rows = talking + people + operating + client

    private static let talking: [Command] = [
        Command(
            "pm", ["msg", "m", "w"], "<user> <message>", takes: [.person, .text], example: ":pm bob are you there?"
        ) {
            (state, rest) throws(CommandFault) in try state.pm(rest)
        },
        Command("reply", ["r"], "<message>", takes: [.text], example: ":reply yes, gladly") {
            (state, rest) throws(CommandFault) in try state.reply(rest)
        },
        Command(
            "group", ["g"],
            "create|join|leave|members|private|public <group>, list, send <group> <message>, "
                + "invite|remove|hand-over <group> <user>",
            takes: groupArguments,
            example: ":group send tea it is ready",
            waits: { ["list", "members"].contains($0.firstWord().word.lowercased()) }
        ) { (state, rest) throws(CommandFault) in try state.group(rest) },
        Command("join", [], "<group>", takes: [.group], example: ":join tea") {
            (state, rest) throws(CommandFault) in try state.actOnGroup(.join, rest)
        },
        Command("part", [], "<group>", takes: [.group], example: ":part tea") {
            (state, rest) throws(CommandFault) in try state.actOnGroup(.leave, rest)
        },
        Command("me", [], "<action>", takes: [.text], example: ":me waves") {
            (state, rest) throws(CommandFault) in try state.act(rest)
        },
        Command(
            "re", [], "[place] -n <text>", takes: [.place, .other, .text], example: ":re -3 I think so too",
            waits: { _ in true }
        ) {
            (state, rest) throws(CommandFault) in try state.answerLine(rest)
        },
        Command(
            "react", [], "[place] -n <emoji>", takes: [.place, .other, .other], example: ":react -2 👍",
            waits: { _ in true }
        ) {
            (state, rest) throws(CommandFault) in try state.react(rest)
        },
        Command("edit", [], "<text>", takes: [.text], example: ":edit what I meant to say", waits: { _ in true }) {
            (state, rest) throws(CommandFault) in try state.edit(rest)
        },
        Command("delete", waits: { _ in true }) { (state, rest) throws(CommandFault) in try state.delete(rest) },
    ]

    private static let groupArguments: [CommandArgument] = [
        .choice(
            ["create", "join", "leave", "members", "private", "public"].map { CommandChoice($0, [.group]) }
                + [CommandChoice("list"), CommandChoice("send", [.group, .text])]
                + ["invite", "remove", "hand-over"].map { CommandChoice($0, [.group, .person]) })
    ]

    private static let people: [Command] = [
        Command("list", ["names"], waits: { _ in true }) { (state, rest) throws(CommandFault) in
            try state.ask(.members(of: .room), unless: !rest.isEmpty)
        },
        Command("who", waits: { _ in true }) { (state, rest) throws(CommandFault) in
            try state.ask(.people, unless: !rest.isEmpty)
        },
        Command("seen", [], "[place] [-n]", takes: [.place, .other], example: ":seen -1", waits: { _ in true }) {
            (state, rest) throws(CommandFault) in try state.seen(rest)
        },
        Command("nick", [], "<new name>", takes: [.other], example: ":nick ana2") {
            (state, rest) throws(CommandFault) in try state.nick(rest)
        },
        Command("away", [], "[text]", takes: [.text], example: ":away back at three") {
            (state, rest) throws(CommandFault) in try state.goAway(rest)
        },
        Command("history", [], "[place] [n]", takes: [.place, .other], example: ":history 50", waits: { _ in true }) {
            (state, rest) throws(CommandFault) in try state.askHistory(rest)
        },
        Command("search", [], "<words>", takes: [.text], example: ":search blue bicycle", waits: { _ in true }) {
            (state, rest) throws(CommandFault) in try state.search(rest)
        },
        Command("topic", [], "[text]", takes: [.text], example: ":topic Plans for Friday", waits: \.isEmpty) {
            (state, rest) throws(CommandFault) in try state.topic(rest)
        },
        Command("ignore", [], "[user]", takes: [.person], example: ":ignore bob") {
            (state, rest) throws(CommandFault) in try state.ignore(rest)
        },
        Command("register") { (state, rest) throws(CommandFault) in try state.askOwner(.register, unless: rest) },
    ]

    private static let operating: [Command] = [
        moderation(.op, "<user>", [.person], ":op bob"),
        moderation(.deop, "<user>", [.person], ":deop bob"),
        moderation(.kick, "<user> [reason]", [.person, .text], ":kick bob please calm down"),
        moderation(.mute, "<user> [minutes]", [.person, .other], ":mute bob 10"),
        moderation(.unmute, "<user>", [.person], ":unmute bob"),
        moderation(.ban, "<user|address> [reason]", [.person, .text], ":ban 192.0.2.0/24 a flood"),
        moderation(.unban, "<user|address>", [.other], ":unban bob"),
        moderation(.slow, "<seconds|off>", [.word(["off"])], ":slow 10"),
    ]

    private static func moderation(
        _ action: Moderation, _ arguments: String, _ takes: [CommandArgument], _ example: String
    ) -> Command {
        Command(action.word, [], arguments, takes: takes, example: example, permission: .operators) {
            (state, rest) throws(CommandFault) in try state.moderate(action, rest)
        }
    }

    private static let client: [Command] = [
        Command("stats") { (state, rest) throws(CommandFault) in try state.askOwner(.stats, unless: rest) },
        Command("clear") { (state, rest) throws(CommandFault) in
            guard rest.isEmpty else { throw .usage }
            state.emit(.cleared)
        },
        Command("help", [], "[command]", takes: [.command], example: ":help pm") {
            (state, rest) throws(CommandFault) in state.help(rest)
        },
        Command("quit", ["exit"]) { (state, _) throws(CommandFault) in state.quit() },
    ]

    /// The command with that name or alias, in any case of letters.
    package static func command(named word: String) -> Command? {
        let wanted = word.lowercased()
        return rows.first { $0.name == wanted || $0.aliases.contains(wanted) }
    }

    /// What `:help` answers: a line for each command, and how to say what looks like one.
    static func helpLines(in language: Language) -> [String] {
        rows.map { $0.helpLine(in: language) } + [language.chat.helpEscape]
    }

    /// The command that was perhaps meant by an unknown word: the one that begins so, else the one that is most like it.
    static func suggestion(for word: String) -> String? {
        let wanted = word.lowercased()
        let longer = rows.map(\.name).filter { $0.hasPrefix(wanted) }
        return wanted.utf8.count > 1 && longer.count == 1 ? longer[0] : nearest(to: word)
    }

    /// The command word that is most like an unknown one; nil when none is near.
    static func nearest(to word: String) -> String? {
        let words = rows.flatMap { [$0.name] + $0.aliases }.filter { $0.unicodeScalars.count > 1 }
        return NearestWord.of(word, among: words)
    }
}
