/// What each derived secret is for: the `info` of HKDF. A label is used for one purpose, ever.
enum Label {
    static let clientConfirm = Array("gaschat/1 client confirm".utf8)
    static let serverConfirm = Array("gaschat/1 server confirm".utf8)
    static let clientHandshake = Array("gaschat/1 client handshake".utf8)
    static let serverHandshake = Array("gaschat/1 server handshake".utf8)
    static let loginExporter = Array("gaschat/1 login exporter".utf8)
    static let thirdTranscript = Array("gaschat/1 th3".utf8)
    static let clientApplication = Array("gaschat/1 client application".utf8)
    static let serverApplication = Array("gaschat/1 server application".utf8)
    static let resumption = Array("gaschat/1 resumption".utf8)
    static let exporter = Array("gaschat/1 exporter".utf8)
    static let packet = Array("gaschat/1 packet".utf8)
    static let earlyResume = Array("gaschat/1 early resume".utf8)
    static let passwordEpoch = Array("gaschat/1 password epoch".utf8)
    static let keyUpdate = Array("gaschat/1 key update".utf8)
}

/// What both sides derive once the shares are exchanged: `PRK = HKDF-Extract(th, ISK)` and its labelled children.
///
/// Before the tags are checked, the other side may not know the password at all.
package final class HandshakeSecrets: Sendable {
    /// The length of a confirmation tag, in bytes.
    package static let tagBytes = 32

    private let transcript: [UInt8]
    private let algorithm: AEAD
    private let prk: HKDF.Expander
    private let clientConfirm: SecretBytes
    private let serverConfirm: SecretBytes

    /// Seals the client's handshake packets.
    package let clientKey: PacketKey

    /// Seals the server's handshake packets.
    package let serverKey: PacketKey

    /// What a device key signs at login, 32 bytes: a signature over it is worth nothing in any other handshake.
    package let loginExporter: [UInt8]

    /// - Parameters:
    ///   - sharedSecret: the intermediate session key of CPace, 64 bytes.
    ///   - th: the hash of the messages so far, 64 bytes.
    ///   - algorithm: what the packets are sealed with; one that is available.
    package init(
        sharedSecret: borrowing SecretBytes, transcript th: [UInt8], algorithm: AEAD = .chaCha20Poly1305
    ) {
        let prk = HKDF.Expander(HKDF.extract(salt: th, secret: sharedSecret))
        clientConfirm = prk.expand(info: Label.clientConfirm, count: Digest.sha512Bytes)
        serverConfirm = prk.expand(info: Label.serverConfirm, count: Digest.sha512Bytes)
        let clientSecret = prk.expand(info: Label.clientHandshake, count: Digest.sha512Bytes)
        let serverSecret = prk.expand(info: Label.serverHandshake, count: Digest.sha512Bytes)
        clientKey = PacketKey(trafficSecret: clientSecret, algorithm: algorithm)
        serverKey = PacketKey(trafficSecret: serverSecret, algorithm: algorithm)
        loginExporter = prk.expand(info: Label.loginExporter, count: 32).revealed()
        transcript = th
        self.algorithm = algorithm
        self.prk = prk
    }

    /// The client's proof that it reached the same secret: the first 32 bytes of an HMAC-SHA512.
    ///
    /// - Parameter bytes: what the tag confirms, such as the transcript hash.
    package func clientTag(over bytes: [UInt8]) -> [UInt8] {
        Array(MAC.hmacSHA512(key: clientConfirm, bytes).prefix(Self.tagBytes))
    }

    /// The server's proof that it reached the same secret: the first 32 bytes of an HMAC-SHA512.
    ///
    /// - Parameter bytes: what the tag confirms, such as the transcript hash and the client's last message.
    package func serverTag(over bytes: [UInt8]) -> [UInt8] {
        Array(MAC.hmacSHA512(key: serverConfirm, bytes).prefix(Self.tagBytes))
    }

    /// The secrets of the connection, bound to the client's last handshake message as well.
    ///
    /// - Parameter m3: the whole message as it was sent.
    package func application(bindingTo m3: [UInt8]) -> ApplicationSecrets {
        let hash = Digest.sha512(LengthValue.cat(Label.thirdTranscript, transcript, m3))
        let client = prk.expand(info: Label.clientApplication + hash, count: Digest.sha512Bytes)
        let server = prk.expand(info: Label.serverApplication + hash, count: Digest.sha512Bytes)
        let resumption = prk.expand(info: Label.resumption + hash, count: Digest.sha512Bytes)
        let exporter = prk.expand(info: Label.exporter + hash, count: Digest.sha512Bytes)
        return ApplicationSecrets(
            client: PacketKey(trafficSecret: client, algorithm: algorithm),
            server: PacketKey(trafficSecret: server, algorithm: algorithm),
            resumption: SecretBox(resumption), exporter: SecretBox(exporter))
    }
}

/// The secrets of an open connection.
package struct ApplicationSecrets: Sendable {
    /// Seals what the client sends.
    package let client: PacketKey

    /// Seals what the server sends.
    package let server: PacketKey

    /// What a later connection may resume from, 64 bytes.
    package let resumption: SecretBox

    /// What further secrets of this connection are derived from, 64 bytes.
    package let exporter: SecretBox
}
