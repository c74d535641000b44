import Basics
import Crypto
import FoundationEssentials
import ProgramFrame
import Sentences
import SocketIO

/// The file with the server's signing key: what clients pin, so it must outlive the server.
///
/// Three lines: what it is, the seed and the public key in hexadecimal. The public key makes a damaged file known.
enum ServerKeyFile {
    static let name = "server.key"

    private static let title = Array("gaschat server key 1\n".utf8)
    private static let seedWord = Array("seed ".utf8)
    private static let publicWord = Array("public ".utf8)
    private static let lineEnd = UInt8(ascii: "\n")

    /// The length of every well-formed file.
    static let byteCount =
        title.count + seedWord.count + publicWord.count + 2 * (SigningKey.seedBytes + SigningKey.publicKeyBytes) + 2

    // MARK: Bytes

    /// The file's content. The caller wipes it.
    static func encode(_ key: SigningKey) -> [UInt8] {
        var bytes: [UInt8] = []
        // Reserved at once, so that no smaller copy with the seed is left behind.
        bytes.reserveCapacity(byteCount)
        var seed = key.seed().revealed()
        defer { seed.wipe() }
        bytes += title
        bytes += seedWord
        HexadecimalBytes.append(seed, to: &bytes)
        bytes.append(lineEnd)
        bytes += publicWord
        HexadecimalBytes.append(key.publicKey, to: &bytes)
        bytes.append(lineEnd)
        return bytes
    }

    /// - Returns: nil unless the bytes are just what `encode` made of a key.
    static func decode(_ bytes: [UInt8]) -> SigningKey? {
        var rest = bytes.span
        guard rest.count == byteCount, (try? rest.takeBytes(title.count)) == title,
            (try? rest.takeBytes(seedWord.count)) == seedWord,
            var seed = HexadecimalBytes.take(SigningKey.seedBytes, from: &rest),
            (try? rest.take(UInt8.self)) == lineEnd, (try? rest.takeBytes(publicWord.count)) == publicWord,
            let publicKey = HexadecimalBytes.take(SigningKey.publicKeyBytes, from: &rest),
            (try? rest.take(UInt8.self)) == lineEnd
        else { return nil }
        let key = SigningKey(seed: SecretBytes(moving: &seed))
        return key.publicKey == publicKey ? key : nil
    }
}

extension ServerKeyFile {
    // MARK: The file

    /// The key of a data folder, made where there is none. Servers that start at once on one folder get one key.
    ///
    /// - Throws: `ProgramFailure` with the status `file`; a file that is there is never changed.
    static func loadOrCreate(
        in folder: String, using random: inout some RandomNumberGenerator
    ) throws(ProgramFailure) -> SigningKey {
        let path = folder + "/" + name
        do throws(FileError) {
            try SmallFile.makeDirectory(folder)
            if !SmallFile.exists(path) { try create(at: path, using: &random) }
        } catch {
            throw ProgramFailure(.file) { $0.server.keyUnusable(error.text(in: $0)) }
        }
        return try read(path)
    }

    /// The key of a data folder; nil where there is none yet.
    ///
    /// - Throws: `ProgramFailure` with the status `file`.
    static func load(from folder: String) throws(ProgramFailure) -> SigningKey? {
        let path = folder + "/" + name
        return SmallFile.exists(path) ? try read(path) : nil
    }

    private static func read(_ path: String) throws(ProgramFailure) -> SigningKey {
        var bytes: [UInt8]
        do throws(FileError) {
            bytes = try SmallFile.read(path, limit: byteCount, audience: .ownerOnly)
        } catch {
            throw ProgramFailure(.file) { $0.server.keyUnusable(error.text(in: $0)) }
        }
        defer { bytes.wipe() }
        guard let key = decode(bytes) else {
            throw ProgramFailure(.file) { $0.server.keyDamaged(path) }
        }
        return key
    }

    /// Puts a complete file there, unless another server was faster: a link, unlike a rename, replaces nothing.
    private static func create(
        at path: String, using random: inout some RandomNumberGenerator
    ) throws(FileError) {
        var bytes = encode(SigningKey(using: &random))
        defer { bytes.wipe() }
        let draft = "\(path).\(String(random.next(), radix: 36))"
        try SmallFile.write(bytes, to: draft)
        defer { try? FileManager.default.removeItem(atPath: draft) }
        do {
            try FileManager.default.linkItem(atPath: draft, toPath: path)
        } catch {
            // Another server made the key, or the file system has no links; there the last one to start wins.
            if !SmallFile.exists(path) { try SmallFile.write(bytes, to: path) }
        }
    }
}
