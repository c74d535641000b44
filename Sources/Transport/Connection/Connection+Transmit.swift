package import Basics
import Crypto

extension Connection {
    /// Whether `pollTransmit` would send something now.
    package mutating func wantsTransmit(at now: Instant) -> Bool {
        switch state {
        case .closed: return false
        case .draining: return owesAnswer
        case .closing: return closeIsDue
        case .open:
            if wantsMessages(at: now) { return true }
            return !bulk.isEmpty && bulk.value?.wantsTransmit(at: now) ?? false
        }
    }

    /// The same, streams aside.
    private mutating func wantsMessages(at now: Instant) -> Bool {
        guard isOpen else { return true }
        if wantsPing || tellsTaken || demand.isUrgent || pathAnswer != nil { return true }
        if let due = acknowledgements.due, due <= now { return true }
        if let copyDue, copyDue <= now, sent.inFlight < Limits.packetWindow { return true }
        if hasPendingPieces(), !redundancy.budget.isExhausted(at: now) { return true }
        return isKeepAliveDue(at: now) || mtu.isProbeDue && isSizeProbeDue(at: now)
    }

    mutating func hasPendingPieces() -> Bool {
        let allowNew = sent.inFlight < Limits.packetWindow
        for index in outgoing.indices where outgoing[index].hasPending {
            if allowNew || outgoing[index].hasResends { return true }
        }
        return false
    }

    private mutating func isKeepAliveDue(at now: Instant) -> Bool {
        role == .client && lastAsked + Limits.keepAlive <= now
    }

    /// Makes the next datagram to the peer.
    ///
    /// - Parameters:
    ///   - datagram: overwritten; its capacity is reused.
    ///   - store: holds the logs that are fed.
    /// - Returns: false when there is nothing to send now.
    package mutating func pollTransmit(
        into datagram: inout [UInt8], from store: some MessageStore, at now: Instant
    ) -> Bool {
        endIfExhausted(at: now)
        guard wantsTransmit(at: now) else { return false }
        let header = beginPacket(in: &datagram, at: now)
        // Messages go first and wait for nobody; a packet that leaves for the sake of streams leaves them alone.
        let hasMessages = bulk.isEmpty || wantsMessages(at: now)
        var frames = SentFrames()
        emitPathAnswer(into: &datagram, &frames)
        if hasMessages { emitFrames(into: &datagram, &frames, from: store, at: now) }
        let messageCount = datagram.count
        let streamFrames = emitStreams(into: &datagram, headerCount: header.count, at: now)
        let streamBytes = datagram.count - messageCount
        if isAcknowledgementWanted(beside: frames, hasStreams: streamFrames != nil, at: now) {
            emitAcknowledgement(into: &datagram, at: now)
        } else if !frames.isEmpty {
            acknowledgements.takeTurn(at: now)
        }
        emitPolicy(into: &datagram, &frames, headerCount: header.count)
        emitGrants(into: &datagram, &frames, headerCount: header.count)
        emitSizeProbe(into: &datagram, &frames, headerCount: header.count, at: now)
        fillUp(&datagram, at: now)
        defer { if hasMessages { planCopies(at: now) } }
        guard datagram.count > header.count else { return false }
        let number = sealPacket(&datagram, headerCount: header.count)
        noteSent(number, bytes: datagram.count, frames: frames, streamFrames: streamFrames, at: now)
        if hasMessages { redundancy.budget.spend(datagram.count - streamBytes, at: now) }
        return true
    }

    /// Near by, the packets of a backlog are made equally long: then the kernel takes a run of them at once. Elsewhere the
    /// bytes would cost more than that saves.
    private mutating func fillUp(_ datagram: inout [UInt8], at now: Instant) {
        let end = roomEnd()
        guard path.isNear, bulk.isEmpty, datagram.count + Limits.fillBytes >= end, datagram.count < end,
            hasPendingPieces()
        else { return }
        Frame.emitPadding(end - datagram.count, into: &datagram)
    }

    /// Remembers what must arrive of a datagram that leaves.
    private mutating func noteSent(
        _ number: UInt64, bytes: Int, frames: SentFrames, streamFrames: [BulkFrame]?, at now: Instant
    ) {
        let isSizeProbe = frames.first == .sizeProbe
        if !frames.isEmpty || streamFrames != nil {
            lastAsked = now
            if !isSizeProbe { mtu.sent(bytes, at: now) }
        }
        if !frames.isEmpty {
            if !isSizeProbe { tallies.packets &+= 1 }
            let packet = SentPacket(number: number, sent: now, bytes: bytes, frames: frames)
            if let evicted = sent.record(packet, near: redundancy.pairDistance(path)) { resend(evicted) }
        }
        guard !bulk.isEmpty else { return }
        // The loss of a probe of the path's MTU says nothing about the path's loss.
        let hasMessages = !frames.isEmpty && !isSizeProbe
        bulk.value?.sent(number, bytes: bytes, frames: streamFrames, hasMessages: hasMessages, at: now)
    }

    /// Fills what messages have left of the packet.
    ///
    /// - Returns: what was written that must arrive; nil when nothing was.
    private mutating func emitStreams(into datagram: inout [UInt8], headerCount: Int, at now: Instant) -> [BulkFrame]? {
        guard isOpen, !bulk.isEmpty else { return nil }
        let (count, limit) = (datagram.count, frameLimit() - takenBytes)
        let frames = bulk.value?.emit(
            into: &datagram, limit: limit, isFirst: count == headerCount, at: now)
        return datagram.count > count ? frames : nil
    }

    /// Begins a packet: updates the keys when they have served their time, and writes the header.
    mutating func beginPacket(in datagram: inout [UInt8], at now: Instant) -> DataHeader {
        if isOpen { keys.updateIfDue(at: now) }
        datagram.removeAll(keepingCapacity: true)
        let header = DataHeader(
            destination: role == .client ? destinations.current.id : nil, number: nextPacketNumber, keyPhase: keys.phase
        )
        header.emit(into: &datagram)
        return header
    }

    /// Seals what `beginPacket` began, and uses the packet's number up.
    ///
    /// - Returns: that number.
    mutating func sealPacket(_ datagram: inout [UInt8], headerCount: Int) -> UInt64 {
        let number = nextPacketNumber
        keys.seal(&datagram, headerCount: headerCount, number: number)
        nextPacketNumber += 1
        destinations.sent(number)
        return number
    }

    /// A number is never used twice under one key, so a connection ends before its numbers do.
    private mutating func endIfExhausted(at now: Instant) {
        if nextPacketNumber > Limits.lastPacketNumber {
            state = .closed
        } else if nextPacketNumber > Limits.closingPacketNumber, isOpen {
            violate(.packetNumbersExhausted, at: now)
        }
    }

    private mutating func isAcknowledgementWanted(beside frames: SentFrames, hasStreams: Bool, at now: Instant) -> Bool
    {
        if owesAnswer || !held.isEmpty { return true }
        if let due = acknowledgements.due { return !frames.isEmpty || hasStreams || due <= now }
        return !frames.isEmpty && acknowledgements.isWorthTelling
    }

    private mutating func emitAcknowledgement(into datagram: inout [UInt8], at now: Instant) {
        owesAnswer = false
        emitTaken(into: &datagram)
        let room = frameLimit() + Frame.acknowledgementBytes - datagram.count
        if let ranges = acknowledgements.takeRanges(room: room, at: now) {
            Frame.acknowledgedRanges(ranges).emit(into: &datagram)
        } else if let acknowledgement = acknowledgements.take(at: now) {
            Frame.acknowledgement(acknowledgement).emit(into: &datagram)
        } else {
            return
        }
        keys.sentAcknowledgement()
        if let marks = notification.report, datagram.count + CongestionMarks.frameBytes <= roomEnd() {
            Frame.congestionMarks(marks).emit(into: &datagram)
        }
    }

    /// - Parameter frames: what the datagram carries that must arrive is added here.
    private mutating func emitFrames(
        into datagram: inout [UInt8], _ frames: inout SentFrames, from store: some MessageStore, at now: Instant
    ) {
        switch state {
        case .closed, .draining: return
        case .closing(let reason, _):
            closeIsDue = false
            Frame.close(reason).emit(into: &datagram)
            frames.append(.close)
        case .open:
            if tellsTaken {
                // What was taken is told beside the acknowledgement; this has it acknowledged in turn.
                tellsTaken = false
                Frame.ping.emit(into: &datagram)
                frames.append(.taken)
            }
            if wantsPing || !redundancy.budget.isExhausted(at: now) {
                emitMessages(into: &datagram, &frames, from: store, at: now)
            }
            emitCopies(into: &datagram, &frames, from: store, at: now)
            if frames.isEmpty, wantsPing || isKeepAliveDue(at: now) {
                Frame.ping.emit(into: &datagram)
                frames.append(.ping)
            }
            if !frames.isEmpty { wantsPing = false }
        }
    }

    /// The most bytes of header and frames, the acknowledgement left out. A packet that follows unanswered probes is as
    /// short as every path bears: if long ones do not pass any more, this one does and tells.
    private mutating func frameLimit() -> Int { roomEnd() - Frame.acknowledgementBytes }
    /// The most bytes of header and frames.
    private mutating func roomEnd() -> Int {
        let isSilent = probes > 0 || !bulk.isEmpty && bulk.value?.isProbing ?? false
        return (isSilent ? Limits.datagramBytes : mtu.bytes) - PacketKey.tagBytes
    }
    /// The most bytes of message frames that fit every packet.
    static let frameBytes =
        Limits.datagramBytes - PacketKey.tagBytes - Frame.acknowledgementBytes - DataHeader.bytesToServer

    private mutating func emitMessages(
        into datagram: inout [UInt8], _ frames: inout SentFrames, from store: some MessageStore, at now: Instant
    ) {
        let start = datagram.count
        let limit = frameLimit() - takenBytes
        let allowNew = sent.inFlight < Limits.packetWindow
        // The control channel goes first; the logs take turns at being first after it.
        var sendsNews =
            outgoing[0].hasPending
            && emitMessages(
                of: 0, into: &datagram, &frames, limit: limit, allowNew: allowNew, from: controlQueue, at: now)
        let logs = outgoing.count - 1
        for step in 0..<logs {
            let index = 1 + (step + turn) % logs
            guard outgoing[index].hasPending else { continue }
            let isNews = emitMessages(
                of: index, into: &datagram, &frames, limit: limit, allowNew: allowNew, from: store, at: now)
            sendsNews = sendsNews || isNews
        }
        if datagram.count > start { turn = (turn + 1) % max(1, logs) }
        if sendsNews { redundancy.sendsNews(at: now) }
    }

    /// - Returns: whether a piece left for the first time.
    private mutating func emitMessages(
        of index: Int, into datagram: inout [UInt8], _ frames: inout SentFrames, limit: Int, allowNew: Bool,
        from store: some MessageStore, at now: Instant
    ) -> Bool {
        var isNews = false
        while let piece = outgoing[index].emitNext(
            into: &datagram, limit: limit, allowNew: allowNew, from: store, at: now)
        {
            if outgoing[index].lastWasFirst { isNews = true } else { tallies.retransmissions &+= 1 }
            frames.append(alias: piece.alias, number: piece.number, index: piece.index, distance: piece.distance)
        }
        return isNews
    }

    /// Copies of small messages: those that are due, and those for which there is room in a packet that leaves anyway.
    private mutating func emitCopies(
        into datagram: inout [UInt8], _ frames: inout SentFrames, from store: some MessageStore, at now: Instant
    ) {
        let plan = redundancy.plan(at: now, path: path)
        guard plan.wanted > 1 else { return }
        let limit = frameLimit() - takenBytes
        for index in outgoing.indices where outgoing[index].isUnderWay {
            if outgoing[index].alias == Self.control {
                outgoing[index].emitCopies(
                    plan, into: &datagram, limit: limit, frames: &frames, from: controlQueue, at: now)
            } else {
                outgoing[index].emitCopies(plan, into: &datagram, limit: limit, frames: &frames, from: store, at: now)
            }
        }
    }

    /// Finds the next copy to send; needed after everything that changes what is under way or what is known of the path.
    mutating func planCopies(at now: Instant) {
        copyDue = nil
        // Near by, a probe is as quick as a copy: none has a time of its own.
        guard isOpen, path.smoothed >= Limits.nearRoundTrip, !redundancy.isRestful(path) else { return }
        let plan = redundancy.plan(at: now, path: path)
        guard plan.wanted > 1 else { return }
        for index in outgoing.indices where outgoing[index].isUnderWay {
            if let due = outgoing[index].nextCopyDue(plan) { copyDue = min(copyDue ?? due, due) }
        }
    }
}
