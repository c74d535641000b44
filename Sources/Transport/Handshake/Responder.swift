package import Basics
package import Crypto

/// The server's record of one handshake, from M1 until it is forgotten.
///
///     waiting --M3, right Ta--> asked --accept/refuse--> answered (repeats M4 for the same M3, eight times)
///        '-- M3, wrong Ta or not looked at --> tombstone (repeats REJECT, three times)
///
/// It answers only what repeats byte for byte what it answered before, and only so often.
package struct Responder: Sendable {
    /// What is needed until the answer is given, and no longer.
    private struct Opening: Sendable {
        let secrets: HandshakeSecrets
        let transcript: [UInt8]
    }

    private enum State: Sendable {
        case waiting(Opening)
        case asked(Opening, finish: [UInt8])
        case answered(finishDigest: [UInt8], verdict: [UInt8], repeats: Int)
        case tombstone(finishDigest: [UInt8], reject: [UInt8], repeats: Int)
    }

    /// What came of an M3.
    package enum Step: Sendable {
        /// Nothing to say: not valid, not expected, or corrupted on the way.
        case none
        /// Repeat this answer.
        case answer([UInt8])
        /// The password was wrong; answer this.
        case wrongPassword([UInt8])
        /// The password was not looked at; answer this.
        case turnedAway([UInt8])
        /// Somebody proved the password and says who they are: decide, then `accept` or `refuse`.
        case login(LoginPayload)
    }

    private let helloDigest: [UInt8]
    /// Empty once nobody may ask for it any more.
    private var serverHello: [UInt8]
    private var helloAnswersLeft = Limits.handshakeAnswerRepeats
    private var state: State
    /// When M1 came.
    package let greeted: Instant

    package let address: SocketAddress
    /// Which of the server's addresses was spoken to; nil where it has one.
    package var local: SocketAddress.Host?
    package let clientID: ConnectionID
    package let serverID: ConnectionID

    /// Answers a hello: M2 is in `firstAnswer`.
    ///
    /// - Parameter algorithm: what the client offers and this machine has.
    /// - Throws: `CPaceError` when the client's share is no valid one.
    package init(
        hello: Hello, bytes: [UInt8], from address: SocketAddress, identity: SigningKey, password: RoomPassword,
        algorithm: AEAD = .chaCha20Poly1305, at now: Instant, using random: inout some RandomNumberGenerator
    ) throws(CPaceError) {
        let party = try CPaceParty(
            prs: password.prs, channel: Transcript.channel, session: hello.sessionID, using: &random)
        var answer = ServerHello(
            clientID: hello.clientID, serverID: ConnectionID(using: &random),
            nonce: random.bytes(ServerHello.nonceBytes), suite: CipherSuites(algorithm), serverKey: identity.publicKey,
            share: party.share, signature: [])
        helloDigest = Digest.sha512(bytes)
        answer.signature = identity.sign(
            Transcript.serverSignatureInput(helloDigest: helloDigest, unsigned: answer.unsigned))
        serverHello = answer.encoded()
        let transcript = Transcript.hash(hello: bytes, serverHello: serverHello)
        let shared = try party.sharedSecret(
            peerShare: hello.share, initiator: (hello.share, hello.associatedData),
            responder: (party.share, answer.associatedData))
        state = .waiting(
            Opening(
                secrets: HandshakeSecrets(sharedSecret: shared, transcript: transcript, algorithm: algorithm),
                transcript: transcript))
        self.address = address
        clientID = hello.clientID
        serverID = answer.serverID
        greeted = now
    }

    package var firstAnswer: [UInt8] { serverHello }

    /// The cached M2 for a repeated M1, a bounded number of times.
    package mutating func receiveRepeat(ofHello bytes: [UInt8]) -> [UInt8]? {
        guard helloAnswersLeft > 0, case .waiting = state, Digest.sha512(bytes) == helloDigest else { return nil }
        helloAnswersLeft -= 1
        return serverHello
    }

    /// - Parameter wait: how long no password from there is heard; nil when this one is.
    package mutating func receiveFinish(
        _ datagram: Span<UInt8>, identity: SigningKey, wait: Duration? = nil
    ) -> Step {
        let bytes = [UInt8](copying: datagram)
        switch state {
        case .waiting(let opening):
            guard datagram.count >= Reject.bytes,
                let header = try? ConfirmationHeader(parsing: datagram, type: .finish), header.packetNumber == 0
            else { return .none }
            guard let wait else {
                return receiveFirstFinish(datagram, header, bytes: bytes, opening, identity: identity)
            }
            return .turnedAway(reject(bytes, .tryLater, wait: wait, identity: identity))
        case .asked: return .none
        case .answered(let digest, let verdict, let repeats):
            guard repeats > 0, Transcript.finishDigest(bytes) == digest else { return .none }
            state = .answered(finishDigest: digest, verdict: verdict, repeats: repeats - 1)
            return .answer(verdict)
        case .tombstone(let digest, let reject, let repeats):
            guard repeats > 0, Transcript.finishDigest(bytes) == digest else { return .none }
            state = .tombstone(finishDigest: digest, reject: reject, repeats: repeats - 1)
            return .answer(reject)
        }
    }

    private mutating func receiveFirstFinish(
        _ datagram: Span<UInt8>, _ header: ConfirmationHeader, bytes: [UInt8], _ opening: Opening, identity: SigningKey
    ) -> Step {
        let secrets = opening.secrets
        guard ConstantTime.areEqual(header.tag, secrets.clientTag(over: opening.transcript)) else {
            return .wrongPassword(reject(bytes, .wrongPassword, wait: .zero, identity: identity))
        }
        var plaintext: [UInt8] = []
        // Past the tag only corruption on the way can fail: the handshake waits for the message to be repeated.
        guard
            secrets.clientKey.open(
                datagram, headerCount: ConfirmationHeader.bytes, packetNumber: header.packetNumber, into: &plaintext),
            let login = try? LoginPayload(parsing: plaintext.span),
            Signature.isValid(
                login.proof, over: Transcript.deviceProofInput(exporter: secrets.loginExporter),
                publicKey: login.deviceKey)
        else { return .none }
        state = .asked(opening, finish: bytes)
        return .login(login)
    }

    /// Ends the handshake with a REJECT.
    private mutating func reject(
        _ finish: [UInt8], _ code: Reject.Code, wait: Duration, identity: SigningKey
    ) -> [UInt8] {
        // Rounded up, so that who waits so long is heard.
        let (whole, rest) = wait.components
        var reject = Reject(
            clientID: clientID, code: code, retryAfter: UInt16(clamping: rest > 0 ? whole + 1 : whole),
            finishDigest: Transcript.finishDigest(finish), signature: [])
        reject.signature = identity.sign(Transcript.rejectSignatureInput(unsigned: reject.unsigned))
        let answer = reject.encoded()
        state = .tombstone(finishDigest: reject.finishDigest, reject: answer, repeats: Limits.handshakeAnswerRepeats)
        return answer
    }

    /// The keys of the connection; nil unless a login waits for an answer.
    package func grantedKeys(at now: Instant) -> SessionKeys? {
        guard case .asked(let opening, let finish) = state else { return nil }
        return SessionKeys(
            secrets: opening.secrets.application(bindingTo: finish), clientID: clientID, serverID: serverID,
            // Only an M2 that left once tells which one the M3 answers.
            roundTrip: helloAnswersLeft == Limits.handshakeAnswerRepeats ? now - greeted : nil)
    }

    /// Ends the handshake with an M4 that lets the client in.
    ///
    /// - Returns: M4; nil unless a login waits for an answer.
    package mutating func accept(_ verdict: VerdictPayload) -> [UInt8]? {
        guard case .asked(let opening, let finish) = state else { return nil }
        return answer(opening, finish, verdict)
    }

    /// Ends the handshake with an M4 that says why not.
    ///
    /// - Returns: M4; nil unless a login waits for an answer.
    package mutating func refuse(payload: [UInt8]) -> [UInt8]? {
        guard case .asked(let opening, let finish) = state else { return nil }
        return answer(opening, finish, VerdictPayload(isAccepted: false, application: payload))
    }

    private mutating func answer(_ opening: Opening, _ finish: [UInt8], _ payload: VerdictPayload) -> [UInt8] {
        let header = ConfirmationHeader(
            type: .verdict, destination: clientID, packetNumber: 0,
            tag: opening.secrets.serverTag(
                over: Transcript.serverTagInput(transcript: opening.transcript, finish: finish)))
        var bytes = header.encoded() + payload.encoded()
        opening.secrets.serverKey.seal(&bytes, headerCount: ConfirmationHeader.bytes, packetNumber: 0)
        state = .answered(finishDigest: Transcript.finishDigest(finish), verdict: bytes, repeats: Limits.verdictRepeats)
        serverHello = []
        return bytes
    }
}
