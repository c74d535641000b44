/// What Package.swift says, as far as the rules need it.
///
/// Targets are read from calls like `.target(name: "A", dependencies: ["B"])` and from the manifest's own short forms
/// `library`, `program` and `tests`, whose second argument is the list.
struct Manifest: Sendable {
    struct Target: Hashable, Sendable {
        let name: String
        let isTest: Bool
        let dependencies: [String]
        let line: Int
    }

    let file: SwiftFile
    let targets: [Target]

    init(parsing file: SwiftFile) {
        self.file = file
        var targets: [Target] = []
        var end = 0
        for (index, word) in file.words.enumerated() where word.start >= end {
            let isMember = file.byte(at: word.start - 1) == UInt8(ascii: ".")
            let isDeclared = index > 0 && file.words[index - 1].text == "func"
            let forms = isMember ? Self.memberForms : Self.shortForms
            guard !isDeclared, forms.contains(word.text), file.byte(at: word.end) == UInt8(ascii: "("),
                let close = file.closing(word.end)
            else { continue }
            let arguments = (word.end + 1)..<close
            // A short form's own body passes a parameter on and holds no literal where the name is.
            guard let name = Self.firstArgument(of: file, in: arguments) else { continue }
            let dependencies = Self.list(of: file, in: arguments, labelled: isMember ? "dependencies" : nil)
            let isTest = word.text == "testTarget" || word.text == "tests"
            targets.append(
                Target(name: name, isTest: isTest, dependencies: dependencies, line: file.line(of: word.start)))
            end = close
        }
        self.targets = targets
    }

    /// The names that a target declares to depend on; nil when there is no such target.
    func dependencies(of target: String) -> Set<String>? {
        targets.first { $0.name == target }.map { Set($0.dependencies) }
    }

    /// The product stands on what the system offers; no package is ever fetched.
    func packageFindings() -> [Finding] {
        var findings = file.words
            .filter { $0.text == "package" && file.byte(at: $0.start - 1) == UInt8(ascii: ".") }
            .map { file.finding(at: $0.start, "depends on a package") }
        let opening = file.words.first { $0.text == "Package" && file.byte(at: $0.end) == UInt8(ascii: "(") }
        guard let opening, let close = file.closing(opening.end),
            let value = Self.value(labelled: "dependencies", of: file, in: (opening.end + 1)..<close)
        else {
            findings.append(Finding(path: file.path, line: 1, fault: "does not say `dependencies: []`"))
            return findings
        }
        let inside = file.skippingBlanks(from: value + 1)
        if file.byte(at: value) != UInt8(ascii: "[") || file.byte(at: inside) != UInt8(ascii: "]") {
            findings.append(file.finding(at: value, "the package's dependencies are not []"))
        }
        return findings
    }

    /// Every folder below `Sources` and `Tests` is a target, and every target has its folder.
    ///
    /// - Parameter paths: of all files, from the repository's root.
    func folderFindings(paths: [String]) -> [Finding] {
        var findings: [Finding] = []
        for (parent, isTest) in [("Sources", false), ("Tests", true)] {
            let folders = Set(
                paths.map { $0.split(separator: "/") }.filter { $0.count > 2 && $0[0] == parent }.map { String($0[1]) })
            let named = targets.filter { $0.isTest == isTest }
            for folder in folders.subtracting(named.map(\.name)).subtracting(Self.foldersWithoutTarget).sorted() {
                findings.append(Finding(path: "\(parent)/\(folder)", line: 1, fault: "is no target of Package.swift"))
            }
            for target in named where !folders.contains(target.name) {
                let fault = "the target \(target.name) has no folder \(parent)/\(target.name)"
                findings.append(Finding(path: file.path, line: target.line, fault: fault))
            }
        }
        return findings
    }

    /// Data that several test targets share, and the decoder in another language that one of them runs.
    private static let foldersWithoutTarget = ["Corpus", "Oracle", "Screens"]
    private static let memberForms: Set = [
        "target", "executableTarget", "testTarget", "systemLibrary", "macro", "plugin",
    ]
    private static let shortForms: Set = ["library", "program", "tests"]

    /// The literal that a call's arguments begin with, labelled `name` or not at all.
    private static func firstArgument(of file: SwiftFile, in arguments: Range<Int>) -> String? {
        var start = file.skippingBlanks(from: arguments.lowerBound)
        if let label = file.words.first(where: { $0.start == start }), label.text == "name", label.isLabel(in: file) {
            start = file.skippingBlanks(from: label.end + 1)
        }
        return literals(of: file, in: start..<arguments.upperBound).first { $0.start == start }?.text
    }

    /// The literals of a call's list of dependencies.
    private static func list(of file: SwiftFile, in arguments: Range<Int>, labelled label: String?) -> [String] {
        var start = arguments.lowerBound
        if let label {
            guard let value = value(labelled: label, of: file, in: arguments) else { return [] }
            start = value
        }
        guard let open = file.code[start..<arguments.upperBound].firstIndex(of: UInt8(ascii: "[")),
            let close = file.closing(open)
        else { return [] }
        return literals(of: file, in: open..<close).map(\.text)
    }

    /// Where the value of a call's labelled argument begins; labels of calls within its arguments do not count.
    private static func value(labelled label: String, of file: SwiftFile, in arguments: Range<Int>) -> Int? {
        var index = arguments.lowerBound
        while index < arguments.upperBound {
            if Array("([{".utf8).contains(file.code[index]) {
                guard let close = file.closing(index) else { return nil }
                index = close
            } else if file.code[index...].starts(with: Array((label + ":").utf8)),
                !SwiftFile.isWordByte(file.byte(at: index - 1))
            {
                return file.skippingBlanks(from: index + label.utf8.count + 1)
            }
            index += 1
        }
        return nil
    }

    private static func literals(of file: SwiftFile, in range: Range<Int>) -> [(text: String, start: Int)] {
        let quotes = range.filter { file.code[$0] == UInt8(ascii: "\"") }
        return stride(from: 0, to: quotes.count - 1, by: 2).map { index in
            let text = file.bytes[(quotes[index] + 1)..<quotes[index + 1]]
            return (String(decoding: text, as: UTF8.self), quotes[index])
        }
    }
}

extension Word {
    /// Whether a colon follows at once.
    func isLabel(in file: SwiftFile) -> Bool { file.byte(at: end) == UInt8(ascii: ":") }
}
