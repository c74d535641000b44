import ChatProtocol
import Sentences

/// What a typed line means.
enum ClientIntent {
    /// Nothing: the line is blank.
    case nothing
    /// A line for the room.
    case say(String)
    /// Leaving politely.
    case quit
    /// A command and what followed it.
    case command(Command, arguments: String)
    /// The line is refused, with the reason.
    case refused(ErrorCode, Phrase)

    /// Reads a line. Bytes are compared, not characters: a sign followed by a combining mark is still the sign.
    init(line: String) {
        let line = Self.withoutLineEnd(line)
        let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard let first = words.first else {
            self = .nothing
            return
        }
        if words.count == 1, first == "QUIT" {
            self = .quit
            return
        }
        guard let sign = line.utf8.first, Self.signs.contains(sign) else {
            self = .text(line)
            return
        }
        let rest = line.utf8.dropFirst()
        if rest.first == sign {
            self = .text(String(Substring(rest)))
            return
        }
        let word = String(Substring(first.utf8.dropFirst()))
        guard let command = CommandTable.command(named: word) else {
            let shown = String(first).cut(toBytes: Self.shownWordBytes)
            let nearest = CommandTable.suggestion(for: word)
            self = .refused(.unknownCommand, Phrase { $0.chat.unknownCommand(shown, nearest: nearest) })
            return
        }
        self = .command(command, arguments: words.count > 1 ? Self.trimmed(words[1]) : "")
    }

    /// `:` and `/`, whichever the hands know.
    private static let signs: [UInt8] = [0x3a, 0x2f]

    /// How much of an unknown command is repeated to the person, in bytes.
    private static let shownWordBytes = 64

    private static func text(_ text: String) -> ClientIntent {
        guard let fault = MessageText.fault(in: text) else { return .say(text) }
        return .refused(fault.code, Phrase { $0.chat.unfitText(fault) })
    }

    /// Without white space at its ends.
    private static func trimmed(_ text: Substring) -> String {
        let end = text.lastIndex { !$0.isWhitespace }
        return String((end.map { text[...$0] } ?? "").drop(while: \.isWhitespace))
    }

    /// The line without the line feed or carriage return that a pipe may leave at its end.
    private static func withoutLineEnd(_ line: String) -> String {
        var bytes = Substring(line).utf8
        while let last = bytes.last, last == 0x0a || last == 0x0d { bytes.removeLast() }
        return String(Substring(bytes))
    }
}

extension String {
    /// The first word, and what follows it without the white space between.
    func firstWord() -> (word: String, rest: String) {
        let words = split(maxSplits: 1, whereSeparator: \.isWhitespace)
        let rest = words.count > 1 ? words[1].drop(while: \.isWhitespace) : ""
        return (words.first.map(String.init) ?? "", String(rest))
    }
}
