import Sentences
import Testing

@testable import ProgramFrame

@Suite("subcommands")
struct SubcommandTests {
    private struct Settings: Hashable {
        var number = 0
        var isOn = false
    }

    private static let table = OptionTable<Settings>(
        program: "p", operands: { _ in "<a>" }, introduction: { _ in "Does it." },
        rows: [
            .value("-n", "--number", label: "N", key: nil, help: { _ in "a number" }, manual: "") { settings, value in
                settings.number = Int(value) ?? 0
                return nil
            },
            .flag("--on", key: nil, help: { _ in "on" }, manual: "") { $0.isOn = $1 },
        ],
        subcommands: [
            Subcommand(
                "fetch", operands: "FILE [DIR]", counts: 1...2, options: ["--number"], help: { _ in "fetch a file" },
                manual: "", run: { call in call.settings.number == 7 ? .fine : .file }),
            Subcommand("rest", operands: "", counts: 0...0, options: [], help: { _ in "rest" }, manual: "") {
                _ in .fine
            },
        ], closing: { _ in "That is all." },
        manual: ProgramManual(
            section: 1, summary: "", operands: [], description: [], environment: [], configuration: "p.json5",
            files: [], statuses: [], examples: [], seeAlso: ""))

    private func read(_ arguments: String...) throws(ProgramFailure) -> OptionTable<Settings>.Reading {
        var settings = Settings()
        return try Self.table.read(arguments, into: &settings)
    }

    private func fault(_ arguments: String...) -> String? {
        var settings = Settings()
        do throws(ProgramFailure) {
            _ = try Self.table.read(arguments, into: &settings)
            return nil
        } catch {
            return error.status == .usage ? error.text(in: .english) : nil
        }
    }

    @Test("the first argument that is no option is one, and wins over an address of that name")
    func first() throws {
        #expect(try read("fetch", "a") == .subcommand("fetch", operands: ["a"]))
        #expect(try read("-n", "7", "fetch", "a", "b") == .subcommand("fetch", operands: ["a", "b"]))
        #expect(try read("fetch", "-n7", "rest") == .subcommand("fetch", operands: ["rest"]))
        #expect(try read("--", "rest") == .subcommand("rest", operands: []))
        #expect(try read("a", "rest") == .operands(["a", "rest"]))
        #expect(try read("-n", "rest") == .operands([]))
    }

    @Test("a host that is called as a subcommand is, is written as a path")
    func quoted() throws {
        #expect(try read("./rest", "./rest") == .operands(["rest", "./rest"]))
        #expect(try read("./a") == .operands(["./a"]))
    }

    @Test("bad use is one line that names the subcommand's own help")
    func faults() {
        #expect(fault("fetch") == "fetch takes these arguments: FILE [DIR]; see p fetch --help")
        #expect(fault("fetch", "a", "b", "c") == "fetch takes these arguments: FILE [DIR]; see p fetch --help")
        #expect(fault("rest", "a") == "rest takes no arguments; see p rest --help")
        #expect(fault("--on", "fetch", "a") == "fetch has no use for --on; see p fetch --help")
        #expect(fault("fetch", "a", "--nope") == "there is no option --nope; see p --help")
    }

    @Test("it is found whatever else is wrong with the arguments")
    func finding() {
        func name(_ arguments: String...) -> String? { Self.table.subcommand(in: arguments)?.name }
        #expect(name("-n", "fetch", "--nope", "rest", "x") == "rest")
        #expect(name("--number=1", "fetch") == "fetch" && name("--", "fetch") == "fetch")
        #expect(name("a", "fetch") == nil && name() == nil && name("--") == nil && name("-n") == nil)
    }

    @Test("the help names all of them, and each has a help of its own with the options that count")
    func help() throws {
        #expect(Self.table.helpText(in: .english).hasPrefix("usage: p <a>\n   or: p fetch|rest [--help]\nDoes it.\n"))
        #expect(try read("fetch", "--help") == .question(.subcommandHelp("fetch")))
        #expect(try read("--help", "fetch") == .question(.help))
        let expected = """
            usage: p fetch FILE [DIR]
            Fetch a file.

              -n, --number N             a number
                  --version, -h, --help  print the version, or this, and leave

            """
        #expect(Self.table.answer(to: .subcommandHelp("fetch"), in: .english) == expected)
    }
}
