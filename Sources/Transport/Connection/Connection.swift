package import Basics
import Crypto

/// What a connection tells its owner.
package enum ConnectionEvent: Sendable {
    /// The next message of a log, in order and once.
    case message(alias: UInt64, StoredMessage)
    /// The peer said why it closes.
    case closedByPeer(CloseReason)
    /// The peer broke the protocol and was closed.
    case violated(ProtocolViolation)
    /// Nothing was heard for `Limits.idle`.
    case timedOut
    /// The server does not know this connection any more.
    case reset
    /// Something became of a byte stream.
    case stream(StreamID, StreamEvent)
}

/// One authenticated association of two endpoints: packets in, messages out, and the reverse. It does no I/O.
///
///     open --close()--> closing --confirmed, or 2 s--> closed
///      | '--CLOSE from the peer--> draining (confirms repeats) --2 s--> closed
///      '--30 s of silence, or a stateless reset--> closed
package struct Connection: Sendable {
    package enum Role: Sendable {
        case client
        case server
    }

    enum State: Sendable {
        case open
        case closing(CloseReason, until: Instant)
        case draining(until: Instant)
        case closed
    }

    /// The alias of the control channel, which is always open both ways.
    package static let control: UInt64 = 0

    package let role: Role
    /// The server's connection ID in the handshake.
    package let serverID: ConnectionID
    var keys: KeyPhases

    var state = State.open {
        // Who closes, or was closed, has said its last word: what streams keep is of no more use.
        didSet { if !isOpen { bulk.clear() } }
    }
    /// Whether it was closed here and the peer never confirmed that.
    package internal(set) var wasUnheard = false
    var events: [ConnectionEvent] = []

    // What is received.
    var replay = ReplayWindow()
    var acknowledgements = AcknowledgementState()
    /// What a server asks its client for.
    var demand = AcknowledgementDemand()
    var incoming = IncomingLogs()
    /// Channels that had to be slowed; empty at a client, which slows nobody.
    var held: [HeldChannel] = []
    var tellsTaken = false
    var lastReceived: Instant

    // What is sent.
    var nextPacketNumber: UInt64 = 0
    var sent = SentPackets()
    var outgoing: [OutgoingMessages] = []
    var controlQueue = ControlQueue()
    var wantsPing = false
    var owesAnswer = false
    var closeIsDue = false
    /// Which log comes first in the next packet.
    var turn = 0
    var lastAsked: Instant

    // Paths. One challenge waits for its answer at most, whatever comes (CVE-2023-49295): a peer repeats its newest.
    var pathAnswer: UInt64?
    var pathResponse: UInt64?
    /// The challenge that was answered last.
    var answeredChallenge: UInt64?
    /// What a client sends under, and what a server has to tell about that.
    var destinations: DestinationIDs
    var grants = GrantQueue()
    /// How long a datagram may be on the present path.
    package internal(set) var mtu = PathMTU()
    /// Marks of congestion, both ways.
    var notification = CongestionNotification()
    /// Since when packets take the present path: an older one's round trip says nothing about it.
    var pathSince = Instant.origin

    // Recovery.
    package internal(set) var path: RoundTrip
    var newestAcknowledged: Instant?
    var lossCheck: Instant?
    var probes = 0
    var lastProbe = Instant.origin
    package internal(set) var redundancy: Redundancy
    /// When the next copy of a small message is due.
    var copyDue: Instant?
    package internal(set) var tallies = LinkTallies()
    /// Byte streams; nothing where there are none.
    var bulk = Boxed<Bulk>()

    package init(role: Role, keys: SessionKeys, keyLimits: KeyLimits = .standard, at now: Instant) {
        self.role = role
        serverID = keys.serverID
        let (client, server) = (keys.secrets.client, keys.secrets.server)
        self.keys = KeyPhases(
            sealing: role == .client ? client : server, opening: role == .client ? server : client,
            limits: keyLimits, at: now)
        destinations = DestinationIDs(
            first: ConnectionIDGrant(
                sequence: 0, id: keys.serverID, resetToken: role == .client ? keys.resetToken : nil))
        path = RoundTrip(measured: keys.roundTrip)
        redundancy = Redundancy(path: path)
        if path.hasSample { redundancy.congestion.sampled(path.minimum, at: now) }
        lastReceived = now
        lastAsked = now
        outgoing = [OutgoingMessages(alias: Self.control, log: 0, after: 0)]
    }

    /// Says something at once, whether there is anything to say or not: by the first packet under its keys a client
    /// proves that it has heard the answer to its login.
    package mutating func confirmKeys() {
        wantsPing = true
    }

    /// Sends a message over the control channel.
    ///
    /// - Returns: false when too many wait already; the owner then closes the connection or tries later.
    package mutating func sendControl(_ bytes: [UInt8]) -> Bool {
        guard controlQueue.append(bytes) else { return false }
        outgoing[0].logGrew()
        return true
    }

    /// Feeds a log to the peer, beginning after a cursor. An alias is used once.
    package mutating func feed(log: UInt64, as alias: UInt64, after cursor: UInt64) {
        outgoing.append(OutgoingMessages(alias: alias, log: log, after: cursor))
    }

    /// A log has new messages.
    ///
    /// - Parameter end: its last number; nil where that is not known.
    /// - Returns: whether this connection is fed from it.
    package mutating func logGrew(_ log: UInt64, through end: UInt64? = nil) -> Bool {
        var isFed = false
        var index = 1
        while index < outgoing.count {
            if outgoing[index].log == log {
                outgoing[index].logGrew(through: end)
                isFed = true
            }
            index += 1
        }
        return isFed
    }

    /// Accepts the peer's messages under an alias, beginning after a cursor.
    package mutating func open(alias: UInt64, after cursor: UInt64) {
        if !incoming.contains(alias) { incoming[alias] = IncomingMessages(alias: alias, after: nil) }
        _ = incoming.change(alias) { $0.open(after: cursor) }
        deliver(alias, at: lastReceived)
    }

    /// Everything up to this number of the log fed under `alias` has arrived at the peer.
    package func arrivedThrough(alias: UInt64) -> UInt64? {
        outgoing.first { $0.alias == alias }?.arrivedThrough
    }

    /// Whether a log that is fed waits for the store.
    package var isAwaiting: Bool {
        mutating get {
            for index in outgoing.indices where outgoing[index].awaited != nil { return true }
            return false
        }
    }

    /// What the logs that are fed wait for: after which number of which log the store must fetch.
    package var awaited: [(log: UInt64, after: UInt64)] {
        outgoing.dropFirst().compactMap { log in log.awaited.map { (log.log, $0) } }
    }

    /// Feeds a log no longer. What is under way of it is not sent again; acknowledgements of it mean nothing any more.
    package mutating func stopFeeding(alias: UInt64) {
        guard alias != Self.control else { return }
        outgoing.removeAll { $0.alias == alias }
        turn = 0
    }

    /// Whether something waits to be sent, or was sent and is not acknowledged.
    package var hasUnconfirmed: Bool {
        !controlQueue.isEmpty || outgoing.contains { $0.isUnderWay || $0.hasPending }
            || bulk.value?.streams.hasUnconfirmed ?? false
    }

    /// How many messages left and are not confirmed.
    package var underWay: Int { outgoing.reduce(0) { $0 + $1.inFlight.count } }

    /// Whether packets shall carry a mark that routers may change when they have a queue (ECN).
    package var marksPackets: Bool { notification.isMarking }

    /// When a packet of the peer last authenticated.
    package var lastHeard: Instant { lastReceived }

    package var isClosed: Bool {
        if case .closed = state { return true }
        return false
    }

    package var isOpen: Bool {
        if case .open = state { return true }
        return false
    }

    /// Begins to close: the reason is told until it is confirmed, for at most `Limits.closing`.
    package mutating func close(_ reason: CloseReason, at now: Instant) {
        guard case .open = state else { return }
        var text = reason.text
        while text.utf8.count > Limits.closeTextBytes { text.removeLast() }
        state = .closing(CloseReason(code: reason.code, text: text), until: now + Limits.closing)
        closeIsDue = true
        probes = 0
    }

    /// Changes it in its place.
    mutating func change<Result>(_ body: (inout Connection) -> Result) -> Result { body(&self) }

    package mutating func pollEvent() -> ConnectionEvent? {
        events.isEmpty ? nil : events.removeFirst()
    }
}
