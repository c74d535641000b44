package import Basics

extension Connection {
    /// The next moment at which `handleTimeouts` or `pollTransmit` has something to do, but for what waits already.
    package var nextDeadline: Instant? {
        switch state {
        case .closed: return nil
        case .draining(let until): return until
        case .closing(_, let until): return min(until, probeDeadline ?? until)
        case .open:
            var deadline = lastReceived + Limits.idle
            if role == .client { deadline = min(deadline, lastAsked + Limits.keepAlive) }
            deadline = min(
                deadline, acknowledgements.due ?? .never, probeDeadline ?? .never, lossCheck ?? .never)
            deadline = min(deadline, copyDeadline ?? .never, release ?? .never, resumption ?? .never)
            if !bulk.isEmpty, let moment = bulk.value?.nextDeadline(path: path) { deadline = min(deadline, moment) }
            return deadline
        }
    }

    /// When silence about what is under way becomes suspicious.
    private var probeDeadline: Instant? {
        guard let since = silentSince else { return nil }
        let pace = path.probeInterval(after: max(1, probes))
        let isCongested = redundancy.congestion.isPresent(at: lastProbe)
        let next = lastProbe + (isCongested ? min(pace * 2, max(pace, Limits.probeCeiling)) : pace)
        let due = probes == 0 ? max(since + path.probeTimeout + demand.allowance, next) : next
        return lastCall.map { min($0, due) } ?? due
    }

    /// When a client that has heard nothing asks once more before the server gives it up: a path that came back just
    /// then is found, wherever the even pace stands.
    private var lastCall: Instant? {
        let moment = lastReceived + (Limits.idle - Limits.lastCall)
        return isOpen && role == .client && lastProbe < moment ? moment : nil
    }

    /// From when on silence counts: a packet whose messages have all arrived by others needs no answer, unless the
    /// window is full of such packets.
    private var silentSince: Instant? {
        guard isOpen, sent.inFlight < Limits.packetWindow else { return sent.oldestInFlight }
        var since = sent.oldestQuestion
        for log in outgoing {
            if let moment = log.silentSince { since = min(since ?? moment, moment) }
        }
        return since
    }

    /// When a copy is due, unless the window is full.
    private var copyDeadline: Instant? {
        sent.inFlight < Limits.packetWindow ? copyDue : nil
    }

    /// When the rate allows again what waits.
    private var release: Instant? {
        hasPendingPieces ? redundancy.budget.release : nil
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

    /// Sends again what is under way, as far as a packet takes it: either it arrives, or the acknowledgement tells what
    /// is missing.
    private mutating func probeIfDue(at now: Instant) {
        guard let deadline = probeDeadline, deadline <= now else { return }
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
