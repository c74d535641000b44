import Basics

/// The connection IDs under which a client may send, as its server gave them out.
///
/// A client that is at another address sends under another ID, so that whoever sees both addresses can't tell that they
/// are one person (RFC 9000, section 9.5). Each ID is used at one address, and never again after the next one.
struct DestinationIDs: Sendable {
    private(set) var current: ConnectionIDGrant
    /// By sequence number; at most `Limits.spareConnectionIDs`.
    private(set) var spares: [ConnectionIDGrant] = []
    /// The first packet number sent under the present ID; nil while none was.
    private var firstNumber: UInt64?
    /// Whether the server has acknowledged a packet under the present ID.
    private var isKnown = true

    /// - Parameter first: the ID of the handshake.
    init(first: ConnectionIDGrant) {
        current = first
    }

    /// The server gives an ID out, for the first time or again.
    ///
    /// - Throws: when it says two things about one, or gives out more than it may.
    mutating func receive(_ grant: ConnectionIDGrant) throws(ProtocolViolation) {
        for known in [current] + spares where known.sequence == grant.sequence || known.id == grant.id {
            // The token of the first one is told by the handshake alone.
            guard known == grant else { throw .conflictingConnectionID }
            return
        }
        // One that was used up.
        guard grant.sequence > current.sequence else { return }
        guard spares.count < Limits.spareConnectionIDs else { throw .tooManyConnectionIDs }
        let place = spares.firstIndex { $0.sequence > grant.sequence } ?? spares.count
        spares.insert(grant, at: place)
    }

    /// The client is, or may be, at another address: what it sends from now on has another ID, if there is one.
    ///
    /// - Parameter isCertain: whether the address has changed in any case. Else an ID that the server has not seen yet
    ///   will do: the change may well be the one for which it was taken.
    /// - Returns: whether the ID is another one now.
    mutating func rotate(isCertain: Bool) -> Bool {
        guard isKnown || isCertain && firstNumber != nil, !spares.isEmpty else { return false }
        current = spares.removeFirst()
        (firstNumber, isKnown) = (nil, false)
        return true
    }

    /// A packet leaves under the present ID.
    mutating func sent(_ number: UInt64) {
        firstNumber = firstNumber ?? number
    }

    /// The server has a packet with this number.
    mutating func acknowledged(_ number: UInt64) {
        if let firstNumber, number >= firstNumber { isKnown = true }
    }
}

/// The connection IDs that a server has to tell its client, until they are acknowledged.
struct GrantQueue: Sendable {
    private var grants: [(grant: ConnectionIDGrant, isPending: Bool)] = []
    /// Whether one is to be told. Asked for each packet, so the list is not looked at for it.
    private(set) var hasPending = false

    /// At most as many as there are live IDs of a peer.
    mutating func append(_ grant: ConnectionIDGrant) {
        guard grants.count < Limits.liveConnectionIDs else { return }
        grants.append((grant, true))
        hasPending = true
    }

    /// The next one to tell.
    mutating func next() -> ConnectionIDGrant? {
        guard hasPending, let place = grants.firstIndex(where: \.isPending) else {
            hasPending = false
            return nil
        }
        grants[place].isPending = false
        return grants[place].grant
    }

    mutating func acknowledge(_ sequence: UInt64) {
        grants.removeAll { $0.grant.sequence == sequence }
    }

    mutating func resend(_ sequence: UInt64) {
        for place in grants.indices where grants[place].grant.sequence == sequence {
            grants[place].isPending = true
            hasPending = true
        }
    }

    /// The peer moved: what was told on the way to its former address is told again.
    mutating func resendAll() {
        for place in grants.indices { grants[place].isPending = true }
        hasPending = !grants.isEmpty
    }

    /// The client sends under this one: it needs none before it.
    mutating func forget(through sequence: UInt64) {
        grants.removeAll { $0.grant.sequence <= sequence }
    }
}
