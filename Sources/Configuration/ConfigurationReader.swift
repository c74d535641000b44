import FoundationEssentials
package import ProgramFrame
import Sentences
import SocketIO
import TextSafety

/// Reads configuration files: JSON5 (<https://spec.json5.org>), one object of keys.
///
/// Foundation reads the JSON5 and tells no lines; `ConfigurationScan` finds them.
package enum ConfigurationReader {
    /// The longest configuration file, in bytes: many times what a file with every key and its comments has.
    package static let byteLimit = 64 << 10

    /// Finds and reads the configuration: the file that was named, else the first of the usual places that is there.
    ///
    /// - Parameters:
    ///   - given: the value of `--config`; nil where it was not said.
    ///   - name: the file's name in the usual places.
    /// - Returns: nil where no file was named and none is there.
    /// - Throws: `ProgramFailure` with the status `configuration`; its text names the file, and the line and key where
    ///   it has them.
    package static func find(
        given: String?, name: String, in environment: Environment
    ) throws(ProgramFailure) -> ConfigurationContents? {
        if let given { return try read(given) }
        guard let path = environment.configurationPlaces(of: name).first(where: { SmallFile.exists($0) }) else {
            return nil
        }
        return try read(path)
    }

    /// Reads one file.
    package static func read(_ path: String) throws(ProgramFailure) -> ConfigurationContents {
        let shown = VisibleText.forLog(path)
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try SmallFile.read(path, limit: byteLimit)
        } catch {
            throw ProgramFailure(.configuration) { language in
                switch error {
                case .tooLarge(_, let limit): language.setup.fileTooLong(shown, limit: limit)
                case .system(let error): language.setup.fileUnreadable(shown, error.words(in: language))
                case .exposed: language.setup.fileUnreadable(shown, "")
                }
            }
        }
        return ConfigurationContents(path: path, entries: try entries(of: bytes, path: shown))
    }

    /// Reads the text of a file. Total: any bytes may be given.
    ///
    /// - Parameter path: the file's name for the failure, printable.
    /// - Throws: `ProgramFailure` with the status `configuration`.
    package static func entries(of bytes: [UInt8], path: String) throws(ProgramFailure) -> [ConfigurationEntry] {
        func failure(_ line: Int, _ say: @escaping @Sendable (any SetupSentences) -> String) -> ProgramFailure {
            ProgramFailure(.configuration) { "\(path):\(line): \(say($0.setup))" }
        }
        if let line = firstLineBeyondUTF8(of: bytes) { throw failure(line) { $0.notUTF8 } }
        let scan = ConfigurationScan(bytes)
        if let fault = scan.fault {
            throw ProgramFailure(.configuration) { "\(path):\(fault.line): \(fault.reason.text(in: $0))" }
        }
        var entries: [ConfigurationEntry] = []
        var names: Set<String> = []
        for member in scan.members {
            let key = scan.text(of: member.key)
            // The members one by one, so that the first that is no JSON5 is known.
            guard let (name, value) = decode("{\(key):\(scan.text(of: member.value))}").first else {
                throw failure(member.line) { $0.broken(key) }
            }
            guard names.insert(name).inserted else {
                throw failure(member.line) { $0.secondTime(name) }
            }
            entries.append(ConfigurationEntry(key: name, value: value, line: member.line))
        }
        // What the walk lets pass and JSON5 does not; the walk and Foundation must find the same keys.
        guard Set(decode(String(decoding: bytes, as: UTF8.self)).keys) == names else {
            throw failure(scan.lastLine) { $0.brokenSomewhere }
        }
        return entries
    }

    /// The members of an object; none where the text is no JSON5.
    private static func decode(_ text: String) -> [String: ConfigurationValue] {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let members = try? decoder.decode([String: DecodedValue].self, from: Data(text.utf8))
        return members?.mapValues(\.value) ?? [:]
    }

    private static func firstLineBeyondUTF8(of bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        // A line feed is never part of a longer sequence.
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }
}

/// One value, of the kinds that a configuration tells apart.
private struct DecodedValue: Decodable {
    let value: ConfigurationValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let isOn = try? container.decode(Bool.self) {
            value = .boolean(isOn)
        } else if let number = try? container.decode(Int64.self) {
            value = .number(number)
        } else if let text = try? container.decode(String.self) {
            value = .text(text)
        } else {
            value = .other
        }
    }
}
