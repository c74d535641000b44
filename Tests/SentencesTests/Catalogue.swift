import Foundation

/// One member of an area, as it stands in the source of one language.
struct CatalogueEntry: Hashable {
    /// How it is declared: `joined(_ name: String) -> String`.
    let declaration: String
    /// What its sentences speak of: the parameters that they use, in the order of their names.
    let parameters: Set<String>
    /// Its texts, without what is put into them.
    let texts: [String]
}

/// The source of the catalogue, one language of one area.
struct Catalogue {
    let entries: [CatalogueEntry]

    static let areas = [
        "Program", "Setup", "Client", "Room", "Chat", "Link", "Server", "Service", "Upkeep", "Console", "Screen",
        "Doctor",
    ]

    /// Folders of the repository, found from this file.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/Sentences")

    static func source(_ language: String, _ area: String) throws -> String {
        try String(contentsOf: folder.appending(path: "\(language)/\(language)\(area).swift"), encoding: .utf8)
    }

    init(_ language: String, _ area: String) throws {
        self.init(reading: try Self.source(language, area))
    }

    /// Reads the members of a language's struct: each begins with four blanks and `var` or `func`, and goes on until the
    /// next one.
    init(reading source: String) {
        var pieces: [[Substring]] = []
        for line in source.split(separator: "\n") {
            if line.hasPrefix("    var ") || line.hasPrefix("    func ") {
                pieces.append([line])
            } else if line.hasPrefix("    private ") || line.hasPrefix("    //") || line == "}" {
                pieces.append([])
            } else if !pieces.isEmpty, !pieces[pieces.count - 1].isEmpty {
                pieces[pieces.count - 1].append(line)
            }
        }
        entries = pieces.filter { !$0.isEmpty }.map { Self.entry($0.joined(separator: "\n")) }
    }

    private static func entry(_ text: String) -> CatalogueEntry {
        let head = text.prefix { $0 != "{" }
        let body = String(text.dropFirst(head.count))
        let words = head.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let names = head.split(separator: "(").dropFirst().joined().split(separator: ",").compactMap { parameter in
            parameter.split(separator: ":").first?.split(separator: " ").last.map(String.init)
        }
        let used = Set(body.split { !$0.isLetter && !$0.isNumber }.map(String.init))
        return CatalogueEntry(
            declaration: words.joined(separator: " "), parameters: used.intersection(names), texts: texts(of: body))
    }

    /// The string literals of a body, with what is put into them left out.
    static func texts(of body: String) -> [String] {
        var texts: [String] = []
        var current: String?
        var depth = 0
        var rest = Substring(body)
        while let character = rest.popFirst() {
            guard var text = current else {
                if character == "\"" { current = "" }
                continue
            }
            if depth > 0 {
                if character == "(" { depth += 1 } else if character == ")" { depth -= 1 }
            } else if character == "\\" {
                if rest.popFirst() == "(" { depth = 1 } else { text.append("\"") }
                current = text
            } else if character == "\"" {
                texts.append(text)
                current = nil
            } else {
                text.append(character)
                current = text
            }
        }
        return texts
    }
}
