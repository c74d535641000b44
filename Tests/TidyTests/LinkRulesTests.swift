import Testing

@Suite("links")
struct LinkRulesTests {
    private let paths: Set = ["README.md", "docs", "docs/guide.md", "docs/a b.md", "docs/f(x).md", "LICENSE"]

    private func findings(_ text: String, at path: String = "docs/guide.md") -> [Finding] {
        LinkRules.findings(in: TextFile(path: path, text: text), paths: paths)
    }

    @Test(
        "a link to a file that is not there is found",
        arguments: [
            "[a](missing.md)", "see [a](../README.txt) and [b](guide.md)", "![picture](picture.png)",
            "[a](missing.md#part)",
            "[a](<missing file.md>)", "[a]: missing.md", "[a](/docs/missing.md \"title\")", "[a](../../outside.md)",
            "[![a](missing.png)](https://example.org)",
        ])
    func findsMissing(text: String) {
        #expect(findings("first line\n" + text).map(\.line) == [2])
    }

    @Test(
        "a link that holds, leads elsewhere or stands in code passes",
        arguments: [
            "[a](guide.md)", "[a](../README.md#part)", "[a](/LICENSE)", "[a](a%20b.md)", "[a](<a b.md>)",
            "[a](f(x).md)",
            "[a](#part)", "[a](https://example.org/missing.md)", "[a](mailto:a@example.org)",
            "[a](./guide.md \"title\")",
            "`[a](missing.md)`", "```\n[a](missing.md)\n```", "    [a](missing.md)", "[a](../docs/)", "[a](..)",
        ])
    func passesOthers(text: String) {
        #expect(findings(text) == [])
    }

    @Test("hold in every Markdown file")
    func repository() {
        let paths = Set(Repository.paths)
        for file in Repository.writtenFiles where file.path.hasSuffix(".md") {
            expectNone(LinkRules.findings(in: file, paths: paths))
        }
    }
}
