/// How long a file and a function may be. The aim is 400 and 40; a little more is no reason to tear something apart.
enum SizeRules {
    static let fileLines = 420
    static let functionLines = 60

    static func lineCount(of text: String) -> Int {
        let ends = text.utf8.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        return text.isEmpty || text.utf8.last == UInt8(ascii: "\n") ? ends : ends + 1
    }

    static func findings(in file: TextFile) -> [Finding] {
        let lines = lineCount(of: file.text)
        guard lines > fileLines else { return [] }
        return [Finding(path: file.path, line: fileLines + 1, fault: "\(lines) lines, more than \(fileLines)")]
    }

    static func findings(in file: SwiftFile) -> [Finding] {
        functions(of: file).filter { $0.lines > functionLines }.map {
            file.finding(at: $0.offset, "\($0.name) has \($0.lines) lines, more than \(functionLines)")
        }
    }

    /// Functions, initialisers and subscripts that have a body, and how many lines each takes from its keyword on.
    static func functions(of file: SwiftFile) -> [(name: String, offset: Int, lines: Int)] {
        file.words.enumerated().compactMap { index, word in
            guard beginsFunction(word, in: file), let body = bodyStart(after: word.end, in: file),
                let end = file.closing(body)
            else { return nil }
            let following = index + 1 < file.words.count ? file.words[index + 1].text : ""
            let lines = file.line(of: end) - file.line(of: word.start) + 1
            return (word.text == "func" ? following : word.text, word.start, lines)
        }
    }

    private static func beginsFunction(_ word: Word, in file: SwiftFile) -> Bool {
        let before = file.byte(at: word.start - 1)
        guard before != UInt8(ascii: "."), before != UInt8(ascii: "`") else { return false }
        switch word.text {
        case "func": return true
        case "deinit": return file.byte(at: file.skippingBlanks(from: word.end)) == UInt8(ascii: "{")
        case "init", "subscript": return Array("(<?".utf8).contains(file.byte(at: word.end))
        default: return false
        }
    }

    /// Where the body opens; nil for a requirement of a protocol, behind which something else is declared.
    private static func bodyStart(after offset: Int, in file: SwiftFile) -> Int? {
        let declarations: Set = [
            "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "enum", "class", "actor", "protocol",
            "extension", "typealias", "associatedtype", "import",
        ]
        var index = offset
        while index < file.code.count {
            switch file.code[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["):
                guard let close = file.closing(index) else { return nil }
                index = close + 1
            case UInt8(ascii: "{"): return index
            case UInt8(ascii: "}"), UInt8(ascii: ";"), UInt8(ascii: ")"), UInt8(ascii: "]"): return nil
            case let byte where SwiftFile.isWordByte(byte):
                let end = file.code[index...].firstIndex { !SwiftFile.isWordByte($0) } ?? file.code.count
                let text = String(decoding: file.code[index..<end], as: UTF8.self)
                if declarations.contains(text), file.byte(at: index - 1) != UInt8(ascii: "`") { return nil }
                index = end
            default: index += 1
            }
        }
        return nil
    }
}
