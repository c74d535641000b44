package import Basics
package import Crypto

/// What a client's endpoint tells its owner.
package enum ClientEndpointEvent: Sendable {
    /// In: what M4 said, and the server's key to pin.
    case connected(payload: [UInt8], serverKey: [UInt8], ticket: ResumptionTicket?)
    /// Turned away by a server that accepted the password or the ticket.
    case refused(payload: [UInt8], serverKey: [UInt8])
    /// The password is wrong, or too many wrong ones came before and this one was not looked at.
    case rejected(Reject.Code, retryAfter: Duration)
    /// The ticket is good for nothing any more.
    case ticketRefused
    /// The server's key is not the pinned one: nothing was told to it.
    case serverKeyChanged(actual: [UInt8])
    /// The handshake got no answer for `Limits.handshakePatience`.
    case silent
    /// The next message of the server, in order and once.
    case message(alias: UInt64, StoredMessage)
    /// The connection ended.
    case closed(CloseCause)
    /// Something became of a byte stream.
    case stream(StreamID, StreamEvent)
}

/// The client's side: one handshake, then one connection, by bytes and time alone.
///
/// After each input drain `pollEvent`, then `pollTransmit`.
package struct ClientEndpoint: Sendable {
    private enum Phase: Sendable {
        case idle
        case handshaking(Initiator)
        case resuming(Resumer, serverKey: [UInt8])
        /// `connection` has it: there it is changed in its place.
        case connected
    }

    private var phase = Phase.idle {
        didSet {
            switch phase {
            case .connected: return
            case .idle: nextDeadline = nil
            case .handshaking(let initiator): nextDeadline = initiator.deadline
            case .resuming(let resumer, _): nextDeadline = resumer.deadline
            }
            connection = nil
        }
    }
    package private(set) var connection: Connection?
    /// When `handleTimeouts` or `pollTransmit` has something to do next, but for what waits already. Kept, since to ask
    /// for it would copy all of this.
    package private(set) var nextDeadline: Instant?
    private var events: [ClientEndpointEvent] = []
    private var scratch: [UInt8] = []
    /// Whether the datagram that `pollTransmit` made last shall carry a mark of ECN. A handshake's does not: some paths
    /// drop what is marked.
    package private(set) var transmitIsMarked = false
    /// What tickets of the present connection belong to.
    private var resumption: (secret: SecretBox, serverKey: [UInt8])?

    /// What handshakes offer, as far as this machine has it.
    private let suites: CipherSuites

    package init(suites: CipherSuites = .supported) {
        self.suites = suites
    }

    /// Begins a handshake; whatever was before is forgotten.
    ///
    /// - Throws: `CPaceError` when the random numbers gave no usable share, which does not happen in practice.
    package mutating func start(
        _ credentials: ClientCredentials, at now: Instant, using random: inout some RandomNumberGenerator
    ) throws(CPaceError) {
        events.removeAll()
        resumption = nil
        phase = .handshaking(try Initiator(credentials: credentials, suites: suites, at: now, using: &random))
    }

    /// Begins to resume with a ticket; whatever was before is forgotten.
    ///
    /// - Parameter login: what the application says.
    package mutating func resume(
        _ ticket: ResumptionTicket, login: [UInt8], at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        events.removeAll()
        resumption = nil
        phase = .resuming(
            Resumer(ticket: ticket, login: login, suites: suites, at: now, using: &random), serverKey: ticket.serverKey)
    }

    /// Forgets handshake or connection without a word.
    package mutating func abandon() {
        phase = .idle
        events.removeAll()
    }

    package mutating func pollEvent() -> ClientEndpointEvent? {
        events.isEmpty ? nil : events.removeFirst()
    }

    /// Changes the connection in place, if there is one.
    package mutating func withConnection<Result>(_ body: (inout Connection) -> Result) -> Result? {
        // A handshake's deadline stays what it is.
        guard connection != nil else { return nil }
        defer { followConnection() }
        return connection?.change(body)
    }

    /// The client has another address of its own: it speaks at once, under another connection ID.
    package mutating func addressChanged(at now: Instant) {
        _ = withConnection { $0.addressChanged(at: now) }
    }

    /// Takes a datagram that came from the server's address.
    ///
    /// - Parameter mark: what the network said of congestion on the way.
    package mutating func receive(_ datagram: Span<UInt8>, mark: ECNMark = .notECT, at now: Instant) {
        switch phase {
        case .idle: return
        case .handshaking(var initiator):
            initiator.receive(datagram, at: now)
            advance(initiator, at: now)
        case .resuming(var resumer, let serverKey):
            resumer.receive(datagram, at: now)
            advance(resumer, serverKey: serverKey, at: now)
        case .connected:
            _ = connection?.receive(datagram, mark: mark, scratch: &scratch, at: now)
            followConnection()
        }
    }

    package mutating func handleTimeouts(at now: Instant) {
        switch phase {
        case .idle: return
        case .handshaking(var initiator):
            initiator.handleTimeout(at: now)
            advance(initiator, at: now)
        case .resuming(var resumer, let serverKey):
            resumer.handleTimeout(at: now)
            advance(resumer, serverKey: serverKey, at: now)
        case .connected:
            _ = withConnection { $0.handleTimeouts(at: now) }
        }
    }

    /// Makes the next datagram to send to the server.
    ///
    /// - Parameters:
    ///   - datagram: overwritten; its capacity is reused.
    ///   - store: holds the logs that the client feeds to the server.
    /// - Returns: false when nothing is left to send now.
    package mutating func pollTransmit(
        into datagram: inout [UInt8], from store: some MessageStore, at now: Instant
    ) -> Bool {
        switch phase {
        case .idle: return false
        case .handshaking(var initiator):
            guard let message = initiator.pollTransmit(at: now) else { return false }
            datagram.removeAll(keepingCapacity: true)
            datagram.append(contentsOf: message)
            transmitIsMarked = false
            phase = .handshaking(initiator)
            return true
        case .resuming(var resumer, let serverKey):
            guard let message = resumer.pollTransmit(at: now) else { return false }
            datagram.removeAll(keepingCapacity: true)
            datagram.append(contentsOf: message)
            transmitIsMarked = false
            phase = .resuming(resumer, serverKey: serverKey)
            return true
        case .connected:
            let hasDatagram = connection?.pollTransmit(into: &datagram, from: store, at: now) ?? false
            transmitIsMarked = connection?.marksPackets ?? false
            nextDeadline = connection?.nextDeadline
            return hasDatagram
        }
    }

    private mutating func advance(_ initiator: Initiator, at now: Instant) {
        switch initiator.outcome {
        case nil: phase = .handshaking(initiator)
        case .accepted(let keys, let serverKey, let payload, let ticket):
            connect(keys, serverKey: serverKey, payload: payload, ticket: ticket, at: now)
        case .refused(let payload, let serverKey):
            phase = .idle
            events.append(.refused(payload: payload, serverKey: serverKey))
        case .rejected(let code, let retryAfter):
            phase = .idle
            events.append(.rejected(code, retryAfter: retryAfter))
        case .serverKeyChanged(let actual):
            phase = .idle
            events.append(.serverKeyChanged(actual: actual))
        case .silent:
            phase = .idle
            events.append(.silent)
        }
    }

    private mutating func advance(_ resumer: Resumer, serverKey: [UInt8], at now: Instant) {
        switch resumer.outcome {
        case nil: phase = .resuming(resumer, serverKey: serverKey)
        case .accepted(let keys, let payload, let ticket):
            connect(keys, serverKey: serverKey, payload: payload, ticket: ticket, at: now)
        case .refused(let payload):
            phase = .idle
            events.append(.refused(payload: payload, serverKey: serverKey))
        case .ticketRefused:
            phase = .idle
            events.append(.ticketRefused)
        case .silent:
            phase = .idle
            events.append(.silent)
        }
    }

    private mutating func connect(
        _ keys: SessionKeys, serverKey: [UInt8], payload: [UInt8], ticket: [UInt8]?, at now: Instant
    ) {
        var connection = Connection(role: .client, keys: keys, at: now)
        connection.confirmKeys()
        phase = .connected
        self.connection = connection
        followConnection()
        resumption = (keys.secrets.resumption, serverKey)
        events.append(
            .connected(payload: payload, serverKey: serverKey, ticket: ticket.flatMap { renewedTicket($0) }))
    }

    /// The ticket that the server sends for the present connection; nil when it can't be one.
    package func renewedTicket(_ sealed: [UInt8]) -> ResumptionTicket? {
        resumption.flatMap { ResumptionTicket(sealed: sealed, secret: $0.secret, serverKey: $0.serverKey) }
    }

    /// Takes over what an input did to the connection.
    private mutating func followConnection() {
        while let event = connection?.pollEvent() {
            switch event {
            case .message(let alias, let message): events.append(.message(alias: alias, message))
            case .closedByPeer(let reason): events.append(.closed(.byPeer(reason)))
            case .violated(let violation): events.append(.closed(.violation(violation)))
            case .timedOut: events.append(.closed(.timedOut))
            case .reset: events.append(.closed(.reset))
            case .stream(let stream, let event): events.append(.stream(stream, event))
            }
        }
        nextDeadline = connection?.nextDeadline
    }
}
