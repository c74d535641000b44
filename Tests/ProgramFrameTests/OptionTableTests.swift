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
    }

    private static let table = OptionTable<Settings>(
        program: "p", operands: { _ in "<a>" }, introduction: { _ in "Does it." },
        rows: [
            .value("-n", "--number", label: "N", help: { _ in "a number" }) { settings, value in
                guard let number = Int(decimal: value) else { return .takes { _ in "a number" } }
                settings.number = number
                return nil
            },
            .value("--word", label: "WORD", help: { _ in "a word" }) { settings, value in
                settings.word = value
                return value.isEmpty ? .because { _ in "it is empty" } : nil
            },
            .flag("--on", help: { _ in "on" }) { $0.isOn = true },
        ], closing: { _ in "That is all." })

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

              -n, --number N   a number
                  --word WORD  a word
                  --on         on
                  --version    print the version and leave
              -h, --help       print this and leave

            That is all.

            """
        #expect(Self.table.helpText(in: .english) == expected)
    }

    @Test("a number is decimal digits alone", arguments: ["", "+1", "-1", " 1", "1 ", "0x1", "٣", "65536", "1.0"])
    func numbers(text: String) {
        #expect(UInt16(decimal: text) == nil)
        #expect(UInt16(decimal: "0065535") == 65_535)
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
