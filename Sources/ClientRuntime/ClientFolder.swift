package import Crypto
package import ProgramFrame
import Sentences
import SocketIO
package import Transport

/// What a client keeps between sessions, in a folder of each server and, in it, of each name:
///
///     <data>/clients/<server>/server.key         the server's public key as first seen
///     <data>/clients/<server>/names/<name>/device.key   the seed of this device's key
///     <data>/clients/<server>/names/<name>/ticket       what the server gave to come back with, and its secret
///     <data>/clients/<server>/names/<name>/lock
///     <data>/clients/<server>/names/<name>/state        cursors, what waits for the server, who is ignored
///
/// All files are readable for their owner alone. While a process uses a name it holds the lock; another process that
/// finds it locked is a stranger: it has a device key of its own, in memory only.
package struct ClientFolder: ~Copyable, Sendable {
    /// Proves to the server that a name comes back on the same device.
    package let device: SigningKey
    /// The server's key as first seen; nil before the first contact.
    package let pinnedServerKey: [UInt8]?
    /// Where the server's key is kept.
    package let pinPath: String
    /// Where the client's state is kept; nil for a stranger, who keeps none.
    package let statePath: String?

    /// Where the lines that were entered are kept for the arrows; nil for a stranger.
    package let historyPath: String?
    /// Whether another process uses the name on this machine.
    package let isStranger: Bool
    /// What to come back with; nil when there is nothing, or it is not this server's.
    package let ticket: ResumptionTicket?
    private let ticketPath: String
    private let lock: FileLock?

    /// Opens the folder and makes what is missing.
    ///
    /// - Parameters:
    ///   - data: the product's data folder of the person, see `Environment.dataFolder`.
    ///   - server: the server as the person names it, `host:port`.
    ///   - nameKey: the comparison key of the name.
    /// - Throws: `ProgramFailure` with the status `file`, naming the file that can't be used.
    package init(
        data: String, server: String, nameKey: String, using random: inout some RandomNumberGenerator
    ) throws(ProgramFailure) {
        let serverFolder = "\(data)/clients/\(Self.fileName(server.lowercased()))"
        let nameFolder = "\(serverFolder)/names/\(Self.fileName(nameKey))"
        do throws(FileError) {
            try SmallFile.makeDirectory(nameFolder)
        } catch {
            throw ProgramFailure(.file) { error.text(in: $0) }
        }
        let (pinPath, pinnedServerKey) = try Self.pin(data: data, server: server)
        let lock = try Self.take("\(nameFolder)/lock")
        let isStranger = lock == nil
        let device =
            isStranger
            ? SigningKey(using: &random) : try Self.deviceKey("\(nameFolder)/device.key", using: &random)
        let ticketPath = "\(nameFolder)/ticket"
        let ticket = isStranger ? nil : try Self.readTicket(ticketPath, of: pinnedServerKey)
        self.ticketPath = ticketPath
        self.ticket = ticket
        self.device = device
        self.pinnedServerKey = pinnedServerKey
        self.pinPath = pinPath
        statePath = isStranger ? nil : "\(nameFolder)/state"
        historyPath = isStranger ? nil : "\(nameFolder)/history"
        self.isStranger = isStranger
        self.lock = lock
    }

    /// Where a server's key is kept, and the key as it was first seen. Nothing is made.
    ///
    /// - Parameters: as of `init`.
    static func pin(data: String, server: String) throws(ProgramFailure) -> (path: String, key: [UInt8]?) {
        let path = "\(data)/clients/\(fileName(server.lowercased()))/server.key"
        return (path, try readKey(path, audience: .anyone))
    }

    /// Remembers the server's key, unless there is one already.
    package func pin(_ serverKey: [UInt8]) throws(ProgramFailure) {
        guard pinnedServerKey == nil else { return }
        try Self.write(Self.line(serverKey), to: pinPath)
    }

    // MARK: The ticket

    /// Keeps a ticket in place of the one before. It only spares the password, so one that can't be kept is no fault.
    package func keep(_ ticket: ResumptionTicket) {
        guard !isStranger else { return }
        var secret = ticket.secret.bytes.revealed()
        defer { secret.wipe() }
        var bytes: [UInt8] = []
        // Reserved at once, so that no smaller copy with the secret is left behind.
        bytes.reserveCapacity(Self.ticketFileBytes)
        bytes += ticket.sealed
        bytes += ticket.serverKey
        bytes += secret
        defer { bytes.wipe() }
        var line = Self.line(bytes)
        defer { line.wipe() }
        try? Self.write(line, to: ticketPath)
    }

    /// Forgets the ticket.
    package func eraseTicket() {
        guard !isStranger else { return }
        try? SmallFile.remove(ticketPath)
    }

    private static let ticketFileBytes =
        Limits.ticketBytes + SigningKey.publicKeyBytes + ResumptionSecrets.secretBytes

    /// A damaged ticket is as good as none, and another server's is not shown to this one.
    private static func readTicket(
        _ path: String, of serverKey: [UInt8]?
    ) throws(ProgramFailure) -> ResumptionTicket? {
        let digits = 2 * ticketFileBytes
        var contents: [UInt8]
        do throws(FileError) {
            contents = try SmallFile.read(path, limit: digits + 1, audience: .ownerOnly)
        } catch {
            switch error {
            case .system(let error) where error.isNotFound: return nil
            case .tooLarge: return nil
            case .system, .exposed: throw ProgramFailure(.file) { error.text(in: $0) }
            }
        }
        defer { contents.wipe() }
        guard contents.count == digits + 1, contents.last == UInt8(ascii: "\n") else { return nil }
        contents.removeLast()
        guard var content = bytes(hex: contents), content.count == ticketFileBytes else { return nil }
        defer { content.wipe() }
        let secretStart = Limits.ticketBytes + SigningKey.publicKeyBytes
        let ticket = ResumptionTicket(
            sealed: Array(content[..<Limits.ticketBytes]),
            secret: SecretBox(SecretBytes(copying: content.span.extracting(droppingFirst: secretStart))),
            serverKey: Array(content[Limits.ticketBytes..<secretStart]))
        return ticket?.serverKey == serverKey ? ticket : nil
    }

    // MARK: Names of files

    /// The longest encoded name that stands for itself; file systems take 255 bytes.
    private static let encodedBytesAtMost = 200

    /// A text as the name of a file: small letters, digits, `-` and `_` stand for themselves, a dot too where it is not
    /// the first; all other bytes are `%` and two digits. What becomes too long is named by a hash. Different texts
    /// have different names, on file systems that ignore case too.
    package static func fileName(_ text: String) -> String {
        var name = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ".") where !name.isEmpty: name += "."
            default: name += "%" + hex([byte])
            }
        }
        if name.isEmpty { return "%" }
        guard name.utf8.count > encodedBytesAtMost else { return name }
        // No encoded text begins so: two digits follow each % there.
        return "%-" + hex(Digest.sha512(Array(text.utf8)).prefix(32))
    }

    // MARK: Files

    private static func take(_ path: String) throws(ProgramFailure) -> FileLock? {
        do throws(SystemError) {
            return try FileLock(path: path)
        } catch {
            if error.isHeldElsewhere { return nil }
            throw ProgramFailure(.file) { error.text(in: $0) }
        }
    }

    private static func deviceKey(
        _ path: String, using random: inout some RandomNumberGenerator
    ) throws(ProgramFailure) -> SigningKey {
        if var seed = try readKey(path, audience: .ownerOnly) {
            return SigningKey(seed: SecretBytes(moving: &seed))
        }
        let key = SigningKey(using: &random)
        var seed = key.seed().revealed()
        defer { seed.wipe() }
        var line = line(seed)
        defer { line.wipe() }
        try write(line, to: path)
        return key
    }

    /// - Returns: nil when there is no such file.
    private static func readKey(_ path: String, audience: SmallFile.Audience) throws(ProgramFailure) -> [UInt8]? {
        let digits = 2 * SigningKey.seedBytes
        var contents: [UInt8]
        do throws(FileError) {
            contents = try SmallFile.read(path, limit: digits + 1, audience: audience)
        } catch {
            switch error {
            case .system(let error) where error.isNotFound: return nil
            case .tooLarge: throw ProgramFailure(.file) { $0.client.damaged(path) }
            case .system, .exposed: throw ProgramFailure(.file) { error.text(in: $0) }
            }
        }
        defer { contents.wipe() }
        if contents.count == digits + 1, contents.last == UInt8(ascii: "\n") { contents.removeLast() }
        guard contents.count == digits, let key = bytes(hex: contents) else {
            throw ProgramFailure(.file) { $0.client.damaged(path) }
        }
        return key
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(ProgramFailure) {
        do throws(FileError) {
            try SmallFile.write(bytes, to: path)
        } catch {
            throw ProgramFailure(.file) { error.text(in: $0) }
        }
    }

    // MARK: Digits

    private static let digits = Array("0123456789abcdef".utf8)

    /// The bytes as hexadecimal digits and a line feed. Bytes, not a `String`: they may be a secret.
    private static func line(_ bytes: [UInt8]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(2 * bytes.count + 1)
        for byte in bytes {
            line.append(digits[Int(byte >> 4)])
            line.append(digits[Int(byte & 15)])
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: line(Array(bytes)).dropLast(), as: UTF8.self)
    }

    private static func bytes(hex: [UInt8]) -> [UInt8]? {
        guard hex.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hex.count / 2)
        for index in stride(from: 0, to: hex.count, by: 2) {
            guard let high = digits.firstIndex(of: hex[index]), let low = digits.firstIndex(of: hex[index + 1]) else {
                return nil
            }
            bytes.append(UInt8(truncatingIfNeeded: high << 4 | low))
        }
        return bytes
    }
}
