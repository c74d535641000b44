package import Basics

extension Connection {
    /// The next moment at which `handleTimeouts` or `pollTransmit` has something to do, but for what waits already.
    ///
    /// It changes nothing, here and wherever else it is asked for each packet: what is `mutating` works in the
    /// connection's place, and what is not gets a copy of all of it, which is longer than what a packet has to look at.
    package var nextDeadline: Instant? {
        mutating get {
            switch state {
            case .closed: return nil
            case .draining(let until): return until
            case .closing(_, let until): return min(until, probeDeadline() ?? until)
            case .open: return openDeadline()
            }
        }
    }

    private mutating func openDeadline() -> Instant {
        var deadline = lastReceived + Limits.idle
        if role == .client { deadline = min(deadline, lastAsked + Limits.keepAlive) }
        if let due = acknowledgements.due { deadline = min(deadline, due) }
        if let due = probeDeadline() { deadline = min(deadline, due) }
        if let lossCheck { deadline = min(deadline, lossCheck) }
        // When a copy is due, unless the window is full.
        if let copyDue, sent.inFlight < Limits.packetWindow { deadline = min(deadline, copyDue) }
        // When the rate allows again what waits.
        if let release = redundancy.budget.release, hasPendingPieces() { deadline = min(deadline, release) }
        if !held.isEmpty, let resumption { deadline = min(deadline, resumption) }
        if !bulk.isEmpty, let moment = bulk.value?.nextDeadline(path: path) { deadline = min(deadline, moment) }
        return deadline
    }

    /// When silence about what is under way becomes suspicious.
    private mutating func probeDeadline() -> Instant? {
        guard let since = silentSince() else { return nil }
        let pace = path.probeInterval(after: max(1, probes))
        let isCongested = redundancy.congestion.isPresent(at: lastProbe)
        let next = lastProbe + (isCongested ? min(pace * 2, max(pace, Limits.probeCeiling)) : pace)
        let due = probes == 0 ? max(since + path.probeTimeout + demand.allowance, next) : next
        guard role == .client, let lastCall = lastCall() else { return due }
        return min(lastCall, due)
    }

    /// When a client that has heard nothing asks once more before the server gives it up: a path that came back just
    /// then is found, wherever the even pace stands.
    private mutating func lastCall() -> Instant? {
        let moment = lastReceived + (Limits.idle - Limits.lastCall)
        return isOpen && lastProbe < moment ? moment : nil
    }

    /// From when on silence counts: a packet whose messages have all arrived by others needs no answer, unless the
    /// window is full of such packets.
    private mutating func silentSince() -> Instant? {
        guard isOpen, sent.inFlight < Limits.packetWindow else { return sent.oldestInFlight }
        var since = sent.oldestQuestion
        for place in outgoing.indices where outgoing[place].isUnderWay {
            if let moment = outgoing[place].silentSince { since = min(since ?? moment, moment) }
        }
        return since
    }

    /// Acts on the time that has passed. Calling it early does nothing.
    package mutating func handleTimeouts(at now: Instant) {
        switch state {
        case .closed: return
        case .draining(let until):
            if until <= now { state = .closed }
        case .closing(_, let until):
            guard until > now else {
                state = .closed
                wasUnheard = true
                return
            }
            probeIfDue(at: now)
        case .open:
            guard lastReceived + Limits.idle > now else {
                state = .closed
                events.append(.timedOut)
                return
            }
            takeHeld(at: now)
            if let lossCheck, lossCheck <= now { findLost(at: now) }
            probeIfDue(at: now)
            if !bulk.isEmpty { bulk.value?.handleTimeouts(path: path, mtu: &mtu, at: now) }
        }
    }

    /// Gives back the room that a burst has taken, when nothing is under way any more.
    mutating func relax() {
        guard sent.count == 0 else { return }
        sent.relax()
        for place in outgoing.indices { outgoing[place].relax() }
    }

    /// Sends again what is under way, as far as a packet takes it: either it arrives, or the acknowledgement tells what
    /// is missing.
    private mutating func probeIfDue(at now: Instant) {
        guard let deadline = probeDeadline(), deadline <= now else { return }
        redundancy.congestion.probed(unanswered: probes, at: now, path: path)
        probes += 1
        lastProbe = now
        guard isOpen else {
            closeIsDue = true
            return
        }
        if probes == Limits.evenProbes {
            changeIDInSilence()
            notification.silent()
        }
        wantsPing = true
        queueUnacknowledged()
    }

    /// Queues again what is under way, as far as one packet takes it.
    mutating func queueUnacknowledged() {
        var room = Self.frameBytes
        for place in outgoing.indices { outgoing[place].queueUnacknowledged(room: &room) }
    }
}
