/// What a resumed connection is derived from: the secret that a former one left, and a fresh exchange.
package enum ResumptionSecrets {
    /// The length of a resumption secret, in bytes.
    package static let secretBytes = Digest.sha512Bytes

    /// Seals what a client says in its first message of a resume. Whoever opens it knows the resumption secret; it is
    /// not forward secret, and may come again. The algorithm is the one that every server has, since none was agreed on.
    ///
    /// - Parameter front: the message before the sealed part.
    package static func earlyKey(resumption: borrowing SecretBytes, front: [UInt8]) -> PacketKey {
        let prk = HKDF.extract(salt: Digest.sha512(front), secret: resumption)
        return PacketKey(trafficSecret: HKDF.expand(prk, info: Label.earlyResume, count: Digest.sha512Bytes))
    }

    /// The secrets of the handshake: who knows them knows the resumption secret and one of the exchange's two scalars.
    ///
    /// - Parameters:
    ///   - exchanged: what both reached by `ExchangeKey`.
    ///   - th: the hash of the messages so far, 64 bytes.
    ///   - algorithm: what the packets are sealed with; one that is available.
    package static func handshake(
        resumption: borrowing SecretBytes, exchanged: borrowing SecretBytes, transcript th: [UInt8], algorithm: AEAD
    ) -> HandshakeSecrets {
        var writer = SecretWriter(
            capacity: resumption.count + exchanged.count + 2 * LengthValue.maximumLengthBytes)
        writer.appendLengthValue(resumption)
        writer.appendLengthValue(exchanged)
        return HandshakeSecrets(sharedSecret: writer.finish(), transcript: th, algorithm: algorithm)
    }

    /// A value that changes when the password does, and tells nothing about it to whoever lacks the server's key.
    ///
    /// - Returns: 8 bytes.
    package static func passwordEpoch(of password: RoomPassword, identity: SigningKey) -> [UInt8] {
        let seed = identity.seed()
        var writer = SecretWriter(
            capacity: seed.count + password.prs.count + 2 * LengthValue.maximumLengthBytes)
        writer.appendLengthValue(seed)
        writer.appendLengthValue(password.prs)
        let prk = HKDF.extract(salt: Label.passwordEpoch, secret: writer.finish())
        return HKDF.expand(prk, info: Label.passwordEpoch, count: passwordEpochBytes).revealed()
    }

    /// The length of a password's epoch, in bytes.
    package static let passwordEpochBytes = 8
}
