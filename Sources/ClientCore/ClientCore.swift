package import Basics
package import ChatClient
import ChatProtocol
import Crypto
import Sentences
import Transport

/// A whole client without its edge: datagrams, typed lines and time in; datagrams, events and the next deadline out.
///
///     trying --in--> online --quit, all confirmed--> leaving --confirmed--> finished
///       ^ |             |
///       | '--refused, wrong password, other key, time over--> finished (told to try later: trying again then)
///       '-----lost------'
///
/// After each input the owner drains `pollEvent` and `pollTransmit`, and looks at `finish`.
package struct ClientCore: Sendable {
    enum Phase: Sendable {
        /// A handshake is under way, or the next one waits for its moment.
        case trying(TryPacing, next: Instant?)
        case online
        case leaving
        case finished
    }

    /// How long a connection that was closed by the server stays, to confirm that.
    private static let confirmationTime: Duration = .milliseconds(250)

    let configuration: ClientCoreConfiguration
    var identity: ClientIdentity
    /// What the owner has not been told yet about the ticket.
    var ticketChange: TicketChange?
    /// Whether the last try showed the ticket and was not answered: then the next one takes the password, if there is
    /// one, since a server that was set up anew does not know what an R1 is from.
    var wasTicketIgnored = false
    var state: ClientState
    var endpoint: ClientEndpoint
    var phase: Phase
    /// What the next login proves the personal password by.
    var answer: AccountAnswer?
    var answersGiven = 0
    /// A name that is being registered.
    var registration: Registration?
    var wantsPasswordToRegister = false
    /// Whether a login ever succeeded.
    package private(set) var hasBeenOnline = false
    /// When politeness ends; nil while nobody wants to leave.
    private var quitDeadline: Instant?
    private var lastHeard: Instant?
    /// Until when the server hears no password.
    private var mutedUntil: Instant?

    /// The server's key, known since the first login that succeeded; to be pinned.
    package private(set) var serverKey: [UInt8]?
    /// How it ended; nil while it goes on.
    package private(set) var finish: ClientFinish?

    /// Begins to connect at once.
    package init(
        configuration: ClientCoreConfiguration, identity: ClientIdentity, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) {
        self.configuration = configuration
        self.identity = identity
        endpoint = ClientEndpoint(suites: configuration.suites)
        state = ClientState(
            name: configuration.name, incarnation: identity.incarnation, history: configuration.history,
            former: configuration.former, language: configuration.language)
        state.sharesTyping = configuration.sharesTyping
        phase = .trying(TryPacing(limit: configuration.reconnect, at: now), next: now)
        if let invited = configuration.invitedKey, let pinned = configuration.pinnedServerKey,
            KeyFingerprint(of: pinned) != invited
        {
            fail(.keyChanged, .keyChanged, words.inviteContradictsPin)
        }
        tryIfDue(at: now, using: &random)
    }

    // MARK: Input

    /// Takes a datagram that came from the server's address.
    ///
    /// - Parameter mark: what the network said of congestion on the way.
    package mutating func receive(
        _ datagram: Span<UInt8>, mark: ECNMark = .notECT, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) {
        endpoint.receive(datagram, mark: mark, at: now)
        settle(at: now, using: &random)
    }

    /// The server is reached from another of this machine's addresses than before, or from one again after there was no
    /// way to it: it hears from us at once, under another connection ID.
    package mutating func addressChanged(at now: Instant, using random: inout some RandomNumberGenerator) {
        endpoint.addressChanged(at: now)
        settle(at: now, using: &random)
    }

    package mutating func handleTimeouts(at now: Instant, using random: inout some RandomNumberGenerator) {
        endpoint.handleTimeouts(at: now)
        settle(at: now, using: &random)
    }

    /// Takes one typed line.
    package mutating func enter(_ line: String, at now: Instant) {
        state.enter(line)
        if state.wantsToQuit { quit(at: now) }
        answerOwnerQuestions(at: now)
        pushToServer(at: now)
        leaveIfDone(at: now)
    }

    /// Whether another line can be taken; while false, stop reading.
    package var canAccept: Bool { state.canAccept && quitDeadline == nil && finish == nil }

    /// Whether the person asked to leave.
    package var isQuitting: Bool { quitDeadline != nil }

    /// Leaves politely: first everything typed is confirmed, for at most as long as the client would try to reconnect.
    package mutating func quit(at now: Instant) {
        guard quitDeadline == nil, finish == nil else { return }
        quitDeadline = TryPacing(limit: configuration.reconnect, at: now).end
        leaveIfDone(at: now)
    }

    /// Leaves at once; a CLOSE leaves with the next datagram if there is a connection.
    package mutating func quitNow(at now: Instant) {
        guard finish == nil else { return }
        closeConnection(at: now)
        finish(state.unsentCount == 0 ? .quit : .unreachable, text: "")
    }

    // MARK: Output

    package var nextDeadline: Instant? {
        guard finish == nil else { return nil }
        var moments = [endpoint.nextDeadline, quitDeadline].compactMap { $0 }
        if case .trying(let pacing, let next) = phase {
            moments.append(pacing.end)
            if let next { moments.append(next) }
        }
        return moments.min()
    }

    /// Makes the next datagram to send to the server.
    ///
    /// - Parameter datagram: overwritten; its capacity is reused.
    /// - Returns: false when nothing is left to send now.
    package mutating func pollTransmit(into datagram: inout [UInt8], at now: Instant) -> Bool {
        endpoint.pollTransmit(into: &datagram, from: state.outbox, at: now)
    }

    /// Whether the datagram that `pollTransmit` made last shall carry a mark of ECN.
    package var transmitIsMarked: Bool { endpoint.transmitIsMarked }

    /// The next event to show.
    package mutating func pollEvent() -> ClientEvent? {
        state.pollEvent()
    }

    package var status: LinkStatus {
        let path = endpoint.connection?.path
        let shown: LinkStatus.Phase =
            switch phase {
            case .trying: .connecting
            case .online: .online
            case .leaving: .leaving
            case .finished: .finished
            }
        var end: Instant?
        if case .trying(let pacing, _) = phase, !pacing.isSingle { end = pacing.end }
        return LinkStatus(
            phase: shown, roundTrip: path.flatMap { $0.hasSample ? $0.smoothed : nil }, lossPerMille: lossPerMille,
            lastHeard: endpoint.connection?.lastHeard ?? lastHeard, unsent: state.unsentCount, mutedUntil: mutedUntil,
            givesUpAt: end)
    }

    // MARK: Steps

    private mutating func settle(at now: Instant, using random: inout some RandomNumberGenerator) {
        while let event = endpoint.pollEvent() { handle(event, at: now, using: &random) }
        pushToServer(at: now)
        leaveIfDone(at: now)
        tryIfDue(at: now, using: &random)
    }

    private mutating func handle(
        _ event: ClientEndpointEvent, at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        switch event {
        case .connected(let payload, let key, let ticket):
            if let ticket { keep(ticket) }
            enterRoom(payload: payload, serverKey: key, at: now, using: &random)
        case .refused(let payload, let key):
            serverKey = key
            let refusal = (try? Refusal(decoding: payload.span)) ?? Refusal(code: .notAllowed, text: words.refused)
            takeRefusal(refusal, serverKey: key, at: now, using: &random)
        case .ticketRefused: goOnWithoutTicket(at: now)
        case .rejected(.wrongPassword, _): fail(.refused, .wrongPassword, words.wrongPassword)
        case .rejected(.tryLater, let wait): waitOut(wait, at: now)
        case .serverKeyChanged:
            let isKnown = (serverKey ?? configuration.pinnedServerKey) != nil
            fail(.keyChanged, .keyChanged, isKnown ? words.keyChanged : words.notInvitedKey)
        case .silent: scheduleTry(at: now)
        case .message(let alias, let message): receive(message, alias: alias, at: now)
        case .closed(let cause): lose(cause, at: now)
        // Nothing opens or accepts one.
        case .stream: return
        }
    }

    private mutating func enterRoom(
        payload: [UInt8], serverKey key: [UInt8], at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        guard let welcome = try? Welcome(decoding: payload.span) else {
            return fail(.refused, .notAllowed, words.notUnderstood)
        }
        serverKey = key
        hasBeenOnline = true
        wasTicketIgnored = false
        guard state.connected(welcome) else { return loginAnew(at: now, using: &random) }
        phase = .online
        _ = endpoint.withConnection { connection in
            connection.open(alias: ChannelAlias.room, after: welcome.cursor)
            connection.feed(log: 0, as: ChannelAlias.outbox, after: welcome.storedOutbox)
        }
        answersGiven = 0
        askForSalt(at: now)
    }

    private mutating func receive(_ message: StoredMessage, alias: UInt64, at now: Instant) {
        switch alias {
        case Connection.control:
            guard let event = try? ServerEvent(decoding: message.bytes.span) else { return breakOff(at: now) }
            switch event {
            case .ticket(let sealed):
                if let ticket = endpoint.renewedTicket(sealed) { keep(ticket) }
            case .log(let announcement):
                guard let cursor = state.follow(announcement) else { return }
                _ = endpoint.withConnection { $0.open(alias: announcement.alias, after: cursor) }
            case .account(let step): if !takeStep(step, at: now) { breakOff(at: now) }
            default:
                state.receive(event)
                if state.takeMustReturn() { comeAgain(at: now) }
            }
        default:
            guard let entry = try? LogEntry(decoding: message.bytes.span) else { return breakOff(at: now) }
            state.receive(entry: entry, number: message.number, alias: alias)
        }
    }

    /// The server says what no server of ours says: this connection is worth nothing, another may be.
    private mutating func breakOff(at now: Instant) {
        lose(.violation(.unexpectedLog), at: now)
    }

    private mutating func lose(_ cause: CloseCause, at now: Instant) {
        guard finish == nil else { return }
        lastHeard = endpoint.connection?.lastHeard
        if case .leaving = phase { return finish(.quit, text: "") }
        let reason = cause.word
        switch cause {
        case .byPeer(let close) where close.code == CloseReason.replaced:
            state.disconnected(reason: reason)
            return finish(.refused, text: words.replaced)
        case .byPeer(let close) where LeaveReason(rawValue: close.text)?.isExpulsion == true:
            state.disconnected(reason: reason)
            let code: ErrorCode = close.text == LeaveReason.banned.rawValue ? .banned : .kicked
            return fail(.refused, code, code == .banned ? words.banned : words.kicked)
        case .byPeer(let close) where ErrorCode(rawValue: close.text) != nil:
            state.disconnected(reason: reason)
            return fail(.refused, ErrorCode(rawValue: close.text) ?? .notAllowed, words.notLetIn)
        case .byPeer, .violation, .timedOut, .reset, .addressTaken:
            state.disconnected(reason: reason)
        }
        let pacing = TryPacing(limit: configuration.reconnect, at: now)
        var next = pacing.nextStart(at: now)
        // A server that said CLOSE waits for the confirmation, which the old connection gives meanwhile.
        if case .byPeer = cause { next = next + Self.confirmationTime }
        phase = .trying(pacing, next: next)
    }

    private mutating func scheduleTry(at now: Instant) {
        guard case .trying(let pacing, _) = phase else { return }
        phase = .trying(pacing, next: pacing.isSingle ? nil : pacing.nextStart(at: now))
    }

    /// The server hears no password for so long: it may be right nevertheless.
    private mutating func waitOut(_ wait: Duration, at now: Instant) {
        guard case .trying(let pacing, _) = phase else { return }
        guard !pacing.isSingle, now + wait < pacing.end else {
            return fail(.refused, .tooManyAttempts, words.tooManyAttempts(seconds: wait.components.seconds))
        }
        let next = max(now + wait, pacing.nextStart(at: now))
        mutedUntil = next
        phase = .trying(pacing, next: next)
    }

    private mutating func tryIfDue(at now: Instant, using random: inout some RandomNumberGenerator) {
        guard finish == nil, case .trying(var pacing, let next) = phase else { return }
        guard !pacing.isOver(at: now) else { return giveUp() }
        guard let next, next <= now else { return }
        pacing.begin(at: now)
        phase = .trying(pacing, next: nil)
        mutedUntil = nil
        if hasBeenOnline || pacing.count > 1 {
            state.reconnecting(attempt: pacing.count, remaining: pacing.end - now)
        }
        var request = state.login
        request.answer = answer
        answer = nil
        let login = request.encoded()
        if let ticket = usableTicket {
            wasTicketIgnored = true
            return endpoint.resume(ticket, login: login, at: now, using: &random)
        }
        wasTicketIgnored = false
        guard let password = identity.password else {
            return fail(.refused, .wrongPassword, words.passwordNeeded)
        }
        let credentials = ClientCredentials(
            password: password, device: identity.device, pinnedServerKey: pinnedServerKey,
            invitedKey: configuration.invitedKey, login: login)
        do throws(CPaceError) {
            try endpoint.start(credentials, at: now, using: &random)
        } catch {
            phase = .trying(pacing, next: pacing.nextStart(at: now))
        }
    }

    /// Control requests go out as soon as there is a connection to take them; lines are read from the outbox.
    mutating func pushToServer(at now: Instant) {
        guard case .online = phase else { return }
        while let request = state.pollRequest() {
            let bytes = request.encoded()
            guard endpoint.withConnection({ $0.sendControl(bytes) }) == true else { break }
        }
        _ = endpoint.withConnection { $0.logGrew(0) }
    }

    private mutating func leaveIfDone(at now: Instant) {
        guard let deadline = quitDeadline, finish == nil else { return }
        switch phase {
        case .trying:
            // Somebody who was in and has nothing left to say need not come back to say goodbye.
            if hasBeenOnline, state.unsentCount == 0 { return finish(.quit, text: "") }
        case .online:
            if state.unsentCount == 0, state.isCaughtUp, !state.awaitsAnswer, registration == nil {
                closeConnection(at: now)
                phase = .leaving
                return
            }
        case .leaving:
            if endpoint.connection?.isClosed ?? true { return finish(.quit, text: "") }
        case .finished: return
        }
        guard deadline <= now else { return }
        // The server may well hear us though we don't hear it: nobody should wait for our time-out.
        closeConnection(at: now)
        giveUp()
    }

    private mutating func closeConnection(at now: Instant) {
        let reason = CloseReason(code: CloseReason.firstApplicationCode, text: LeaveReason.quit.rawValue)
        _ = endpoint.withConnection { $0.close(reason, at: now) }
    }

    private mutating func giveUp() {
        finish(.unreachable, text: hasBeenOnline ? words.lost : words.unreachable)
    }

    mutating func fail(
        _ reason: ClientFinish.Reason, _ code: ErrorCode, _ text: String, wantsPersonalPassword: Bool = false
    ) {
        state.failed(code, text)
        finish(reason, text: text, wantsPersonalPassword: wantsPersonalPassword)
    }

    private mutating func finish(_ reason: ClientFinish.Reason, text: String, wantsPersonalPassword: Bool = false) {
        guard finish == nil else { return }
        finish = ClientFinish(
            reason: reason, text: text, unconfirmed: state.unconfirmedLines,
            wantsPersonalPassword: wantsPersonalPassword)
        phase = .finished
        state.ended(reason: reason.word)
    }
}

extension ClientFinish.Reason {
    /// The word of the `bye` event.
    package var word: String {
        switch self {
        case .quit: "quit"
        case .unreachable: "unreachable"
        case .refused: "refused"
        case .keyChanged: "key-changed"
        }
    }
}

extension LeaveReason {
    fileprivate var isExpulsion: Bool { self == .kicked || self == .banned }
}

extension CloseCause {
    /// The word of the `disconnected` event.
    fileprivate var word: String {
        switch self {
        case .byPeer(let reason) where reason.code == CloseReason.replaced: "replaced"
        case .byPeer(let reason) where reason.code == CloseReason.violation: "protocol"
        case .byPeer(let reason): LeaveReason(rawValue: reason.text)?.rawValue ?? "closed"
        case .violation: "protocol"
        case .timedOut, .addressTaken: "timeout"
        case .reset: "restarted"
        }
    }
}
