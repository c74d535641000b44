/// A personal password as the person typed it, prepared (RFC 8265).
package final class PersonalPassword: Sendable {
    private let prepared: SecretBytes

    /// - Parameter prepared: at most 1,024 bytes.
    package init(prepared: consuming SecretBytes) {
        self.prepared = prepared
    }

    /// What a server keeps of it, and checks it by: Argon2id over the salt. It never sees the password itself.
    ///
    /// - Returns: `PasswordHash.outputBytes` bytes; nil when the machine has not the memory, or the cost is not allowed.
    package func verifier(salt: [UInt8], cost: PasswordCost) -> SecretBytes? {
        PasswordHash.argon2id(prepared, salt: salt, cost: cost)
    }
}

/// The run of CPace by which a new device shows that its person knows the personal password, without telling it: inside
/// the login, which is sealed already.
///
/// `PRS = lv_cat("account", salt, verifier)`: the salt stands for the name, of which there is one, while the key of a name
/// depends on the version of ICU. `CI` names the server's key and the device's: an answer is worth nothing at another
/// server, nor for another device.
package enum AccountSecrets {
    /// The length of a session's identifier (CPace's sid) in bytes.
    package static let sessionBytes = 16
    /// The length of a share in bytes.
    package static let shareBytes = 32
    /// The length of a confirmation tag in bytes.
    package static let tagBytes = 32

    private static let confirmLabel = Array("gaschat/1 account confirm".utf8)

    /// One side's run.
    ///
    /// - Parameters:
    ///   - server: the server's public key.
    ///   - device: the device's public key.
    ///   - scalar: uniform and used once.
    /// - Throws: `invalidShare` when the share would be the identity; chance does not bring that about.
    package static func party(
        salt: [UInt8], verifier: borrowing SecretBytes, server: [UInt8], device: [UInt8], session: [UInt8],
        scalar: consuming SecretBytes
    ) throws(CPaceError) -> CPaceParty {
        let kind = Array("account".utf8)
        var writer = SecretWriter(
            capacity: kind.count + salt.count + verifier.count + 3 * LengthValue.maximumLengthBytes)
        writer.appendLengthValue(kind)
        writer.appendLengthValue(salt)
        writer.appendLengthValue(verifier)
        let channel = LengthValue.cat(Array("gaschat/1 account".utf8), server, device)
        return try CPaceParty(prs: writer.finish(), channel: channel, session: session, scalar: scalar)
    }

    /// The device's proof that it reached the same secret: the first bytes of an HMAC-SHA512 over both shares.
    ///
    /// - Parameters:
    ///   - party: whose run it is.
    ///   - peerShare: what the other side sent, unchecked.
    /// - Throws: `invalidShare` for a share that is not the encoding of an element, and for the identity.
    package static func tag(
        _ party: CPaceParty, peerShare: [UInt8], serverShare: [UInt8], deviceShare: [UInt8], session: [UInt8]
    ) throws(CPaceError) -> [UInt8] {
        let secret = try party.sharedSecret(
            peerShare: peerShare, initiator: (serverShare, []), responder: (deviceShare, []))
        let prk = HKDF.extract(salt: session, secret: secret)
        let key = HKDF.expand(prk, info: confirmLabel, count: Digest.sha512Bytes)
        return Array(MAC.hmacSHA512(key: key, LengthValue.cat(serverShare, deviceShare)).prefix(tagBytes))
    }

    /// A uniform scalar.
    package static func scalar(using random: inout some RandomNumberGenerator) -> SecretBytes {
        Ristretto255.scalar(reducing: SecretBytes(count: Ristretto255.hashBytes, using: &random))
    }

    /// A scalar from 64 uniform bytes.
    package static func scalar(reducing bytes: consuming SecretBytes) -> SecretBytes {
        Ristretto255.scalar(reducing: bytes)
    }
}
