package import Basics

/// Whose turn it is to send.
extension ServerEndpoint {
    mutating func enqueue(_ id: PeerID) {
        guard peers.change(id, { $0.queue() }) == true else { return }
        ready.append(id)
    }

    /// Makes the next datagram to send.
    ///
    /// - Parameters:
    ///   - datagram: overwritten; its capacity is reused.
    ///   - store: holds the logs that peers are fed from.
    /// - Returns: where to; nil when nothing is left to send now.
    package mutating func pollTransmit(
        into datagram: inout [UInt8], from store: some MessageStore, at now: Instant
    ) -> SocketAddress? {
        if let answer = answers.popFirst() {
            datagram.removeAll(keepingCapacity: true)
            datagram.append(contentsOf: answer.datagram)
            (transmitSource, transmitIsMarked) = (answer.local, false)
            return answer.address
        }
        let isFanOut = isFanOut
        while let id = runner ?? nextTurn(at: now) {
            runner = nil
            let turn = peers.change(id) { peer in
                peer.takeTurn(into: &datagram, from: store, isFanOut: isFanOut, at: now)
            }
            guard let turn else { continue }
            // Also with a datagram: the connection may have nothing else to send, and no turn after this one.
            if turn.isAwaiting { awaited += peers[id]?.connection.awaited ?? [] }
            (transmitSource, transmitIsMarked) = (turn.source, turn.isMarked)
            if goesOn(turn, bytes: datagram.count) {
                runner = id
                take(turn.outlook, of: id, enqueues: false, at: now)
            } else {
                // Takes its next turn behind the others, if it has more to send.
                take(turn.outlook, of: id, at: now)
            }
            // Who wants a turn and has nothing to send would get one without end.
            assert(turn.target != nil || !turn.outlook.wantsTransmit, "a peer wants to send and has nothing")
            if let target = turn.target { return target }
        }
        return nil
    }

    /// Whether a peer has its next turn at once: full packets to one person leave together, which costs the kernel little
    /// more than one of them (UDP_SEGMENT). But not too many, since others wait.
    private mutating func goesOn(_ turn: PeerTurn, bytes: Int) -> Bool {
        let isFull = turn.target != nil && bytes + Limits.pathMTUSlack >= Limits.datagramBytes
        runLength = isFull && turn.outlook.wantsTransmit && runLength + 1 < Limits.runPackets ? runLength + 1 : 0
        return runLength > 0
    }

    /// Whose turn it is: of those who wait for one and those for whom a log has grown, one and one.
    private mutating func nextTurn(at now: Instant) -> PeerID? {
        isGrowthNext.toggle()
        return isGrowthNext ? nextGrowth(at: now) ?? nextReady() : nextReady() ?? nextGrowth(at: now)
    }

    /// Takes the next peer that is fed from a log that has grown and may send.
    private mutating func nextGrowth(at now: Instant) -> PeerID? {
        while let (slot, log, end) = growth.next(of: peers.slotCount) {
            guard let id = peers.peer(inSlot: slot) else { continue }
            switch peers.change(id, { $0.logGrew(log, through: end, at: now) }) {
            case .mayGo: return id
            case .mustWait: update(id, at: now)
            case .unconcerned, nil: continue
            }
        }
        return nil
    }

    /// Takes the first of those that want to send. Each is in the queue once; what was taken is cut off in time, even
    /// when the queue never becomes empty.
    private mutating func nextReady() -> PeerID? {
        guard readyHead < ready.count else {
            ready.removeAll(keepingCapacity: true)
            readyHead = 0
            return nil
        }
        let id = ready[readyHead]
        readyHead += 1
        if readyHead > peers.count + Limits.halfOpen {
            ready.removeFirst(readyHead)
            readyHead = 0
        }
        return id
    }
}
