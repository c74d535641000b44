package import Basics

/// Tells congestion from random loss: a mark of a router, a loss while the round trip shows a queue, or silence to
/// several probes.
///
///     free --mark, loss in a queue, or four probes unanswered--> congested --two round trips without a sign--> free
package struct Congestion: Sendable {
    private var until = Instant.origin
    /// The smallest round trip of the window that runs, and of the one before.
    private var current: Duration?
    private var previous: Duration?
    private var windowEnd = Instant.origin

    package init() {}

    /// Takes a round-trip sample.
    package mutating func sampled(_ sample: Duration, at now: Instant) {
        if now >= windowEnd {
            previous = current
            current = nil
            windowEnd = now + Limits.minimumWindow
        }
        current = min(current ?? sample, sample)
    }

    /// Whether the round trip is so far above its recent minimum that packets must be waiting in a queue.
    package func hasQueue(_ path: RoundTrip) -> Bool {
        guard let newest = current ?? previous else { return false }
        let minimum = min(newest, previous ?? newest)
        return path.smoothed > minimum + max(Limits.queueDelay, minimum / 2)
    }

    /// A packet was declared lost.
    package mutating func lost(at now: Instant, path: RoundTrip) {
        if hasQueue(path) { restrain(at: now, path: path) }
    }

    /// A router has marked a packet instead of dropping it (ECN).
    package mutating func marked(at now: Instant, path: RoundTrip) {
        restrain(at: now, path: path)
    }

    /// A probe leaves while others are unanswered.
    ///
    /// - Parameter unanswered: how many.
    package mutating func probed(unanswered: Int, at now: Instant, path: RoundTrip) {
        if unanswered >= Limits.evenProbes { restrain(at: now, path: path) }
    }

    private mutating func restrain(at now: Instant, path: RoundTrip) {
        // The next probe may be farther away than two round trips: silence must not count as clean.
        until = max(until, now + path.smoothed * Limits.cleanRoundTrips)
    }

    /// Whether to hold back.
    package func isPresent(at now: Instant) -> Bool {
        now < until
    }
}
