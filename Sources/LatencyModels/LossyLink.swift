import Basics

/// One direction of a path: a fixed delay, and datagrams that vanish by a seeded process.
struct LossyLink {
    private let loss: LatencyCase.Loss
    private let delay: Duration
    private var random: SeededGenerator
    private var isOut = false
    private var change: Instant?

    init(loss: LatencyCase.Loss, delay: Duration, seed: UInt64) {
        self.loss = loss
        self.delay = delay
        random = SeededGenerator(seed: seed)
    }

    /// - Returns: when a datagram arrives that leaves now; nil when it is lost.
    mutating func carry(at now: Instant) -> Instant? {
        loses(at: now) ? nil : now + delay
    }

    private mutating func loses(at now: Instant) -> Bool {
        switch loss {
        case .independent(let share): return random.chance(share)
        case .outages(let share, let mean):
            var change = change ?? now + holding(mean * ((1 - share) / share))
            while change <= now {
                isOut.toggle()
                change = change + holding(isOut ? mean : mean * ((1 - share) / share))
            }
            self.change = change
            return isOut
        }
    }

    /// An exponential time, as the number of tries until one in a hundred succeeds: no logarithm is at hand.
    private mutating func holding(_ mean: Duration) -> Duration {
        var steps = 1
        while !random.chance(0.01) { steps += 1 }
        return mean * steps / 100
    }
}
