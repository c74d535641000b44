import Basics
import Sentences
import TextSafety

/// What the operator wants with a line.
enum ConsoleLine: Hashable {
    /// A message to the room.
    case say(String)
    case command(ConsoleAction, word: String)
    /// A line that begins with `:` but can't be followed. The text says why.
    case mistake(word: String, text: Phrase)

    /// Whether it is shown by what comes of it: as a line of the room.
    var isSaid: Bool {
        if case .say = self { true } else { false }
    }

    /// Reads one line, without its end.
    ///
    /// - Returns: nil for a blank line. `::text` says `:text`.
    init?(_ line: String) {
        guard line.contains(where: { !$0.isWhitespace }) else { return nil }
        guard line.hasPrefix(":") else {
            self = .say(line)
            return
        }
        guard !line.hasPrefix("::") else {
            self = .say(String(line.dropFirst()))
            return
        }
        var arguments = ConsoleArguments(line.dropFirst())
        let word = line.dropFirst().first?.isWhitespace == true ? "" : arguments.takeWord() ?? ""
        guard let command = ConsoleCommand.named(word) else {
            self = .mistake(word: word, text: Phrase { ConsoleCommand.unknown(word, in: $0) })
            return
        }
        guard let action = command.action(arguments) else {
            self = .mistake(
                word: command.name, text: Phrase { $0.console.usage(command.form, example: command.example) })
            return
        }
        self = .command(action, word: command.name)
    }
}

/// What follows a command, taken word by word.
struct ConsoleArguments {
    private var text: Substring

    init(_ text: Substring) {
        self.text = text
    }

    var isEmpty: Bool { text.allSatisfy(\.isWhitespace) }

    /// - Returns: nil when no word is left.
    mutating func takeWord() -> String? {
        text = text.drop(while: \.isWhitespace)
        guard !text.isEmpty else { return nil }
        let word = text.prefix { !$0.isWhitespace }
        text = text.dropFirst(word.count)
        return String(word)
    }

    /// The last word.
    ///
    /// - Returns: nil when there is none, or more than one.
    mutating func takeOnlyWord() -> String? {
        let word = takeWord()
        return isEmpty ? word : nil
    }

    /// Everything that is left, as it was typed, without the white space around it.
    var rest: String {
        var rest = text.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
