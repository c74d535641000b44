package import Sentences

/// What a subcommand works with.
package struct SubcommandCall<Settings> {
    /// The arguments that are no options, without the subcommand's name: as many as its row wants.
    package let operands: [String]
    /// What arguments and configuration say together.
    package let settings: Settings
    package let environment: Environment
    package let language: Language
    /// What answers and complains, in that language.
    package let voice: ProgramVoice

    package init(
        operands: [String], settings: Settings, environment: Environment, language: Language, voice: ProgramVoice
    ) {
        self.operands = operands
        self.settings = settings
        self.environment = environment
        self.language = language
        self.voice = voice
    }
}

/// Something that a program does instead of its usual work: a row of the table from which arguments are read, and from
/// which `--help`, the manual page and the shells' completions are written.
///
/// A subcommand is the first argument that is no option. It wins over an address of the same name, which can be written
/// as `./name`.
package struct Subcommand<Settings>: Sendable {
    /// Does the work.
    ///
    /// - Throws: `ProgramFailure`, which is reported.
    package typealias Handler = @Sendable (SubcommandCall<Settings>) throws(ProgramFailure) -> ExitStatus

    package let name: String
    /// What stands for its arguments, as `FILE`; empty where it takes none.
    let operands: String
    /// How many arguments it takes.
    let operandCounts: ClosedRange<Int>
    /// What a shell offers as an argument.
    let completion: OptionCompletion
    /// The options of the program's table that count here, by one of their names. `--config`, `--lang` and the questions
    /// always do; any other is answered with wrong usage.
    let options: [String]
    /// What it does: words that can stand alone in one line.
    let help: @Sendable (Language) -> String
    /// Sentences for the manual page.
    let manual: String
    /// Does the work.
    package let run: Handler

    /// - Parameters:
    ///   - operands: what stands for its arguments; empty where it takes none.
    ///   - counts: how many arguments it takes.
    ///   - options: names of options of the program's table that count here.
    ///   - help: what it does, in words that can stand alone in one line.
    ///   - manual: sentences for the manual page.
    package init(
        _ name: String, operands: String, counts: ClosedRange<Int>, completion: OptionCompletion = .nothing,
        options: [String], help: @escaping @Sendable (Language) -> String, manual: String, run: @escaping Handler
    ) {
        self.name = name
        self.operands = operands
        operandCounts = counts
        self.completion = completion
        self.options = options
        self.help = help
        self.manual = manual
        self.run = run
    }

    /// `backup FILE`
    var usage: String { operands.isEmpty ? name : "\(name) \(operands)" }

    /// Options that every subcommand knows, if the program has them.
    private static var always: [String] { ["--config", "--lang", "--generate", "--version", "--help"] }

    func takes(_ row: OptionRow<Settings>) -> Bool {
        !row.names.filter { options.contains($0) || Self.always.contains($0) }.isEmpty
    }
}

/// Subcommands among the arguments.
extension OptionTable {
    /// The subcommand that is called so.
    package func subcommand(named name: String) -> Subcommand<Settings>? { subcommands.first { $0.name == name } }

    /// The subcommand that arguments begin with, whatever else is right or wrong with them.
    package func subcommand(in arguments: [String]) -> Subcommand<Settings>? {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return rest.first.flatMap(subcommand(named:)) }
            guard argument.hasPrefix("-"), argument != "-" else { return subcommand(named: argument) }
            let (name, attached) = Self.split(argument)
            guard attached == nil, rows.first(where: { $0.names.contains(name) })?.label != nil else { continue }
            _ = rest.popFirst()
        }
        return nil
    }

    /// What the arguments come to that are no options.
    ///
    /// - Parameter given: the options before and behind them.
    func reading(of operands: [String], given: [OptionRow<Settings>]) throws(ProgramFailure) -> Reading {
        guard let first = operands.first else { return .operands([]) }
        guard let subcommand = subcommand(named: first) else {
            // What looks like a path is an address that is called as a subcommand is.
            let isQuoted = first.hasPrefix("./") && self.subcommand(named: String(first.dropFirst(2))) != nil
            return .operands(isQuoted ? [String(first.dropFirst(2))] + operands.dropFirst() : operands)
        }
        if let row = given.first(where: { !subcommand.takes($0) }) {
            let option = row.names.last ?? ""
            throw misuse(of: subcommand) { $0.program.takesNoOption(subcommand.name, option) }
        }
        guard subcommand.operandCounts.contains(operands.count - 1) else {
            throw misuse(of: subcommand) { $0.program.takesOperands(subcommand.name, subcommand.operands) }
        }
        return .subcommand(first, operands: Array(operands.dropFirst()))
    }

    /// Wrong usage of a subcommand, with the way to what is right.
    package func misuse(
        of subcommand: Subcommand<Settings>, _ say: @escaping @Sendable (Language) -> String
    ) -> ProgramFailure {
        let words = "\(program) \(subcommand.name)"
        return ProgramFailure(.usage) { $0.program.misuse(say($0), program: words) }
    }

    /// The line of the help that names the subcommands; none where there are none.
    func subcommandLine(in language: Language) -> [String] {
        guard !subcommands.isEmpty else { return [] }
        let names = subcommands.map(\.name).joined(separator: "|")
        let begin = language.program.usage
        let word = language.program.or
        let indent = String(repeating: " ", count: max(begin.count - word.count, 0))
        return ["\(indent)\(word) \(program) \(names) [--help]"]
    }

    /// The answer to `--help` behind a subcommand, with its line end.
    func helpText(of subcommand: Subcommand<Settings>, in language: Language) -> String {
        let help = subcommand.help(language)
        return """
            \(language.program.usage) \(program) \(subcommand.usage)
            \(help.prefix(1).uppercased())\(help.dropFirst()).

            \(optionLines(in: language) { subcommand.takes($0) }.joined(separator: "\n"))

            """
    }
}
