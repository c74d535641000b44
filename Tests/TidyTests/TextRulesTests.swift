import Testing

@Suite("words and paths")
struct TextRulesTests {
    @Test("an unfinished word is found in code and comments", arguments: TextRules.unfinished)
    func findsUnfinished(word: String) {
        let file = TextFile(path: "a.swift", text: "let a = 1\n// \(word): later\nlet b = \"\(word)\"")
        #expect(TextRules.unfinishedWords(in: file).map(\.line) == [2, 3])
    }

    @Test("a longer word that holds one passes", arguments: TextRules.unfinished)
    func passesLonger(word: String) {
        let file = TextFile(path: "a.swift", text: "mkstemp(\"a\(word)\(word)\") \(word.lowercased()) \(word)_A")
        #expect(TextRules.unfinishedWords(in: file) == [])
    }

    @Test("a path of one machine is found", arguments: TextRules.machineFolders)
    func findsPaths(folder: String) {
        for text in ["\(folder)a", "let a = \"\(folder)a\"", "see \(folder)a", "file://\(folder)a", "(\(folder)a)"] {
            #expect(TextRules.machinePaths(in: TextFile(path: "a.md", text: text)).count == 1, "\(text)")
        }
    }

    @Test("the same within a longer path or an address passes", arguments: TextRules.machineFolders)
    func passesLongerPaths(folder: String) {
        for text in [
            "https://example.org\(folder)a", "Sources\(folder)a", "..\(folder)a", "~\(folder)a", "$HOME\(folder)a",
        ] {
            #expect(TextRules.machinePaths(in: TextFile(path: "a.md", text: text)) == [], "\(text)")
        }
    }

    @Test("nothing in Sources and Tests is marked as unfinished")
    func repositoryUnfinished() {
        for file in Repository.writtenFiles where file.path.hasPrefix("Sources/") || file.path.hasPrefix("Tests/") {
            expectNone(TextRules.unfinishedWords(in: file))
        }
    }

    @Test("nothing names a path of one machine")
    func repositoryPaths() {
        for file in Repository.writtenFiles { expectNone(TextRules.machinePaths(in: file)) }
    }
}
