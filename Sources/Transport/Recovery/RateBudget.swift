package import Basics

/// Holds what is sent to the rate that a TCP would have on the same path (TFRC, RFC 5348).
///
/// A debt grows by every byte that leaves and shrinks at the allowed rate. A small debt stops the copies, a large one
/// everything but probes; so a message still leaves at once on a path that has been quiet.
package struct RateBudget: Sendable {
    private var debt = 0.0
    private var settled = Instant.origin
    /// Allowed bytes a second.
    package private(set) var rate: Double
    /// Debt above which copies wait.
    private var copyLimit: Double
    /// Debt above which everything but probes waits; nil before a loss was seen, when the equation is silent.
    private var limit: Double?

    package init(loss: LossEstimate, path: RoundTrip) {
        (rate, copyLimit) = (Limits.slowestRate, Double(Limits.copyDebtBytes))
        update(loss: loss, path: path, at: .origin)
    }

    /// Follows the estimates.
    package mutating func update(loss: LossEstimate, path: RoundTrip, at now: Instant) {
        settle(at: now)
        rate = max(Self.throughput(eventRate: loss.eventRate, roundTrip: path.smoothed), Limits.slowestRate)
        let perRoundTrip = rate * path.smoothed.inSeconds
        copyLimit = max(perRoundTrip, Double(Limits.copyDebtBytes))
        limit = loss.hasLoss ? max(2 * perRoundTrip, Double(Limits.burstBytes)) : nil
    }

    /// A datagram left.
    package mutating func spend(_ bytes: Int, at now: Instant) {
        settle(at: now)
        debt += Double(bytes + Limits.networkHeaderBytes)
    }

    private mutating func settle(at now: Instant) {
        debt = debt(at: now)
        settled = max(settled, now)
    }

    private func debt(at now: Instant) -> Double {
        now <= settled ? debt : max(0, debt - rate * (now - settled).inSeconds)
    }

    /// How many copies of a message the rate allows, the first included: fewer the more is owed, so that where not all
    /// can be had each message gets some, instead of all and none by turns.
    package func copiesAllowed(at now: Instant) -> Int {
        let owed = debt(at: now) / copyLimit
        return owed > 1 ? 1 : max(2, Limits.wantedCopies - Int(owed * Double(Limits.wantedCopies - 1)))
    }

    /// Whether everything but probes must wait.
    package func isExhausted(at now: Instant) -> Bool {
        limit.map { debt(at: now) > $0 } ?? false
    }

    /// When `isExhausted` ends, if nothing is sent until then; nil when it did not hold after the last change.
    package var release: Instant? {
        guard let limit, debt > limit else { return nil }
        // Rounded up, so that it is over by then.
        let seconds = (debt - limit) / rate
        return settled + .nanoseconds(Int64(min(seconds, 3600) * 1e9) + 1000)
    }

    /// The throughput equation of RFC 5348, section 3.1, with b = 1 and t_RTO = 4 R.
    ///
    /// - Parameters:
    ///   - eventRate: loss events per packet, above 0 and at most 1.
    ///   - roundTrip: the smoothed round trip.
    /// - Returns: bytes a second.
    package static func throughput(eventRate p: Double, roundTrip: Duration) -> Double {
        let time = max(roundTrip.inSeconds, 1e-6)
        let fast = time * (2 * p / 3).squareRoot()
        let slow = 4 * time * 3 * (3 * p / 8).squareRoot() * p * (1 + 32 * p * p)
        return Double(Limits.segmentBytes) / (fast + slow)
    }
}

extension Duration {
    /// In seconds.
    var inSeconds: Double { Double(wholeNanoseconds) / 1e9 }
}
