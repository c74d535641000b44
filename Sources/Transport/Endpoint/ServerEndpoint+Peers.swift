package import Basics

/// What the owner does with connected peers.
extension ServerEndpoint {
    package var peerCount: Int { peers.count }

    /// Where a peer is; nil when it is gone.
    package func address(of id: PeerID) -> SocketAddress? { peers.address(of: id) }

    /// A peer's round-trip estimate; nil when it is gone.
    package func path(of id: PeerID) -> RoundTrip? { peers[id]?.connection.path }

    /// When a peer was last heard; nil when it is gone.
    package func lastHeard(of id: PeerID) -> Instant? { peers[id]?.connection.lastHeard }

    /// Sends a control message. One that is gone, or on the way out, hears nothing any more.
    ///
    /// - Returns: false when the peer lets so many messages pile up that it should be closed.
    package mutating func sendControl(_ bytes: [UInt8], to id: PeerID, at now: Instant) -> Bool {
        guard let isTaken = peers[id]?.sendControl(bytes), isTaken else { return !peers.contains(id) }
        update(id, at: now)
        return true
    }

    /// Feeds a log to a peer, beginning after a cursor.
    package mutating func feed(log: UInt64, as alias: UInt64, after cursor: UInt64, to id: PeerID, at now: Instant) {
        peers[id]?.connection.feed(log: log, as: alias, after: cursor)
        if peers.contains(id) { update(id, at: now) }
    }

    /// Accepts a peer's messages under an alias, beginning after a cursor.
    package mutating func open(alias: UInt64, after cursor: UInt64, from id: PeerID, at now: Instant) {
        peers[id]?.connection.open(alias: alias, after: cursor)
        if peers.contains(id) { update(id, at: now) }
    }

    /// Takes a peer's messages under an open alias no faster than this; nil: as they come.
    package mutating func pace(alias: UInt64, at rate: MessageRate?, from id: PeerID) {
        peers[id]?.connection.pace(alias: alias, at: rate)
    }

    /// Takes no message of a peer under an open alias before a moment: what it says meanwhile stays with it.
    package mutating func hold(alias: UInt64, until moment: Instant, from id: PeerID) {
        peers[id]?.connection.hold(alias: alias, until: moment)
    }

    /// A log has new messages: every peer that is fed from it wants to send.
    ///
    /// - Parameter end: its last number; nil where that is not known.
    package mutating func logGrew(_ log: UInt64, through end: UInt64? = nil) {
        growth.logGrew(log, through: end)
    }

    /// What share of the packets to a peer is lost, as far as is known: 0...1.
    package func loss(of id: PeerID) -> Double { peers[id]?.connection.redundancy.loss.rate ?? 0 }

    /// What peers that wanted to send since the last call wait for: after which number of which log. The owner fetches
    /// it and says that the log grew.
    package mutating func takeAwaited() -> [(log: UInt64, after: UInt64)] {
        defer { awaited.removeAll(keepingCapacity: true) }
        return awaited
    }

    /// Everything up to this number of the log fed under `alias` has arrived at the peer; nil when it is not fed.
    package func arrivedThrough(alias: UInt64, at id: PeerID) -> UInt64? {
        peers[id]?.connection.arrivedThrough(alias: alias)
    }

    /// Feeds a log no longer to a peer. What is under way of it is not sent again.
    package mutating func stopFeeding(alias: UInt64, to id: PeerID, at now: Instant) {
        peers[id]?.connection.stopFeeding(alias: alias)
        if peers.contains(id) { update(id, at: now) }
    }

    /// Closes a connection and tells the peer why. No event follows.
    package mutating func close(_ id: PeerID, _ reason: CloseReason, at now: Instant) {
        guard peers.contains(id) else { return }
        peers[id]?.connection.close(reason, at: now)
        update(id, at: now)
    }

    /// Closes every connection and tells the peers why. No event follows.
    package mutating func closeAll(_ reason: CloseReason, at now: Instant) {
        for id in Array(peers.all) { close(id, reason, at: now) }
    }

    /// Says whether the machine has time for copies of messages (less than 30 % of a processor left: none).
    package mutating func setHostBusy(_ isBusy: Bool, at now: Instant) {
        guard isBusy != isHostBusy else { return }
        isHostBusy = isBusy
        for id in Array(peers.all) {
            peers[id]?.connection.setHostBusy(isBusy, at: now)
            update(id, at: now)
        }
    }

    /// Looks at all connections.
    ///
    /// - Parameters:
    ///   - alias: the log whose missing messages are counted.
    ///   - end: its last number.
    /// - Complexity: O(peers).
    package mutating func survey(alias: UInt64, through end: UInt64) -> LinkSurvey {
        var survey = LinkSurvey()
        survey.tallies = formerTallies
        for id in Array(peers.all) {
            // Changed in place, for the sake of looking: a copy of each connection would cost more than the look.
            _ = peers[id]?.change { connection in
                survey.tallies.add(connection.tallies)
                guard connection.isOpen else { return }
                survey.connections += 1
                survey.underWay += connection.underWay
                survey.lossSum += connection.redundancy.loss.rate
                guard let arrived = connection.arrivedThrough(alias: alias) else { return }
                let missing = end - min(end, arrived)
                survey.missing &+= missing
                survey.mostMissing = max(survey.mostMissing, missing)
            }
        }
        return survey
    }

    /// Whether there is a connection of that peer, be it one that closes.
    package func holds(_ id: PeerID) -> Bool { peers.contains(id) }

    /// Whether anything under way to any open peer is not confirmed.
    package var hasUnconfirmed: Bool {
        !growth.isEmpty
            || peers.all.contains { id in
                guard let connection = peers[id]?.connection else { return false }
                return connection.isOpen && connection.hasUnconfirmed
            }
    }
}
