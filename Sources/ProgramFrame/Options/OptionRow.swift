package import Sentences

/// What every program is asked instead of doing its work.
package enum StandardQuestion: Hashable, Sendable {
    case help
    /// What one subcommand does and takes, by its name.
    case subcommandHelp(String)
    case version
    case document(ProgramDocument)
}

/// What a program can write about itself, from its table of options.
package enum ProgramDocument: String, Hashable, Sendable, CaseIterable {
    /// The manual page, for man(1).
    case man
    /// What completes its arguments in bash(1).
    case bash
    /// Likewise in zsh(1).
    case zsh
    /// Likewise in fish(1).
    case fish
    /// A configuration file with every key at its default.
    case config
}

/// What is wrong with the value of an option.
package enum OptionFault: Hashable, Sendable {
    /// What the option takes, to follow after "takes": `a number of 0 to 65535`.
    case expected(Phrase)
    /// A reason of its own, in words that can stand behind a colon.
    case reason(Phrase)

    /// What the option takes.
    package static func takes(_ say: @escaping @Sendable (Language) -> String) -> OptionFault { .expected(Phrase(say)) }

    /// A reason of its own.
    package static func because(_ say: @escaping @Sendable (Language) -> String) -> OptionFault { .reason(Phrase(say)) }
}

/// What a shell offers as an option's value.
package enum OptionCompletion: Hashable, Sendable {
    case nothing
    case file
    case folder
    case words([String])
}

/// One option: a row of the table from which arguments and configuration files are read, and from which `--help`, the
/// manual page, the shells' completions and the configuration file are written.
package struct OptionRow<Settings>: Sendable {
    enum Effect: Sendable {
        /// `given` is what the flag says on the command line; a configuration file says the one or the other.
        case flag(given: Bool, set: @Sendable (inout Settings, Bool) -> Void)
        /// `label` stands for the value in the help; `take` returns nil when nothing is wrong.
        case value(label: String, take: @Sendable (inout Settings, String) -> OptionFault?)
        case question(StandardQuestion)
        /// Asks for the document that the value names.
        case document(label: String)
    }

    /// `-p` and `--port`; none for what only a configuration file says.
    package let names: [String]
    /// One line, which must fit beside the names; nil where the row above speaks for this one too.
    let help: (@Sendable (Language) -> String)?
    /// Sentences for the manual page and the configuration file.
    let manual: String
    let effect: Effect
    /// Nil for what a configuration file can't say.
    package let key: ConfigurationKey?
    let completion: OptionCompletion
    /// Whether `--help` names it.
    package let isInHelp: Bool

    private init(
        names: [String], help: (@Sendable (Language) -> String)?, manual: String, effect: Effect,
        key: ConfigurationKey?,
        completion: OptionCompletion = .nothing, isInHelp: Bool = true
    ) {
        self.names = names
        self.help = help
        self.manual = manual
        self.effect = effect
        self.key = key
        self.completion = completion
        self.isInHelp = isInHelp
    }

    /// An option without a value.
    ///
    /// - Parameters:
    ///   - help: nil where the row above speaks for this one too.
    ///   - given: what the flag says; the key of a `--no-thing` is `thing`.
    ///   - isInHelp: whether `--help` names it.
    package static func flag(
        _ names: String..., key: ConfigurationKey?, given: Bool = true, isInHelp: Bool = true,
        help: (@Sendable (Language) -> String)?, manual: String,
        set: @escaping @Sendable (inout Settings, Bool) -> Void
    ) -> OptionRow {
        OptionRow(
            names: names, help: help, manual: manual, effect: .flag(given: given, set: set), key: key,
            isInHelp: isInHelp)
    }

    /// An option with a value.
    ///
    /// - Parameters:
    ///   - isInHelp: whether `--help` names it, which has one screen; the manual page always does.
    ///   - take: returns what is wrong with the value; nil when nothing is.
    package static func value(
        _ names: String..., label: String, key: ConfigurationKey?, completion: OptionCompletion = .nothing,
        isInHelp: Bool = true, help: @escaping @Sendable (Language) -> String, manual: String,
        take: @escaping @Sendable (inout Settings, String) -> OptionFault?
    ) -> OptionRow {
        OptionRow(
            names: names, help: help, manual: manual, effect: .value(label: label, take: take), key: key,
            completion: completion, isInHelp: isInHelp)
    }

    /// What only a configuration file says: on the command line it is no option.
    package static func keyOnly(
        _ key: ConfigurationKey, manual: String,
        take: @escaping @Sendable (inout Settings, String) -> OptionFault?
    ) -> OptionRow {
        OptionRow(
            names: [], help: nil, manual: manual, effect: .value(label: "", take: take), key: key, isInHelp: false)
    }

    /// `--lang`, which every program has.
    ///
    /// - Parameters:
    ///   - isLive: whether a running program can take another one.
    ///   - set: takes the language.
    package static func language(isLive: Bool = false, _ set: @escaping @Sendable (inout Settings, Language) -> Void)
        -> OptionRow
    {
        .value(
            OptionTable<Settings>.languageOption, label: Language.codes.joined(separator: "|"),
            key: .text("lang", nil, isLive: isLive),
            completion: .words(Language.codes), help: { $0.program.helpLanguage },
            manual: "The language of what people see, by default that of LC_ALL, LC_MESSAGES or LANG; English where"
                + " none fits."
        ) { settings, value in
            guard let language = Language(rawValue: value) else { return .takes { $0.program.expectsLanguage } }
            set(&settings, language)
            return nil
        }
    }

    /// What every program has, the last rows of its table.
    static var standard: [OptionRow] {
        [
            OptionRow(
                names: ["--generate"], help: nil,
                manual: "Print a document about the program on standard output and leave: this manual page, what"
                    + " completes the arguments in a shell, or a configuration file with all keys at their defaults.",
                effect: .document(label: "WHAT"), key: nil,
                completion: .words(ProgramDocument.allCases.map(\.rawValue)), isInHelp: false),
            OptionRow(
                names: ["--version"], help: { $0.program.helpVersion },
                manual: "Print the version and leave.", effect: .question(.version), key: nil),
            OptionRow(
                names: ["-h", "--help"], help: nil, manual: "Print a summary of all options and leave.",
                effect: .question(.help), key: nil),
        ]
    }

    /// What stands for the value; nil for options without one.
    var label: String? {
        switch effect {
        case .flag, .question: nil
        case .value(let label, _), .document(let label): label
        }
    }

    /// `-p, --port PORT`
    var usage: String {
        let words = names.joined(separator: ", ")
        return label.map { "\(words) \($0)" } ?? words
    }
}
