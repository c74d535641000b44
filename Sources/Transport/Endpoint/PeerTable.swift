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
        let address: SocketAddress
        let generation: UInt64
        /// Whether the peer waits for its turn to send.
        var isQueued = false
    }

    private var slots: [Peer?] = []
    private var free: [Int] = []
    private var byConnectionID: [ConnectionID: PeerID] = [:]
    private var byAddress: [SocketAddress: PeerID] = [:]
    private var generations: UInt64 = 0

    package init() {}

    package var count: Int { byConnectionID.count }

    package func peer(under id: ConnectionID) -> PeerID? { byConnectionID[id] }

    package func peer(at address: SocketAddress) -> PeerID? { byAddress[address] }

    /// Every connected peer, in the order of the slots: a dictionary's own order would differ from run to run.
    package var all: some Sequence<PeerID> {
        slots.indices.lazy.compactMap { index in
            (slots[index]?.generation).map { PeerID(index: index, generation: $0) }
        }
    }

    mutating func insert(_ connection: Connection, at address: SocketAddress) -> PeerID {
        generations += 1
        let index = free.popLast() ?? slots.count
        let id = PeerID(index: index, generation: generations)
        let peer = Peer(connection: connection, address: address, generation: generations)
        if index == slots.count { slots.append(peer) } else { slots[index] = peer }
        byConnectionID[connection.serverID] = id
        byAddress[address] = id
        return id
    }

    mutating func remove(_ id: PeerID) {
        guard let peer = self[id] else { return }
        slots[id.index] = nil
        free.append(id.index)
        byConnectionID[peer.connection.serverID] = nil
        // A newer connection may have the address meanwhile.
        if byAddress[peer.address] == id { byAddress[peer.address] = nil }
    }

    /// The peer, changed in place; nil when it is gone.
    subscript(id: PeerID) -> Peer? {
        get {
            guard slots.indices.contains(id.index), let peer = slots[id.index], peer.generation == id.generation
            else { return nil }
            return peer
        }
        _modify {
            var absent: Peer?
            if slots.indices.contains(id.index), slots[id.index]?.generation == id.generation {
                yield &slots[id.index]
            } else {
                yield &absent
            }
        }
    }
}
