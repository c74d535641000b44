import Sentences

/// Where the keys of a configuration file stand. JSON5 itself is read by Foundation, which tells no lines; this only
/// walks over the text, past comments and strings, and cuts it at the keys of its one object.
///
/// Total: any bytes may be given, and each of them is looked at a bounded number of times.
struct ConfigurationScan {
    /// More keys than any table has; what is longer is no configuration.
    static let membersAtMost = 256

    /// A key with its value, as they stand in the text.
    struct Member: Hashable {
        /// With its quotes, where it has any.
        let key: Range<Int>
        let value: Range<Int>
        /// Where the key stands, counted from 1.
        let line: Int
    }

    /// Where the text ceases to be a configuration.
    struct Fault: Hashable {
        let line: Int
        let reason: Phrase
    }

    private let bytes: [UInt8]
    private var index = 0
    /// The line of the byte at `index`.
    private var line = 1
    private(set) var members: [Member] = []
    private(set) var fault: Fault?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        fault = scan()
    }

    /// The last line that has text on it.
    var lastLine: Int { line }

    // MARK: The object

    private mutating func scan() -> Fault? {
        if let fault = skipBlanks() { return fault }
        guard take("{") else { return here { $0.noObject } }
        while true {
            if let fault = skipBlanks() { return fault }
            if take("}") { break }
            guard members.count < Self.membersAtMost else { return here { $0.tooManyKeys } }
            if let fault = scanMember() { return fault }
            if take("}") { break }
            guard take(",") else { return here { $0.commaMissing } }
        }
        if let fault = skipBlanks() { return fault }
        return index == bytes.count ? nil : here { $0.moreAfterEnd }
    }

    /// Takes a key, its colon and its value, and the blanks after them.
    private mutating func scanMember() -> Fault? {
        let (start, keyLine) = (index, line)
        if isQuote(current) {
            if let fault = skipString() { return fault }
        } else {
            skipWord()
        }
        guard index > start else {
            return index == bytes.count ? here { $0.endMissing } : here { $0.keyMissing }
        }
        let key = start..<index
        if let fault = skipBlanks() { return fault }
        guard take(":") else { return here { [name = text(of: key)] in $0.colonMissing(name) } }
        if let fault = skipBlanks() { return fault }
        let valueStart = index
        if let fault = skipValue() { return fault }
        guard index > valueStart else { return here { [name = text(of: key)] in $0.valueMissing(name) } }
        members.append(Member(key: key, value: valueStart..<index, line: keyLine))
        return skipBlanks()
    }

    private mutating func skipValue() -> Fault? {
        if isQuote(current) { return skipString() }
        guard isOpening(current) else {
            skipWord()
            return nil
        }
        // Which bracket closes which is Foundation's to judge; that they are as many ends this walk.
        let begin = line
        var depth = 0
        while let byte = current {
            if isQuote(byte) {
                if let fault = skipString() { return fault }
                continue
            }
            if byte == UInt8(ascii: "/") {
                if let fault = skipBlanks() { return fault }
                if current == UInt8(ascii: "/") { advance() }
                continue
            }
            if isOpening(byte) { depth += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
            advance()
            if depth == 0 { return nil }
        }
        return Fault(line: begin, reason: Phrase { $0.setup.bracketOpen })
    }

    // MARK: Pieces

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private var next: UInt8? { index + 1 < bytes.count ? bytes[index + 1] : nil }

    private mutating func advance() {
        guard let byte = current else { return }
        index += 1
        // A carriage return alone ends a line too; before a line feed it is part of that end.
        if byte == 0x0a || (byte == 0x0d && current != 0x0a) { line += 1 }
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: sign) else { return false }
        advance()
        return true
    }

    private func here(_ say: @escaping @Sendable (any SetupSentences) -> String) -> Fault {
        Fault(line: line, reason: Phrase { say($0.setup) })
    }

    private func isQuote(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private func isOpening(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// White space beyond ASCII that JSON5 allows: the byte order mark, and the ends of lines of Unicode.
    private static let longBlanks: [[UInt8]] = [
        [0xef, 0xbb, 0xbf], [0xc2, 0xa0], [0xe2, 0x80, 0xa8], [0xe2, 0x80, 0xa9],
    ]

    /// Passes white space and comments.
    private mutating func skipBlanks() -> Fault? {
        while let byte = current {
            if isBlank(byte) {
                advance()
            } else if let blank = Self.longBlanks.first(where: { bytes[index...].starts(with: $0) }) {
                index += blank.count
            } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "/") {
                while let byte = current, byte != 0x0a, byte != 0x0d { advance() }
            } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
                if let fault = skipLongComment() { return fault }
            } else {
                return nil
            }
        }
        return nil
    }

    private mutating func skipLongComment() -> Fault? {
        let begin = line
        index += 2
        while let byte = current {
            advance()
            if byte == UInt8(ascii: "*"), current == UInt8(ascii: "/") {
                advance()
                return nil
            }
        }
        return Fault(line: begin, reason: Phrase { $0.setup.commentOpen })
    }

    /// Passes a string; a backslash takes the byte after it along.
    private mutating func skipString() -> Fault? {
        let begin = line
        let quote = current
        advance()
        while let byte = current {
            if byte == quote {
                advance()
                return nil
            }
            if byte == 0x0a || byte == 0x0d { break }
            let isEscape = byte == UInt8(ascii: "\\")
            advance()
            guard isEscape else { continue }
            if current == 0x0d, next == 0x0a { advance() }
            advance()
        }
        return Fault(line: begin, reason: Phrase { $0.setup.textOpen })
    }

    /// Passes what is neither blank nor punctuation: a bare key, a number, a word.
    private mutating func skipWord() {
        let ends = Array(",:{}[]\"'/".utf8)
        while let byte = current, !isBlank(byte), !ends.contains(byte) { advance() }
    }

    /// The text at a place; what is no UTF-8 in it is replaced.
    func text(of range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
