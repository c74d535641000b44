import Basics
import ChatProtocol
import ClientCore
import Crypto
import Transport

/// A client whose server is hostile: it knows the password and says what it likes.
struct ClientWorld: Sendable {
    /// The most datagrams or events that one input may bring about.
    private static let outputLimit = 16 * 1024
    private static let recordLimit = 32

    var client: ClientCore
    var server: Insider?
    private var responder: Responder?
    let identity: SigningKey
    let password: RoomPassword
    var now = Instant(nanoseconds: 1_000_000_000)
    var random = SeededGenerator(seed: 11)

    /// What the client sent, newest last.
    private(set) var sent: [[UInt8]] = []
    /// What the client heard, newest last.
    private(set) var heard: [[UInt8]] = []
    private var unsent = 0

    /// A client that has just begun to connect.
    init() {
        identity = SigningKey(using: &random)
        password = RoomPassword(prepared: SecretBytes(copying: Array("open sesame".utf8).span))
        client = ClientCore(
            configuration: ClientCoreConfiguration(
                name: "ana", history: 10, reconnect: .seconds(60), pinnedServerKey: nil,
                suites: .chaCha20Poly1305),
            identity: ClientIdentity(device: SigningKey(using: &random), password: password, incarnation: 1),
            at: now, using: &random)
    }

    /// The client hears a datagram.
    mutating func tell(_ datagram: [UInt8]) throws(FuzzFault) {
        heard.append(datagram)
        if heard.count > Self.recordLimit { heard.removeFirst() }
        client.receive(datagram.span, at: now, using: &random)
        try drain()
    }

    /// The client hears what nobody with keys made: nothing may come of it.
    mutating func tellGarbage(_ datagram: [UInt8]) throws(FuzzFault) {
        // What is due anyway is done first.
        try pass(.zero)
        let (status, count) = (client.status, sent.count)
        client.receive(datagram.span, at: now, using: &random)
        try drain()
        guard client.status == status, sent.count == count else {
            throw FuzzFault(
                "garbage moved the client: \(sent.count - count) datagrams, \(status) -> \(client.status), \(datagram)")
        }
    }

    mutating func type(_ line: String) throws(FuzzFault) {
        guard client.canAccept else { return }
        client.enter(line, at: now)
        unsent += 1
        try drain()
    }

    mutating func pass(_ time: Duration) throws(FuzzFault) {
        now = now + time
        for _ in 0..<8 {
            guard let deadline = client.nextDeadline, deadline <= now else { return }
            client.handleTimeouts(at: now, using: &random)
            try drain()
        }
        throw FuzzFault("a deadline stays in the past: the loop would spin")
    }

    private mutating func drain() throws(FuzzFault) {
        var datagram: [UInt8] = []
        var count = 0
        while client.pollTransmit(into: &datagram, at: now) {
            count += 1
            guard count <= Self.outputLimit else { throw FuzzFault("one input made the client send without end") }
            guard (1...Limits.longestDatagramBytes).contains(datagram.count) else {
                throw FuzzFault("the client sends \(datagram.count) bytes in a datagram")
            }
            sent.append(datagram)
        }
        if sent.count > Self.recordLimit { sent.removeFirst(sent.count - Self.recordLimit) }
        count = 0
        while client.pollEvent() != nil {
            count += 1
            guard count <= Self.outputLimit else { throw FuzzFault("one input made the client show without end") }
        }
        guard client.status.unsent <= unsent else { throw FuzzFault("a line that was confirmed waits again") }
        unsent = client.status.unsent
        guard client.members.count <= ChatLimits.membersAtMost else {
            throw FuzzFault("a member list of \(client.members.count)")
        }
    }

    /// Whatever the server does, a person who leaves is out in a bounded time.
    mutating func leave() throws(FuzzFault) {
        client.quit(at: now)
        try drain()
        let end = now + .seconds(70)
        while client.finish == nil {
            guard now < end else { throw FuzzFault("the client does not end: \(client.status)") }
            try pass(max(.milliseconds(1), (client.nextDeadline ?? end) - now))
        }
        guard client.nextDeadline == nil else { throw FuzzFault("a finished client waits for something") }
    }

    // MARK: The server's handshake

    /// Answers the client's newest hello.
    mutating func answerHello() throws(FuzzFault) {
        for bytes in sent.reversed() {
            guard let hello = try? Hello(parsing: bytes.span) else { continue }
            let responder = try? Responder(
                hello: hello, bytes: bytes, from: .loopback(port: 1), identity: identity, password: password, at: now,
                using: &random)
            guard let responder else { throw FuzzFault("the client's own share is invalid") }
            self.responder = responder
            return try tell(responder.firstAnswer)
        }
    }

    /// Answers the client's newest confirmation.
    ///
    /// - Parameter isAccepted: whether to let the client in.
    mutating func answerFinish(_ payload: [UInt8], isAccepted: Bool) throws(FuzzFault) {
        guard var responder else { return }
        for bytes in sent.reversed() where bytes.first == PacketType.finish.rawValue {
            guard case .login = responder.receiveFinish(bytes.span, identity: identity) else { continue }
            guard isAccepted else {
                if let verdict = responder.refuse(payload: payload) { try tell(verdict) }
                return
            }
            let resetToken = [UInt8](repeating: 0xee, count: StatelessReset.tokenBytes)
            guard let keys = responder.grantedKeys(at: now),
                let verdict = responder.accept(
                    VerdictPayload(
                        isAccepted: true, application: payload, resetToken: resetToken,
                        ticket: [UInt8](repeating: 0xdd, count: Limits.ticketBytes)))
            else {
                return
            }
            var insider = Insider(keys: keys, role: .server)
            if let welcome = try? Welcome(decoding: payload.span) {
                insider.begin(alias: ChannelAlias.room, after: welcome.cursor)
            }
            server = insider
            self.responder = nil
            return try tell(verdict)
        }
    }

    /// Says that the password is wrong, signed.
    mutating func reject() throws(FuzzFault) {
        guard let responder else { return }
        for bytes in sent.reversed() where bytes.first == PacketType.finish.rawValue {
            var reject = Reject(
                clientID: responder.clientID, code: .wrongPassword, retryAfter: 1,
                finishDigest: Transcript.finishDigest(bytes), signature: [])
            reject.signature = identity.sign(Transcript.rejectSignatureInput(unsigned: reject.unsigned))
            return try tell(reject.encoded())
        }
    }

    /// An acknowledgement of everything up to the client's newest packet.
    func acknowledgement() -> [UInt8] {
        var bytes: [UInt8] = []
        guard let key = server?.keys.secrets.client else { return bytes }
        for datagram in sent.reversed() {
            guard var header = try? DataHeader(parsing: datagram.span, hasDestination: true),
                header.revealNumber(of: datagram.span, with: key)
            else { continue }
            Frame.acknowledgement(Acknowledgement(largest: header.truncatedNumber, delay: 0, bitmap: .max))
                .emit(into: &bytes)
            break
        }
        return bytes
    }
}
