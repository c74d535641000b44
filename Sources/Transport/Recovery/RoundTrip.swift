package import Basics

/// The round-trip estimate of a path (RFC 9002, section 5).
package struct RoundTrip: Hashable, Sendable {
    /// Smoothed round trip.
    package private(set) var smoothed: Duration
    /// Mean deviation.
    package private(set) var variance: Duration
    /// The smallest sample.
    package private(set) var minimum: Duration
    package private(set) var hasSample = false

    /// - Parameter measured: a round trip of the handshake, where one was unambiguous.
    package init(measured: Duration?) {
        smoothed = Limits.initialRoundTrip
        variance = Limits.initialRoundTrip / 2
        minimum = .zero
        if let measured { sample(measured, delay: .zero) }
    }

    /// Takes a sample.
    ///
    /// - Parameters:
    ///   - latest: from sending a packet to its acknowledgement.
    ///   - delay: how long the peer says that it held the acknowledgement back. It is believed as far as the result stays
    ///     above the minimum (section 5.3), but beyond what a peer waits by itself, too: where the first acknowledgement
    ///     of a packet was lost, the next one may be much later, and that tells nothing of the path.
    package mutating func sample(_ latest: Duration, delay: Duration) {
        let latest = max(latest, .nanoseconds(1))
        guard hasSample else {
            hasSample = true
            smoothed = latest
            variance = latest / 2
            minimum = latest
            return
        }
        minimum = min(minimum, latest)
        let adjusted = latest - delay >= minimum ? latest - delay : latest
        let deviation = smoothed > adjusted ? smoothed - adjusted : adjusted - smoothed
        variance = variance * 3 / 4 + deviation / 4
        smoothed = smoothed * 7 / 8 + adjusted / 8
    }

    /// Whether the peer is near by: some round trip was that short. Longer ones then are waits at its end or ours.
    package var isNear: Bool { hasSample && minimum < Limits.nearRoundTrip }

    /// How long to wait for an acknowledgement before asking with a probe.
    package var probeTimeout: Duration {
        smoothed + max(variance * 4, .milliseconds(2)) + Limits.granularity
    }

    /// The pace of further probes while nothing is heard: even at first, then 1.5 times slower each, up to a ceiling.
    ///
    /// - Parameter count: probes sent since something was heard, at least 1.
    package func probeInterval(after count: Int) -> Duration {
        var interval = max(smoothed / 2, .milliseconds(15))
        var slower = count - Limits.evenProbes
        while slower > 0, interval < Limits.probeCeiling {
            interval = interval * 3 / 2
            slower -= 1
        }
        return min(interval, max(Limits.probeCeiling, smoothed / 2))
    }

    /// How much earlier than the newest acknowledged packet another must have left to be taken for lost.
    package var reorderingWindow: Duration {
        max(smoothed / 8, .milliseconds(4))
    }

    /// How long an acknowledgement may wait for company: a quarter of the round trip, within bounds.
    package var acknowledgementDelay: Duration {
        min(max(smoothed / 4, Limits.granularity), Limits.acknowledgementDelay)
    }
}
