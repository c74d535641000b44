import Foundation
import Testing

/// The files of this repository, found from where this file lies.
struct Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file and folder from the root, but for what is built, fetched or kept by git.
    static let paths: [String] = {
        var paths: [String] = []
        guard let walk = FileManager.default.enumerator(atPath: root.path) else { return [] }
        for case let path as String in walk {
            let name = path.split(separator: "/").last ?? ""
            if name == ".git" || name == ".swiftpm" || name.hasPrefix(".build") {
                walk.skipDescendants()
            } else {
                paths.append(path)
            }
        }
        return paths.sorted()
    }()

    static let swiftFiles: [SwiftFile] =
        paths
        .filter { $0.hasSuffix(".swift") && ($0.hasPrefix("Sources/") || $0.hasPrefix("Tests/")) }
        .compactMap { path in read(path).map { SwiftFile(path: path, text: $0) } }

    static var sources: [SwiftFile] { swiftFiles.filter { $0.path.hasPrefix("Sources/") } }
    static var tests: [SwiftFile] { swiftFiles.filter { $0.path.hasPrefix("Tests/") } }

    /// What people write by hand, in whatever language.
    static let writtenFiles: [TextFile] = {
        let endings = [
            ".swift", ".c", ".h", ".modulemap", ".md", ".json5", ".sh", ".yml", ".service", "Makefile", "/run",
        ]
        return paths.filter { path in endings.contains { path.hasSuffix($0) } }
            .compactMap { path in read(path).map { TextFile(path: path, text: $0) } }
    }()

    static let manifest = Manifest(parsing: SwiftFile(path: "Package.swift", text: read("Package.swift") ?? ""))

    private static func read(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}

/// Reports each finding as a failure of its own, so that one run names them all.
func expectNone(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
    for finding in findings {
        Issue.record("\(finding.description)", sourceLocation: sourceLocation)
    }
}

@Suite("the tree")
struct RepositoryTests {
    @Test("is found, so that no rule passes for want of files")
    func isFound() {
        #expect(Repository.paths.contains("Package.swift"))
        #expect(Repository.sources.contains { $0.target == "Basics" })
        #expect(Repository.tests.contains { $0.path.hasPrefix("Tests/TidyTests/") })
        #expect(Repository.writtenFiles.contains { $0.path == "Makefile" })
        #expect(Repository.writtenFiles.contains { $0.path == ".ci/run" })
        #expect(Repository.manifest.targets.contains { $0.name == "Basics" })
    }
}
