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
            for moment in [acknowledgements.due, probeDeadline, lossCheck] {
                if let moment { deadline = min(deadline, moment) }
            }
            return deadline
        }
    }

    /// When silence about what is under way becomes suspicious.
    private var probeDeadline: Instant? {
        guard let oldest = sent.oldestInFlight else { return nil }
        return probes == 0 ? oldest + path.probeTimeout : lastProbe + path.probeInterval(after: probes)
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
                return
            }
            probeIfDue(at: now)
        case .open:
            guard lastReceived + Limits.idle > now else {
                state = .closed
                events.append(.timedOut)
                return
            }
            if let lossCheck, lossCheck <= now { findLost(at: now) }
            probeIfDue(at: now)
        }
    }

    /// Sends again the oldest of what is under way: either it arrives, or the acknowledgement tells what is missing.
    private mutating func probeIfDue(at now: Instant) {
        guard let deadline = probeDeadline, deadline <= now else { return }
        probes += 1
        lastProbe = now
        guard isOpen else {
            closeIsDue = true
            return
        }
        wantsPing = true
        resend(sent.oldestFrames(fitting: Limits.datagramBytes))
    }
}
