import TextSafety

/// Arguments, files and the system, in both programs.
struct EnglishProgram: ProgramSentences {
    // MARK: Help and usage

    var usage: String { "usage:" }
    var or: String { "or:" }
    var helpDoctor: String { "find out what is wrong here, and what helps" }
    func takesNoOption(_ subcommand: String, _ option: String) -> String {
        "\(subcommand) has no use for \(logged(option))"
    }
    func takesOperands(_ subcommand: String, _ wanted: String) -> String {
        wanted.isEmpty ? "\(subcommand) takes no arguments" : "\(subcommand) takes these arguments: \(wanted)"
    }
    var helpLanguage: String { "language; default from LC_ALL or LANG" }
    var helpVersion: String { "print the version, or this, and leave" }
    var expectsLanguage: String { "id or en" }
    func misuse(_ reason: String, program: String) -> String { "\(reason); see \(program) --help" }
    func noOption(_ name: String) -> String { "there is no option \(logged(name))" }
    func needsValue(_ name: String, label: String) -> String { "\(name) needs a value: \(label)" }
    func takesNoValue(_ name: String) -> String { "\(name) takes no value" }
    func takes(_ name: String, _ what: String, not value: String) -> String {
        "\(name) takes \(what), not '\(logged(value))'"
    }

    // MARK: Passwords and names

    var builtInPassword: String { "the built-in password" }
    func passwordFileExposed(_ path: String) -> String {
        "other users can read the password file \(logged(path)): run chmod 600 on it"
    }
    func passwordFileTooLong(_ path: String, limit: Int) -> String {
        "the first line of the password file \(logged(path)) has more than \(limit) bytes"
    }
    func passwordFileUnreadable(_ path: String, _ reason: String) -> String {
        "the password file \(logged(path)) can't be read: \(reason)"
    }
    func reason(_ error: NameError) -> String {
        switch error {
        case .empty: "A name needs at least one character."
        case .tooLong: "A name has at most \(NameRule.scalarLimit) characters and \(NameRule.byteLimit) bytes."
        case .forbidden(let scalar, let fault): "A name can't have \(words(fault)) (\(scalar.codeName))."
        case .badStart(let scalar): "A name can't begin with this character (\(scalar.codeName))."
        case .tooManyMarks: "A name can't have more than \(NameRule.markLimit) marks on one letter."
        case .libraryFailed: "The name could not be checked."
        }
    }
    private func words(_ fault: NameFault) -> String {
        switch fault {
        case .whiteSpace: "white space"
        case .control: "control characters"
        case .direction: "direction marks"
        case .invisible: "invisible characters"
        case .symbol: "this sign"
        case .unknown: "unassigned characters"
        }
    }
    func reason(_ error: PasswordError) -> String {
        switch error {
        case .empty: "The password is empty."
        case .tooLong: "The password is longer than \(PasswordRule.byteLimit) bytes."
        case .notUTF8: "The password is not UTF-8."
        case .forbidden: "The password has a character that passwords can't have (a control or invisible one)."
        case .libraryFailed: "The password could not be checked."
        }
    }

    // MARK: The system

    func systemError(_ symbol: String) -> String? { nil }
    func fileTooLarge(_ path: String, limit: Int) -> String { "\(path): longer than \(limit) bytes" }
    func fileExposed(_ path: String, mode: String) -> String {
        "\(path): other users can read or change it (mode 0\(mode)); chmod 600 helps"
    }
    func unknownHost(_ host: String) -> String { "\(logged(host)): no host of this name is known" }
    func nameServiceSilent(_ host: String) -> String {
        "\(logged(host)): the name service does not answer; try again later"
    }
    func hostFailed(_ host: String, _ reason: String) -> String { "\(logged(host)): \(reason)" }
}
