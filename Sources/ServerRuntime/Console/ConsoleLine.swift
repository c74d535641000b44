import TextSafety

/// What the operator wants with a line.
enum ConsoleLine: Hashable {
    /// A message to the room.
    case say(String)
    case command(ConsoleAction, word: String)
    /// A line that begins with `:` but can't be followed. The text says why.
    case mistake(word: String, text: String)
}

/// What a command does.
enum ConsoleAction: Hashable {
    case list
    case stats
    case help
    /// Stops the server after so many seconds.
    case shutDown(after: Int)
}

/// One command of the console: how it is called, what it says about itself, what it makes of its arguments.
struct ConsoleCommand: Sendable {
    let name: String
    /// Its arguments, for the help.
    let usage: String
    let help: String
    /// Returns nil where the arguments do not fit `usage`.
    let action: @Sendable ([Substring]) -> ConsoleAction?
}

extension ConsoleLine {
    /// The longest countdown: a day.
    static let countdownSeconds = 0...86_400

    /// All commands.
    static let commands: [ConsoleCommand] = [
        ConsoleCommand(name: "list", usage: "", help: "who is here, from where, since when") {
            $0.isEmpty ? .list : nil
        },
        ConsoleCommand(name: "stats", usage: "", help: "counts since the start") { $0.isEmpty ? .stats : nil },
        ConsoleCommand(name: "help", usage: "", help: "this list") { _ in .help },
        ConsoleCommand(
            name: "shutdown", usage: "[seconds]", help: "tells everybody and stops, at once or after a while"
        ) {
            guard let word = $0.first else { return .shutDown(after: 0) }
            guard $0.count == 1, let seconds = UInt32(word), countdownSeconds.contains(Int(seconds)) else { return nil }
            return .shutDown(after: Int(seconds))
        },
    ]

    /// Reads one line, without its end.
    ///
    /// - Returns: nil for a blank line. `::text` says `:text`.
    init?(_ line: String) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard let first = words.first else { return nil }
        guard line.hasPrefix(":") else {
            self = .say(line)
            return
        }
        guard !line.hasPrefix("::") else {
            self = .say(String(line.dropFirst()))
            return
        }
        let word = String(first.dropFirst())
        guard let command = Self.commands.first(where: { $0.name == word }) else {
            self = .mistake(word: word, text: "There is no command :\(VisibleText.forLog(word)); :help lists them.")
            return
        }
        guard let action = command.action(Array(words.dropFirst())) else {
            let form = [":" + command.name, command.usage].filter { !$0.isEmpty }.joined(separator: " ")
            self = .mistake(word: word, text: "It is used like this: \(form)")
            return
        }
        self = .command(action, word: word)
    }

    /// The answer to `:help`.
    static var helpText: String {
        let rows = commands.map { [[":" + $0.name, $0.usage].filter { !$0.isEmpty }.joined(separator: " "), $0.help] }
        return TextTable.aligned(rows + [["text", "says it to the room; ::text says :text"]])
    }
}
