import Sentences
import Testing

@testable import ProgramFrame

@Suite("documents from the table of options")
struct OptionDocumentTests {
    private struct Settings {}

    private static let manual = ProgramManual(
        section: 1, summary: "does it", operands: [.init("<a>", "What.")], description: [".First of all, it's -a- \\."],
        environment: [], configuration: "p.json5", files: [], statuses: [.init("0", "Fine.")],
        examples: [.init("p -x 'a'", "So:")], seeAlso: "q(1)")

    private static let table = OptionTable<Settings>(
        program: "p-q", operands: { _ in "<a>" }, introduction: { _ in "Does it." },
        rows: [
            .value(
                "-n", "--number", label: "N", key: .number("number", 3), help: { _ in "a [number]: it's" },
                manual: "The number."
            ) { _, _ in nil },
            .value(
                "--style", label: "STYLE", key: .text("style", "long"), completion: .words(["long", "off"]),
                help: { _ in "how" },
                manual: "How."
            ) { _, _ in nil },
            .value("--file", label: "FILE", key: .path("file"), completion: .file, help: { _ in "it" }, manual: "It.") {
                _, _ in
                nil
            },
            .flag("--on", key: .boolean("on", nil), help: { _ in "on, or off" }, manual: "On.") { _, _ in },
            .flag("--no-on", key: .boolean("on", nil), given: false, help: nil, manual: "Off: not on.") { _, _ in },
            .keyOnly(.text("place", nil), manual: "Where.") { _, _ in nil },
        ],
        subcommands: [
            Subcommand(
                "fetch", operands: "FILE", counts: 1...1, completion: .file, options: ["--number"],
                help: { _ in "fetch it's file" }, manual: "Fetch the file.", run: { _ in .fine }),
            Subcommand(
                "rest", operands: "", counts: 0...0, options: [], help: { _ in "rest" }, manual: "Rest.",
                run: { _ in .fine }),
        ], closing: { _ in "That is all." }, manual: manual)

    @Test("nothing of a text is a command to the formatter of manual pages")
    func manualPage() {
        let page = Self.table.manualPage
        #expect(page.hasPrefix(".TH \"P\\-Q\" \"1\" "))
        #expect(page.contains("\n\\&.First of all, it\\(aqs \\-a\\- \\e.\n"))
        #expect(
            page.contains(".TP\n\\fB\\-n\\fR, \\fB\\-\\-number\\fR \\fIN\\fR\nThe number. Key: number, default 3.\n"))
        #expect(page.contains("How. One of: long, off. Key: style, default \"long\".\n"))
        #expect(page.contains(".TP\n\\fBplace\\fR\nWhere.\n"))
        #expect(page.contains(".br\n.B p\\-q fetch\nFILE\n.br\n.B p\\-q rest\n.SH"))
        #expect(page.contains(".TP\n\\fBfetch FILE\\fR\nFetch the file. Options: \\-\\-number.\n"))
        #expect(page.contains(".TP\n\\fBrest\\fR\nRest.\n"))
        #expect(page.contains("\\fBp \\-x \\(aqa\\(aq\\fR\n"))
        let macros: Set = ["TH", "SH", "PP", "TP", "B", "in", "nf", "fi", "br"]
        for line in page.split(separator: "\n") where line.hasPrefix(".") {
            #expect(macros.contains(String(line.dropFirst().prefix { $0.isLetter })), "\(line)")
        }
    }

    @Test("the completions offer options and what is known of their values")
    func completions() {
        let table = Self.table
        #expect(table.bashCompletion.contains("-n|--number) :; return ;;"))
        #expect(table.bashCompletion.contains("compgen -W 'long off' -- \"$current\""))
        #expect(table.bashCompletion.contains("complete -F _p_q p-q\n"))
        #expect(table.zshCompletion.hasPrefix("#compdef p-q\n"))
        #expect(table.zshCompletion.contains("'(-n --number)'{-n+,--number=}'[a \\[number\\]\\: it'\\''s]:N: '"))
        #expect(table.zshCompletion.contains("'--style=[how]:STYLE:(long off)'"))
        #expect(table.zshCompletion.contains("'--no-on[off]'"))
        #expect(table.fishCompletion.contains("complete -c p-q -s n -l number -x -d 'a [number]: it\\'s'\n"))
        #expect(table.fishCompletion.contains("complete -c p-q -l file -r -F -d 'it'\n"))
    }

    @Test("the completions offer subcommands as the first word, and behind them what they take")
    func subcommandCompletions() {
        let table = Self.table
        let bash = table.bashCompletion
        #expect(bash.contains("compgen -W 'fetch rest' -- \"$current\""))
        #expect(bash.contains("compgen -W '-n --number --generate --version -h --help' -- \"$current\""))
        #expect(table.zshCompletion.contains("subcommand:(fetch rest)'"))
        #expect(table.fishCompletion.contains("-n __fish_use_subcommand -a fetch -d 'fetch it\\'s file'\n"))
        #expect(table.fishCompletion.contains("-n '__fish_seen_subcommand_from fetch' -F\n"))
    }

    @Test("the configuration file has each key once, with its default and what it is about")
    func configuration() {
        let file = Self.table.configurationFile
        #expect(file.contains("  // The number. (-n, --number N)\n  number: 3,\n\n"))
        #expect(file.contains("  // How. One of: long, off. (--style STYLE)\n  style: \"long\",\n"))
        #expect(file.contains("  // On. Off: not on. (--on; --no-on)\n  on: null,\n"))
        #expect(file.hasSuffix("  // Where.\n  place: null,\n}\n"))
    }

    @Test("a document is asked for by its name")
    func asking() throws {
        var settings = Settings()
        #expect(try Self.table.read(["--generate", "man"], into: &settings) == .question(.document(.man)))
        let failure = #expect(throws: ProgramFailure.self) {
            try Self.table.read(["--generate=html"], into: &settings)
        }
        #expect(failure?.text(in: .english) == "--generate takes man|bash|zsh|fish|config, not 'html'; see p-q --help")
    }
}
