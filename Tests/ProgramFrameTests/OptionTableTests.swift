import Basics
import Sentences
import Testing

@testable import ProgramFrame

@Suite("arguments and help")
struct OptionTableTests {
    private struct Settings: Hashable {
        var number = 0
        var word = ""
        var isOn = false
        var path = ""
    }

    private static let table = OptionTable<Settings>(
        program: "p", operands: { _ in "<a>" }, introduction: { _ in "Does it." },
        rows: [
            .value("-n", "--number", label: "N", key: .number("number", 0), help: { _ in "a number" }, manual: "") {
                settings, value in
                guard let number = Int(decimal: value) else { return .takes { _ in "a number" } }
                settings.number = number
                return nil
            },
            .value("--word", label: "WORD", key: .text("word", ""), help: { _ in "a word" }, manual: "") {
                settings, value in
                settings.word = value
                return value.isEmpty ? .because { _ in "it is empty" } : nil
            },
            .flag("--on", key: .boolean("on", false), help: { _ in "on, or off" }, manual: "") { $0.isOn = $1 },
            .flag("--no-on", key: .boolean("on", false), given: false, help: nil, manual: "") { $0.isOn = $1 },
            .keyOnly(.path("path"), manual: "") { settings, value in
                settings.path = value
                return nil
            },
        ], closing: { _ in "That is all." },
        manual: ProgramManual(
            section: 1, summary: "", operands: [], description: [], environment: [], configuration: "p.json5",
            files: [],
            statuses: [], examples: [], seeAlso: ""))

    private func read(_ arguments: [String]) throws(ProgramFailure) -> (OptionTable<Settings>.Reading, Settings) {
        var settings = Settings()
        let reading = try Self.table.read(arguments, into: &settings)
        return (reading, settings)
    }

    private func fault(_ arguments: String...) -> String? {
        do throws(ProgramFailure) {
            _ = try read(arguments)
            return nil
        } catch {
            return error.status == .usage ? error.text(in: .english) : nil
        }
    }

    @Test(
        "a value may follow, be attached with an equals sign, or be attached to the short name",
        arguments: [["-n", "7"], ["-n7"], ["--number", "7"], ["--number=7"]])
    func spellings(_ spelling: [String]) throws {
        let (reading, settings) = try read(["a"] + spelling + ["b", "-"])
        #expect(settings == Settings(number: 7))
        #expect(reading == .operands(["a", "b", "-"]))
    }

    @Test("a value may hold an equals sign, and may begin with a dash")
    func valuesMayLookLikeOptions() throws {
        #expect(try read(["--word=a=b"]).1.word == "a=b")
        let (_, settings) = try read(["--word", "--on"])
        #expect(settings == Settings(word: "--on"))
    }

    @Test("the last of repeated options counts")
    func repetition() throws {
        #expect(try read(["-n1", "--number", "2"]).1.number == 2)
    }

    @Test("after two dashes nothing is an option")
    func dashesEndOptions() throws {
        let (reading, settings) = try read(["a", "--", "--on", "--"])
        #expect(reading == .operands(["a", "--on", "--"]))
        #expect(!settings.isOn)
    }

    @Test("help and version are answered wherever they stand, whatever comes after them")
    func questions() throws {
        #expect(try read(["a", "--on", "-h", "--nope"]).0 == .question(.help))
        #expect(try read(["--help"]).0 == .question(.help))
        #expect(try read(["--version"]).0 == .question(.version))
    }

    @Test("wrong options end with 64 and one sentence that says what is right")
    func faults() {
        #expect(fault("--nope") == "there is no option --nope; see p --help")
        #expect(fault("--\u{1b}[31m\n") == "there is no option --\\x1b[31m\\n; see p --help")
        #expect(fault("--on=yes") == "--on takes no value; see p --help")
        #expect(fault("--help=all") == "--help takes no value; see p --help")
        #expect(fault("-n") == "-n needs a value: N; see p --help")
        #expect(fault("-n", "\u{7}") == "-n takes a number, not '\\x07'; see p --help")
        #expect(fault("--word=") == "--word: it is empty; see p --help")
    }

    @Test("the help is the table, aligned, and ends with a line end")
    func help() {
        let expected = """
            usage: p <a>
            Does it.

              -n, --number N             a number
                  --word WORD            a word
                  --on, --no-on          on, or off
                  --version, -h, --help  print the version, or this, and leave

            That is all.

            """
        #expect(Self.table.helpText(in: .english) == expected)
    }

    @Test("a number is decimal digits alone", arguments: ["", "+1", "-1", " 1", "1 ", "0x1", "٣", "65536", "1.0"])
    func numbers(text: String) {
        #expect(UInt16(decimal: text) == nil)
        #expect(UInt16(decimal: "0065535") == 65_535)
    }

    private func configured(_ entries: [(String, ConfigurationValue)]) throws(ProgramFailure) -> Settings {
        var settings = Settings()
        let numbered = entries.enumerated().map { ConfigurationEntry(key: $1.0, value: $1.1, line: $0 + 2) }
        try Self.table.apply(ConfigurationContents(path: "etc/p.json5", entries: numbered), to: &settings)
        return settings
    }

    private func fault(_ key: String, _ value: ConfigurationValue) -> String? {
        do throws(ProgramFailure) {
            _ = try configured([(key, value)])
            return nil
        } catch {
            return error.status == .configuration ? error.text(in: .english) : nil
        }
    }

    @Test("keys of a configuration do what options do; null says nothing")
    func keys() throws {
        let settings = try configured([
            ("word", .text("w")), ("number", .number(7)), ("on", .boolean(true)), ("path", .text("x/y")),
        ])
        #expect(settings == Settings(number: 7, word: "w", isOn: true, path: "etc/x/y"))
        #expect(try configured([("number", .null), ("on", .boolean(false))]) == Settings())
        #expect(try configured([("path", .text("/x"))]).path == "/x")
        #expect(try configured([("path", .text(":memory:"))]).path == ":memory:")
    }

    @Test("row 47: a wrong key, type or value is named with file, line and key")
    func wrongKeys() {
        #expect(fault("numbre", .number(1)) == "etc/p.json5:2: there is no key numbre; did you mean number?")
        #expect(fault("password", .text("x")) == "etc/p.json5:2: there is no key password")
        #expect(fault("help", .boolean(true)) == "etc/p.json5:2: there is no key help")
        #expect(fault("\u{1b}", .null) == "etc/p.json5:2: there is no key \\x1b")
        #expect(fault("number", .text("1")) == "etc/p.json5:2: number takes a whole number")
        #expect(fault("number", .other) == "etc/p.json5:2: number takes a whole number")
        #expect(fault("number", .number(-1)) == "etc/p.json5:2: number takes a number, not '-1'")
        #expect(fault("word", .number(1)) == "etc/p.json5:2: word takes a text in quotes")
        #expect(fault("word", .text("")) == "etc/p.json5:2: word: it is empty")
        #expect(fault("on", .number(1)) == "etc/p.json5:2: on takes true or false")
        #expect(fault("path", .boolean(true)) == "etc/p.json5:2: path takes a path in quotes")
    }

    @Test("random arguments never trap", arguments: [UInt64(1), 2, 3])
    func anyArguments(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let words = ["-n", "--word", "--", "-", "=", "--on=", "\u{301}", "8080", "--on", "a", "", "-x=", "-n="]
        for _ in 0..<500 {
            let arguments = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
                (words.randomElement(using: &random) ?? "") + (words.randomElement(using: &random) ?? "")
            }
            _ = try? read(arguments)
        }
    }
}
