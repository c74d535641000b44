import Basics
import Crypto
import ProgramFrame
import Sentences
import SocketIO
import Transport

/// The file with the keys of tickets: with it a restarted server knows those again who were there before.
///
/// It lies beside the server's key, also where the room itself is kept in memory only: a ticket tells who somebody is,
/// not what was said. One line tells what it is; then each key has a line of its own, with its ID, the second it was
/// made in, and the key, all in hexadecimal.
enum TicketKeyFile {
    static let name = "tickets.key"

    private static let title = Array("gaschat ticket keys 1\n".utf8)
    private static let lineEnd = UInt8(ascii: "\n")
    private static let idDigits = 16
    private static let madeDigits = 16
    private static let lineBytes = idDigits + 1 + madeDigits + 1 + 2 * SealedBox.keyBytes + 1

    /// The length of the longest file.
    static let byteLimit = title.count + Limits.ticketKeys * lineBytes

    // MARK: Bytes

    /// The file's content. The caller wipes it.
    static func encode(_ keys: [TicketKey]) -> [UInt8] {
        var bytes: [UInt8] = []
        // Reserved at once, so that no smaller copy with a key is left behind.
        bytes.reserveCapacity(title.count + keys.count * lineBytes)
        bytes += title
        for key in keys {
            var secret = key.secret.bytes.revealed()
            defer { secret.wipe() }
            var front: [UInt8] = []
            front.put(key.id)
            HexadecimalBytes.append(front, to: &bytes)
            bytes.append(UInt8(ascii: " "))
            front = []
            front.put(key.made)
            HexadecimalBytes.append(front, to: &bytes)
            bytes.append(UInt8(ascii: " "))
            HexadecimalBytes.append(secret, to: &bytes)
            bytes.append(lineEnd)
        }
        return bytes
    }

    /// - Returns: nil unless the bytes are just what `encode` made of some keys.
    static func decode(_ bytes: [UInt8]) -> [TicketKey]? {
        var rest = bytes.span
        guard rest.count <= byteLimit, (try? rest.takeBytes(title.count)) == title else { return nil }
        var keys: [TicketKey] = []
        while !rest.isEmpty {
            guard let key = takeKey(&rest) else { return nil }
            keys.append(key)
        }
        return keys
    }

    private static func takeKey(_ rest: inout Span<UInt8>) -> TicketKey? {
        let space = UInt8(ascii: " ")
        guard let id = HexadecimalBytes.take(idDigits / 2, from: &rest), (try? rest.take(UInt8.self)) == space,
            let made = HexadecimalBytes.take(madeDigits / 2, from: &rest), (try? rest.take(UInt8.self)) == space,
            var secret = HexadecimalBytes.take(SealedBox.keyBytes, from: &rest),
            (try? rest.take(UInt8.self)) == lineEnd
        else { return nil }
        return TicketKey(
            id: id.reduce(0) { $0 << 8 | UInt64($1) },
            made: Int64(bitPattern: made.reduce(0) { $0 << 8 | UInt64($1) }),
            secret: SecretBox(SecretBytes(moving: &secret)))
    }

    // MARK: The file

    /// The keys of a data folder; none where there is no file.
    ///
    /// - Throws: `ProgramFailure` with the status `file` when others can read it, or it can't be read at all.
    /// - Returns: nil when it is damaged: everybody just needs the password once more.
    static func load(from folder: String) throws(ProgramFailure) -> [TicketKey]? {
        let path = folder + "/" + name
        guard SmallFile.exists(path) else { return [] }
        var bytes: [UInt8]
        do throws(FileError) {
            bytes = try SmallFile.read(path, limit: byteLimit, audience: .ownerOnly)
        } catch {
            if case .tooLarge = error { return nil }
            throw ProgramFailure(.file) { $0.server.ticketKeysUnusable(error.text(in: $0)) }
        }
        defer { bytes.wipe() }
        return decode(bytes)
    }

    /// Replaces the file.
    ///
    /// - Returns: nil when it was stored, else what went wrong.
    static func store(_ keys: [TicketKey], in folder: String) -> FileError? {
        var bytes = encode(keys)
        defer { bytes.wipe() }
        do throws(FileError) {
            try SmallFile.write(bytes, to: folder + "/" + name)
            return nil
        } catch {
            return error
        }
    }
}
