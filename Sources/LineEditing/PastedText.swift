/// A text that is being pasted: what the terminal sends between its marks of a bracketed paste (xterm, `2004`). No byte
/// of it is a key: who pastes something presses none.
package struct PastedText: Sendable {
    /// The most bytes of a text; what is longer is no message, and is not taken.
    package static let limitBytes = 64 << 10

    private static let end = Array("\u{1b}[201~".utf8)

    private var bytes: [UInt8] = []
    /// It became too long.
    private var isTooLong = false

    package init() {}

    /// What came of a byte.
    package enum Step: Hashable, Sendable {
        case open
        /// The paste has ended. Line ends are LF, blanks stand for tabs, other controls are gone, and so are line ends at
        /// the end.
        case text(String)
        case tooLong
    }

    package mutating func take(_ byte: UInt8) -> Step {
        bytes.append(byte)
        guard bytes.last == Self.end.last, bytes.suffix(Self.end.count) == Self.end[...] else {
            if bytes.count > Self.limitBytes {
                isTooLong = true
                // The mark of the end may be half there.
                bytes = Array(bytes.suffix(Self.end.count))
            }
            return .open
        }
        return isTooLong ? .tooLong : .text(Self.cleaned(bytes.dropLast(Self.end.count)))
    }

    private static func cleaned(_ bytes: ArraySlice<UInt8>) -> String {
        var text = ""
        var follows = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\r": text += "\n"
            case "\n": if !follows { text += "\n" }
            case "\t": text += "    "
            case "\0"..<" ", "\u{7f}"..<"\u{a0}": break
            default: text.unicodeScalars.append(scalar)
            }
            follows = scalar == "\r"
        }
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
