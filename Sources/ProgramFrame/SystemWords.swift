package import Sentences
package import SocketIO

/// What the system refused, in words.
extension SystemError {
    /// The error alone: `Permission denied`.
    package func words(in language: Language) -> String { language.program.systemError(name) ?? text }

    /// `bind 127.0.0.1:80: Permission denied (EACCES)`.
    package func text(in language: Language) -> String {
        "\(call)\(subject.isEmpty ? "" : " \(subject)"): \(words(in: language)) (\(name))"
    }
}

extension FileError {
    /// What is wrong with the file, its path in front.
    package func text(in language: Language) -> String {
        switch self {
        case .system(let error): error.text(in: language)
        case .tooLarge(let path, let limit): language.program.fileTooLarge(path, limit: limit)
        case .exposed(let path, let mode): language.program.fileExposed(path, mode: String(mode, radix: 8))
        }
    }
}

extension ResolutionError {
    /// Why the host has no address.
    package func text(in language: Language) -> String {
        switch kind {
        case .unknownHost: language.program.unknownHost(host)
        case .temporary: language.program.nameServiceSilent(host)
        case .failed: language.program.hostFailed(host, text)
        }
    }
}
