/// Sentences for people stand in the catalogue and nowhere else.
enum SentenceRules {
    /// Modules that speak to people, or whose words reach them.
    static let speaking = [
        "ChatDomain", "ChatClient", "Diagnosis", "Doctor", "ServerCore", "ClientCore", "ProgramFrame", "LineEditing",
        "ServerRuntime",
        "ClientRuntime",
    ]

    /// Lines whose literals nobody reads: reasons of closed connections, and the first lines of files of keys.
    private static let silent = ["CloseReason(", "Array(\""]

    /// The manual pages are documents, written in English: their texts stand beside the options that they explain. So is
    /// the help of each figure over HTTP.
    private static let manuals = [
        "Manual.swift", "ManualPage.swift", "OptionTable.swift", "OptionRow.swift", "+Metrics.swift",
    ]

    /// Literals of three or more words in a row. Commands and their examples begin with a sign.
    static func findings(in file: SwiftFile) -> [Finding] {
        guard file.target.map(speaking.contains) == true, !manuals.contains(where: file.path.hasSuffix) else {
            return []
        }
        let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().flatMap { index, line -> [Finding] in
            let bare = line.drop { $0 == " " }
            guard !bare.hasPrefix("//"), !silent.contains(where: { line.contains($0) }) else { return [] }
            return literals(of: line).filter(isSentence).map {
                Finding(path: file.path, line: index + 1, fault: "a sentence outside of Sources/Sentences: \($0)")
            }
        }
    }

    /// The literals of one line; what is put into them stays as it is written.
    static func literals(of line: Substring) -> [String] {
        var literals: [String] = []
        var rest = line
        while let start = rest.firstIndex(of: "\"") {
            var end = rest.index(after: start)
            while end < rest.endIndex, rest[end] != "\"" {
                end = rest.index(end, offsetBy: rest[end] == "\\" ? 2 : 1, limitedBy: rest.endIndex) ?? rest.endIndex
            }
            literals.append(String(rest[rest.index(after: start)..<end]))
            guard end < rest.endIndex else { break }
            rest = rest[rest.index(after: end)...]
        }
        return literals
    }

    static func isSentence(_ literal: String) -> Bool {
        guard literal.first != ":", !literal.contains("<") else { return false }
        var inARow = 0
        for word in literal.split(separator: " ") {
            let letters = word.drop { "(\"'".contains($0) }.prefix { $0.isLetter || $0 == "'" }
            let isWord = letters.count > 1 && letters.count + 1 >= word.count && !word.contains("\\")
            inARow = isWord ? inARow + 1 : 0
            if inARow >= 3 { return true }
        }
        return false
    }
}
