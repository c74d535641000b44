import Testing

@Suite("sentences")
struct SentenceRulesTests {
    private func findings(_ line: String, in target: String = "ServerRuntime") -> [Finding] {
        SentenceRules.findings(in: SwiftFile(path: "Sources/\(target)/A.swift", text: line))
    }

    @Test(
        "one outside of the catalogue is found",
        arguments: [
            #"throw Failure("the port is taken")"#, #"say("\(name) has left us, sadly")"#,
            #"let a = "x", b = "One of them.""#,
        ])
    func found(line: String) {
        #expect(findings(line).count == 1)
    }

    @Test(
        "words, examples, comments and what nobody reads pass",
        arguments: [
            #"let a = "two words""#, #"let a = ":pm bob are you there?""#, #"// the word "is not for code""#,
            #"CloseReason(code: 1, text: "too many requests at once")"#, #"let a = "<user> [reason] and more""#,
            #"let a = "\(a) \(b) \(c)""#, #"let a = """#,
        ])
    func passing(line: String) {
        #expect(findings(line) == [])
    }

    @Test("what speaks to nobody is not looked at")
    func elsewhere() {
        #expect(findings(#"let a = "the words are for us""#, in: "Bench") == [])
    }

    @Test("stand in the catalogue alone")
    func sources() {
        for file in Repository.sources { expectNone(SentenceRules.findings(in: file)) }
    }
}
