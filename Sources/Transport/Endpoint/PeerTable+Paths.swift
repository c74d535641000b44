import Basics

/// Peers that change their address: a router that forgot a mapping, or Wi-Fi left for mobile. All of this is `mutating`
/// and happens in the peer's place, for each packet.
extension PeerTable.Peer {
    /// What a datagram turned out to be.
    enum Arrival {
        /// It did not authenticate, or was not new.
        case foreign
        /// It came by the path that the peer is known to use.
        case usual
        /// It tells of another path, or may prove one: `followPath` is due. Whether no packet has a higher number.
        case elsewhere(isNewest: Bool)
    }

    /// Takes a datagram, whatever address it came from.
    ///
    /// - Parameters:
    ///   - source: where it came from.
    ///   - local: which of our addresses it came to.
    ///   - destination: the connection ID that it names.
    mutating func receive(
        _ datagram: Span<UInt8>, from source: SocketAddress, to local: SocketAddress.Host?,
        under destination: ConnectionID, mark: ECNMark, scratch: inout [UInt8], at now: Instant
    ) -> Arrival {
        let newest = connection.largestReceived
        guard connection.receive(datagram, mark: mark, scratch: &scratch, at: now) else { return .foreign }
        noteUse(of: destination, at: now)
        if validation == nil, connection.pathResponse == nil, source == address, local == self.local { return .usual }
        return .elsewhere(isNewest: connection.largestReceived != newest)
    }

    /// A packet authenticated. Does it tell of another address?
    ///
    /// - Parameters:
    ///   - bytes: length of the datagram.
    ///   - source: where it came from.
    ///   - local: which of our addresses it came to.
    ///   - isNewest: whether no packet has a higher number. Older ones may be late from a path that the peer has left,
    ///     or were held back by somebody (RFC 9000, section 9.3).
    /// - Returns: whether the peer has proved that it is at `source` now.
    mutating func followPath(
        bytes: Int, from source: SocketAddress, to local: SocketAddress.Host?, isNewest: Bool, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) -> Bool {
        let response = connection.takePathResponse()
        guard source != address else {
            // The peer is where it was. An answer that comes from here was led astray.
            if isNewest {
                validation = nil
                self.local = local
            }
            return false
        }
        guard connection.isOpen else { return false }
        if validation?.address == source {
            validation?.received(bytes)
            guard let response, let validation, response == validation.challenge else { return false }
            connection.moved(
                hostChanged: address.host != source.host, roundTrip: validation.roundTrip(at: now), at: now)
            return true
        }
        if isNewest {
            validation = PathValidation(address: source, local: local, challenge: random.next(), at: now)
            validation?.received(bytes)
        }
        return false
    }

    /// Makes the challenge to a new address, when one is due.
    ///
    /// - Parameter datagram: overwritten.
    /// - Returns: where to, and which of our addresses from; nil when there is none, or too little came from there.
    mutating func pollChallenge(
        into datagram: inout [UInt8], at now: Instant
    ) -> (address: SocketAddress, local: SocketAddress.Host?)? {
        guard let validation, validation.isDue(at: now) else { return nil }
        let (bytes, wait) = (connection.challengeBytes, connection.path.probeTimeout)
        guard self.validation?.takeTurn(bytes: bytes, wait: wait, at: now) == true,
            connection.makeChallenge(validation.challenge, into: &datagram, at: now)
        else { return nil }
        return (validation.address, validation.local)
    }
}

/// A peer is found under each of its connection IDs.
extension PeerTable {
    /// Gives a peer as many connection IDs as it may have.
    ///
    /// - Parameter make: the ID and the reset token with a sequence number, always the same ones.
    mutating func issueIDs(to id: PeerID, _ make: (_ first: ConnectionID, UInt64) -> ConnectionIDGrant) {
        while let first = self[id]?.connection.serverID, let sequence = self[id]?.ids.takeSequence() ?? nil {
            let grant = make(first, sequence)
            // Two random IDs of 64 bits that are the same will not be seen; if so, this one is left out.
            guard peer(under: grant.id) == nil else { continue }
            enter(grant.id, of: id)
            self[id]?.ids.insert(grant.id, sequence: sequence)
            self[id]?.connection.grant(grant)
        }
    }

    /// Forgets the connection IDs of a peer that have served their time.
    ///
    /// - Returns: whether there were any.
    mutating func retireIDs(of id: PeerID, at now: Instant) -> Bool {
        let old = self[id]?.ids.retire(at: now) ?? []
        for connectionID in old { strike(connectionID) }
        return !old.isEmpty
    }
}

extension PeerTable.Peer {
    /// A packet of the peer authenticated under this connection ID.
    mutating func noteUse(of connectionID: ConnectionID, at now: Instant) {
        if let sequence = ids.used(connectionID, probeTimeout: connection.path.probeTimeout, at: now) {
            connection.grants.forget(through: sequence)
        }
    }
}
