import Basics
import Crypto
import Transport

extension FuzzTarget {
    /// What a client comes back with, and what it is told.
    static let resumes: [FuzzTarget] = [
        codec(
            "resume-hello", "R1", isExact: true,
            sample: { random in
                ResumeHello(
                    hello: Hello(
                        clientID: ConnectionID(using: &random), sessionID: random.bytes(Hello.sessionIDBytes),
                        suites: .supported, share: random.bytes(Hello.shareBytes),
                        cookie: random.bytes(random.chance(0.5) ? 0 : Hello.cookieBytes)),
                    ticket: random.bytes(Limits.ticketBytes), sealed: random.bytes(.random(in: 0...700, using: &random))
                )
            },
            parse: { (bytes) throws(WireError) in try ResumeHello(parsing: bytes) }, emit: { $0.encoded() }),
        codec(
            "resume-answer", "the front of R2",
            sample: { random in
                ResumeAnswer(
                    clientID: ConnectionID(using: &random), serverID: ConnectionID(using: &random),
                    suite: .chaCha20Poly1305, share: random.bytes(Hello.shareBytes))
            },
            parse: { (bytes) throws(WireError) in try ResumeAnswer(parsing: bytes) }, emit: { $0.encoded() }),
        codec(
            "resume-payload", "what is sealed in R1",
            sample: { ResumePayload(application: $0.bytes(.random(in: 0...Limits.loginPayloadBytes, using: &$0))) },
            parse: { (bytes) throws(WireError) in try ResumePayload(parsing: bytes) }, emit: { $0.encoded() }),
        codec(
            "ticket-refusal", "the answer to a ticket that is not good", isExact: true,
            sample: { random in
                TicketRefusal(
                    clientID: ConnectionID(using: &random), helloDigest: random.bytes(TicketRefusal.digestBytes),
                    signature: random.bytes(ServerHello.signatureBytes))
            },
            parse: { (bytes) throws(WireError) in try TicketRefusal(parsing: bytes) }, emit: { $0.encoded() }),
        ticketContent,
        ticket,
    ]

    private static let holder = TicketHolder(deviceKey: [UInt8](repeating: 3, count: 32), identity: [1, 2, 3])
    private static let epoch = [UInt8](repeating: 5, count: ResumptionSecrets.passwordEpochBytes)

    /// What is sealed in a ticket: only we write it, yet what reads it takes anything.
    private static let ticketContent = FuzzTarget(
        "ticket-content", "what is sealed in a ticket", limit: 512,
        sample: { random in
            let content = TicketContent(
                secret: SecretBox(SecretBytes(count: ResumptionSecrets.secretBytes, using: &random)),
                id: random.bytes(16), issued: .random(in: .min...(.max), using: &random), passwordEpoch: epoch,
                holder: TicketHolder(
                    deviceKey: random.bytes(32),
                    identity: random.bytes(.random(in: 0...Limits.ticketIdentityBytes, using: &random))))
            return content.encoded()?.revealed() ?? []
        }
    ) { (input) throws(FuzzFault) -> Bool in
        guard let content = try? TicketContent(parsing: SecretBytes(copying: input.span)) else { return false }
        guard content.encoded()?.revealed() == input else { throw FuzzFault("two forms of one ticket: \(content)") }
        return true
    }

    /// A ticket as clients show it.
    private static let ticket = FuzzTarget(
        "ticket", "a ticket that somebody shows", limit: 512,
        sample: { random in
            var keys = keys
            let secret = SecretBox(SecretBytes(count: ResumptionSecrets.secretBytes, using: &random))
            return keys.issue(to: holder, secret: secret, passwordEpoch: epoch, at: .origin) ?? []
        }
    ) { (input) throws(FuzzFault) -> Bool in
        guard let content = keys.open(input, passwordEpoch: epoch, at: .origin) else { return false }
        guard content.holder == holder else { throw FuzzFault("a ticket that nobody made is good: \(content.holder)") }
        return true
    }

    private static let keys: TicketKeys = {
        var random = SeededGenerator(seed: 3)
        return TicketKeys(keys: [], wall: WallTime(milliseconds: 0), at: .origin, using: &random)
    }()
}
