package import Basics
package import ChatDomain
package import ChatProtocol
package import Crypto
package import TextSafety
package import Transport

/// A whole server without its edge: datagrams, lines and time in; datagrams, observations and the next deadline out.
///
/// It joins the transport to the room. After each input the owner drains `pollEvent` and `pollTransmit`.
package struct ServerCore: Sendable {
    enum Phase: Sendable {
        case serving
        /// Waiting for what is under way to arrive before everybody is told to go.
        case flushing(until: Instant)
        case closing(until: Instant)
        case drained
    }

    /// How long a member is held while the store is far behind; after that the next line may come.
    private static let crowdedPause: Duration = .milliseconds(20)

    var chat: Chat
    var endpoint: ServerEndpoint
    var phase = Phase.serving
    var peerOfMember: [MemberID: PeerID] = [:]
    var memberOfPeer: [PeerID: MemberID] = [:]
    /// Who was put out and has not confirmed it yet. Bound: peers that close.
    var expelled: [PeerID: (MemberID, LeaveReason)] = [:]
    var observations: [RoomObservation] = []
    /// Whether somebody stores what `pollChanges` gives.
    let hasStore: Bool
    var outbound = StoreOutbound()
    /// Logs of which a page could not be read, and when it is tried again.
    var unread: Set<LogID> = []
    var readAgainAt: Instant?
    /// When each peer's ticket is due to be replaced.
    var renewals = DeadlineQueue<PeerID>()
    let memberLimits: MemberLimits
    /// Checks personal passwords; nil where names can't be registered.
    var desk: AccountDesk?

    /// - Parameters:
    ///   - stored: what the store holds; nil when there is no store, and the room forgets everything with the core.
    ///   - epoch: drawn at random for a room that begins now.
    ///   - tickets: what tickets are sealed with; nil to give none.
    ///   - accounts: what challenges are drawn from; nil where names can't be registered.
    /// - Throws: `NameError` when the operator's name breaks the rules for names.
    package init(
        configuration: ServerCoreConfiguration, identity: SigningKey, password: RoomPassword, epoch: LogEpoch,
        tickets: TicketKeys? = nil, accounts: AccountSeed? = nil, restoring stored: StoredState? = nil,
        at now: Instant, wall: WallTime
    ) throws(NameError) {
        let operatorName = try NameRule.prepare(configuration.operatorName)
        var chatConfiguration = ChatConfiguration(
            server: configuration.server, room: configuration.room, operatorName: PreparedName(operatorName),
            memberLimit: configuration.memberLimit,
            prepareName: { name in (try? NameRule.prepare(name)).map { PreparedName($0) } },
            readAddress: configuration.readAddress)
        chatConfiguration.accountLimit = min(max(1, configuration.accountLimit), ChatLimits.accounts)
        chatConfiguration.hasStore = stored != nil
        chatConfiguration.admitsGuests = configuration.admitsGuests
        chat = Chat(
            configuration: chatConfiguration, restoring: stored ?? StoredState(), epoch: epoch, at: now, wall: wall)
        hasStore = stored != nil
        memberLimits = configuration.members
        desk = accounts.map { AccountDesk(seed: $0, serverKey: identity.publicKey) }
        endpoint = ServerEndpoint(
            identity: identity, password: password, strangers: configuration.strangers, tickets: tickets,
            suites: configuration.suites, at: now)
        takeChanges()
    }

    /// The keys of tickets, when they have changed since this was asked last: to be stored, so that tickets survive the
    /// server.
    package mutating func takeChangedTicketKeys() -> [TicketKey]? {
        endpoint.takeChangedTicketKeys()
    }

    /// The password for everybody who is not in yet; members stay, but their tickets are worth nothing any more.
    ///
    /// - Returns: whether it is another one.
    @discardableResult
    package mutating func replacePassword(_ password: RoomPassword) -> Bool {
        endpoint.replacePassword(password)
    }

    /// Says whether the machine has time for copies of messages: at more than 70 % of a processor it has not.
    package mutating func setHostBusy(_ isBusy: Bool, at now: Instant) {
        endpoint.setHostBusy(isBusy, at: now)
    }

    // MARK: Input

    /// Takes a datagram.
    ///
    /// - Parameters:
    ///   - local: which of our addresses it came to, where there are several.
    ///   - mark: what the network said of congestion on the way.
    package mutating func receive(
        _ datagram: Span<UInt8>, from address: SocketAddress, to local: SocketAddress.Host? = nil,
        mark: ECNMark = .notECT, at now: Instant, wall: WallTime, using random: inout some RandomNumberGenerator
    ) {
        endpoint.receive(datagram, from: address, to: local, mark: mark, at: now, using: &random)
        settle(at: now, wall: wall)
    }

    /// The operator says a line.
    ///
    /// - Returns: nil when it was said, else why it can't be a line.
    package mutating func say(_ text: String, at now: Instant, wall: WallTime) -> Refusal? {
        let refusal = chat.sayAsOperator(text, at: now, wall: wall)
        settle(at: now, wall: wall)
        return refusal
    }

    package mutating func handleTimeouts(at now: Instant, wall: WallTime) {
        endpoint.handleTimeouts(at: now)
        chat.expire(at: now, wall: wall)
        renewTickets(at: now)
        readAgain(at: now)
        settle(at: now, wall: wall)
    }

    package var nextDeadline: Instant? {
        var moments = [endpoint.nextDeadline, chat.nextDeadline, renewals.next, readAgainAt].compactMap { $0 }
        switch phase {
        case .serving, .drained: break
        case .flushing(let until), .closing(let until): moments.append(until)
        }
        return moments.min()
    }

    // MARK: Output

    /// Makes the next datagram to send.
    ///
    /// - Parameter datagram: overwritten; its capacity is reused.
    /// - Returns: where to; nil when nothing is left to send now.
    package mutating func pollTransmit(into datagram: inout [UInt8], at now: Instant) -> SocketAddress? {
        while true {
            // Also anew: what was awaited may be there by now.
            let address = endpoint.pollTransmit(into: &datagram, from: chat, at: now)
            guard fetchAwaited(at: now), address == nil else { return address }
        }
    }

    /// Which of our addresses the datagram goes from that `pollTransmit` made last; nil leaves it to the system.
    package var transmitSource: SocketAddress.Host? { endpoint.transmitSource }

    /// Whether that datagram shall carry a mark of ECN.
    package var transmitIsMarked: Bool { endpoint.transmitIsMarked }

    /// What happened in the room, in order.
    package mutating func pollEvent() -> RoomObservation? {
        observations.isEmpty ? nil : observations.removeFirst()
    }

    /// Everybody who is present.
    package var members: [MemberSummary] {
        let end = counts.roomEnd
        return chat.members.map { member in
            let peer = peerOfMember[member.id]
            let path = peer.flatMap { endpoint.path(of: $0) }
            return MemberSummary(
                name: member.name, address: member.address, since: member.since, isOperator: member.isOperator,
                isMuted: member.isMuted,
                roundTrip: path.flatMap { $0.hasSample ? $0.smoothed : nil },
                lastHeard: peer.flatMap { endpoint.lastHeard(of: $0) },
                lossPerMille: peer.map { Int(endpoint.loss(of: $0) * 1_000) } ?? 0,
                lag: peer.flatMap { endpoint.arrivedThrough(alias: ChannelAlias.room, at: $0) }
                    .map { end - min(end, $0) })
        }
    }

    /// What was dropped without an answer.
    package var drops: DropCounters { endpoint.drops }

    /// What became of those who knocked.
    package var handshakes: HandshakeCounters { endpoint.handshakeCounters }

    /// How the connections are, and how far people are behind the room.
    ///
    /// - Complexity: O(members).
    package mutating func survey() -> LinkSurvey {
        endpoint.survey(alias: ChannelAlias.room, through: counts.roomEnd)
    }

    /// How much the transport holds at the moment.
    package var load: EndpointLoad { endpoint.load }

    // MARK: Between transport and room

    /// Carries events to the room and effects to the transport until both are quiet.
    mutating func settle(at now: Instant, wall: WallTime) {
        while let event = endpoint.pollEvent() {
            handle(event, at: now, wall: wall)
            takeChanges()
            while let effect = chat.pollEffect() { run(effect, at: now, wall: wall) }
        }
        takeChanges()
        while let effect = chat.pollEffect() { run(effect, at: now, wall: wall) }
        advanceShutdown(at: now)
    }

    private mutating func handle(_ event: ServerEndpointEvent, at now: Instant, wall: WallTime) {
        switch event {
        case .login(let login, let deviceKey, let payload, let address):
            handleLogin(login, deviceKey: deviceKey, payload: payload, address: address, at: now, wall: wall)
        case .resume(let login, let holder, let payload, let address):
            handleResume(login, holder: holder, payload: payload, address: address, at: now, wall: wall)
        case .confirmed(let login, let holder, let request, let promised, let address):
            confirm(
                login, holder: holder, request: request, promised: promised, address: address, at: now, wall: wall)
        case .wrongPassword(let address):
            observations.append(.refused(name: "", address: address, reason: .wrongPassword))
        case .tooManyAttempts(let address):
            observations.append(.refused(name: "", address: address, reason: .tooManyAttempts))
        case .message(let peer, let alias, let message):
            guard let member = memberOfPeer[peer] else { return }
            guard let request = try? ClientRequest(decoding: message.bytes.span) else {
                endpoint.close(peer, CloseReason(code: CloseReason.violation, text: "malformed request"), at: now)
                return lose(peer, reason: .timeout, at: now, wall: wall)
            }
            let number = alias == ChannelAlias.outbox ? message.number : nil
            guard !answerAboutLinks(request, from: member, at: now),
                !register(request, for: member, at: peer, at: now, wall: wall)
            else { return }
            chat.handle(request, number: number, from: member, at: now, wall: wall)
            // A slow disk slows those who speak, and drops nothing.
            if chat.isCrowded {
                endpoint.hold(alias: ChannelAlias.outbox, until: now + Self.crowdedPause, from: peer)
            }
        case .moved(let peer, let address):
            if let member = memberOfPeer[peer] { chat.move(member, to: address) }
        // Nothing opens or accepts one.
        case .stream: return
        case .closed(let peer, let cause):
            lose(peer, reason: cause.leaveReason, at: now, wall: wall)
        case .unheard(let peer):
            if let (member, reason) = expelled.removeValue(forKey: peer) {
                chat.noteUnheard(reason, by: member)
            }
        }
    }

    /// The connection of a member is gone. One that was replaced belongs to nobody any more.
    mutating func lose(_ peer: PeerID, reason: LeaveReason, at now: Instant, wall: WallTime) {
        renewals.remove(peer)
        guard let member = memberOfPeer.removeValue(forKey: peer) else { return }
        peerOfMember[member] = nil
        chat.leave(member, reason: reason, at: now, wall: wall)
    }

}

/// The room's log is where connections read what they send.
extension Chat: MessageStore {
    package func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
        guard let id = UInt32(exactly: log), let entry = entry(after: number, in: LogID(rawValue: id)) else {
            return nil
        }
        return StoredMessage(number: entry.number, bytes: entry.bytes)
    }

    package func mustFetch(after number: UInt64, in log: UInt64) -> Bool {
        UInt32(exactly: log).map { mustFetch(after: number, in: LogID(rawValue: $0)) } ?? false
    }
}

extension PreparedName {
    init(_ name: SafeName) {
        self.init(display: name.display, key: name.key)
    }
}

extension CloseCause {
    /// What the room is told about a connection that ended.
    fileprivate var leaveReason: LeaveReason {
        switch self {
        case .byPeer(let reason): LeaveReason(rawValue: reason.text) == .quit ? .quit : .timeout
        // The person may well be there still and come back: the name waits for them.
        case .violation, .timedOut, .reset, .addressTaken: .timeout
        }
    }
}
