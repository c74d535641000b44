import Testing

@Suite("sizes")
struct SizeRulesTests {
    private func function(lines: Int, declared head: String = "func long()") -> String {
        "\(head) {\n" + String(repeating: "    step()\n", count: lines - 2) + "}\n"
    }

    private func file(_ text: String) -> SwiftFile { SwiftFile(path: "Sources/A/B.swift", text: text) }

    @Test("a file of the most lines passes, one more is found")
    func fileLength() {
        let text = String(repeating: "\n", count: SizeRules.fileLines)
        #expect(SizeRules.findings(in: TextFile(path: "a", text: text)) == [])
        #expect(SizeRules.findings(in: TextFile(path: "a", text: text + "x")).count == 1)
    }

    @Test(
        "a function of the most lines passes, one more is found",
        arguments: [
            "func long()", "init()", "init?(_ a: Int)", "deinit", "subscript(_ a: Int) -> Int",
            "init<T>(_ t: T) where T: P",
            "mutating func long(_ a: [Int] = [], b: () -> Void = {}) async throws(E) -> [Int]",
            "static func == (a: A, b: A)",
        ])
    func functionLength(head: String) {
        let most = SizeRules.functionLines
        #expect(SizeRules.findings(in: file(function(lines: most, declared: head))) == [])
        #expect(SizeRules.findings(in: file(function(lines: most + 1, declared: head))).count == 1)
    }

    @Test("braces in strings and comments do not end a function, its own braces do")
    func braces() {
        let text = "func a() {\n  print(\"}\")  // }\n  if b { c() }\n  /* } */\n}\nfunc d() {}\n"
        #expect(SizeRules.functions(of: file(text)).map(\.lines) == [5, 1])
    }

    @Test("a requirement without a body does not take the next function's")
    func requirements() {
        let text = "protocol P {\n  func a() -> Int\n  init(b: Int)\n  var c: Int { get }\n}\n" + function(lines: 3)
        #expect(SizeRules.functions(of: file(text)).map(\.name) == ["long"])
    }

    @Test("a call of an initialiser is no function")
    func calls() {
        #expect(SizeRules.functions(of: file("self.init(a: 1)\nlet b = B.init(c)\n{ }()")).isEmpty)
    }

    @Test("hold for every file")
    func repositoryFiles() {
        let endings = [".swift", ".c", ".h"]
        for file in Repository.writtenFiles where endings.contains(where: { file.path.hasSuffix($0) }) {
            expectNone(SizeRules.findings(in: file))
        }
    }

    @Test("hold for every function")
    func repositoryFunctions() {
        for file in Repository.swiftFiles { expectNone(SizeRules.findings(in: file)) }
    }
}
