/// One command that a person can type: a row of the table.
package struct Command: Sendable {
    /// What the command does.
    package enum Action: Hashable, Sendable {
        /// Leaves politely.
        case quit
        /// Explains the commands.
        case help
        /// Shows who is here.
        case list
    }

    /// The word after the sign, in lower case.
    package let name: String
    /// Other words for it, as the hands of IRC users know them.
    package let aliases: [String]
    /// What may follow, as `:help` shows it; empty when nothing may.
    package let arguments: String
    /// What it does, in words.
    package let help: Sentence
    /// What it does.
    package let action: Action

    /// The line of `:help`: `:list (also :who, :names) shows who is in the room`.
    var helpLine: String {
        let usage = arguments.isEmpty ? ":\(name)" : ":\(name) \(arguments)"
        let others = aliases.isEmpty ? "" : " (also \(aliases.map { ":\($0)" }.joined(separator: ", ")))"
        return "\(usage)\(others) \(help.english)"
    }
}

/// The commands of the client. Help, look-up and completion all come from these rows.
package enum CommandTable {
    /// Every command, in the order in which `:help` shows them.
    package static let rows: [Command] = [
        Command(name: "help", aliases: [], arguments: "[command]", help: .helpHelp, action: .help),
        Command(name: "list", aliases: ["who", "names"], arguments: "", help: .helpList, action: .list),
        Command(name: "quit", aliases: ["exit"], arguments: "", help: .helpQuit, action: .quit),
    ]

    /// The command with that name or alias, in any case of letters.
    package static func command(named word: String) -> Command? {
        let wanted = word.lowercased()
        return rows.first { $0.name == wanted || $0.aliases.contains(wanted) }
    }

    /// What `:help` answers: a line for each command, and how to say what looks like one.
    static var helpLines: [String] {
        rows.map(\.helpLine) + [Sentence.helpEscape.english]
    }
}
