import Basics
import Crypto

/// Logins that were answered and have not taken their place yet: the first packet under their keys decides.
///
/// An R1 may come again, from anybody and whenever they like, and an M3 of a client that is dead may come late. Nobody
/// but the client that hears the answer can seal that packet, so until it comes, nothing of anybody is touched.
struct ProvisionalTable: Sendable {
    /// What has been done about an R1.
    enum Stage: Sendable {
        /// The owner is to decide.
        case asked(ResumeResponder)
        /// The answer left.
        case offered(Offer)
        /// Refused: the answer may be asked for again.
        case refused
    }

    /// A connection that waits for its first packet.
    struct Offer: Sendable {
        var connection: Connection
        let grant: TicketGrant
        /// What the client asked, and what it was promised: for the owner, when it takes its place.
        let request: [UInt8]
        let promised: [UInt8]
        /// The first packet came.
        var isConfirmed = false
    }

    struct Entry: Sendable {
        let address: SocketAddress
        /// Which of the server's addresses was spoken to; nil where it has one.
        var local: SocketAddress.Host?
        /// When its first message came: what came earlier never takes the place of what came later.
        let greeted: Instant
        let deviceKey: [UInt8]
        let hello: HelloKey?
        let helloDigest: [UInt8]
        var stage: Stage
        /// Whether the address was proved by a cookie.
        var isValidated = false
        /// The answer, and how often it may be repeated.
        var answer: [UInt8] = []
        var repeats = Limits.handshakeAnswerRepeats
    }

    /// Names an R1.
    struct HelloKey: Hashable, Sendable {
        let address: SocketAddress
        let clientID: ConnectionID
        let sessionID: [UInt8]
    }

    private var entries: [ConnectionID: Entry] = [:]
    private var byHello: [HelloKey: ConnectionID] = [:]
    private var expiries = DeadlineQueue<ConnectionID>()
    private var queues = HalfOpenQueues()

    init() {}

    var count: Int { entries.count }
    var nextDeadline: Instant? { expiries.next }

    func contains(_ id: ConnectionID) -> Bool { entries[id] != nil }

    /// The R1 that was answered, or is about to be.
    func id(of hello: HelloKey) -> ConnectionID? { byHello[hello] }

    /// Adds an entry. When there is room for no more, one of the address block that has the most goes.
    mutating func insert(_ entry: Entry, under id: ConnectionID, at now: Instant) {
        remove(id)
        if count >= Limits.provisional, let expendable = queues.mostExpendable { remove(expendable) }
        entries[id] = entry
        if let hello = entry.hello { byHello[hello] = id }
        queues.append(id, of: AddressBlock(of: entry.address))
        expiries.set(id, to: now + Limits.provisionalMemory)
    }

    /// The entry, changed in place; nil when there is none.
    subscript(id: ConnectionID) -> Entry? {
        get { entries[id] }
        _modify { yield &entries[id] }
    }

    mutating func remove(_ id: ConnectionID) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        if let hello = entry.hello, byHello[hello] == id { byHello[hello] = nil }
        queues.remove(id, of: AddressBlock(of: entry.address))
        expiries.remove(id)
    }

    /// Forgets the logins of a device that began before a moment: their client has abandoned them.
    mutating func forget(_ deviceKey: [UInt8], before moment: Instant) {
        for (id, entry) in entries where entry.deviceKey == deviceKey && entry.greeted < moment { remove(id) }
    }

    mutating func removeAll() {
        self = ProvisionalTable()
    }

    mutating func expire(at now: Instant) {
        while let id = expiries.popDue(at: now) { remove(id) }
    }

    /// Gives a datagram to the connection that waits under that ID.
    ///
    /// - Returns: whether it authenticated.
    mutating func receive(
        _ datagram: Span<UInt8>, under id: ConnectionID, mark: ECNMark, scratch: inout [UInt8], at now: Instant
    ) -> Bool {
        guard let entry = entries[id], case .offered(var offer) = entry.stage else { return false }
        let isAuthentic = offer.connection.receive(datagram, mark: mark, scratch: &scratch, at: now)
        entries[id]?.stage = .offered(offer)
        return isAuthentic
    }
}

/// What is remembered of a member, so that a ticket can be given later too.
package struct TicketGrant: Sendable {
    package let holder: TicketHolder
    let secret: SecretBox
    let passwordEpoch: [UInt8]
}
