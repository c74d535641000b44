/// Finds out what of a Swift source text is code: comments and what stands inside string literals become spaces.
///
/// The result is as long as the text and has its line ends, so that an offset means the same place in both. The quotes
/// of a literal stay, and so does the code inside `\( )`. It is a scanner, not a parser: a regular expression between
/// bare slashes is recognised by what stands before it.
struct CodeMask {
    private let source: [UInt8]
    private var masked: [UInt8]
    private var index = 0

    /// The UTF-8 of `text` with everything blanked that is not code.
    static func code(of text: String) -> [UInt8] {
        var mask = CodeMask(source: Array(text.utf8))
        mask.readCode(insideLiteral: false)
        return mask.masked
    }

    private init(source: [UInt8]) {
        self.source = source
        masked = source
    }

    /// Reads to the end of the text, or to the parenthesis that ends an interpolation.
    private mutating func readCode(insideLiteral: Bool) {
        var depth = 0
        while index < source.count {
            switch source[index] {
            case UInt8(ascii: "/"): readSlash()
            case UInt8(ascii: "\""): readString(pounds: 0)
            case UInt8(ascii: "#"): readPounds()
            case UInt8(ascii: "("):
                depth += 1
                index += 1
            case UInt8(ascii: ")"):
                index += 1
                if insideLiteral, depth == 0 { return }
                depth -= 1
            default: index += 1
            }
        }
    }

    // MARK: Comments and regular expressions

    private mutating func readSlash() {
        if at("//") {
            while index < source.count, source[index] != newline { blank(1) }
        } else if at("/*") {
            readBlockComment()
        } else if let length = regularExpressionLength() {
            index += 1
            blank(length - 2)
            index += 1
        } else {
            index += 1
        }
    }

    /// Block comments nest in Swift.
    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if at("/*") {
                depth += 1
                blank(2)
            } else if at("*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && index < source.count
    }

    /// How long the regular expression is that begins here, slashes included; nil when the slash is an operator.
    private func regularExpressionLength() -> Int? {
        let before = masked[..<index].last { !isBlank($0) }
        if let before, !Array("(,=:[{;".utf8).contains(before) { return nil }
        var end = index + 1
        guard end < source.count, !isBlank(source[end]), !Array(",)".utf8).contains(source[end]) else { return nil }
        while end < source.count, source[end] != newline {
            if source[end] == UInt8(ascii: "/") { return end + 1 - index }
            end += source[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    // MARK: Literals

    /// A run of `#` begins a raw string, an extended regular expression, or is a directive.
    private mutating func readPounds() {
        let start = index
        while index < source.count, source[index] == UInt8(ascii: "#") { index += 1 }
        let pounds = index - start
        if at("\"") {
            readString(pounds: pounds)
        } else if at("/"), !at("//"), !at("/*") {
            index += 1
            let end = "/" + String(repeating: "#", count: pounds)
            while index < source.count, !at(end) { blank(1) }
            index = min(source.count, index + 1 + pounds)
        }
    }

    private mutating func readString(pounds: Int) {
        let isMultiline = beginsMultilineString()
        let marks = String(repeating: "#", count: pounds)
        let quotes = isMultiline ? "\"\"\"" : "\""
        let escape = "\\" + marks
        index += quotes.utf8.count
        while index < source.count {
            if at(quotes + marks) {
                index += quotes.utf8.count + pounds
                return
            }
            if at(escape + "(") {
                blank(escape.utf8.count)
                index += 1
                readCode(insideLiteral: true)
            } else if at(escape) {
                blank(escape.utf8.count + 1)
            } else if source[index] == newline, !isMultiline {
                return
            } else {
                blank(1)
            }
        }
    }

    /// Three quotes begin a string of several lines only when nothing follows them on their line.
    private func beginsMultilineString() -> Bool {
        guard at("\"\"\"") else { return false }
        let following = source[(index + 3)...].first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }
        return following == newline
    }

    // MARK: Bytes

    private let newline = UInt8(ascii: "\n")

    private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == newline }

    private func at(_ text: String) -> Bool {
        var offset = index
        for byte in text.utf8 {
            guard offset < source.count, source[offset] == byte else { return false }
            offset += 1
        }
        return true
    }

    /// Replaces the next bytes by spaces; line ends stay.
    private mutating func blank(_ count: Int) {
        for _ in 0..<max(0, count) where index < source.count {
            if source[index] != newline { masked[index] = UInt8(ascii: " ") }
            index += 1
        }
    }
}
