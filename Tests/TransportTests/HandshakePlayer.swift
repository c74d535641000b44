import Basics
import Crypto
import Testing

@testable import Transport

/// Plays a handshake of the vectors with the initiator and the responder themselves, and derives beside them, from the
/// primitives, the values that they keep to themselves.
struct HandshakePlayer {
    private(set) var run: HandshakeVectors.Run
    private let identity: SigningKey
    private(set) var clientKeys: SessionKeys?
    private(set) var serverKeys: SessionKeys?

    init(_ run: HandshakeVectors.Run) {
        self.run = run
        self.run.made = [:]
        identity = SigningKey(seed: run.secret("server seed"))
    }

    private mutating func note(_ name: String, _ bytes: [UInt8]) {
        run.made[name] = hex(bytes)
    }

    private mutating func note(_ name: String, _ secret: borrowing SecretBytes) {
        run.made[name] = hex(secret.revealed())
    }

    mutating func play() throws {
        var tape = Tape(run.bytes("sid") + run.bytes("client uniform") + run.bytes("client ID").reversed())
        let credentials = ClientCredentials(
            password: TestKeys.password(run.word("client password")),
            device: SigningKey(seed: run.secret("device seed")), pinnedServerKey: nil, login: run.bytes("login"))
        var initiator = try Initiator(credentials: credentials, suites: run.suites, at: .start, using: &tape)
        let hello = try greet(&initiator)
        var serverTape = Tape(
            run.bytes("server uniform") + run.bytes("server ID").reversed() + run.bytes("nonce"))
        var responder = try Responder(
            hello: try Hello(parsing: hello.span), bytes: hello, from: .loopback(port: 5000), identity: identity,
            password: TestKeys.password(run.word("password")), algorithm: run.algorithm, at: .start, using: &serverTape)
        note("m2", responder.firstAnswer)
        try deriveHandshakeSecrets(hello: hello)
        initiator.receive(responder.firstAnswer.span, at: .start)
        let polled = initiator.pollTransmit(at: .start)
        let finish = try #require(polled)
        note("m3", finish)
        try noteSealed("m3", in: finish, under: "client handshake")
        try answer(finish, responder: &responder, initiator: &initiator)
    }

    /// M1, and again after a Retry where the run has a cookie.
    private mutating func greet(_ initiator: inout Initiator) throws -> [UInt8] {
        let polled = initiator.pollTransmit(at: .start)
        let first = try #require(polled)
        note("m1", first)
        guard !run.bytes("cookie").isEmpty else { return first }
        let retry = Retry(to: try Hello(parsing: first.span), cookie: run.bytes("cookie")).encoded()
        note("retry", retry)
        initiator.receive(retry.span, at: .start)
        let repolled = initiator.pollTransmit(at: .start)
        let second = try #require(repolled)
        note("m1 with cookie", second)
        return second
    }

    private mutating func answer(
        _ finish: [UInt8], responder: inout Responder, initiator: inout Initiator
    ) throws {
        let wait = Int(run.word("wait")).map { Duration.seconds($0) }
        switch responder.receiveFinish(finish.span, identity: identity, wait: wait) {
        case .none, .answer: Issue.record("M3 was not taken")
        case .wrongPassword(let reject), .turnedAway(let reject):
            note("reject", reject)
            initiator.receive(reject.span, at: .start)
            guard case .rejected = initiator.outcome else {
                Issue.record("REJECT was not taken")
                return
            }
        case .login(let login):
            #expect(login.application == run.bytes("login"))
            try decide(finish, responder: &responder, initiator: &initiator)
        }
    }

    private mutating func decide(
        _ finish: [UInt8], responder: inout Responder, initiator: inout Initiator
    ) throws {
        guard run.word("answer") == "accept" else {
            let refusal = responder.refuse(payload: run.bytes("verdict"))
            let verdict = try #require(refusal)
            initiator.receive(verdict.span, at: .start)
            guard case .refused(let payload, _) = initiator.outcome, payload == run.bytes("verdict") else {
                Issue.record("the refusal was not taken")
                return
            }
            note("m4", verdict)
            return try noteSealed("m4", in: verdict, under: "server handshake")
        }
        let token = ResetSource(identity: identity, at: .start).token(of: responder.serverID)
        let granted = responder.grantedKeys(at: .start)
        let keys = try #require(granted)
        let answer = responder.accept(
            VerdictPayload(isAccepted: true, application: run.bytes("verdict"), resetToken: token))
        let verdict = try #require(answer)
        initiator.receive(verdict.span, at: .start)
        guard case .accepted(let own, _, let payload, _) = initiator.outcome, payload == run.bytes("verdict") else {
            Issue.record("M4 was not taken")
            return
        }
        #expect(own.resetToken == token)
        (clientKeys, serverKeys) = (own, keys)
        note("m4", verdict)
        try noteSealed("m4", in: verdict, under: "server handshake")
        deriveApplicationSecrets(finish: finish)
        seal(from: own)
    }

    // MARK: What the two keep to themselves

    private mutating func deriveHandshakeSecrets(hello: [UInt8]) throws {
        let prs = TestKeys.password(run.word("client password")).prs.revealed()
        note("prs", prs)
        note("channel", Transcript.channel)
        let sid = run.bytes("sid")
        note(
            "generator", CPace.generator(prs: SecretBytes(copying: prs.span), channel: Transcript.channel, session: sid)
        )
        let party = try CPaceParty(
            prs: SecretBytes(copying: prs.span), channel: Transcript.channel, session: sid,
            scalar: Ristretto255.scalar(reducing: run.secret("client uniform")))
        let answer = try ServerHello(parsing: run.bytes("m2").span)
        let own = try Hello(parsing: hello.span)
        let isk = try party.sharedSecret(
            peerShare: answer.share, initiator: (own.share, own.associatedData),
            responder: (answer.share, answer.associatedData))
        let th = Transcript.hash(hello: hello, serverHello: run.bytes("m2"))
        note("isk", isk)
        note("th", th)
        note("prk", HKDF.extract(salt: th, secret: isk))
        expand("client confirm", "gaschat/1 client confirm")
        expand("server confirm", "gaschat/1 server confirm")
        expand("login exporter", "gaschat/1 login exporter", count: 32)
        notePacketKey("client handshake", "gaschat/1 client handshake")
        notePacketKey("server handshake", "gaschat/1 server handshake")
    }

    private mutating func deriveApplicationSecrets(finish: [UInt8]) {
        let h3 = Digest.sha512(LengthValue.cat(Array("gaschat/1 th3".utf8), run.bytes("th"), finish))
        note("h3", h3)
        for side in ["client", "server"] {
            notePacketKey("\(side) application", "gaschat/1 \(side) application", h3)
            note("\(side) header key", packetBlock("\(side) application").part(44..<60))
            expand("\(side) updated secret", "gaschat/1 key update", from: "\(side) application secret")
            noteKeyAndIV("\(side) updated")
        }
        expand("resumption", "gaschat/1 resumption", h3)
        expand("exporter", "gaschat/1 exporter", h3)
    }

    private mutating func expand(
        _ name: String, _ label: String, _ context: [UInt8] = [], from secret: String = "prk", count: Int = 64
    ) {
        note(name, HKDF.expand(run.secret(secret), info: Array(label.utf8) + context, count: count))
    }

    private mutating func notePacketKey(_ name: String, _ label: String, _ context: [UInt8] = []) {
        expand("\(name) secret", label, context)
        noteKeyAndIV(name)
    }

    private mutating func noteKeyAndIV(_ name: String) {
        let block = packetBlock(name)
        note("\(name) key", block.part(0..<32))
        note("\(name) iv", block.part(32..<44))
    }

    private func packetBlock(_ name: String) -> SecretBytes {
        HKDF.expand(run.secret("\(name) secret"), info: Array("gaschat/1 packet".utf8), count: 60)
    }

    /// Opens what is sealed in M3 or M4 with the key and the IV alone; packet number 0.
    private mutating func noteSealed(_ name: String, in datagram: [UInt8], under key: String) throws {
        let count = ConfirmationHeader.bytes
        let plaintext = run.algorithm.open(
            Array(datagram.dropFirst(count)), header: Array(datagram.prefix(count)), key: run.secret("\(key) key"),
            nonce: run.bytes("\(key) iv"))
        note("\(name) plaintext", try #require(plaintext))
    }

    // MARK: Data packets

    /// Seals the run's packets with the keys of the session.
    private mutating func seal(from keys: SessionKeys) {
        for index in run.packets.indices {
            let packet = run.packets[index]
            let isClient = packet["from"] == "client"
            let isUpdated = packet["phase"] == "1"
            let number = UInt64(packet["number"] ?? "") ?? 0
            let first = isClient ? keys.secrets.client : keys.secrets.server
            let header = DataHeader(
                destination: isClient ? keys.serverID : nil, number: number, keyPhase: isUpdated)
            var bytes: [UInt8] = []
            header.emit(into: &bytes)
            bytes += Self.bytes(packet["plaintext"])
            (isUpdated ? first.successor() : first).seal(
                &bytes, headerCount: header.count, numberCount: DataHeader.numberBytes, packetNumber: number)
            DataHeader.hideNumber(in: &bytes, headerCount: header.count, with: first)
            let iv = run.bytes("\(isClient ? "client" : "server") \(isUpdated ? "updated" : "application") iv")
            run.packets[index]["nonce"] = hex(
                iv.enumerated().map { place, byte in
                    byte ^ (place < 4 ? 0 : UInt8(truncatingIfNeeded: number >> UInt64(8 * (11 - place))))
                })
            run.packets[index]["datagram"] = hex(bytes)
        }
    }

    static func bytes(_ digits: String?) -> [UInt8] {
        HandshakeVectors.Run(name: "", given: ["": digits ?? ""], packets: []).bytes("")
    }
}
