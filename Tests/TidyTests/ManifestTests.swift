import Testing

@Suite("Package.swift")
struct ManifestTests {
    private func manifest(_ text: String) -> Manifest {
        Manifest(parsing: SwiftFile(path: "Package.swift", text: text))
    }

    private let sample = """
        func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
            .target(name: name, dependencies: dependencies)
        }
        let package = Package(
            name: "p",
            products: [.executable(name: "udp-a", targets: ["udp-a"])],
            dependencies: [],
            targets: [
                .systemLibrary(name: "CA", pkgConfig: "liba", providers: [.apt(["liba-dev"])]),
                .target(name: "CB", linkerSettings: [.linkedLibrary("b")]),
                library("A", []),  // library("Not", ["This"])
                library(
                    "B",
                    ["A", .target(name: "CB", condition: nil)]),
                .executableTarget(name: "udp-a", dependencies: ["B"]),
                tests("ATests", ["A"]),
            ]
        )
        """

    @Test("targets are read with their dependencies")
    func targets() {
        let read = manifest(sample).targets
        #expect(read.map(\.name) == ["CA", "CB", "A", "B", "udp-a", "ATests"])
        #expect(read.map(\.dependencies) == [[], [], [], ["A", "CB"], ["B"], ["A"]])
        #expect(read.filter(\.isTest).map(\.name) == ["ATests"])
        #expect(read.map(\.line) == [9, 10, 11, 12, 15, 16])
    }

    @Test("an empty list of packages passes")
    func noPackages() {
        #expect(manifest(sample).packageFindings() == [])
    }

    @Test(
        "a package that would be fetched is found",
        arguments: [
            "let package = Package(name: \"p\", dependencies: [.package(url: \"u\", from: \"1\")], targets: [])",
            "let package = Package(name: \"p\", dependencies: others, targets: [])",
            "let package = Package(name: \"p\", targets: [.target(name: \"A\", dependencies: [])])",
            "let package = Package(name: \"p\", dependencies: [], targets: [])\npackage.dependencies.append(.package(path: \"x\"))",
        ])
    func packages(text: String) {
        #expect(!manifest(text).packageFindings().isEmpty)
    }

    @Test("a folder without a target and a target without a folder are found")
    func folders() {
        let paths = [
            "Sources/CA/shim.h", "Sources/CB/b.c", "Sources/A/A.swift", "Sources/B/Deep/B.swift",
            "Sources/udp-a/Main.swift", "Tests/ATests/T.swift", "Tests/Corpus/seed", "Makefile",
        ]
        #expect(manifest(sample).folderFindings(paths: paths) == [])
        let shifted = paths.filter { $0 != "Sources/A/A.swift" } + ["Sources/C/C.swift", "Tests/BTests/T.swift"]
        #expect(
            manifest(sample).folderFindings(paths: shifted).map(\.description) == [
                "Sources/C:1: is no target of Package.swift",
                "Package.swift:11: the target A has no folder Sources/A",
                "Tests/BTests:1: is no target of Package.swift",
            ])
    }

    @Test("of this repository fetches no package")
    func repositoryPackages() {
        expectNone(Repository.manifest.packageFindings())
    }

    @Test("of this repository and its folders agree")
    func repositoryFolders() {
        expectNone(Repository.manifest.folderFindings(paths: Repository.paths))
    }
}
