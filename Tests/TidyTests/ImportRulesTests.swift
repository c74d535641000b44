import Testing

@Suite("import rules")
struct ImportRulesTests {
    private func file(_ target: String, _ text: String) -> SwiftFile {
        SwiftFile(path: "Sources/\(target)/File.swift", text: text)
    }

    @Test(
        "an import is seen behind whatever stands before it",
        arguments: [
            "import Glibc", "package import Glibc", "@preconcurrency import Glibc", "@_implementationOnly import Glibc",
            "@_spi(Some) public import Glibc", "import struct Glibc.timespec", "internal import func Glibc.close",
            "import Basics; import Glibc", "import\n    Glibc", "#if os(Linux)\n  import Glibc\n#endif",
            "@preconcurrency\npackage import Glibc  // why", "/* a */ import /* b */ Glibc",
        ])
    func seesImports(text: String) {
        #expect(ImportRules.imports(of: file("A", text)).map(\.module).last == "Glibc")
    }

    @Test(
        "what only looks like an import is none",
        arguments: [
            "// import Glibc", "let text = \"import Glibc\"", "#if canImport(Glibc)\n#endif", "x.import(y)",
            "func `import`() {}", "f(import: Glibc)",
        ])
    func ignoresOthers(text: String) {
        #expect(ImportRules.imports(of: file("A", text)).isEmpty)
    }

    @Test(
        "a pure module that reaches for a clock, a file, a thread or another module is found",
        arguments: [
            ("Basics", "Foundation"), ("Transport", "Glibc"), ("ChatDomain", "Dispatch"),
            ("ChatProtocol", "Synchronization"),
            ("ServerCore", "FoundationEssentials"), ("Simulation", "Glibc"), ("Crypto", "Glibc"),
            ("TextSafety", "Foundation"),
            ("Basics", "Crypto"), ("ChatDomain", "Transport"), ("ChatDomain", "ChatClient"),
            ("ChatClient", "ChatDomain"),
            ("ServerCore", "ChatClient"), ("ClientCore", "ChatDomain"), ("ServerCore", "SocketIO"),
            ("Transport", "CSodium"),
            ("Simulation", "SocketIO"),
        ])
    func pureModules(target: String, module: String) {
        #expect(ImportRules.findings(in: file(target, "package import \(module)"), declared: [module]).count == 1)
    }

    @Test(
        "an edge module that takes what is not its own is found",
        arguments: [
            ("SocketIO", "Transport"), ("ServerRuntime", "ClientCore"), ("ClientRuntime", "ChatDomain"),
            ("ServerRuntime", "CEdit"), ("udp-server", "ServerCore"), ("ClientRuntime", "Network"),
        ])
    func edgeModules(target: String, module: String) {
        #expect(ImportRules.findings(in: file(target, "import \(module)"), declared: [module]).count == 1)
    }

    @Test(
        "what the rows allow passes",
        arguments: [
            ("Crypto", "Synchronization"), ("TextSafety", "CICU"), ("ServerCore", "ChatDomain"), ("SocketIO", "Glibc"),
            ("LineEditing", "CEdit"), ("ServerRuntime", "Foundation"), ("udp-client", "ClientRuntime"),
        ])
    func allowed(target: String, module: String) {
        #expect(ImportRules.findings(in: file(target, "import \(module)"), declared: [module]) == [])
    }

    @Test("an import that Package.swift does not declare, and a module without a row, are found")
    func undeclared() {
        let undeclared = ImportRules.findings(
            in: file("Transport", "import Basics\nimport Crypto"), declared: ["Basics"])
        #expect(undeclared.map(\.line) == [2])
        #expect(ImportRules.findings(in: file("Surprise", "let a = 1"), declared: []).count == 1)
    }

    @Test("a dependency that the rows forbid is found in Package.swift")
    func manifestAgainstRows() {
        let text = "let targets = [library(\"Transport\", [\"Basics\", \"SocketIO\"]),\nlibrary(\"Surprise\", [])]"
        let findings = ImportRules.findings(in: Manifest(parsing: SwiftFile(path: "Package.swift", text: text)))
        #expect(findings.map(\.line) == [1, 2])
    }

    @Test("hold in every file of Sources")
    func sources() {
        let manifest = Repository.manifest
        for file in Repository.sources {
            expectNone(ImportRules.findings(in: file, declared: file.target.flatMap(manifest.dependencies(of:))))
        }
    }

    @Test("hold in Package.swift")
    func repositoryManifest() {
        expectNone(ImportRules.findings(in: Repository.manifest))
    }
}
