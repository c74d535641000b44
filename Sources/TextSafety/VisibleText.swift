/// Text of other people, made safe to show: nothing in it can move the cursor, change the terminal or pretend to be
/// something else.
package enum VisibleText {
    /// One line for a terminal.
    ///
    /// Controls (C0, C1, DEL), direction controls, line separators and invisible format characters become visible
    /// escapes: `\n`, `\r`, `\x1b`, `\u{202e}`. A tab becomes four spaces. Joiners stay, since scripts and emoji need
    /// them. Text that is written from right to left is put between U+2068 and U+2069 (Unicode Standard Annex #9), so
    /// that it can't reorder what stands around it. The result has no line break.
    package static func forTerminal(_ text: String) -> String {
        if isPlain(text) { return text }
        var shown = ""
        var isRightToLeft = false
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                shown += "    "
            } else if isHarmful(scalar) {
                shown += escape(scalar)
            } else {
                shown.unicodeScalars.append(scalar)
                isRightToLeft = isRightToLeft || scalar.isRightToLeft
            }
        }
        return isRightToLeft ? "\u{2068}" + shown + "\u{2069}" : shown
    }

    /// Text with line breaks (LF or CR LF) for a terminal: each line is safe by itself, as of `forTerminal`.
    ///
    /// The caller indents what follows the first line, so that no line can pass for one of another person.
    ///
    /// - Returns: at least one line.
    package static func linesForTerminal(_ text: String) -> [String] {
        // CR LF is one Character: the scalars are split, then a CR at a line's end belongs to the break.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in
            let isBroken = index + 1 < lines.count && line.last == "\r"
            return forTerminal(String(isBroken ? line.dropLast() : line))
        }
    }

    /// One line for a log that people and programs read.
    ///
    /// Stricter than for a terminal: every invisible character, tabs too, becomes an escape, and a backslash is doubled,
    /// so that the escapes can't be forged.
    package static func forLog(_ text: String) -> String {
        if isPlain(text), !text.utf8.contains(UInt8(ascii: "\\")) { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if scalar == "\\" {
                shown += "\\\\"
            } else if isHarmful(scalar) || scalar.category == .format || scalar.isDefaultIgnorable {
                shown += escape(scalar)
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// How many columns a terminal takes for the text, scalar by scalar as terminals count: marks and what is invisible
    /// take none, wide East Asian characters and emoji take two.
    package static func width(_ text: String) -> Int {
        if isPlain(text) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// As much of the beginning as fits so many columns; where something is left out, `~` stands for it.
    ///
    /// - Parameter text: safe to show, without colours.
    package static func cut(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        var shown = ""
        var used = 1
        for character in text {
            used += width(String(character))
            guard used <= columns else { break }
            shown.append(character)
        }
        return columns > 0 ? shown + "~" : ""
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.category {
        case .control, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator: 0
        case .format: scalar.isPrependedMark ? 1 : 0
        // The vowels and trailing consonants of a conjoining Hangul syllable stand in the columns of its first letter.
        default: (0x1160...0x11ff).contains(scalar.value) ? 0 : scalar.isWide ? 2 : 1
        }
    }

    /// Printable ASCII: nearly every line of a chat, and nothing to do for it.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.category {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        case .format:
            // U+200C and U+200D: joiners.
            !scalar.isPrependedMark && scalar.value != 0x200c && scalar.value != 0x200d
        default: scalar.isBidiControl || scalar.isNoncharacter
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let digits = String(scalar.value, radix: 16)
            guard scalar.value <= 0xff else { return "\\u{" + digits + "}" }
            return "\\x" + (digits.count < 2 ? "0" : "") + digits
        }
    }
}
