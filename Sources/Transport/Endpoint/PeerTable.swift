package import Basics

/// Names a connected peer for as long as its connection lives; never used twice.
package struct PeerID: Hashable, Sendable {
    let index: Int
    let generation: UInt64
}

/// The connected peers, found by address and port, or by connection ID. The second key lets an entry outlive its
/// address.
package struct PeerTable: Sendable {
    struct Peer: Sendable {
        var connection: Connection
        var address: SocketAddress
        let generation: UInt64
        var ids: IssuedIDs
        /// Which of our addresses the peer speaks to; nil where there is one.
        var local: SocketAddress.Host?
        /// Whether the peer waits for its turn to send.
        var isQueued = false
        /// Another address that the peer's packets come from, not proved yet.
        var validation: PathValidation?

        /// What an input left to be done; a validation that is over ends here. It is `mutating` also so that a peer is
        /// asked in its place: reading it through an optional would copy the whole connection.
        ///
        /// - Parameter isFanOut: whether many peers are connected.
        mutating func outlook(
            isFanOut: Bool, at now: Instant
        ) -> (isClosed: Bool, wantsTransmit: Bool, deadline: Instant?) {
            connection.updatePolicy(isFanOut: isFanOut)
            if let isOver = validation?.isOver(at: now), isOver || !connection.isOpen { validation = nil }
            let isChallengeDue = validation?.isDue(at: now) ?? false
            let deadline = [connection.nextDeadline, validation?.deadline, ids.retirement].compactMap { $0 }.min()
            return (connection.isClosed, connection.wantsTransmit(at: now) || isChallengeDue, deadline)
        }

        /// - Returns: false when too many messages wait already.
        mutating func sendControl(_ bytes: [UInt8]) -> Bool {
            !connection.isOpen || connection.sendControl(bytes)
        }

        /// Changes the connection in its place.
        mutating func change<Result>(_ body: (inout Connection) -> Result) -> Result { body(&connection) }

        /// - Returns: whether the peer did not wait for its turn yet.
        mutating func queue() -> Bool {
            guard !isQueued else { return false }
            isQueued = true
            return true
        }
    }

    private var slots: [Peer?] = []
    /// Whose each slot is, 0 when it is free, and where they are: asked for each packet, without a look at the peer.
    private var holders: [UInt64] = []
    private var addresses: [SocketAddress] = []
    private var free: [Int] = []
    private var byConnectionID: [ConnectionID: PeerID] = [:]
    private var byAddress: [SocketAddress: PeerID] = [:]
    private var generations: UInt64 = 0

    package init() {}

    package var count: Int { slots.count - free.count }

    package func peer(under id: ConnectionID) -> PeerID? { byConnectionID[id] }

    package func peer(at address: SocketAddress) -> PeerID? { byAddress[address] }

    /// Every connected peer, in the order of the slots: a dictionary's own order would differ from run to run.
    package var all: some Sequence<PeerID> {
        slots.indices.lazy.compactMap { index in
            holders[index] == 0 ? nil : PeerID(index: index, generation: holders[index])
        }
    }

    func contains(_ id: PeerID) -> Bool {
        holders.indices.contains(id.index) && holders[id.index] == id.generation
    }

    /// Where a peer is; nil when it is gone.
    func address(of id: PeerID) -> SocketAddress? {
        contains(id) ? addresses[id.index] : nil
    }

    mutating func insert(_ connection: Connection, at address: SocketAddress) -> PeerID {
        generations += 1
        let index = free.popLast() ?? slots.count
        let id = PeerID(index: index, generation: generations)
        let peer = Peer(
            connection: connection, address: address, generation: generations,
            ids: IssuedIDs(first: connection.serverID))
        if index == slots.count {
            slots.append(peer)
            holders.append(generations)
            addresses.append(address)
        } else {
            slots[index] = peer
            holders[index] = generations
            addresses[index] = address
        }
        byConnectionID[connection.serverID] = id
        byAddress[address] = id
        return id
    }

    /// A peer is at another address from now on. Whoever was there is found by its connection ID alone.
    mutating func move(_ id: PeerID, to address: SocketAddress) {
        guard let former = self.address(of: id) else { return }
        if byAddress[former] == id { byAddress[former] = nil }
        byAddress[address] = id
        addresses[id.index] = address
        self[id]?.address = address
        self[id]?.validation = nil
    }

    mutating func remove(_ id: PeerID) {
        guard let peer = self[id] else { return }
        slots[id.index] = nil
        holders[id.index] = 0
        free.append(id.index)
        for (_, connectionID) in peer.ids.live { byConnectionID[connectionID] = nil }
        // A newer connection may have the address meanwhile.
        if byAddress[peer.address] == id { byAddress[peer.address] = nil }
    }

    mutating func enter(_ connectionID: ConnectionID, of id: PeerID) {
        byConnectionID[connectionID] = id
    }

    mutating func strike(_ connectionID: ConnectionID) {
        byConnectionID[connectionID] = nil
    }

    /// The peer, changed in place; nil when it is gone.
    subscript(id: PeerID) -> Peer? {
        get {
            contains(id) ? slots[id.index] : nil
        }
        _modify {
            var absent: Peer?
            if contains(id) {
                yield &slots[id.index]
            } else {
                yield &absent
            }
        }
    }
}
