import Crypto
import ProgramFrame
import Sentences
import SocketIO

/// `udp-server password`: makes a strong room password where the server reads it.
enum PasswordCommand {
    /// Letters and digits that nobody takes for one another, on paper or on the telephone: 32, so five bits each.
    static let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
    /// Four groups of five: 100 bits, out of reach for who may guess a few times an hour, and for who may guess for ever.
    static let groups = 4
    static let groupLetters = 5

    @Sendable static func run(_ call: ServerCall) throws(ProgramFailure) -> ExitStatus {
        guard let path = place(for: call) else { throw ProgramFailure(.file) { $0.service.noPasswordPlace } }
        guard !SmallFile.exists(path) else { throw ProgramFailure(.file) { $0.service.passwordThere(path) } }
        var random = SystemRandomNumberGenerator()
        var line = make(using: &random)
        defer { line.wipe() }
        line.append(UInt8(ascii: "\n"))
        do throws(FileError) {
            if let end = path.lastIndex(of: "/"), end > path.startIndex {
                try SmallFile.makeDirectory(String(path[..<end]))
            }
            try SmallFile.write(line, to: path)
        } catch {
            throw ProgramFailure(.file) { $0.service.passwordNotKept(error.text(in: $0)) }
        }
        // Not into a pipe or a file: they may be somebody's log.
        if StandardStream.isTerminal(StandardStream.output) {
            _ = StandardStream.write(line[...], to: StandardStream.output, patience: 1_000)
        }
        call.voice.report([call.language.service.passwordMade(path), call.language.service.passwordTakes])
        return .fine
    }

    /// The file of the arguments, of the options, of the configuration, or the usual one.
    private static func place(for call: ServerCall) -> String? {
        call.operands.first { !$0.isEmpty } ?? call.settings.passwordFile ?? call.settings.configuredPasswordFile
            ?? ServerSetup.passwordPlaces(in: call.environment).first
    }

    /// A password as `k7m2p-9xq4t-hh3wd-u6e5z`; the caller wipes it.
    static func make(using random: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        // Reserved at once, the line end with it, so that no smaller copy is left behind.
        bytes.reserveCapacity(groups * (groupLetters + 1))
        for group in 0..<groups {
            if group > 0 { bytes.append(UInt8(ascii: "-")) }
            for _ in 0..<groupLetters {
                let drawn: UInt64 = random.next()
                bytes.append(alphabet[Int(drawn % UInt64(alphabet.count))])
            }
        }
        return bytes
    }
}
