package import Sentences

/// What every program is asked instead of doing its work.
package enum StandardQuestion: Hashable, Sendable {
    case help
    case version
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

/// One option: a row of the table from which arguments are read and `--help` is written.
package struct OptionRow<Settings>: Sendable {
    enum Effect: Sendable {
        case flag(@Sendable (inout Settings) -> Void)
        /// `label` stands for the value in the help; `take` returns nil when nothing is wrong.
        case value(label: String, take: @Sendable (inout Settings, String) -> OptionFault?)
        case question(StandardQuestion)
    }

    /// `-p` and `--port`.
    package let names: [String]
    /// One line; it must fit beside the names.
    let help: @Sendable (Language) -> String
    let effect: Effect

    /// An option without a value.
    package static func flag(
        _ names: String..., help: @escaping @Sendable (Language) -> String,
        set: @escaping @Sendable (inout Settings) -> Void
    ) -> OptionRow {
        OptionRow(names: names, help: help, effect: .flag(set))
    }

    /// An option with a value.
    ///
    /// - Parameter take: returns what is wrong with the value; nil when nothing is.
    package static func value(
        _ names: String..., label: String, help: @escaping @Sendable (Language) -> String,
        take: @escaping @Sendable (inout Settings, String) -> OptionFault?
    ) -> OptionRow {
        OptionRow(names: names, help: help, effect: .value(label: label, take: take))
    }

    /// `--lang`, which every program has.
    ///
    /// - Parameter set: takes the language.
    package static func language(_ set: @escaping @Sendable (inout Settings, Language) -> Void) -> OptionRow {
        .value(OptionTable<Settings>.languageOption, label: Language.codes.joined(separator: "|")) {
            $0.program.helpLanguage
        } take: { settings, value in
            guard let language = Language(rawValue: value) else { return .takes { $0.program.expectsLanguage } }
            set(&settings, language)
            return nil
        }
    }

    /// What every program has, the last rows of its table.
    static var standard: [OptionRow] {
        [
            OptionRow(names: ["--version"], help: { $0.program.helpVersion }, effect: .question(.version)),
            OptionRow(names: ["-h", "--help"], help: { $0.program.helpHelp }, effect: .question(.help)),
        ]
    }

    /// `-p, --port PORT`; a long name alone stands where the long names stand.
    var usage: String {
        let indent = names.first?.hasPrefix("--") == true ? "    " : ""
        let words = indent + names.joined(separator: ", ")
        return switch effect {
        case .flag, .question: words
        case .value(let label, _): "\(words) \(label)"
        }
    }
}
