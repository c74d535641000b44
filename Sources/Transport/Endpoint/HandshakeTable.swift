package import Basics

/// The handshakes that a server remembers: a bounded number of each kind, each for a bounded time.
///
/// Those that are not finished stand apart from those that were answered, so that logins don't wait for each other, and
/// those apart from the ones that were rejected, so that guessing pushes out nobody's answer.
package struct HandshakeTable: Sendable {
    package enum Kind: Int, Sendable, CaseIterable {
        case halfOpen
        /// M4 was sent, and may be asked for again.
        case answered
        /// REJECT was sent, and may be asked for again.
        case rejected

        var limit: Int {
            switch self {
            case .halfOpen: Limits.halfOpen
            case .answered: Limits.answeredHandshakes
            case .rejected: Limits.rejectedHandshakes
            }
        }
    }

    private struct HelloKey: Hashable {
        let address: SocketAddress
        let clientID: ConnectionID
        let sessionID: [UInt8]
    }

    private struct Entry {
        var responder: Responder
        let key: HelloKey
        var kind: Kind
    }

    private var entries: [ConnectionID: Entry] = [:]
    private var byHello: [HelloKey: ConnectionID] = [:]
    /// When each is forgotten, by kind.
    private var expiries = Kind.allCases.map { _ in DeadlineQueue<ConnectionID>() }
    private var halfOpen = HalfOpenQueues()

    package init() {}

    package var count: Int { entries.count }
    package var nextDeadline: Instant? { expiries.compactMap(\.next).min() }

    /// How many of a kind there are.
    package func count(of kind: Kind) -> Int { expiries[kind.rawValue].count }

    /// The handshake that a hello began earlier.
    package func id(of hello: Hello, from address: SocketAddress) -> ConnectionID? {
        byHello[HelloKey(address: address, clientID: hello.clientID, sessionID: hello.sessionID)]
    }

    /// Adds a half-open handshake. When there is room for no more, one of the address block that has the most goes.
    package mutating func insert(_ responder: Responder, hello: Hello, at now: Instant) {
        if count(of: .halfOpen) >= Kind.halfOpen.limit, let id = halfOpen.mostExpendable { remove(id) }
        let key = HelloKey(address: responder.address, clientID: hello.clientID, sessionID: hello.sessionID)
        entries[responder.serverID] = Entry(responder: responder, key: key, kind: .halfOpen)
        byHello[key] = responder.serverID
        halfOpen.append(responder.serverID, of: AddressBlock(of: responder.address))
        expiries[Kind.halfOpen.rawValue].set(responder.serverID, to: now + Limits.handshakeMemory)
    }

    /// The handshake, changed in place; nil when it is forgotten.
    package subscript(id: ConnectionID) -> Responder? {
        get { entries[id]?.responder }
        set {
            guard let newValue else { return }
            entries[id]?.responder = newValue
        }
    }

    /// A handshake came to its end; it is remembered anew, since its answer may be asked for again. When there is room
    /// for no more of its kind, the oldest one goes.
    package mutating func finish(_ id: ConnectionID, as kind: Kind, at now: Instant) {
        guard let entry = entries[id] else { return }
        detach(id, entry)
        if count(of: kind) >= kind.limit, let oldest = expiries[kind.rawValue].first { remove(oldest) }
        entries[id]?.kind = kind
        expiries[kind.rawValue].set(id, to: now + Limits.handshakeMemory)
    }

    /// Forgets the half-open handshakes from the same address that began before this one: their client has abandoned
    /// them, and an M3 of theirs that arrives late must not take the place of the newer connection.
    package mutating func forgetEarlier(than id: ConnectionID) {
        guard let latest = entries[id]?.responder else { return }
        for other in halfOpen.ids(of: AddressBlock(of: latest.address)) {
            guard let responder = entries[other]?.responder, responder.address == latest.address,
                responder.greeted < latest.greeted
            else { continue }
            remove(other)
        }
    }

    /// Forgets every half-open handshake.
    package mutating func forgetHalfOpen() {
        for id in Array(entries.filter { $0.value.kind == .halfOpen }.keys) { remove(id) }
    }

    package mutating func expire(at now: Instant) {
        for kind in Kind.allCases {
            while let id = expiries[kind.rawValue].popDue(at: now) { remove(id) }
        }
    }

    private mutating func remove(_ id: ConnectionID) {
        guard let entry = entries[id] else { return }
        detach(id, entry)
        entries[id] = nil
        byHello[entry.key] = nil
    }

    /// Takes a handshake out of the queues.
    private mutating func detach(_ id: ConnectionID, _ entry: Entry) {
        expiries[entry.kind.rawValue].remove(id)
        if entry.kind == .halfOpen { halfOpen.remove(id, of: AddressBlock(of: entry.responder.address)) }
    }
}
