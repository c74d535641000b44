import Basics
package import Sentences
import TextSafety

/// The options of a program: how its arguments and configuration files are read, and what it answers to `--help`.
package struct OptionTable<Settings>: Sendable {
    /// What arguments come to.
    package enum Reading: Hashable, Sendable {
        /// The arguments that are no options, in their order.
        case operands([String])
        /// A subcommand by its name, and as many arguments as it takes.
        case subcommand(String, operands: [String])
        /// Something is asked instead; what comes after it was not looked at.
        case question(StandardQuestion)
    }

    /// All options and keys, `--version` and `--help` at the end.
    package let rows: [OptionRow<Settings>]
    /// What the program does instead of its usual work, where the first argument says so.
    package let subcommands: [Subcommand<Settings>]
    let program: String
    let operands: @Sendable (Language) -> String
    private let introduction: @Sendable (Language) -> String
    private let closing: @Sendable (Language) -> String
    /// What the manual page has besides the options.
    let manual: ProgramManual

    /// - Parameters:
    ///   - program: its name.
    ///   - operands: what stands behind the name in the help's first line.
    ///   - introduction: what the program does. Lines of at most 80 columns, as in `closing`.
    ///   - rows: its own options.
    ///   - subcommands: what it does instead of its usual work.
    ///   - closing: what else there is to know.
    package init(
        program: String, operands: @escaping @Sendable (Language) -> String,
        introduction: @escaping @Sendable (Language) -> String, rows: [OptionRow<Settings>],
        subcommands: [Subcommand<Settings>] = [], closing: @escaping @Sendable (Language) -> String,
        manual: ProgramManual
    ) {
        self.program = program
        self.operands = operands
        self.introduction = introduction
        self.rows = rows + OptionRow.standard
        self.subcommands = subcommands
        self.closing = closing
        self.manual = manual
    }

    // MARK: Arguments

    /// Reads the arguments, the program's name not among them. Total: any texts may be given.
    ///
    /// `--option value`, `--option=value`, `-p value` and `-pvalue` are understood, `--` ends the options, and the last of
    /// repeated options counts.
    ///
    /// - Throws: `ProgramFailure` with the status `usage`.
    package func read(_ arguments: [String], into settings: inout Settings) throws(ProgramFailure) -> Reading {
        var rest = arguments[...]
        var operands: [String] = []
        var given: [OptionRow<Settings>] = []
        while let argument = rest.popFirst() {
            if argument == "--" { return try reading(of: operands + rest, given: given) }
            guard argument.hasPrefix("-"), argument != "-" else {
                operands.append(argument)
                continue
            }
            let row = try row(of: argument)
            given.append(row)
            guard let question = try apply(row, argument, following: &rest, to: &settings) else { continue }
            let subcommand = operands.first.flatMap(subcommand(named:))
            return .question(question == .help ? subcommand.map { .subcommandHelp($0.name) } ?? .help : question)
        }
        return try reading(of: operands, given: given)
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
            guard rows.first(where: { $0.names.contains(name) })?.label != nil else { continue }
            let value = attached ?? rest.popFirst()
            if name == Self.languageOption { language = value.flatMap(Language.init(rawValue:)) ?? language }
        }
        return language
    }

    // MARK: Options

    private func row(of argument: String) throws(ProgramFailure) -> OptionRow<Settings> {
        let (name, _) = Self.split(argument)
        guard let row = rows.first(where: { $0.names.contains(name) }) else {
            throw misuse { $0.program.noOption(name) }
        }
        return row
    }

    /// Applies one option, and takes its value from `rest` where it needs one that is not attached.
    private func apply(
        _ row: OptionRow<Settings>, _ argument: String, following rest: inout ArraySlice<String>,
        to settings: inout Settings
    ) throws(ProgramFailure) -> StandardQuestion? {
        let (name, attached) = Self.split(argument)
        switch row.effect {
        case .flag(let given, let set):
            guard attached == nil else { throw misuse { $0.program.takesNoValue(name) } }
            set(&settings, given)
        case .value(let label, let take):
            guard let value = attached ?? rest.popFirst() else {
                throw misuse { $0.program.needsValue(name, label: label) }
            }
            if let fault = take(&settings, value) { throw misuse { fault.text(in: $0, name: name, value: value) } }
        case .question(let question):
            guard attached == nil else { throw misuse { $0.program.takesNoValue(name) } }
            return question
        case .document(let label):
            guard let value = attached ?? rest.popFirst() else {
                throw misuse { $0.program.needsValue(name, label: label) }
            }
            guard let document = ProgramDocument(rawValue: value) else {
                let known = ProgramDocument.allCases.map(\.rawValue).joined(separator: "|")
                throw misuse { $0.program.takes(name, known, not: value) }
            }
            return .document(document)
        }
        return nil
    }

    static func split(_ argument: String) -> (name: String, attached: String?) {
        guard argument.hasPrefix("--") else {
            return argument.count > 2 ? (String(argument.prefix(2)), String(argument.dropFirst(2))) : (argument, nil)
        }
        guard let sign = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }

    // MARK: Configuration files

    /// Takes what a configuration file says. Total: any entries may be given.
    ///
    /// - Throws: `ProgramFailure` with the status `configuration`, which names file, line and key.
    package func apply(_ contents: ConfigurationContents, to settings: inout Settings) throws(ProgramFailure) {
        for entry in contents.entries {
            guard let fault = apply(entry, in: contents.folder, to: &settings) else { continue }
            let place = "\(VisibleText.forLog(contents.path)):\(entry.line)"
            throw ProgramFailure(.configuration) { "\(place): \(fault.text(in: $0))" }
        }
    }

    /// - Returns: what is wrong, the key named in it; nil when nothing is.
    private func apply(_ entry: ConfigurationEntry, in folder: String, to settings: inout Settings) -> Phrase? {
        let shown = VisibleText.forLog(entry.key)
        guard let row = rows.first(where: { $0.key?.name == entry.key }), let key = row.key else {
            let near = NearestWord.of(entry.key, among: keys.map(\.name))
            return Phrase { $0.setup.noKey(entry.key, near: near) }
        }
        guard entry.value != .null else { return nil }
        let wrongKind = Phrase { $0.setup.takes(shown, key.kind.expected(in: $0)) }
        switch row.effect {
        case .flag(_, let set):
            guard case .boolean(let isOn) = entry.value else { return wrongKind }
            set(&settings, isOn)
            return nil
        case .value(_, let take):
            guard let text = key.text(of: entry.value, in: folder) else { return wrongKind }
            guard let fault = take(&settings, text) else { return nil }
            return Phrase { fault.text(in: $0, name: shown, value: text) }
        case .question, .document: return Phrase { $0.setup.noKey(entry.key, near: nil) }
        }
    }

    /// All keys of a configuration file, each once, in the order of the table.
    package var keys: [ConfigurationKey] {
        var names: Set<String> = []
        return rows.compactMap(\.key).filter { names.insert($0.name).inserted }
    }

    // MARK: Help

    /// The answer to `--help`, with its line end. It fits one screen; the manual page says the rest.
    package func helpText(in language: Language) -> String {
        let usage = ["\(language.program.usage) \(program) \(operands(language))"] + subcommandLine(in: language)
        return """
            \(usage.joined(separator: "\n"))
            \(introduction(language))

            \(optionLines(in: language).joined(separator: "\n"))

            \(closing(language))

            """
    }

    /// The table of options, as the help shows it.
    ///
    /// - Parameter isWanted: which rows to show, of those that the help shows at all.
    func optionLines(
        in language: Language, where isWanted: (OptionRow<Settings>) -> Bool = { _ in true }
    ) -> [String] {
        var lines: [(usage: String, help: String)] = []
        for row in rows where row.isInHelp && isWanted(row) {
            if let help = row.help {
                let indent = row.names.first?.hasPrefix("--") == true ? "    " : ""
                lines.append((indent + row.usage, help(language)))
            } else if let last = lines.popLast() {
                lines.append(("\(last.usage), \(row.usage)", last.help))
            }
        }
        let width = lines.map(\.usage.count).max() ?? 0
        return lines.map { line in
            "  \(line.usage)\(String(repeating: " ", count: width - line.usage.count))  \(line.help)"
        }
    }

    /// What answers a question about the program.
    package func answer(to question: StandardQuestion, in language: Language) -> String {
        switch question {
        case .help: helpText(in: language)
        case .subcommandHelp(let name):
            subcommand(named: name).map { helpText(of: $0, in: language) } ?? helpText(in: language)
        case .version: "\(program) \(ProgramVersion.text)\n"
        case .document(.man): manualPage
        case .document(.bash): bashCompletion
        case .document(.zsh): zshCompletion
        case .document(.fish): fishCompletion
        case .document(.config): configurationFile
        }
    }
}

extension OptionFault {
    /// What is wrong with a value, the option or key named.
    fileprivate func text(in language: Language, name: String, value: String) -> String {
        switch self {
        case .expected(let what): language.program.takes(name, what.text(in: language), not: value)
        case .reason(let reason): "\(name): \(reason.text(in: language))"
        }
    }
}
