package import Sentences

/// The options of a program: how its arguments are read, and what it answers to `--help`.
package struct OptionTable<Settings>: Sendable {
    /// What arguments come to.
    package enum Reading: Hashable, Sendable {
        /// The arguments that are no options, in their order.
        case operands([String])
        /// Something is asked instead; what comes after it was not looked at.
        case question(StandardQuestion)
    }

    /// All options, `--version` and `--help` at the end.
    package let rows: [OptionRow<Settings>]
    private let program: String
    private let operands: @Sendable (Language) -> String
    private let introduction: @Sendable (Language) -> String
    private let closing: @Sendable (Language) -> String

    /// - Parameters:
    ///   - program: its name.
    ///   - operands: what stands behind the name in the help's first line.
    ///   - introduction: what the program does. Lines of at most 80 columns, as in `closing`.
    ///   - rows: its own options.
    ///   - closing: what else there is to know.
    package init(
        program: String, operands: @escaping @Sendable (Language) -> String,
        introduction: @escaping @Sendable (Language) -> String, rows: [OptionRow<Settings>],
        closing: @escaping @Sendable (Language) -> String
    ) {
        self.program = program
        self.operands = operands
        self.introduction = introduction
        self.rows = rows + OptionRow.standard
        self.closing = closing
    }

    // MARK: Reading

    /// Reads the arguments, the program's name not among them. Total: any texts may be given.
    ///
    /// `--option value`, `--option=value`, `-p value` and `-pvalue` are understood, `--` ends the options, and the last of
    /// repeated options counts.
    ///
    /// - Throws: `ProgramFailure` with the status `usage`.
    package func read(_ arguments: [String], into settings: inout Settings) throws(ProgramFailure) -> Reading {
        var rest = arguments[...]
        var operands: [String] = []
        while let argument = rest.popFirst() {
            if argument == "--" { return .operands(operands + rest) }
            guard argument.hasPrefix("-"), argument != "-" else {
                operands.append(argument)
                continue
            }
            if let question = try apply(argument, following: &rest, to: &settings) { return .question(question) }
        }
        return .operands(operands)
    }

    /// Wrong usage, with the way to what is right.
    package func misuse(_ say: @escaping @Sendable (Language) -> String) -> ProgramFailure {
        let program = program
        return ProgramFailure(.usage) { $0.program.misuse(say($0), program: program) }
    }

    // MARK: The language

    static var languageOption: String { "--lang" }

    /// The language that arguments ask for, whatever else is right or wrong with them: what is to be said about them is
    /// said in it.
    ///
    /// - Returns: nil where they don't ask for a language that there is.
    package func language(in arguments: [String]) -> Language? {
        var rest = arguments[...]
        var language: Language?
        while let argument = rest.popFirst(), argument != "--" {
            guard argument.hasPrefix("-") else { continue }
            let (name, attached) = Self.split(argument)
            guard case .value? = rows.first(where: { $0.names.contains(name) })?.effect else { continue }
            let value = attached ?? rest.popFirst()
            if name == Self.languageOption { language = value.flatMap(Language.init(rawValue:)) ?? language }
        }
        return language
    }

    // MARK: Options

    /// Applies one option, and takes its value from `rest` where it needs one that is not attached.
    private func apply(
        _ argument: String, following rest: inout ArraySlice<String>, to settings: inout Settings
    ) throws(ProgramFailure) -> StandardQuestion? {
        let (name, attached) = Self.split(argument)
        guard let row = rows.first(where: { $0.names.contains(name) }) else {
            throw misuse { $0.program.noOption(name) }
        }
        switch row.effect {
        case .flag(let set):
            guard attached == nil else { throw misuse { $0.program.takesNoValue(name) } }
            set(&settings)
        case .value(let label, let take):
            guard let value = attached ?? rest.popFirst() else {
                throw misuse { $0.program.needsValue(name, label: label) }
            }
            switch take(&settings, value) {
            case nil: break
            case .expected(let what): throw misuse { $0.program.takes(name, what.text(in: $0), not: value) }
            case .reason(let reason): throw misuse { "\(name): \(reason.text(in: $0))" }
            }
        case .question(let question):
            guard attached == nil else { throw misuse { $0.program.takesNoValue(name) } }
            return question
        }
        return nil
    }

    private static func split(_ argument: String) -> (name: String, attached: String?) {
        guard argument.hasPrefix("--") else {
            return argument.count > 2 ? (String(argument.prefix(2)), String(argument.dropFirst(2))) : (argument, nil)
        }
        guard let sign = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }

    // MARK: Help

    /// The answer to `--help`, with its line end.
    package func helpText(in language: Language) -> String {
        let width = rows.map(\.usage.count).max() ?? 0
        let lines = rows.map { row in
            "  \(row.usage)\(String(repeating: " ", count: width - row.usage.count))  \(row.help(language))"
        }
        return """
            \(language.program.usage) \(program) \(operands(language))

            \(introduction(language))

            \(lines.joined(separator: "\n"))

            \(closing(language))

            """
    }
}
