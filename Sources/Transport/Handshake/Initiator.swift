package import Basics
package import Crypto

/// What a client brings to a login.
package struct ClientCredentials: Sendable {
    package var password: RoomPassword
    package var device: SigningKey
    /// The server's key as pinned at first contact; nil when there was none.
    package var pinnedServerKey: [UInt8]?
    /// What an invitation says of the server's key, for the first contact.
    package var invitedKey: KeyFingerprint?
    /// What the application says in M3.
    package var login: [UInt8]

    package init(
        password: RoomPassword, device: SigningKey, pinnedServerKey: [UInt8]?, invitedKey: KeyFingerprint? = nil,
        login: [UInt8]
    ) {
        self.password = password
        self.device = device
        self.pinnedServerKey = pinnedServerKey
        self.invitedKey = invitedKey
        self.login = login
    }
}

extension ClientCredentials {
    /// Whether the key is the one that this client knows the server by; any is when it knows none yet.
    func accepts(serverKey: [UInt8]) -> Bool {
        if let pinnedServerKey, pinnedServerKey != serverKey { return false }
        guard let invitedKey else { return true }
        return KeyFingerprint(of: serverKey) == invitedKey
    }
}

/// What both sides of a finished handshake know.
package struct SessionKeys: Sendable {
    package let secrets: ApplicationSecrets
    package let clientID: ConnectionID
    package let serverID: ConnectionID
    /// Measured during the handshake; nil when no answer was unambiguous.
    package let roundTrip: Duration?
    /// What a stateless reset of this connection ends with; nil when there will be none.
    package var resetToken: [UInt8]?

    package init(
        secrets: ApplicationSecrets, clientID: ConnectionID, serverID: ConnectionID, roundTrip: Duration?,
        resetToken: [UInt8]? = nil
    ) {
        self.secrets = secrets
        self.clientID = clientID
        self.serverID = serverID
        self.roundTrip = roundTrip
        self.resetToken = resetToken
    }
}

/// The client's side of one handshake.
///
///     greeting --M2--> finishing --M4--> done(accepted | refused)
///        |                 |-----REJECT--> done(rejected)
///        |-- other key --> done(serverKeyChanged)
///        '-- 4 s without progress, in either state --> done(silent)
///
/// While greeting it takes one Retry and says M1 again with the cookie.
package struct Initiator: Sendable {
    package enum Outcome: Sendable {
        case accepted(SessionKeys, serverKey: [UInt8], payload: [UInt8], ticket: [UInt8]?)
        case refused(payload: [UInt8], serverKey: [UInt8])
        case rejected(Reject.Code, retryAfter: Duration)
        case serverKeyChanged(actual: [UInt8])
        case silent
    }

    private struct Finishing: Sendable {
        let secrets: HandshakeSecrets
        let transcript: [UInt8]
        let message: [UInt8]
        let serverID: ConnectionID
        let serverKey: [UInt8]
        let helloRoundTrip: Duration?
    }

    private enum State: Sendable {
        case greeting(CPaceParty)
        case finishing(Finishing)
        case done
    }

    private let credentials: ClientCredentials
    private var hello: Hello
    private var helloBytes: [UInt8]
    /// M1 as it was before a Retry. A server that had answered it already, when the answer and the Retry crossed, or
    /// when the Retry was forged, is taken at that answer.
    private var formerHelloBytes: [UInt8]?
    private var state: State
    private var timer: RepeatTimer
    private var lastSent: Instant

    /// Set once; the handshake has nothing more to say then.
    package private(set) var outcome: Outcome?

    /// - Parameter suites: what to offer, as far as this machine has it.
    /// - Throws: `CPaceError` when the random numbers gave no usable share, which does not happen in practice.
    package init(
        credentials: ClientCredentials, suites: CipherSuites = .supported, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) throws(CPaceError) {
        let sessionID = random.bytes(Hello.sessionIDBytes)
        let party = try CPaceParty(
            prs: credentials.password.prs, channel: Transcript.channel, session: sessionID, using: &random)
        self.credentials = credentials
        hello = Hello(
            clientID: ConnectionID(using: &random), sessionID: sessionID, suites: suites.intersection(.supported),
            share: party.share, cookie: [])
        helloBytes = hello.encoded()
        state = .greeting(party)
        timer = RepeatTimer(at: now)
        lastSent = now
    }

    /// The next moment at which `handleTimeout` or `pollTransmit` has something to do.
    package var deadline: Instant? {
        if case .done = state { return nil }
        return timer.deadline
    }

    package mutating func handleTimeout(at now: Instant) {
        guard outcome == nil, now >= timer.expiry else { return }
        finish(.silent)
    }

    /// The message that is due, if one is.
    package mutating func pollTransmit(at now: Instant) -> [UInt8]? {
        guard outcome == nil, now >= timer.due else { return nil }
        timer.sent(at: now)
        lastSent = now
        switch state {
        case .greeting: return helloBytes
        case .finishing(let finishing): return finishing.message
        case .done: return nil
        }
    }

    /// Takes a datagram. What does not belong to this handshake, or fails to prove itself, is loss.
    package mutating func receive(_ datagram: Span<UInt8>, at now: Instant) {
        guard outcome == nil, let type = PacketType(firstByteOf: datagram) else { return }
        switch (state, type) {
        case (.greeting, .retry): receiveRetry(datagram, at: now)
        case (.greeting(let party), .serverHello): receiveServerHello(datagram, party: party, at: now)
        case (.finishing(let finishing), .verdict): receiveVerdict(datagram, finishing, at: now)
        case (.finishing(let finishing), .reject): receiveReject(datagram, finishing)
        case (.greeting, _), (.finishing, _), (.done, _): return
        }
    }

    private mutating func finish(_ result: Outcome) {
        outcome = result
        state = .done
    }

    /// The server wants to see first that this address hears it. One Retry is believed: nobody can keep a client busy.
    private mutating func receiveRetry(_ datagram: Span<UInt8>, at now: Instant) {
        guard formerHelloBytes == nil, let retry = try? Retry(parsing: datagram), retry.answers(hello) else { return }
        formerHelloBytes = helloBytes
        hello.cookie = retry.cookie
        helloBytes = hello.encoded()
        timer = RepeatTimer(at: now)
    }

    /// The M1 that an M2 answers, by its signature; nil when it answers none of ours.
    private func helloAnswered(by answer: ServerHello) -> [UInt8]? {
        [helloBytes, formerHelloBytes].compactMap { $0 }.first { bytes in
            Signature.isValid(
                answer.signature, over: Transcript.serverSignatureInput(hello: bytes, unsigned: answer.unsigned),
                publicKey: answer.serverKey)
        }
    }

    private mutating func receiveServerHello(_ datagram: Span<UInt8>, party: CPaceParty, at now: Instant) {
        guard let answer = try? ServerHello(parsing: datagram), answer.clientID == hello.clientID,
            answer.share != hello.share, let algorithm = answer.suite.algorithm, hello.suites.contains(answer.suite),
            let answered = helloAnswered(by: answer)
        else { return }
        guard credentials.accepts(serverKey: answer.serverKey) else {
            return finish(.serverKeyChanged(actual: answer.serverKey))
        }
        guard
            let shared = try? party.sharedSecret(
                peerShare: answer.share, initiator: (hello.share, hello.associatedData),
                responder: (answer.share, answer.associatedData))
        else { return }
        let transcript = Transcript.hash(hello: answered, serverHello: answer.encoded())
        let secrets = HandshakeSecrets(sharedSecret: shared, transcript: transcript, algorithm: algorithm)
        state = .finishing(
            Finishing(
                secrets: secrets, transcript: transcript,
                message: finishMessage(secrets, transcript: transcript, serverID: answer.serverID),
                serverID: answer.serverID, serverKey: answer.serverKey,
                helloRoundTrip: timer.wasSentOnce && answered == helloBytes ? now - lastSent : nil))
        timer = RepeatTimer(at: now)
    }

    private func finishMessage(
        _ secrets: HandshakeSecrets, transcript: [UInt8], serverID: ConnectionID
    ) -> [UInt8] {
        let header = ConfirmationHeader(
            type: .finish, destination: serverID, packetNumber: 0, tag: secrets.clientTag(over: transcript))
        let payload = LoginPayload(
            deviceKey: credentials.device.publicKey,
            proof: credentials.device.sign(Transcript.deviceProofInput(exporter: secrets.loginExporter)),
            application: credentials.login)
        // With key, proof and tags an M3 is always longer than REJECT, so no answer to it amplifies.
        var bytes = header.encoded() + payload.encoded()
        secrets.clientKey.seal(&bytes, headerCount: ConfirmationHeader.bytes, packetNumber: header.packetNumber)
        return bytes
    }

    private mutating func receiveVerdict(_ datagram: Span<UInt8>, _ finishing: Finishing, at now: Instant) {
        guard let header = try? ConfirmationHeader(parsing: datagram, type: .verdict),
            header.destination == hello.clientID,
            ConstantTime.areEqual(
                header.tag,
                finishing.secrets.serverTag(
                    over: Transcript.serverTagInput(transcript: finishing.transcript, finish: finishing.message)))
        else { return }
        var plaintext: [UInt8] = []
        guard
            finishing.secrets.serverKey.open(
                datagram, headerCount: ConfirmationHeader.bytes, packetNumber: header.packetNumber, into: &plaintext),
            let verdict = try? VerdictPayload(parsing: plaintext.span)
        else { return }
        guard verdict.isAccepted else {
            return finish(.refused(payload: verdict.application, serverKey: finishing.serverKey))
        }
        let keys = SessionKeys(
            secrets: finishing.secrets.application(bindingTo: finishing.message), clientID: hello.clientID,
            serverID: finishing.serverID,
            roundTrip: timer.wasSentOnce ? now - lastSent : finishing.helloRoundTrip,
            resetToken: verdict.resetToken)
        finish(
            .accepted(keys, serverKey: finishing.serverKey, payload: verdict.application, ticket: verdict.ticket))
    }

    private mutating func receiveReject(_ datagram: Span<UInt8>, _ finishing: Finishing) {
        guard let reject = try? Reject(parsing: datagram), reject.clientID == hello.clientID,
            reject.finishDigest == Transcript.finishDigest(finishing.message),
            Signature.isValid(
                reject.signature, over: Transcript.rejectSignatureInput(unsigned: reject.unsigned),
                publicKey: finishing.serverKey)
        else { return }
        finish(.rejected(reject.code, retryAfter: .seconds(Int(reject.retryAfter))))
    }
}
