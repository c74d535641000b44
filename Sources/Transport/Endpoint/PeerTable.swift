package import Basics

/// Names a connected peer for as long as its connection lives; never used twice.
package struct PeerID: Hashable, Sendable {
    let index: Int
    let generation: UInt64

    /// Grows from one peer to the next.
    package var order: UInt64 { generation }
}

/// What a peer waits for after an input or a turn.
struct PeerOutlook {
    let hasEvents: Bool
    let isClosed: Bool
    let wantsTransmit: Bool
    /// `.never` when there is none.
    let deadline: Instant
}

/// What came of a peer's turn at sending.
struct PeerTurn {
    /// Where the datagram goes; nil when there is none.
    let target: SocketAddress?
    /// Which of our addresses it goes from.
    let source: SocketAddress.Host?
    let isMarked: Bool
    let isAwaiting: Bool
    let outlook: PeerOutlook
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
        mutating func outlook(isFanOut: Bool, at now: Instant) -> PeerOutlook {
            connection.updatePolicy(isFanOut: isFanOut)
            var deadline = connection.nextDeadline ?? .never
            if let retirement = ids.retirement { deadline = min(deadline, retirement) }
            var isChallengeDue = false
            if validation != nil {
                if let isOver = validation?.isOver(at: now), isOver || !connection.isOpen { validation = nil }
                isChallengeDue = validation?.isDue(at: now) ?? false
                deadline = min(deadline, validation?.deadline ?? .never)
            }
            return PeerOutlook(
                hasEvents: !connection.events.isEmpty, isClosed: connection.isClosed,
                wantsTransmit: isChallengeDue || connection.wantsTransmit(at: now), deadline: deadline)
        }

        /// Takes a turn at sending: one datagram, if there is one, and what is left to be done then.
        ///
        /// - Parameters:
        ///   - datagram: overwritten.
        ///   - isFanOut: whether many peers are connected.
        mutating func takeTurn(
            into datagram: inout [UInt8], from store: some MessageStore, isFanOut: Bool, at now: Instant
        ) -> PeerTurn {
            isQueued = false
            if validation != nil, let (address, local) = pollChallenge(into: &datagram, at: now) {
                return PeerTurn(
                    target: address, source: local, isMarked: false, isAwaiting: false,
                    outlook: outlook(isFanOut: isFanOut, at: now))
            }
            let hasDatagram = connection.pollTransmit(into: &datagram, from: store, at: now)
            return PeerTurn(
                target: hasDatagram ? address : nil, source: local, isMarked: connection.marksPackets,
                isAwaiting: connection.isAwaiting, outlook: outlook(isFanOut: isFanOut, at: now))
        }

        /// - Returns: false when too many messages wait already.
        mutating func sendControl(_ bytes: [UInt8]) -> Bool {
            !connection.isOpen || connection.sendControl(bytes)
        }

        /// What the growth of a log means for a peer.
        enum Growth {
            /// It is not fed from it, or waits for its turn already.
            case unconcerned
            /// It may have its turn at once.
            case mayGo
            /// It may not send now.
            case mustWait
        }

        mutating func logGrew(_ log: UInt64, through end: UInt64?, at now: Instant) -> Growth {
            guard connection.logGrew(log, through: end), !isQueued else { return .unconcerned }
            return connection.wantsTransmit(at: now) ? .mayGo : .mustWait
        }

        /// Changes the connection in its place.
        mutating func change<Result>(_ body: (inout Connection) -> Result) -> Result { connection.change(body) }

        @inline(__always)
        fileprivate mutating func changed<Result>(_ body: (inout Peer) -> Result) -> Result { body(&self) }

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

    /// How many slots there are, the free ones included.
    var slotCount: Int { slots.count }

    /// Every connected peer, in the order of the slots: a dictionary's own order would differ from run to run.
    package var all: some Sequence<PeerID> {
        slots.indices.lazy.compactMap { index in
            holders[index] == 0 ? nil : PeerID(index: index, generation: holders[index])
        }
    }

    func contains(_ id: PeerID) -> Bool {
        holders.indices.contains(id.index) && holders[id.index] == id.generation
    }

    /// Who has a slot; nil when it is free.
    func peer(inSlot index: Int) -> PeerID? {
        guard holders.indices.contains(index), holders[index] != 0 else { return nil }
        return PeerID(index: index, generation: holders[index])
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

    /// Changes a peer in its place.
    ///
    /// - Returns: nil when it is gone.
    @inline(__always)
    mutating func change<Result>(_ id: PeerID, _ body: (inout Peer) -> Result) -> Result? {
        contains(id) ? slots[id.index]?.changed(body) : nil
    }

    /// The peer, changed in place; nil when it is gone.
    ///
    /// For what happens now and then; for each packet there is `change`, which makes no frame for an absent peer.
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
