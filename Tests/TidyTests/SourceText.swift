/// One fault that a rule found.
struct Finding: Hashable, CustomStringConvertible {
    let path: String
    /// From 1.
    let line: Int
    let fault: String

    var description: String { "\(path):\(line): \(fault)" }
}

/// A text file of the repository.
struct TextFile: Sendable {
    /// From the repository's root, with `/` between the parts.
    let path: String
    let text: String
}

/// A Swift file, read once for all rules.
struct SwiftFile: Sendable {
    /// From the repository's root, with `/` between the parts.
    let path: String
    /// The text's UTF-8.
    let bytes: [UInt8]
    /// The text's UTF-8 with comments and the contents of literals blanked; see `CodeMask`.
    let code: [UInt8]
    /// Identifiers and keywords of the code, in their order.
    let words: [Word]

    init(path: String, text: String) {
        self.path = path
        bytes = Array(text.utf8)
        code = CodeMask.code(of: text)
        words = Self.words(in: code)
    }

    /// The folder below `Sources` that this file lies in; nil for other files.
    var target: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources" else { return nil }
        return String(parts[1])
    }

    /// The line of an offset, from 1.
    func line(of offset: Int) -> Int {
        code[..<offset].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    }

    func finding(at offset: Int, _ fault: String) -> Finding {
        Finding(path: path, line: line(of: offset), fault: fault)
    }

    /// The code's byte right before or after a word; a space at the ends of the file.
    func byte(at offset: Int) -> UInt8 {
        code.indices.contains(offset) ? code[offset] : UInt8(ascii: " ")
    }

    /// The first offset from `offset` on that holds no space and no line end; the count of the code at its end.
    func skippingBlanks(from offset: Int) -> Int {
        code[offset...].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") } ?? code.count
    }

    /// The offset of what closes the bracket at `start`; nil when it stays open.
    func closing(_ start: Int) -> Int? {
        let open = code[start]
        let close = open == UInt8(ascii: "(") ? UInt8(ascii: ")") : open + 2
        var depth = 0
        for offset in start..<code.count {
            if code[offset] == open { depth += 1 }
            if code[offset] == close {
                depth -= 1
                if depth == 0 { return offset }
            }
        }
        return nil
    }

    private static func words(in code: [UInt8]) -> [Word] {
        var words: [Word] = []
        var index = 0
        while index < code.count {
            guard isWordByte(code[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < code.count, isWordByte(code[index]) { index += 1 }
            if !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(code[start]) {
                words.append(Word(text: String(decoding: code[start..<index], as: UTF8.self), start: start, end: index))
            }
        }
        return words
    }

    /// Whether a byte may stand in an identifier; everything beyond ASCII counts as a letter.
    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }
}

/// An identifier or a keyword.
struct Word: Sendable {
    let text: String
    /// The offset of its first byte.
    let start: Int
    /// The offset behind its last byte.
    let end: Int
}
