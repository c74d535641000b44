package import Basics
package import Crypto

/// Names a login that waits for an answer.
package struct LoginID: Hashable, Sendable {
    let handshake: ConnectionID
}

/// What a server's endpoint tells its owner.
package enum ServerEndpointEvent: Sendable {
    /// Somebody proved the password and the device key: answer with `accept` or `refuse`.
    case login(LoginID, deviceKey: [UInt8], payload: [UInt8], address: SocketAddress)
    /// Somebody shows a good ticket, and its holder made the payload, now or at some time: answer with `offer`, `refuse`
    /// or `refuseTicket`.
    case resume(LoginID, holder: TicketHolder, payload: [UInt8], address: SocketAddress)
    /// Who was made an offer is there: answer with `promote`, and close the peer if it is not welcome any more.
    case confirmed(LoginID, holder: TicketHolder, request: [UInt8], promised: [UInt8], address: SocketAddress)
    /// Somebody tried a wrong password.
    case wrongPassword(address: SocketAddress)
    /// Somebody was turned away unheard, since too many wrong passwords came before. Not each time, if it is often.
    case tooManyAttempts(address: SocketAddress)
    /// The next message of a peer, in order and once.
    case message(PeerID, alias: UInt64, StoredMessage)
    /// The peer has another address, and has proved it.
    case moved(PeerID, address: SocketAddress)
    /// The peer is gone; its ID means nothing any more.
    case closed(PeerID, CloseCause)
    /// Something became of a byte stream of a peer.
    case stream(PeerID, StreamID, StreamEvent)
    /// A peer that was closed here never confirmed it, so it may not know; its ID means nothing any more.
    case unheard(PeerID)
}

/// Why a connection ended.
package enum CloseCause: Hashable, Sendable {
    case byPeer(CloseReason)
    case violation(ProtocolViolation)
    case timedOut
    /// The server does not know the connection any more; it was restarted, most likely. Clients alone learn of it.
    case reset
    /// Another login came from the same address and port: who was there is not there any more.
    case addressTaken
}

/// Counts of what was dropped without an answer.
package struct DropCounters: Hashable, Sendable {
    package var foreign = 0
    package var malformed = 0
    package var unknown = 0
    package var unauthenticated = 0
    package var overLimit = 0
    /// Logins that were not looked at, since too many wrong passwords came before. These get an answer.
    package var turnedAway = 0
    /// Tickets that were not good, or not any more. These get an answer.
    package var ticketsRefused = 0
}

/// What waits to be sent to somebody who is no peer yet.
struct StrangerAnswer: Sendable {
    let address: SocketAddress
    /// Which of our addresses was spoken to.
    let local: SocketAddress.Host?
    let datagram: [UInt8]
}

/// How much an endpoint holds at the moment.
package struct EndpointLoad: Hashable, Sendable {
    /// Handshakes that are remembered, at most `Limits.rememberedHandshakes`.
    package let handshakes: Int
    /// Those of them that are under way, at most `Limits.halfOpen`.
    package let halfOpen: Int
    /// Address blocks with wrong passwords, at most `GuessLimits.blocks`.
    package let guessingBlocks: Int
    /// Connections, those included that are closing.
    package let peers: Int
    /// Connections that wait for a moment.
    package let deadlines: Int
    /// Logins that were answered and have not taken their place, at most `Limits.provisional`.
    package let provisional: Int
    /// Answers of handshakes that wait to be sent, at most `Limits.halfOpen`.
    package let answers: Int
}

/// The server's side of everything: all handshakes and connections, by bytes and time alone.
///
/// After each input drain `pollEvent`, then `pollTransmit`.
package struct ServerEndpoint: Sendable {
    let identity: SigningKey
    private(set) var password: RoomPassword
    let keyLimits: KeyLimits
    /// What the server has to seal with.
    let suites: CipherSuites
    /// Changes with the password: tickets of another one are worth nothing.
    private(set) var passwordEpoch: [UInt8]
    /// Nil when the server gives no tickets.
    var tickets: TicketKeys?

    private(set) var greets = true
    var gate: Gate
    var resets: ResetSource
    var handshakes = HandshakeTable()
    var peers = PeerTable()
    var provisional = ProvisionalTable()
    /// What each peer's next ticket is made from.
    var grants: [PeerID: TicketGrant] = [:]
    /// By the peers' slots.
    private var deadlines = SlotDeadlines()
    private var due: [Int] = []
    var ready: [PeerID] = []
    /// Logs that grew, whose readers have their turns now.
    var growth = GrowthRounds()
    /// Who goes on sending before it is the next one's turn, and how many packets it has sent so far.
    var runner: PeerID?
    var runLength = 0
    /// Whether the next turn is that of somebody for whom a log has grown.
    var isGrowthNext = false
    /// What peers wait for that the store must fetch; at most `Limits.logsPerConnection` for each of those just polled.
    var awaited: [(log: UInt64, after: UInt64)] = []
    var readyHead = 0
    var answers = BoundedQueue<StrangerAnswer>(limit: Limits.halfOpen)
    var events: [ServerEndpointEvent] = []
    var scratch: [UInt8] = []
    /// Which of our addresses the datagram at hand came to.
    var arrivedAt: SocketAddress.Host?
    /// Which of our addresses the datagram goes from that `pollTransmit` made last: the one that its receiver speaks to.
    /// Nil leaves it to the system.
    package internal(set) var transmitSource: SocketAddress.Host?
    /// Whether that datagram shall carry a mark of ECN.
    package internal(set) var transmitIsMarked = false
    /// What the network said of congestion on the way of the datagram at hand.
    var arrivalMark = ECNMark.notECT

    /// Whether the machine has no time for copies of messages.
    package internal(set) var isHostBusy = false

    package internal(set) var drops = DropCounters()
    package internal(set) var handshakeCounters = HandshakeCounters()
    /// What connections have counted that are gone.
    var formerTallies = LinkTallies()

    package var load: EndpointLoad {
        EndpointLoad(
            handshakes: handshakes.count, halfOpen: handshakes.count(of: .halfOpen),
            guessingBlocks: gate.admission.count, peers: peers.count,
            deadlines: deadlines.count, provisional: provisional.count, answers: answers.count)
    }

    package init(
        identity: SigningKey, password: RoomPassword, strangers: StrangerLimits = StrangerLimits(),
        tickets: TicketKeys? = nil, keyLimits: KeyLimits = .standard, suites: CipherSuites = .supported,
        at now: Instant
    ) {
        self.identity = identity
        self.password = password
        self.tickets = tickets
        self.keyLimits = keyLimits
        self.suites = suites
        passwordEpoch = ResumptionSecrets.passwordEpoch(of: password, identity: identity)
        gate = Gate(limits: strangers, at: now)
        resets = ResetSource(identity: identity, at: now)
    }

    /// The password for everybody who is not in yet. A handshake that began under another one gets silence, since it
    /// must not look like a wrong password, and begins anew; tickets of another one are refused.
    ///
    /// - Returns: whether it is another one.
    @discardableResult
    package mutating func replacePassword(_ password: RoomPassword) -> Bool {
        self.password = password
        let epoch = ResumptionSecrets.passwordEpoch(of: password, identity: identity)
        guard epoch != passwordEpoch else { return false }
        passwordEpoch = epoch
        handshakes.forgetHalfOpen()
        provisional.removeAll()
        return true
    }

    /// Hears no hello from now on; connections go on.
    package mutating func stopGreeting() {
        greets = false
    }

    package mutating func pollEvent() -> ServerEndpointEvent? {
        events.isEmpty ? nil : events.removeFirst()
    }

    // MARK: Receiving

    /// Takes a datagram. Whatever does not authenticate changes nothing and costs at most one short answer.
    ///
    /// - Parameters:
    ///   - local: which of our addresses it came to, where there are several: answers come from there.
    ///   - mark: what the network said of congestion on the way.
    package mutating func receive(
        _ datagram: Span<UInt8>, from address: SocketAddress, to local: SocketAddress.Host? = nil,
        mark: ECNMark = .notECT, at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        arrivedAt = local
        arrivalMark = mark
        switch PacketType(firstByteOf: datagram) {
        case .data: receiveData(datagram, from: address, at: now, using: &random)
        case .hello: receiveHello(datagram, from: address, at: now, using: &random)
        case .finish: receiveFinish(datagram, from: address, at: now)
        case .resume: receiveResume(datagram, from: address, at: now, using: &random)
        case .retry, .serverHello, .verdict, .reject, .versions, .resumeAnswer, .ticketRefusal, nil:
            drops.foreign += 1
        }
    }

    private mutating func receiveData(
        _ datagram: Span<UInt8>, from address: SocketAddress, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) {
        guard let header = try? DataHeader(parsing: datagram, hasDestination: true),
            let destination = header.destination
        else {
            drops.malformed += 1
            return
        }
        guard let id = peers.peer(under: destination) else {
            if provisional.contains(destination) { return receiveFirst(datagram, under: destination, at: now) }
            drops.unknown += 1
            let reset = resets.answer(destination, triggerBytes: datagram.count, at: now, using: &random)
            if let reset { answerStranger(reset, to: address, isValidated: false, at: now) }
            return
        }
        let (local, mark) = (arrivedAt, arrivalMark)
        let arrival = peers.change(id) { peer in
            peer.receive(
                datagram, from: address, to: local, under: destination, mark: mark, scratch: &scratch, at: now)
        }
        switch arrival {
        case .foreign, nil:
            drops.unauthenticated += 1
            // It may have been one forgery too many.
            if peers[id]?.connection.isOpen == false { update(id, at: now) }
            return
        case .usual: break
        case .elsewhere(let isNewest):
            let isProved = peers[id]?.followPath(
                bytes: datagram.count, from: address, to: arrivedAt, isNewest: isNewest, at: now, using: &random)
            if isProved == true {
                peers.move(id, to: address)
                peers[id]?.local = arrivedAt
                events.append(.moved(id, address: address))
            }
        }
        update(id, at: now)
    }

    // MARK: Logins

    /// Lets a login in at once.
    ///
    /// - Parameters:
    ///   - payload: what M4 tells the client; at most `Limits.loginPayloadBytes`.
    ///   - holder: whom to give a ticket; nil to give none.
    /// - Returns: the new peer; nil when the login is forgotten or was answered.
    package mutating func accept(
        _ login: LoginID, payload: [UInt8], holder: TicketHolder? = nil, at now: Instant
    ) -> PeerID? {
        guard let responder = handshakes[login.handshake],
            let (verdict, keys, grant) = answer(login, payload: payload, holder: holder, at: now)
        else { return nil }
        handshakes.forgetEarlier(than: login.handshake)
        if let holder { provisional.forget(holder.deviceKey, before: responder.greeted) }
        _ = answers.append(
            StrangerAnswer(address: responder.address, local: responder.local, datagram: verdict))
        let connection = Connection(role: .server, keys: keys, keyLimits: keyLimits, at: now)
        return settle(connection, at: responder.address, local: responder.local, grant: grant, now: now)
    }

    /// Makes the M4 that lets a login in.
    mutating func answer(
        _ login: LoginID, payload: [UInt8], holder: TicketHolder?, at now: Instant
    ) -> (verdict: [UInt8], keys: SessionKeys, grant: TicketGrant?)? {
        guard let keys = handshakes[login.handshake]?.grantedKeys(at: now) else { return nil }
        let grant = holder.map {
            TicketGrant(holder: $0, secret: keys.secrets.resumption, passwordEpoch: passwordEpoch)
        }
        let verdict = VerdictPayload(
            isAccepted: true, application: payload, resetToken: resets.token(of: keys.serverID),
            ticket: grant.flatMap { issueTicket($0, at: now) })
        guard let bytes = handshakes[login.handshake]?.accept(verdict) else { return nil }
        handshakes.finish(login.handshake, as: .answered, at: now)
        return (bytes, keys, grant)
    }

    /// A connection takes its place; whoever had its address is not there any more.
    mutating func settle(
        _ connection: Connection, at address: SocketAddress, local: SocketAddress.Host?, grant: TicketGrant?,
        now: Instant
    ) -> PeerID {
        if let former = peers.peer(at: address) {
            let wasOpen = peers[former]?.connection.isOpen == true
            remove(former)
            // Of one that was closing already the owner knows.
            if wasOpen { events.append(.closed(former, .addressTaken)) }
        }
        handshakeCounters.settled &+= 1
        let id = peers.insert(connection, at: address)
        peers[id]?.local = local
        grants[id] = grant
        if isHostBusy { peers[id]?.connection.setHostBusy(true, at: now) }
        peers.issueIDs(to: id, resets.grant(to:_:))
        update(id, at: now)
        return id
    }

    /// Turns a login or a resume away.
    ///
    /// - Parameter payload: what M4 or R2 tells the client; at most `Limits.loginPayloadBytes`.
    package mutating func refuse(_ login: LoginID, payload: [UInt8], at now: Instant) {
        if provisional.contains(login.handshake) { return refuseResume(login.handshake, payload: payload) }
        guard let responder = handshakes[login.handshake],
            let verdict = handshakes[login.handshake]?.refuse(payload: payload)
        else { return }
        handshakes.finish(login.handshake, as: .answered, at: now)
        _ = answers.append(
            StrangerAnswer(address: responder.address, local: responder.local, datagram: verdict))
    }

    // MARK: Time

    package var nextDeadline: Instant? {
        let moment = min(
            handshakes.nextDeadline ?? .never, provisional.nextDeadline ?? .never, deadlines.next ?? .never)
        return moment < .never ? moment : nil
    }

    package mutating func handleTimeouts(at now: Instant) {
        handshakes.expire(at: now)
        provisional.expire(at: now)
        // All that are due first: what a peer does may set its deadline to this very moment again.
        due.removeAll(keepingCapacity: true)
        while let index = deadlines.popDue(at: now) { due.append(index) }
        for index in due {
            guard let id = peers.peer(inSlot: index), isDue(id, at: now) else { continue }
            _ = peers.change(id) { $0.connection.handleTimeouts(at: now) }
            if peers.retireIDs(of: id, at: now) { peers.issueIDs(to: id, resets.grant(to:_:)) }
            update(id, at: now)
        }
    }

    /// Whether a peer has something to do by now. Its deadline has mostly moved away since it was noted.
    private mutating func isDue(_ id: PeerID, at now: Instant) -> Bool {
        let isFanOut = isFanOut
        guard let outlook = peers.change(id, { $0.outlook(isFanOut: isFanOut, at: now) }), outlook.deadline > now,
            !outlook.isClosed
        else { return true }
        // A peer that is quiet by the time that it was to be asked for an answer is quiet for a while.
        _ = peers.change(id) { $0.connection.relax() }
        take(outlook, of: id, at: now)
        return false
    }

    /// Takes over what an input did to a peer: its events, its wish to send, its next deadline, its end.
    mutating func update(_ id: PeerID, at now: Instant) {
        let isFanOut = isFanOut
        guard let outlook = peers.change(id, { $0.outlook(isFanOut: isFanOut, at: now) }) else { return }
        take(outlook, of: id, at: now)
    }

    /// Whether so many peers are connected that their acknowledgements weigh.
    var isFanOut: Bool { peers.count >= Limits.fanOutPeers }

    private mutating func takeEvents(of id: PeerID) {
        while let event = peers.change(id, { $0.connection.pollEvent() }) ?? nil {
            switch event {
            case .message(let alias, let message): events.append(.message(id, alias: alias, message))
            case .closedByPeer(let reason): events.append(.closed(id, .byPeer(reason)))
            case .violated(let violation): events.append(.closed(id, .violation(violation)))
            case .timedOut: events.append(.closed(id, .timedOut))
            case .reset: events.append(.closed(id, .reset))
            case .stream(let stream, let event): events.append(.stream(id, stream, event))
            }
        }
    }

    /// - Parameter enqueues: whether it waits for its turn, if it wants to send.
    mutating func take(_ outlook: PeerOutlook, of id: PeerID, enqueues: Bool = true, at now: Instant) {
        if outlook.hasEvents { takeEvents(of: id) }
        guard !outlook.isClosed else {
            if peers[id]?.connection.wasUnheard == true { events.append(.unheard(id)) }
            remove(id)
            return
        }
        if outlook.wantsTransmit, enqueues { enqueue(id) }
        // What is due now is done by sending, and then the next deadline is known.
        guard outlook.deadline > now || !outlook.wantsTransmit, outlook.deadline < .never else { return }
        // A deadline mostly moves away, and waking too early does nothing: only an earlier one is worth the work.
        deadlines.bringForward(id.index, to: outlook.deadline)
    }

    private mutating func remove(_ id: PeerID) {
        if let tallies = peers[id]?.connection.tallies { formerTallies.add(tallies) }
        peers.remove(id)
        deadlines.remove(id.index)
        grants[id] = nil
    }
}
