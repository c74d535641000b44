package import Basics
import CEdit
import TextSafety

/// What is there to be named, for completing a line. The caller leaves out who types.
package struct CompletionWords: Hashable, Sendable {
    package var people: [String]
    package var groups: [String]

    package init(people: [String] = [], groups: [String] = []) {
        self.people = people
        self.groups = groups
    }
}

/// What Tab offers for the text in front of the cursor.
package struct Completion: Hashable, Sendable {
    /// How many scalars in front of the cursor a candidate replaces.
    package let replaced: Int
    /// What may stand there, each with what follows it; in order.
    package let candidates: [String]
}

/// The commands as completion sees them: their words, and what may follow each.
package struct CompletionTable: Sendable {
    package struct Row: Sendable {
        /// Its name, then its aliases.
        let words: [String]
        let arguments: [CommandArgument]

        package init(words: [String], arguments: [CommandArgument]) {
            self.words = words
            self.arguments = arguments
        }
    }

    /// How many candidates are offered at most.
    package static let candidatesAtMost = 200

    /// With which a command may begin; twice it begins a text.
    let signs: [Character]
    let rows: [Row]

    package init(signs: [Character], rows: [Row]) {
        self.signs = signs
        self.rows = rows
    }

    /// What may stand in front of the cursor in the place of the word that is begun there.
    ///
    /// - Returns: nil where nothing is known. O(words that are known).
    package func completion(of text: String, knowing words: CompletionWords) -> Completion? {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "\t" }
        let begun = parts.last.map(String.init) ?? ""
        let former = parts.dropLast().filter { !$0.isEmpty }
        let found: [String]
        if let first = text.first, signs.contains(first), text.dropFirst().first != first {
            found =
                parts.count == 1
                ? commands(begun.dropFirst(), sign: String(first))
                : candidates(begun, for: kind(behind: former), words)
        } else {
            found = begun.isEmpty ? [] : named(begun, words, end: parts.count == 1 ? ": " : " ")
        }
        guard !found.isEmpty else { return nil }
        return Completion(
            replaced: begun.unicodeScalars.count, candidates: Array(found.prefix(Self.candidatesAtMost)))
    }

    /// What is expected behind these words, the first of which is a command with its sign.
    private func kind(behind words: [Substring]) -> CommandArgument? {
        guard let command = words.first?.dropFirst().lowercased(),
            let row = rows.first(where: { $0.words.contains(command) })
        else { return nil }
        var expected = row.arguments[...]
        for word in words.dropFirst() {
            switch expected.first {
            case .choice(let choices):
                expected = choices.first { $0.word == word.lowercased() }?.arguments[...] ?? []
            case .text: break
            case .place where Int(word) != nil: expected = expected.dropFirst(2)
            default: expected = expected.dropFirst()
            }
        }
        return expected.first
    }

    private func candidates(_ begun: String, for kind: CommandArgument?, _ words: CompletionWords) -> [String] {
        switch kind {
        case .person: matching(words.people, begun, signs: "@")
        case .group: matching(words.groups, begun, signs: "#")
        case .place: matching(words.groups, begun, signs: "#") + matching(words.people, begun, signs: "@")
        case .command: commands(begun[...], sign: "")
        case .path: Self.files(begun)
        case .word(let choices): matching(choices, begun)
        case .choice(let choices): matching(choices.map(\.word), begun)
        case .text: begun.isEmpty ? [] : named(begun, words, end: " ")
        case .other, nil: []
        }
    }

    /// A name in a text.
    private func named(_ begun: String, _ words: CompletionWords, end: String) -> [String] {
        begun.first == "#" ? matching(words.groups, begun, signs: "#") : matching(words.people, begun, signs: "@", end)
    }

    private func commands(_ begun: Substring, sign: String) -> [String] {
        let begun = begun.lowercased()
        // Aliases are offered where no command begins so: who knows one types it.
        let names = rows.compactMap(\.words.first).filter { $0.hasPrefix(begun) }
        let found = names.isEmpty ? rows.flatMap(\.words).filter { $0.hasPrefix(begun) } : names
        return found.sorted().map { sign + $0 + " " }
    }

    /// - Parameter signs: which sign may stand in front of the name; it stays.
    private func matching(_ names: [String], _ begun: String, signs: String = "", _ end: String = " ") -> [String] {
        let sign = begun.first.map { signs.contains($0) ? String($0) : "" } ?? ""
        let wanted = begun.dropFirst(sign.count).lowercased()
        return names.map { (key: $0.lowercased(), name: $0) }
            .filter { $0.key.hasPrefix(wanted) }
            .sorted { ($0.key, $0.name) < ($1.key, $1.name) }
            .map { sign + $0.name + end }
    }

    // MARK: Files

    /// Files that begin so, a folder with `/` at its end. Names that can't be shown as they are are left out.
    static func files(_ begun: String) -> [String] {
        let folder = begun.lastIndex(of: "/").map { String(begun[...$0]) } ?? ""
        return names(in: folder.isEmpty ? "." : folder, begin: String(begun.dropFirst(folder.count)))
            .filter { VisibleText.forLog($0) == $0 }
            .sorted()
            .map { folder + $0 + ($0.hasSuffix("/") ? "" : " ") }
    }

    private static func names(in folder: String, begin: String) -> [String] {
        guard let list = unsafe cedit_files(folder, begin, Int32(candidatesAtMost)) else { return [] }
        defer { unsafe cedit_free(list) }
        var names: [String] = []
        var next = unsafe list
        while unsafe next.pointee != 0 {
            let name = unsafe String(cString: next)
            names.append(name)
            unsafe next += name.utf8.count + 1
        }
        return names
    }
}
