package import Basics
import Crypto

/// What is sealed in R1.
///
///     application payload (block) | extensions (block)
package struct ResumePayload: Hashable, Sendable {
    package var application: [UInt8]

    package init(application: [UInt8]) {
        self.application = application
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.putBlock(application)
        bytes.putBlock([])
        return bytes
    }

    /// Extensions that this version does not know are skipped.
    package init(parsing span: Span<UInt8>) throws(WireError) {
        var input = span
        application = try input.takeBlock(limit: Limits.loginPayloadBytes, field: "login")
        _ = try input.takeBlock(limit: Limits.datagramBytes, field: "extensions")
        try input.expectEnd()
    }
}

/// The server's side of a resume whose ticket was good and whose payload its holder sealed.
struct ResumeResponder: Sendable {
    let clientID: ConnectionID
    let serverID: ConnectionID
    let content: TicketContent
    let request: [UInt8]
    private let front: [UInt8]
    private let secrets: HandshakeSecrets

    /// - Parameter algorithm: what the client offers and this machine has.
    /// - Returns: nil when the payload was not sealed by the ticket's holder, or the share is no usable one.
    init?(
        _ message: ResumeHello, bytes: [UInt8], content: TicketContent, algorithm: AEAD,
        using random: inout some RandomNumberGenerator
    ) {
        let (early, exchange) = (message.front, ExchangeKey(using: &random))
        let key = ResumptionSecrets.earlyKey(resumption: content.secret.bytes, front: early)
        var plaintext: [UInt8] = []
        guard
            key.open((early + message.sealed).span, headerCount: early.count, packetNumber: 0, into: &plaintext),
            let payload = try? ResumePayload(parsing: plaintext.span),
            let exchanged = exchange.sharedSecret(with: message.hello.share)
        else { return nil }
        let answer = ResumeAnswer(
            clientID: message.hello.clientID, serverID: ConnectionID(using: &random),
            suite: CipherSuites(algorithm), share: exchange.share)
        self.content = content
        request = payload.application
        clientID = answer.clientID
        serverID = answer.serverID
        front = answer.encoded()
        secrets = ResumptionSecrets.handshake(
            resumption: content.secret.bytes, exchanged: exchanged,
            transcript: Transcript.resume(hello: bytes, answer: front), algorithm: algorithm)
    }

    /// The keys of the resumed connection. They are bound to both shares and to R1 as a whole.
    var keys: SessionKeys {
        SessionKeys(
            secrets: secrets.application(bindingTo: []), clientID: clientID, serverID: serverID, roundTrip: nil)
    }

    /// R2.
    func answer(_ verdict: VerdictPayload) -> [UInt8] {
        var bytes = front + verdict.encoded()
        secrets.serverKey.seal(&bytes, headerCount: front.count, packetNumber: 0)
        return bytes
    }
}
