import Testing

@Suite("banned code")
struct CallRulesTests {
    private func file(_ text: String, at path: String = "Sources/Transport/File.swift") -> SwiftFile {
        SwiftFile(path: path, text: text)
    }

    @Test(
        "what stops the program is found",
        arguments: [
            "let a = try! b()", "let a = b as! C", "fatalError()", "default: preconditionFailure(\"no\")",
            "unowned(unsafe) let a: B", "f(\"\\(try! b())\")",
        ])
    func findsTraps(text: String) {
        #expect(CallRules.traps(in: file(text)).count == 1)
    }

    @Test(
        "what only resembles it passes",
        arguments: [
            "let a = try? b()", "let a = try !b", "let a = b as? C", "// fatalError()", "log(\"fatalError\")",
            "unowned let a: B", "precondition(a)", "retry!=as",
        ])
    func passesOthers(text: String) {
        #expect(CallRules.traps(in: file(text)) == [])
    }

    @Test(
        "a force unwrap is found wherever it stands",
        arguments: [
            "a!", "a!.b", "a()!", "a[0]!", "a?.b!", "{ a }()!", "\"1\"!", "a! + b", "f(a!)", "a![0] = 1", "let a: Int!",
            "let a: Array<Int>!", "`in`!", "\"\\(a!)\"", "a! = 1", "ü!",
        ])
    func findsUnwraps(text: String) {
        #expect(CallRules.forceUnwraps(in: file(text)).count == 1)
    }

    @Test(
        "negation and comparison are no force unwraps, nor what has its own rule",
        arguments: [
            "!a", "a != b", "a!=b", "a !== b", "(!a)", "[!a]", "a && !b", "#if !os(Linux)", "// a!", "\"a!\"",
            "try! a()", "a as! B", "let a = #\"b!\"#", "return !a", "where !a",
        ])
    func passesOtherMarks(text: String) {
        #expect(CallRules.forceUnwraps(in: file(text)) == [])
    }

    @Test(
        "a test that sleeps is found",
        arguments: [
            "sleep(1)", "usleep(5)", "try await Task.sleep(for: .seconds(1))", "Thread.sleep(forTimeInterval: 1)",
            "clock.sleep (until: x)", "nanosleep(a, b)",
        ])
    func findsSleeps(text: String) {
        #expect(CallRules.sleeps(in: file(text)).count == 1)
    }

    @Test(
        "a sleep in a comment, in a literal and in a name passes",
        arguments: ["// sleep(1)", "\"sleep(1)\"", "sleeper(1)", "sleep = 1"])
    func passesOtherSleeps(text: String) {
        #expect(CallRules.sleeps(in: file(text)) == [])
    }

    @Test(
        "unsafe code is found outside of its places",
        arguments: ["unsafe a.b()", "@unsafe func a() {}", "nonisolated(unsafe) var a = 1", "for unsafe a in b {}"])
    func findsUnsafe(text: String) {
        #expect(CallRules.unsafeCode(in: file(text)).count == 1)
        #expect(CallRules.unsafeCode(in: file(text, at: "Sources/ClientRuntime/ClientLoop.swift")).count == 1)
        #expect(CallRules.unsafeCode(in: file(text, at: "Sources/SocketIO/UDPSocket.swift")) == [])
        #expect(CallRules.unsafeCode(in: file(text, at: "Sources/LineEditing/LineEditor+Print.swift")) == [])
    }

    @Test("a name that only contains the word passes", arguments: ["unsafely()", "@safe struct A {}", "// unsafe"])
    func passesOtherNames(text: String) {
        #expect(CallRules.unsafeCode(in: file(text)) == [])
    }

    @Test("nothing in Sources stops the program")
    func repositoryTraps() {
        for file in Repository.sources { expectNone(CallRules.traps(in: file)) }
    }

    @Test("nothing in Sources unwraps by force")
    func repositoryUnwraps() {
        for file in Repository.sources { expectNone(CallRules.forceUnwraps(in: file)) }
    }

    @Test("no test sleeps")
    func repositorySleeps() {
        for file in Repository.tests { expectNone(CallRules.sleeps(in: file)) }
    }

    @Test("unsafe code stays in its places")
    func repositoryUnsafe() {
        for file in Repository.sources { expectNone(CallRules.unsafeCode(in: file)) }
    }
}
