import Foundation
import Testing

/// The screens in the README, which `make screens` writes.
@Suite("screens of the README")
struct ReadmeScreensTests {
    /// The rows of each screen, by name, in the order of the text; nil where a screen has no end.
    private static func screens(in text: String) -> [(name: String, rows: [String]?)] {
        var screens: [(name: String, rows: [String]?)] = []
        var open: (name: String, rows: [String])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let begin = line.wholeMatch(of: /<!-- screen ([a-z]+) -->/) {
                if let open { screens.append((open.name, nil)) }
                open = (String(begin.1), [])
            } else if line == "<!-- end of screen -->" {
                screens.append((open?.name ?? "", open?.rows))
                open = nil
            } else {
                open?.rows.append(String(line))
            }
        }
        if let open { screens.append((open.name, nil)) }
        return screens
    }

    private static let readme = Repository.writtenFiles.first { $0.path == "README.md" }?.text ?? ""

    @Test("are those that the script captures, each once")
    func names() throws {
        let path = Repository.root.appending(path: "Tests/Screens/screens.py")
        let script = try String(contentsOf: path, encoding: .utf8)
        let captured = script.matches(of: /\.capture\("([a-z]+)"/).map { String($0.1) }
        #expect(captured.count >= 6)
        #expect(Self.screens(in: Self.readme).map(\.name).sorted() == captured.sorted())
    }

    @Test("have the form in which it writes them: code, at most 80 columns and 24 rows, a prompt at the bottom")
    func form() throws {
        for (name, rows) in Self.screens(in: Self.readme) {
            let rows = try #require(rows, "\(name) ends")
            #expect(rows.count > 4 && rows.first == "" && rows.last == "", "\(name)")
            let shown = rows.dropFirst().dropLast()
            #expect(shown.count <= 24, "\(name)")
            for row in shown where !row.isEmpty {
                #expect(row.hasPrefix("    ") && row.dropFirst(4).count <= 80 && row.last != " ", "\(name): \(row)")
            }
            let bottom = try #require(shown.last)
            #expect(bottom.dropFirst(4).prefixMatch(of: /[#@]?[A-Za-z]+>/) != nil, "\(name): \(bottom)")
            #expect(!shown.contains { $0.contains("/tmp/") }, "\(name)")
        }
    }
}
