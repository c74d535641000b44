package import Sentences

/// How a program ends, in the numbers of `sysexits.h`; scripts rely on them.
package enum ExitStatus: Int32, Sendable {
    case fine = 0
    /// Wrong usage (EX_USAGE).
    case usage = 64
    /// The server is not reachable, or was lost for too long (EX_UNAVAILABLE).
    case unreachable = 69
    /// The system refuses something: the address can't be bound, or the like (EX_OSERR).
    case system = 71
    /// The data folder or a file can't be used, or the output can't be written (EX_IOERR).
    case file = 74
    /// The server's key is not the pinned one (EX_PROTOCOL).
    case keyChanged = 76
    /// The login was refused (EX_NOPERM).
    case refused = 77
    /// What was set up for the program does not work: the password above all (EX_CONFIG).
    case configuration = 78
}

/// Why a program can't go on: how it ends, and what it says about that on standard error.
package struct ProgramFailure: Error, Hashable, Sendable {
    package let status: ExitStatus
    /// One sentence that a person can act on, in one line; nothing is said when it is empty.
    package let phrase: Phrase

    package init(_ status: ExitStatus, _ say: @escaping @Sendable (Language) -> String) {
        self.status = status
        phrase = Phrase(say)
    }

    /// The sentence in one language.
    package func text(in language: Language) -> String { phrase.text(in: language) }
}
