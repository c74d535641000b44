package import Basics

/// How many copies of a small message are sent unasked, and when: a message under random loss shall arrive about as
/// soon as without, and on a congested path we yield.
package struct Redundancy: Sendable {
    package var loss: LossEstimate
    package var budget: RateBudget
    package var congestion = Congestion()
    /// The owner's processor has no time for copies.
    package var isHostBusy = false

    package init(path: RoundTrip) {
        loss = LossEstimate(path: path)
        budget = RateBudget(loss: loss, path: path)
    }

    /// The mean time between packets with new messages; each takes copies along.
    private var gap: Duration = Limits.longestGap
    private var latestNews: Instant?

    /// A packet leaves with a message that is sent for the first time.
    package mutating func sendsNews(at now: Instant) {
        if let latestNews { gap = gap * 7 / 8 + min(now - latestNews, Limits.longestGap) / 8 }
        latestNews = now
    }

    /// How long a copy waits for another packet to take it along: not at all, where none is likely to come soon.
    private func patience(_ path: RoundTrip) -> Duration {
        gap * 2 <= path.smoothed / 3 ? gap * 2 : .zero
    }

    /// Whether no copies are worth their bytes: near by, where next to nothing is lost, a gap is told at once, and
    /// fan-out must not double because somebody there takes time to answer.
    func isRestful(_ path: RoundTrip) -> Bool { path.isNear && loss.rate < Limits.fanOutLoss }

    /// What to do with copies now.
    package func plan(at now: Instant, path: RoundTrip) -> CopyPlan {
        guard !isRestful(path) else { return CopyPlan(wanted: 1, roundTrip: path.smoothed) }
        let allowed = budget.copiesAllowed(at: now)
        guard !isHostBusy, !congestion.isPresent(at: now), allowed > 1 else {
            return CopyPlan(wanted: 1, roundTrip: path.smoothed)
        }
        let isBursty = loss.isBursty
        var wanted = min(Self.wantedCopies(at: loss.rate), allowed)
        if congestion.hasQueue(path) { wanted = min(wanted, Limits.wantedCopiesInQueue) }
        return CopyPlan(
            wanted: isBursty ? min(wanted, Limits.wantedCopiesInBursts) : wanted, roundTrip: path.smoothed,
            isBursty: isBursty, patience: patience(path))
    }

    /// Within which time of each other two packets tell of bursts: as near as copies are; far ones where they are far.
    package func pairDistance(_ path: RoundTrip) -> Duration {
        loss.isBursty ? path.smoothed * 4 / 10 : path.smoothed / 9
    }

    /// clamp(ceil(ln 5e-4 / ln p), 1, 5): the least number of copies that are all lost with at most that probability.
    package static func wantedCopies(at loss: Double) -> Int {
        var copies = 1
        var allLost = loss
        while allLost > Limits.residualLoss, copies < Limits.wantedCopies {
            allLost *= loss
            copies += 1
        }
        return copies
    }
}

/// Number and times of the copies of a message, under the estimates of one moment.
package struct CopyPlan: Hashable, Sendable {
    /// Copies in all, the first included: 1...5.
    package let wanted: Int
    package let roundTrip: Duration
    package let isBursty: Bool
    /// How long after a copy the next one waits for another packet to take it along.
    package let patience: Duration

    package init(wanted: Int, roundTrip: Duration, isBursty: Bool = false, patience: Duration = .zero) {
        self.wanted = wanted
        self.roundTrip = roundTrip
        self.isBursty = isBursty
        self.patience = patience
    }

    /// How long after the first the next copy is to leave.
    ///
    /// - Parameter sent: copies that have left, at least 1, on schedule or along with other packets: those serve the
    ///   next slot.
    /// - Returns: nil when there is none to come.
    package func offset(afterCopies sent: Int) -> Duration? {
        guard sent < wanted, roundTrip >= Limits.nearRoundTrip else { return nil }
        switch (isBursty, sent) {
        case (true, 1): return roundTrip / 3
        case (true, 2): return roundTrip * 7 / 10
        case (false, 1): return roundTrip / 27
        case (false, 2): return roundTrip / 9
        case (false, 3): return roundTrip / 3
        case (false, 4): return roundTrip * 3 / 4
        default: return nil
        }
    }
}
