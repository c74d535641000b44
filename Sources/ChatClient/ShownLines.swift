import ChatProtocol

/// The latest lines that were shown of one log: what `-1`, `-2`, ... mean there.
///
/// Bound: `ChatLimits.shownLines`.
struct ShownLines: Sendable {
    struct Line: Sendable {
        let number: EntryNumber
        var isOwn: Bool
        /// The other person, in an inbox; else empty.
        let partner: String
        /// Grows over all logs, in the order in which lines were shown.
        let turn: UInt64
        /// How the line begins, at most `ShownLines.quoteBytes`.
        var quote = ""
    }

    /// So much of a line tells which one is meant.
    static let quoteBytes = 60

    private var lines: [Line] = []

    mutating func append(_ line: Line) {
        if lines.count >= 2 * ChatLimits.shownLines { lines.removeFirst(lines.count - ChatLimits.shownLines + 1) }
        lines.append(line)
    }

    /// The line that was shown `back` lines ago, 1 for the last one; with a partner only lines with that person count.
    func number(back: Int, with partner: String?) -> EntryNumber? {
        guard (1...ChatLimits.shownLines).contains(back) else { return nil }
        let wanted = partner?.lowercased()
        let counted = lines.lazy.reversed().filter { wanted == nil || $0.partner.lowercased() == wanted }
        return counted.dropFirst(back - 1).first?.number
    }

    /// The last line of one's own.
    var lastOwn: Line? { lines.last(where: \.isOwn) }

    /// A line of one's own was taken back: it can't be meant by `lastOwn` any more.
    mutating func disown(_ number: EntryNumber) {
        guard let index = lines.lastIndex(where: { $0.number == number }) else { return }
        lines[index].isOwn = false
    }

    /// How a line that was shown begins; empty for others.
    func quote(_ number: EntryNumber) -> String {
        lines.last { $0.number == number }?.quote ?? ""
    }

    /// A line has another text.
    mutating func requote(_ number: EntryNumber, _ text: String) {
        guard let index = lines.lastIndex(where: { $0.number == number }) else { return }
        lines[index].quote = Self.quote(of: text)
    }

    /// How a text begins.
    static func quote(of text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        let short = String(line).cut(toBytes: quoteBytes)
        return short.utf8.count < text.utf8.count ? short + "..." : short
    }
}
