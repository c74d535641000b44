package import TextSafety

/// Arguments, files and the system, in both programs.
package protocol ProgramSentences: Sendable {
    // MARK: Help and usage

    /// What begins the help.
    var usage: String { get }
    /// What begins the help's line of subcommands.
    var or: String { get }
    /// The help of `doctor`.
    var helpDoctor: String { get }
    /// A subcommand does not know an option.
    func takesNoOption(_ subcommand: String, _ option: String) -> String
    /// A subcommand has too many or too few arguments; `wanted` stands for those that it takes, and may be empty.
    func takesOperands(_ subcommand: String, _ wanted: String) -> String
    /// The help of `--lang`.
    var helpLanguage: String { get }
    /// The help of `--version` and `--help`.
    var helpVersion: String { get }
    /// What `--lang` takes.
    var expectsLanguage: String { get }
    /// Wrong usage, with the way to what is right.
    func misuse(_ reason: String, program: String) -> String
    /// There is no such option.
    func noOption(_ name: String) -> String
    /// An option stands without what it needs.
    func needsValue(_ name: String, label: String) -> String
    /// An option has a value that it does not take.
    func takesNoValue(_ name: String) -> String
    /// An option has a wrong value; `what` is one of the expectations.
    func takes(_ name: String, _ what: String, not value: String) -> String

    // MARK: Passwords and names

    /// Where a password came from that nobody gave.
    var builtInPassword: String { get }
    /// Others can read a file of passwords.
    func passwordFileExposed(_ path: String) -> String
    /// The password in a file is too long.
    func passwordFileTooLong(_ path: String, limit: Int) -> String
    /// A file of passwords can't be read.
    func passwordFileUnreadable(_ path: String, _ reason: String) -> String
    /// Why a text can't be a name. It holds no character that could harm a terminal.
    func reason(_ error: NameError) -> String
    /// Why bytes can't be a password.
    func reason(_ error: PasswordError) -> String

    // MARK: The system

    /// The system's words for an error, by its symbol; nil where the system's own must do.
    func systemError(_ symbol: String) -> String?
    /// A file is longer than it may be.
    func fileTooLarge(_ path: String, limit: Int) -> String
    /// Others can read a file with a secret; `mode` is octal.
    func fileExposed(_ path: String, mode: String) -> String
    /// No host has that name.
    func unknownHost(_ host: String) -> String
    /// The name service does not answer.
    func nameServiceSilent(_ host: String) -> String
    /// A host has no address, with the system's reason.
    func hostFailed(_ host: String, _ reason: String) -> String
}
