package import Basics

/// One copy of a datagram at the end of a link.
package struct LinkArrival: Hashable, Sendable {
    package let moment: Instant
    /// Whether it was damaged on the way.
    package let isDamaged: Bool
}

/// What a link has done so far.
package struct LinkCounters: Hashable, Sendable {
    /// Vanished by chance or in an outage.
    package var lost = 0
    /// Did not fit the bottleneck's queue.
    package var overflowed = 0
    /// Were too large.
    package var swallowed = 0
    /// Arrived, or will, besides the first copy.
    package var repeated = 0
    package var damaged = 0
}

/// One direction of a path: says when, how often and how whole a datagram arrives. It keeps no bytes.
///
///     var link = LinkModel(LinkFaults(loss: 0.1, delay: .milliseconds(40)), seed: 7)
///     link.carry(bytes: 100, at: now)  // one arrival 40 ms later, or none
///
/// A datagram passes the black hole, then the bottleneck, then the lossy and slow part of the path. The same seed gives
/// the same outages whatever is sent, and the same fates for the same datagrams.
package struct LinkModel: Sendable {
    /// What happens from now on.
    package var faults: LinkFaults
    package private(set) var counters = LinkCounters()
    /// How long the last datagram that fitted the queue waited there.
    package var wait: Duration { queue.wait }

    private var queue = BottleneckQueue()
    private var outages: OutageTimes
    private var random: SeededGenerator
    private var lastArrival = Instant.origin

    package init(_ faults: LinkFaults, seed: UInt64) {
        self.faults = faults
        var random = SeededGenerator(seed: seed)
        outages = OutageTimes(seed: random.next())
        self.random = random
    }

    /// Sends one datagram at a moment that is not before that of the one before.
    ///
    /// - Parameter bytes: its length, without headers of IP and UDP.
    /// - Returns: when it arrives, none to three times.
    package mutating func carry(bytes: Int, at now: Instant) -> [LinkArrival] {
        if let largest = faults.largestDatagram, bytes > largest {
            counters.swallowed += 1
            return []
        }
        var departure = now
        if let bottleneck = faults.bottleneck {
            guard let passed = queue.pass(bytes: bytes, through: bottleneck, at: now) else {
                counters.overflowed += 1
                return []
            }
            departure = passed
        }
        var arrivals: [LinkArrival] = []
        travel(from: departure, to: &arrivals)
        if faults.duplication > 0, random.chance(faults.duplication) {
            counters.repeated += 1
            travel(from: departure, to: &arrivals)
        }
        if faults.replay > 0, random.chance(faults.replay) {
            counters.repeated += 1
            let wait = random.duration(upTo: LinkFaults.replayDelay)
            arrivals.append(LinkArrival(moment: departure + faults.delay + wait, isDamaged: false))
        }
        return arrivals
    }

    private mutating func travel(from departure: Instant, to arrivals: inout [LinkArrival]) {
        let isOut = faults.outages.map { outages.isDown($0, at: departure) } ?? false
        // Drawn in any case, so that outages do not change the fate of what comes later.
        let isLost = faults.loss > 0 && random.chance(faults.loss)
        guard !isOut, !isLost else {
            counters.lost += 1
            return
        }
        let isDamaged = faults.corruption > 0 && random.chance(faults.corruption)
        counters.damaged += isDamaged ? 1 : 0
        var arrival = departure + faults.delay
        if faults.jitter > .zero { arrival = arrival + random.duration(upTo: faults.jitter) }
        if faults.keepsOrder {
            arrival = max(arrival, lastArrival)
            lastArrival = arrival
        }
        if faults.reordering > 0, random.chance(faults.reordering) {
            arrival = arrival + random.duration(upTo: LinkFaults.holding)
        }
        arrivals.append(LinkArrival(moment: arrival, isDamaged: isDamaged))
    }
}

/// The queue in front of a bottleneck, first in, first out. Several links may share one.
package struct BottleneckQueue: Hashable, Sendable {
    private var free = Instant.origin
    /// How long the last datagram that fitted waited.
    package private(set) var wait: Duration = .zero

    package init() {}

    /// - Parameter bytes: the datagram's length, without headers of IP and UDP.
    /// - Returns: when it has passed; nil when it does not fit.
    package mutating func pass(bytes: Int, through bottleneck: Bottleneck, at now: Instant) -> Instant? {
        let start = max(now, free)
        guard start - now <= bottleneck.queue else { return nil }
        wait = start - now
        let bits = Int64(bytes + Bottleneck.headerBytes) * 8
        free = start + .nanoseconds(bits * 1_000_000_000 / Int64(max(1, bottleneck.bitsPerSecond)))
        return free
    }
}

/// When a path is down, by a generator of its own.
private struct OutageTimes: Sendable {
    private var random: SeededGenerator
    private var isDown = false
    private var change: Instant?
    private var rule: Outages?

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func isDown(_ outages: Outages, at now: Instant) -> Bool {
        if rule != outages {
            // As if it had been so for ever.
            rule = outages
            isDown = random.chance(outages.share)
            change = now + holding(outages)
        }
        while let due = change, due <= now {
            isDown.toggle()
            change = due + holding(outages)
        }
        return isDown
    }

    private mutating func holding(_ outages: Outages) -> Duration {
        let share = min(max(outages.share, 0.001), 0.999)
        let mean = isDown ? outages.mean : outages.mean * ((1 - share) / share)
        return max(.microseconds(1), mean * random.exponential())
    }
}

extension SeededGenerator {
    /// A uniform duration.
    package mutating func duration(upTo most: Duration) -> Duration {
        .nanoseconds(Int64.random(in: 0...max(0, most.wholeNanoseconds), using: &self))
    }

    /// An exponentially distributed number with the mean 1, by von Neumann's comparison of uniforms ("Various techniques
    /// used in connection with random digits", 1951), which needs no logarithm.
    package mutating func exponential() -> Double {
        var whole = 0.0
        while true {
            let first = Double.random(in: 0..<1, using: &self)
            var last = first
            var isAccepted = true
            while true {
                let next = Double.random(in: 0..<1, using: &self)
                guard next < last else { break }
                last = next
                isAccepted.toggle()
            }
            if isAccepted { return whole + first }
            whole += 1
        }
    }
}
