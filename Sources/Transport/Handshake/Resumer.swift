package import Basics
import Crypto

/// The client's side of a resume.
///
///     asking --R2--> done(accepted | refused)
///       |---ticket refusal--> done(ticketRefused)
///       '-- 4 s without an answer --> done(silent)
///
/// It takes one Retry and says R1 again with the cookie. That the server knows the ticket's secret is its proof; the
/// client's is the first packet under the new keys.
package struct Resumer: Sendable {
    package enum Outcome: Sendable {
        case accepted(SessionKeys, payload: [UInt8], ticket: [UInt8]?)
        case refused(payload: [UInt8])
        case ticketRefused
        case silent
    }

    private let ticket: ResumptionTicket
    private let payload: [UInt8]
    private let exchange: ExchangeKey
    private var hello: Hello
    private var message: [UInt8]
    /// R1 as it was before a Retry: an answer to it may be on its way.
    private var formerMessage: [UInt8]?
    private var timer: RepeatTimer
    private var lastSent: Instant

    /// Set once; nothing more is to be said then.
    package private(set) var outcome: Outcome?

    /// - Parameters:
    ///   - login: what the application says; at most `Limits.loginPayloadBytes`.
    ///   - suites: what to offer, as far as this machine has it.
    package init(
        ticket: ResumptionTicket, login: [UInt8], suites: CipherSuites = .supported, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) {
        self.ticket = ticket
        payload = ResumePayload(application: login).encoded()
        exchange = ExchangeKey(using: &random)
        hello = Hello(
            clientID: ConnectionID(using: &random), sessionID: random.bytes(Hello.sessionIDBytes),
            suites: suites.intersection(.supported), share: exchange.share, cookie: [])
        message = Self.message(hello, ticket, payload)
        timer = RepeatTimer(at: now)
        lastSent = now
    }

    /// The next moment at which `handleTimeout` or `pollTransmit` has something to do.
    package var deadline: Instant? {
        outcome == nil ? timer.deadline : nil
    }

    package mutating func handleTimeout(at now: Instant) {
        guard outcome == nil, now >= timer.expiry else { return }
        outcome = .silent
    }

    /// The message that is due, if one is.
    package mutating func pollTransmit(at now: Instant) -> [UInt8]? {
        guard outcome == nil, now >= timer.due else { return nil }
        timer.sent(at: now)
        lastSent = now
        return message
    }

    /// Takes a datagram. What does not belong to this resume, or fails to prove itself, is loss.
    package mutating func receive(_ datagram: Span<UInt8>, at now: Instant) {
        guard outcome == nil, let type = PacketType(firstByteOf: datagram) else { return }
        switch type {
        case .retry: receiveRetry(datagram, at: now)
        case .resumeAnswer: receiveAnswer(datagram, at: now)
        case .ticketRefusal: receiveRefusal(datagram)
        case .hello, .serverHello, .finish, .verdict, .reject, .versions, .data, .resume: return
        }
    }

    private static func message(_ hello: Hello, _ ticket: ResumptionTicket, _ payload: [UInt8]) -> [UInt8] {
        let front = ResumeHello.front(
            hello, ticket: ticket.sealed, sealedCount: payload.count + PacketKey.tagBytes)
        var bytes = front + payload
        let key = ResumptionSecrets.earlyKey(resumption: ticket.secret.bytes, front: front)
        key.seal(&bytes, headerCount: front.count, packetNumber: 0)
        return ResumeHello(hello: hello, ticket: ticket.sealed, sealed: Array(bytes.dropFirst(front.count))).encoded()
    }

    /// The server wants to see first that this address hears it. One Retry is believed.
    private mutating func receiveRetry(_ datagram: Span<UInt8>, at now: Instant) {
        guard formerMessage == nil, let retry = try? Retry(parsing: datagram), retry.answers(hello) else { return }
        formerMessage = message
        hello.cookie = retry.cookie
        message = Self.message(hello, ticket, payload)
        timer = RepeatTimer(at: now)
    }

    private mutating func receiveAnswer(_ datagram: Span<UInt8>, at now: Instant) {
        guard let answer = try? ResumeAnswer(parsing: datagram), answer.clientID == hello.clientID,
            let algorithm = answer.suite.algorithm, hello.suites.contains(answer.suite),
            let exchanged = exchange.sharedSecret(with: answer.share)
        else { return }
        for asked in [message, formerMessage].compactMap({ $0 }) {
            let secrets = ResumptionSecrets.handshake(
                resumption: ticket.secret.bytes, exchanged: exchanged,
                transcript: Transcript.resume(hello: asked, answer: answer.encoded()), algorithm: algorithm)
            var plaintext: [UInt8] = []
            guard
                secrets.serverKey.open(
                    datagram, headerCount: ResumeAnswer.bytes, packetNumber: 0, into: &plaintext),
                let verdict = try? VerdictPayload(parsing: plaintext.span)
            else { continue }
            return finish(verdict, answer, secrets, isUnambiguous: timer.wasSentOnce && asked == message, at: now)
        }
    }

    private mutating func finish(
        _ verdict: VerdictPayload, _ answer: ResumeAnswer, _ secrets: HandshakeSecrets, isUnambiguous: Bool,
        at now: Instant
    ) {
        guard verdict.isAccepted else {
            outcome = .refused(payload: verdict.application)
            return
        }
        let keys = SessionKeys(
            secrets: secrets.application(bindingTo: []), clientID: hello.clientID, serverID: answer.serverID,
            roundTrip: isUnambiguous ? now - lastSent : nil, resetToken: verdict.resetToken)
        outcome = .accepted(keys, payload: verdict.application, ticket: verdict.ticket)
    }

    private mutating func receiveRefusal(_ datagram: Span<UInt8>) {
        guard let refusal = try? TicketRefusal(parsing: datagram), refusal.clientID == hello.clientID,
            [message, formerMessage].contains(where: { asked in
                asked.map { Transcript.resumeDigest($0) == refusal.helloDigest } ?? false
            }),
            Signature.isValid(
                refusal.signature, over: Transcript.ticketRefusalSignatureInput(unsigned: refusal.unsigned),
                publicKey: ticket.serverKey)
        else { return }
        outcome = .ticketRefused
    }
}
