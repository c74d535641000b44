import Basics

/// Draws how bad a path is.
enum FaultDraw {
    /// One path in ten is worse than anything that people would put up with.
    static func faults(using random: inout SeededGenerator) -> LinkFaults {
        var faults = random.chance(0.1) ? terrible(using: &random) : usual(using: &random)
        if random.chance(0.3) { faults.outages = outages(using: &random) }
        faults.keepsOrder = random.chance(0.5)
        faults.reordering = share(upTo: 0.1, often: 0.3, using: &random)
        if random.chance(0.2) { faults.bottleneck = bottleneck(using: &random) }
        if random.chance(0.2) { faults.largestDatagram = Int.random(in: 1_200...1_472, using: &random) }
        return faults
    }

    /// 32 kbit/s to 1 Mbit/s, and a queue of 50 ms to a second.
    static func bottleneck(using random: inout SeededGenerator) -> Bottleneck {
        Bottleneck(
            bitsPerSecond: 32_000 << Int.random(in: 0...5, using: &random),
            queue: .milliseconds(Int.random(in: 50...1_000, using: &random)))
    }

    static func direction(using random: inout SeededGenerator) -> LinkDirection {
        let directions: [LinkDirection] = [.both, .both, .toServer, .toClient]
        return directions[Int.random(in: 0..<directions.count, using: &random)]
    }

    private static func outages(using random: inout SeededGenerator) -> Outages {
        Outages(
            share: Double.random(in: 0.01...0.25, using: &random),
            mean: .milliseconds(Int.random(in: 10...1_500, using: &random)))
    }

    private static func usual(using random: inout SeededGenerator) -> LinkFaults {
        LinkFaults(
            loss: share(upTo: 0.3, often: 0.75, using: &random),
            delay: .microseconds(Int.random(in: 500...150_000, using: &random)),
            jitter: .milliseconds(random.chance(0.6) ? Int.random(in: 0...150, using: &random) : 0),
            duplication: share(upTo: 0.15, often: 0.5, using: &random),
            corruption: share(upTo: 0.08, often: 0.5, using: &random),
            replay: share(upTo: 0.03, often: 0.4, using: &random))
    }

    private static func terrible(using random: inout SeededGenerator) -> LinkFaults {
        LinkFaults(
            loss: share(upTo: 0.6, often: 0.5, using: &random),
            delay: .milliseconds(Int.random(in: 0...600, using: &random)),
            jitter: .milliseconds(Int.random(in: 0...2_000, using: &random)),
            duplication: share(upTo: 0.5, often: 0.5, using: &random),
            corruption: share(upTo: 0.3, often: 0.3, using: &random),
            replay: share(upTo: 0.3, often: 0.5, using: &random))
    }

    private static func share(
        upTo most: Double, often: Double, using random: inout SeededGenerator
    ) -> Double {
        random.chance(often) ? Double.random(in: 0...most, using: &random) : 0
    }
}
