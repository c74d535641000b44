package import Basics

/// The handshakes that a server remembers: a bounded number, each for a bounded time.
package struct HandshakeTable: Sendable {
    private struct HelloKey: Hashable {
        let address: SocketAddress
        let clientID: ConnectionID
        let sessionID: [UInt8]
    }

    private struct Entry {
        var responder: Responder
        let key: HelloKey
        var expiry: Instant
    }

    private var entries: [ConnectionID: Entry] = [:]
    private var byHello: [HelloKey: ConnectionID] = [:]
    /// Expiries in the order in which they were set, all equally far ahead.
    private var queue: [(expiry: Instant, id: ConnectionID)] = []

    package init() {}

    package var count: Int { entries.count }
    package var isFull: Bool { entries.count >= Limits.halfOpen }
    package var nextDeadline: Instant? { queue.first?.expiry }

    /// The handshake that a hello began earlier.
    package func id(of hello: Hello, from address: SocketAddress) -> ConnectionID? {
        byHello[HelloKey(address: address, clientID: hello.clientID, sessionID: hello.sessionID)]
    }

    package mutating func insert(_ responder: Responder, hello: Hello, at now: Instant) {
        let key = HelloKey(address: responder.address, clientID: hello.clientID, sessionID: hello.sessionID)
        let expiry = now + Limits.handshakeMemory
        entries[responder.serverID] = Entry(responder: responder, key: key, expiry: expiry)
        byHello[key] = responder.serverID
        queue.append((expiry, responder.serverID))
    }

    /// The handshake, changed in place; nil when it is forgotten.
    package subscript(id: ConnectionID) -> Responder? {
        get { entries[id]?.responder }
        set {
            guard let newValue else { return }
            entries[id]?.responder = newValue
        }
    }

    /// Remembers a handshake anew, since it was answered and the answer may be asked for again.
    package mutating func renew(_ id: ConnectionID, at now: Instant) {
        guard entries[id] != nil else { return }
        entries[id]?.expiry = now + Limits.handshakeMemory
        queue.append((now + Limits.handshakeMemory, id))
    }

    /// Forgets the handshakes from the same address that began before this one: their client has abandoned them, and an
    /// M3 of theirs that arrives late must not take the place of the newer connection. O(handshakes).
    package mutating func forgetEarlier(than id: ConnectionID) {
        guard let latest = entries[id]?.responder else { return }
        let earlier = entries.filter { _, entry in
            entry.responder.address == latest.address && entry.responder.greeted < latest.greeted
        }
        for (id, entry) in earlier {
            entries[id] = nil
            byHello[entry.key] = nil
        }
    }

    package mutating func expire(at now: Instant) {
        let due = queue.prefix { $0.expiry <= now }
        for (_, id) in due {
            guard let entry = entries[id], entry.expiry <= now else { continue }
            entries[id] = nil
            byHello[entry.key] = nil
        }
        queue.removeFirst(due.count)
    }
}
