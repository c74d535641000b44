package import Basics

extension Connection {
    /// Takes a datagram from the peer's address.
    ///
    /// - Parameters:
    ///   - datagram: as it came.
    ///   - mark: what the network said of congestion on the way.
    ///   - plaintext: scratch space, reused from datagram to datagram.
    /// - Returns: whether it authenticated and was new, or ended the connection as a stateless reset. Anything else
    ///   changes nothing.
    package mutating func receive(
        _ datagram: Span<UInt8>, mark: ECNMark = .notECT, scratch plaintext: inout [UInt8], at now: Instant
    ) -> Bool {
        if isClosed || keys.isSpent { return false }
        guard var header = try? DataHeader(parsing: datagram, hasDestination: role == .server),
            keys.revealNumber(in: &header, of: datagram)
        else { return false }
        let number = PacketNumber.decode(
            header.truncatedNumber, expected: replay.largest.map { $0 + 1 } ?? 0)
        guard number <= Limits.lastPacketNumber, replay.isFresh(number),
            let opening = keys.open(
                datagram, header: header, number: number, into: &plaintext, at: now, probeTimeout: path.probeTimeout)
        else {
            if receiveReset(datagram) { return true }
            if keys.isSpent { violate(.forgeryLimit, at: now) }
            return false
        }
        replay.mark(number)
        notification.received(mark)
        lastReceived = now
        do throws(ProtocolViolation) {
            if opening == .prematureUpdate { throw .prematureKeyUpdate }
            let (asks, isNews) = try receiveFrames(plaintext.span, openedBy: opening, at: now)
            acknowledgements.received(number, asks: asks, isNews: isNews, at: now, path: path)
            if asks, case .draining = state { owesAnswer = true }
            if number > Limits.closingPacketNumber || keys.isWornOut { throw .packetNumbersExhausted }
        } catch {
            violate(error, at: now)
        }
        return true
    }

    /// What can't be opened may be a stateless reset: the server has forgotten us.
    private mutating func receiveReset(_ datagram: Span<UInt8>) -> Bool {
        guard let resetToken = destinations.current.resetToken, StatelessReset.matches(datagram, token: resetToken)
        else { return false }
        if isOpen { events.append(.reset) }
        state = .closed
        return true
    }

    /// Closes because the protocol does not allow to go on.
    mutating func violate(_ violation: ProtocolViolation, at now: Instant) {
        guard isOpen else { return }
        close(CloseReason(code: CloseReason.violation, text: violation.text), at: now)
        events.append(.violated(violation))
    }

    /// - Returns: whether any frame asks for an acknowledgement, and whether one was more than a copy.
    private mutating func receiveFrames(
        _ span: Span<UInt8>, openedBy opening: KeyPhases.Opening, at now: Instant
    ) throws(ProtocolViolation) -> (asks: Bool, isNews: Bool) {
        var input = span
        var (asks, isNews) = (false, false)
        while let frame = try Self.takeFrame(from: &input) {
            switch frame {
            case .ping: (asks, isNews) = (true, true)
            case .acknowledgement(let acknowledgement): try receive(acknowledgement, openedBy: opening, at: now)
            case .message(let fragment):
                asks = true
                // A side that closes has said its last word and listens no more.
                if isOpen, try receive(fragment, at: now) { isNews = true }
            case .taken(let alias, let number):
                if let place = outgoing.firstIndex(where: { $0.alias == alias }) {
                    outgoing[place].taken(through: number)
                }
            case .close(let reason):
                (asks, isNews) = (true, true)
                receive(reason, at: now)
            case .pathChallenge(let challenge): receiveChallenge(challenge)
            case .pathResponse(let challenge): pathResponse = challenge
            case .congestionMarks(let marks):
                if notification.told(marks, sent: nextPacketNumber) {
                    redundancy.congestion.marked(at: now, path: path)
                    if !bulk.isEmpty { bulk.value?.marked(at: now) }
                }
            case .newConnectionID(let grant):
                (asks, isNews) = (true, true)
                guard role == .client else { throw .unexpectedConnectionID }
                if isOpen { try destinations.receive(grant) }
            case .acknowledgementPolicy(let policy):
                (asks, isNews) = (true, true)
                guard role == .client else { throw .unexpectedPolicy }
                acknowledgements.follow(policy)
            case .acknowledgedRanges(let acknowledged): try receive(acknowledged, openedBy: opening, at: now)
            case .stream, .credit, .reset, .stop:
                asks = true
                if try receiveStream(frame, at: now) { isNews = true }
            }
        }
        return (asks, isNews)
    }

    private static func takeFrame(from input: inout Span<UInt8>) throws(ProtocolViolation) -> Frame? {
        do throws(WireError) {
            return try Frame.take(from: &input)
        } catch {
            throw .malformed(error)
        }
    }

    /// - Returns: whether it was more than a copy.
    private mutating func receive(
        _ fragment: MessageFragment, at now: Instant
    ) throws(ProtocolViolation) -> Bool {
        let alias = fragment.alias
        if !incoming.contains(alias) {
            // A server announces a log and begins to feed it at once, so its messages may overtake the announcement.
            guard role == .client, incoming.count <= Limits.logsPerConnection else { throw .unexpectedLog }
            incoming[alias] = IncomingMessages(alias: alias, after: nil)
        }
        let isNews = try incoming.change(alias) { (log) throws(ProtocolViolation) in try log.insert(fragment) } ?? false
        if isNews { deliver(alias, at: now) }
        return isNews
    }

    private mutating func receive(_ reason: CloseReason, at now: Instant) {
        switch state {
        case .open:
            state = .draining(until: now + Limits.closing)
            owesAnswer = true
            events.append(.closedByPeer(reason))
        case .closing:
            // Both close at once: each has told its reason, and nothing is left to say.
            state = .draining(until: now + Limits.closing)
            owesAnswer = true
        case .draining, .closed: return
        }
    }

    private mutating func receive(
        _ acknowledgement: Acknowledgement, openedBy opening: KeyPhases.Opening, at now: Instant
    ) throws(ProtocolViolation) {
        let largest = PacketNumber.decode(acknowledgement.largest, expected: nextPacketNumber)
        try receive(
            AcknowledgedNumbers(largest: largest, bitmap: acknowledgement.bitmap),
            held: Limits.acknowledgementDelayUnit * Int(acknowledgement.delay), openedBy: opening, at: now)
    }

    private mutating func receive(
        _ acknowledged: AcknowledgedRanges, openedBy opening: KeyPhases.Opening, at now: Instant
    ) throws(ProtocolViolation) {
        let held = Limits.acknowledgementDelayUnit * Int(min(acknowledged.delay, UInt64(UInt16.max)))
        try receive(AcknowledgedNumbers(ranges: acknowledged.ranges), held: held, openedBy: opening, at: now)
    }

    /// The longest delay that an acknowledgement can tell. Who says so means: at least so long.
    private static let longestHeld = Limits.acknowledgementDelayUnit * Int(UInt16.max)

    /// - Parameter held: how long the peer says that it held the acknowledgement back.
    private mutating func receive(
        _ numbers: AcknowledgedNumbers, held: Duration, openedBy opening: KeyPhases.Opening, at now: Instant
    ) throws(ProtocolViolation) {
        let largest = numbers.largest
        guard largest < nextPacketNumber else { throw .acknowledgementOfUnsent }
        try keys.acknowledged(largest, openedBy: opening)
        acknowledgeStreams(numbers, held: held, at: now)
        if let moment = sent.moment(of: largest), moment >= pathSince, held < Self.longestHeld {
            takeSample(now - moment, delay: held, at: now)
        }
        guard let newest = confirmPackets(numbers) else {
            if !bulk.isEmpty, sent.inFlight > 0 { findLost(at: now) }
            return
        }
        probes = 0
        destinations.acknowledged(newest.number)
        newestAcknowledged = max(newestAcknowledged ?? newest.sent, newest.sent)
        findLost(at: now)
        redundancy.budget.update(loss: redundancy.loss, path: path, at: now)
        planCopies(at: now)
    }

    /// What the packets carried that an acknowledgement names has arrived.
    ///
    /// - Returns: the newest of them; nil when all were acknowledged before.
    private mutating func confirmPackets(_ numbers: AcknowledgedNumbers) -> (number: UInt64, sent: Instant)? {
        var newest: (UInt64, Instant)?
        var place = 0
        while let packet = sent.removeNext(of: numbers, from: &place) {
            newest = (packet.number, packet.sent)
            noteArrival(of: packet)
            for index in 0..<packet.frames.count {
                if let frame = packet.frames[index] { confirm(frame) }
            }
        }
        return newest
    }

    private mutating func noteArrival(of packet: SentPacket) {
        // A packet that took the former path says nothing about this one's length.
        let isOfThisPath = packet.sent >= pathSince
        if isOfThisPath { notification.arrived() }
        guard !packet.isSizeProbe else {
            if isOfThisPath { mtu.probeArrived(packet.bytes) }
            return
        }
        if packet.isLost { redundancy.loss.returned() } else { redundancy.loss.arrived() }
        if packet.isLost { tallies.late &+= 1 }
        if isOfThisPath { mtu.arrived(packet.bytes) }
    }

    private mutating func noteLoss(of packet: SentPacket, at now: Instant) {
        let isOfThisPath = packet.sent >= pathSince
        guard !packet.isSizeProbe else {
            if isOfThisPath { mtu.probeLost(packet.bytes, at: now) }
            return
        }
        tallies.lost &+= 1
        redundancy.loss.lost(sent: packet.sent, path: path)
        redundancy.congestion.lost(at: now, path: path)
        if isOfThisPath { mtu.lost(packet.bytes, at: now) }
    }

    mutating func takeSample(_ sample: Duration, delay: Duration, at now: Instant) {
        let (isFirst, wasNear) = (!path.hasSample, path.isNear)
        path.sample(sample, delay: delay)
        tallies.measured(sample)
        redundancy.congestion.sampled(sample, at: now)
        // What to expect of a path depends on how far away the peer is. Who came in together with hundreds of others seemed
        // to be farther away than it is.
        if isFirst || path.isNear != wasNear, !redundancy.loss.hasLoss { redundancy.loss = LossEstimate(path: path) }
    }

    private mutating func confirm(_ frame: SentFrame) {
        switch frame {
        case .ping, .taken, .sizeProbe: return
        case .newConnectionID(let sequence): grants.acknowledge(sequence)
        case .acknowledgementPolicy(let sequence): demand.acknowledge(sequence)
        case .close:
            if case .closing = state { state = .closed }
        case .message(let alias, let number, let index, let distance):
            confirm(alias) { $0.acknowledge(number: number, index: Int(index), distance: distance) }
        case .run(let alias, let number, let count):
            confirm(alias) { $0.acknowledge(after: number, count: UInt64(count)) }
        }
    }

    private mutating func confirm(_ alias: UInt64, _ body: (inout OutgoingMessages) -> Void) {
        guard let place = outgoing.firstIndex(where: { $0.alias == alias }) else { return }
        body(&outgoing[place])
        let settled = outgoing[place].takeSettledCount()
        if alias != Self.control { tallies.deliveries &+= settled }
        if alias == Self.control { controlQueue.forget(through: outgoing[place].arrivedThrough) }
    }

    /// Looks for packets that the acknowledgements passed over, and queues again what they carried.
    mutating func findLost(at now: Instant) {
        guard let newestAcknowledged else { return }
        let found = sent.detectLost(newest: newestAcknowledged, at: now, path: path)
        lossCheck = found.again
        for packet in found.lost {
            noteLoss(of: packet, at: now)
            resend(packet)
        }
        redundancy.loss.observe(sent.takePairs())
    }

    /// What a packet carried must be sent again, unless it left again since.
    mutating func resend(_ packet: SentPacket) {
        for index in 0..<packet.frames.count {
            switch packet.frames[index] {
            case .ping, .sizeProbe, nil: continue
            case .taken: tellsTaken = true
            case .newConnectionID(let sequence): grants.resend(sequence)
            case .acknowledgementPolicy(let sequence): demand.resend(sequence)
            case .close: closeIsDue = true
            case .message(let alias, let number, let index, _):
                guard let place = outgoing.firstIndex(where: { $0.alias == alias }) else { continue }
                outgoing[place].resend(number: number, index: Int(index), lost: packet.sent)
            case .run(let alias, let after, let count):
                guard let place = outgoing.firstIndex(where: { $0.alias == alias }) else { continue }
                for step in 1...UInt64(max(1, count)) {
                    outgoing[place].resend(number: after + step, index: 0, lost: packet.sent)
                }
            }
        }
    }
}
