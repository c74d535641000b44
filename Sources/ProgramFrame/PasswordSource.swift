package import Crypto
import Sentences
import SocketIO
package import TextSafety

/// Where the room password comes from, when nobody types it.
package enum PasswordSource: Sendable {
    case file(String)
    /// A file of the service manager's: it lies in a folder that this service alone can read, whatever its bits say.
    case credential(String)
    case environment(SecretBox)
    /// What everybody knows: good for a first try of a server on one machine.
    case builtIn

    private static let builtInPassword = "GAS1"
    /// What the service manager calls the room password.
    package static let credentialName = "password"

    /// The file that a flag names, else the environment, else the service manager's, else the file that a configuration
    /// names; nil where none is given. A credential whose first line is empty counts as none: so a unit of the service
    /// manager can have one before anybody chose a password.
    package init?(file: String?, environment: Environment, configuredFile: String? = nil) {
        if let file {
            self = .file(file)
        } else if let secret = environment.password {
            self = .environment(secret)
        } else if let credential = Self.credential(in: environment.service.credentialsFolder) {
            self = .credential(credential)
        } else if let configuredFile {
            self = .file(configuredFile)
        } else {
            return nil
        }
    }

    private static func credential(in folder: String?) -> String? {
        guard let path = folder.map({ "\($0)/\(credentialName)" }), SmallFile.exists(path) else { return nil }
        guard var line = try? SmallFile.readFirstLine(path, limit: PasswordRule.byteLimit) else { return path }
        defer { line.wipe() }
        return line.isEmpty ? nil : path
    }

    /// Whether it can be another one when it is read again.
    package var isFile: Bool {
        switch self {
        case .file, .credential: true
        case .environment, .builtIn: false
        }
    }

    package var isBuiltIn: Bool {
        if case .builtIn = self { true } else { false }
    }

    /// Reads and prepares the password. No copy of it is left in ordinary memory.
    ///
    /// - Throws: `ProgramFailure` with the status `configuration`.
    package func load() throws(ProgramFailure) -> RoomPassword {
        switch self {
        case .file(let path):
            var line = try Self.firstLine(of: path, audience: .ownerOnly)
            return try Self.prepare(&line) { _ in VisibleText.forLog(path) }
        case .credential(let path):
            var line = try Self.firstLine(of: path, audience: .anyone)
            return try Self.prepare(&line) { _ in VisibleText.forLog(path) }
        case .environment(let secret):
            var bytes = secret.bytes.revealed()
            return try Self.prepare(&bytes, from: { _ in Environment.passwordVariable })
        case .builtIn:
            var bytes = Array(Self.builtInPassword.utf8)
            return try Self.prepare(&bytes, from: { $0.program.builtInPassword })
        }
    }

    private static func firstLine(
        of path: String, audience: SmallFile.Audience
    ) throws(ProgramFailure) -> [UInt8] {
        do throws(FileError) {
            return try SmallFile.readFirstLine(path, limit: PasswordRule.byteLimit, audience: audience)
        } catch {
            throw ProgramFailure(.configuration) { language in
                switch error {
                case .exposed: language.program.passwordFileExposed(path)
                case .tooLarge(_, let limit): language.program.passwordFileTooLong(path, limit: limit)
                case .system(let error): language.program.passwordFileUnreadable(path, error.words(in: language))
                }
            }
        }
    }

    private static func prepare(
        _ bytes: inout [UInt8], from origin: @escaping @Sendable (Language) -> String
    ) throws(ProgramFailure) -> RoomPassword {
        do throws(PasswordError) {
            return try RoomPassword(wiping: &bytes)
        } catch {
            throw ProgramFailure(.configuration) { "\(origin($0)): \($0.program.reason(error))" }
        }
    }
}

extension PersonalPassword {
    /// Prepares a password as it was given, and wipes what was given.
    ///
    /// - Throws: `PasswordError`; `given` is wiped then too.
    package convenience init(wiping given: inout [UInt8]) throws(PasswordError) {
        defer { given.wipe() }
        var prepared = try PasswordRule.prepare(given.span)
        self.init(prepared: SecretBytes(moving: &prepared))
    }
}

extension RoomPassword {
    /// Prepares a password as it was given, and wipes what was given.
    ///
    /// - Throws: `PasswordError`; `given` is wiped then too.
    package convenience init(wiping given: inout [UInt8]) throws(PasswordError) {
        defer { given.wipe() }
        var prepared = try PasswordRule.prepare(given.span)
        self.init(prepared: SecretBytes(moving: &prepared))
    }
}
