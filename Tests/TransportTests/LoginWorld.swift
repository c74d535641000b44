import Basics
import Crypto
import Testing

@testable import Transport

/// A server's endpoint and what it told, driven by hand.
struct LoginWorld {
    enum Policy {
        case accept
        /// Waits for the first packet before it lets anybody in.
        case offer
        case refuseTicket
        case refuse
        case leaveWaiting
    }

    static let address = SocketAddress.loopback(port: 5000)

    var server: ServerEndpoint
    var policy = Policy.accept
    var random: SeededGenerator
    var now = Instant.start
    var verdictPayload: [UInt8] = [1, 2, 3]

    private(set) var logins: [[UInt8]] = []
    /// What clients with a ticket said, and whose it was; and the requests of offers that were taken.
    private(set) var resumes: [[UInt8]] = []
    private(set) var holders: [TicketHolder] = []
    private(set) var confirmed: [[UInt8]] = []
    private(set) var wrongPasswords = 0
    private(set) var turnedAway = 0
    private(set) var peers: [PeerID] = []
    private(set) var closed: [(peer: PeerID, cause: CloseCause)] = []
    private(set) var messages: [[UInt8]] = []
    /// New addresses of peers.
    private(set) var moves: [SocketAddress] = []
    /// What the last `login` brought.
    private(set) var lastTicket: ResumptionTicket?
    private(set) var streamEvents: [(StreamID, StreamEvent)] = []
    /// Where the last answers went.
    private(set) var targets: [SocketAddress] = []

    /// - Parameter strangers: unless said otherwise no hello needs a cookie by chance, so that tests see M1, M2, M3.
    init(
        seed: UInt64 = 1, strangers: StrangerLimits = .withoutChance, keyLimits: KeyLimits = .standard,
        givesTickets: Bool = false, suites: CipherSuites = .supported
    ) {
        random = SeededGenerator(seed: seed)
        let tickets =
            givesTickets
            ? TicketKeys(keys: [], wall: WallTime(milliseconds: 0), at: .start, using: &random) : nil
        server = ServerEndpoint(
            identity: TestKeys.signing(100), password: TestKeys.password("swordfish"), strangers: strangers,
            tickets: tickets, keyLimits: keyLimits, suites: suites, at: .start)
    }

    func credentials(password: String = "swordfish", pinned: [UInt8]? = nil) -> ClientCredentials {
        ClientCredentials(
            password: TestKeys.password(password), device: TestKeys.signing(200), pinnedServerKey: pinned,
            login: Array("ana".utf8))
    }

    mutating func initiator(
        password: String = "swordfish", pinned: [UInt8]? = nil, invited: KeyFingerprint? = nil,
        suites: CipherSuites = .supported
    ) throws -> Initiator {
        var credentials = credentials(password: password, pinned: pinned)
        credentials.invitedKey = invited
        return try Initiator(credentials: credentials, suites: suites, at: now, using: &random)
    }

    /// Gives the server a datagram.
    ///
    /// - Returns: everything that it sends then.
    mutating func ask(_ datagram: [UInt8], from address: SocketAddress = LoginWorld.address) -> [[UInt8]] {
        server.receive(datagram.span, from: address, at: now, using: &random)
        return settle()
    }

    /// Lets the owner answer what the server tells, and collects what the server sends.
    mutating func settle() -> [[UInt8]] {
        while let event = server.pollEvent() {
            switch event {
            case .login(let login, let deviceKey, let payload, _):
                logins.append(payload)
                answer(login, TicketHolder(deviceKey: deviceKey, identity: payload), payload)
            case .resume(let login, let holder, let payload, _):
                resumes.append(payload)
                holders.append(holder)
                answer(login, holder, payload)
            case .confirmed(let login, _, let request, let promised, _):
                confirmed.append(request)
                #expect(promised == verdictPayload)
                if let peer = server.promote(login, at: now) { peers.append(peer) }
            case .wrongPassword: wrongPasswords += 1
            case .tooManyAttempts: turnedAway += 1
            case .unheard: break
            case .message(_, _, let message): messages.append(message.bytes)
            case .moved(_, let address): moves.append(address)
            case .closed(let peer, let cause): closed.append((peer, cause))
            case .stream(_, let stream, let event): streamEvents.append((stream, event))
            }
        }
        var sent: [[UInt8]] = []
        var datagram: [UInt8] = []
        targets = []
        while let target = server.pollTransmit(into: &datagram, from: TestLog(), at: now) {
            sent.append(datagram)
            targets.append(target)
        }
        return sent
    }

    private mutating func answer(_ login: LoginID, _ holder: TicketHolder, _ request: [UInt8]) {
        switch policy {
        case .accept:
            let peer = server.accept(login, payload: verdictPayload, holder: holder, at: now)
            if let peer { peers.append(peer) }
        case .offer:
            server.offer(
                login, to: holder, request: request, payload: verdictPayload, opening: 1, after: 0, at: now)
        case .refuseTicket: server.refuseTicket(login)
        case .refuse: server.refuse(login, payload: verdictPayload, at: now)
        case .leaveWaiting: return
        }
    }

    mutating func pass(_ duration: Duration) -> [[UInt8]] {
        now = now + duration
        server.handleTimeouts(at: now)
        return settle()
    }

    /// A handshake as far as M3, which the server has not seen yet.
    mutating func handshakeUntilFinish(
        password: String = "swordfish"
    ) throws -> (client: Initiator, hello: [UInt8], serverHello: [UInt8], finish: [UInt8]) {
        var client = try initiator(password: password)
        let hello = try client.message(at: now)
        let serverHello = try #require(ask(hello).first)
        client.receive(serverHello.span, at: now)
        let finish = try client.message(at: now)
        return (client, hello, serverHello, finish)
    }

    /// Lets a client and the server talk until neither has anything to say at this moment.
    mutating func converse(_ client: inout Initiator, from address: SocketAddress) {
        while let message = client.pollTransmit(at: now) {
            for answer in ask(message, from: address) { client.receive(answer.span, at: now) }
        }
    }

    /// A client that logs in, with a cookie if need be.
    mutating func login(from address: SocketAddress) throws -> Connection {
        var client = try initiator()
        converse(&client, from: address)
        lastTicket = client.ticket
        return Connection(role: .client, keys: try #require(client.keys), at: now)
    }

    /// Lets a client say a control message.
    ///
    /// - Returns: whether it was confirmed.
    mutating func say(_ bytes: [UInt8], over connection: inout Connection, from address: SocketAddress) -> Bool {
        _ = connection.sendControl(bytes)
        var datagram: [UInt8] = []
        var scratch: [UInt8] = []
        while connection.pollTransmit(into: &datagram, from: TestLog(), at: now) {
            for answer in ask(datagram, from: address) {
                _ = connection.receive(answer.span, scratch: &scratch, at: now)
            }
        }
        for answer in pass(Limits.acknowledgementDelay) {
            _ = connection.receive(answer.span, scratch: &scratch, at: now)
        }
        return !connection.hasUnconfirmed
    }

    /// What the server has told so far, for comparison.
    var told: [Int] { [logins.count, wrongPasswords, peers.count, closed.count, messages.count, server.peerCount] }
}

extension StrangerLimits {
    /// The defaults, but for the hellos that need a cookie by chance.
    static var withoutChance: StrangerLimits {
        var limits = StrangerLimits()
        limits.cookiePercent = 0
        return limits
    }
}

extension Initiator {
    /// The message that is due; a failure when none is.
    mutating func message(at now: Instant) throws -> [UInt8] {
        let message = pollTransmit(at: now)
        return try #require(message)
    }

    var isSilent: Bool {
        if case .silent = outcome { return true }
        return false
    }

    var isRejected: Bool {
        if case .rejected(.wrongPassword, _) = outcome { return true }
        return false
    }

    /// The session, once the server let us in.
    var keys: SessionKeys? {
        if case .accepted(let keys, _, _, _) = outcome { return keys }
        return nil
    }
}
