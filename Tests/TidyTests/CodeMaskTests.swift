import Testing

@Suite("what counts as code")
struct CodeMaskTests {
    private func code(_ text: String) -> String {
        String(decoding: CodeMask.code(of: text), as: UTF8.self)
    }

    @Test(
        "comments and literals are blanked, code stays",
        arguments: [
            ("let a = 1 // b!", "let a = 1      "),
            ("a /* b /* c */ d */ e", "a                   e"),
            (#"f("x!", y)"#, #"f("  ", y)"#),
            (#"f("a\"b", y)"#, #"f("    ", y)"#),
            (#""a\(b + "c")d""#, #""  (b + " ") ""#),
            (##"#"a"b"# + c"##, ##"#"   "# + c"##),
            (##"#"a\#(b)"# + c"##, ##"#"   (b)"# + c"##),
            ("\"\"\"\na \"b\" c\n\"\"\" + d", "\"\"\"\n       \n\"\"\" + d"),
            ("let r = /a\"b/; c", "let r = /   /; c"),
            ("let q = a / b / c", "let q = a / b / c"),
            ("x(#/a\"b/#) + c", "x(#/   /#) + c"),
            ("\"open\nnext", "\"    \nnext"),
        ])
    func blanks(text: String, expected: String) {
        #expect(code(text) == expected)
    }

    @Test("the result is as long as the text and keeps its lines, beyond ASCII as well")
    func keepsPlaces() {
        let text = "// é\nlet name = \"ü\\(x)ö\"\n/* 漢\n字 */ let y"
        let masked = CodeMask.code(of: text)
        #expect(masked.count == text.utf8.count)
        #expect(masked.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count == 4)
    }

    @Test("words are identifiers and keywords, not numbers and not what stands in comments")
    func words() {
        let file = SwiftFile(path: "Sources/A/B.swift", text: "let a1 = 0x40 + b // c\n\"d\"")
        #expect(file.words.map(\.text) == ["let", "a1", "b"])
        #expect(file.target == "A")
        #expect(file.line(of: file.bytes.count) == 2)
    }
}
