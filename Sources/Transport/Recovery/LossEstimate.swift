package import Basics

/// How much a path loses, learned from what became of the packets sent.
package struct LossEstimate: Sendable {
    /// The share of packets lost, 0...1: a moving average of fates.
    package private(set) var rate: Double
    /// The share of packets lost among those that left close behind a lost one.
    package private(set) var burst: Double
    /// Whether a loss was ever seen. Before that the throughput equation has nothing to say (RFC 5348, section 4.2).
    package private(set) var hasLoss = false

    /// Of the next fate: as if the prior had been observed, then the mean of all, then a moving average.
    private var weight = 1 / Limits.lossPriorPackets
    /// Mean number of packets from the start of one loss event to that of the next.
    private var meanInterval: Double
    private var sinceEvent = 0.0
    private var eventStart: Instant?

    package init(path: RoundTrip) {
        rate = path.isNear ? Limits.nearLossPrior : Limits.lossPrior
        burst = rate
        meanInterval = 1 / rate
    }

    /// A packet arrived.
    package mutating func arrived() {
        observe(0)
    }

    /// A packet was declared lost.
    ///
    /// - Parameters:
    ///   - sent: when it left. Losses within a round trip are one event (RFC 5348, section 5.2).
    ///   - path: the path's round-trip estimate.
    package mutating func lost(sent: Instant, path: RoundTrip) {
        observe(1)
        if let eventStart, sent < eventStart + path.smoothed { return }
        if hasLoss {
            meanInterval += (sinceEvent - meanInterval) * Limits.lossIntervalWeight
        }
        hasLoss = true
        eventStart = sent
        sinceEvent = 0
    }

    /// A packet that was declared lost was only late.
    package mutating func returned() {
        rate = max(0, rate - weight)
    }

    /// What became of packets that left close behind a lost one.
    package mutating func observe(_ pairs: BurstPairs) {
        for _ in 0..<pairs.lost { burst += (1 - burst) * Limits.burstWeight }
        for _ in 0..<pairs.arrived { burst -= burst * Limits.burstWeight }
    }

    private mutating func observe(_ fate: Double) {
        rate += (fate - rate) * weight
        weight = max(Limits.lossWeight, weight / (1 + weight))
        burst += (rate - burst) * Limits.burstDecay
        sinceEvent += 1
    }

    /// Whether one loss makes the next much likelier, so that copies must be far apart.
    package var isBursty: Bool {
        burst > max(rate * Limits.burstRatio, Limits.burstFloor)
    }

    /// Loss events per packet, for the throughput equation. The interval that goes on counts where it makes the mean
    /// longer (RFC 5348, section 5.4).
    package var eventRate: Double {
        let open = meanInterval + (sinceEvent - meanInterval) * Limits.lossIntervalWeight
        return 1 / max(meanInterval, open, 1)
    }
}

/// Counts of packets that left close behind a lost one, by their own fate.
package struct BurstPairs: Hashable, Sendable {
    package var lost = 0
    package var arrived = 0

    package init(lost: Int = 0, arrived: Int = 0) {
        self.lost = lost
        self.arrived = arrived
    }
}
