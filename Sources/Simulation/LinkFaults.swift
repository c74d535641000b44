package import Basics

/// What one direction of a simulated path does to datagrams. All shares are 0...1, of datagrams, each drawn on its own
/// where nothing else is said.
package struct LinkFaults: Hashable, Sendable {
    /// Share that vanishes.
    package var loss: Double
    /// Times in which everything vanishes, besides.
    package var outages: Outages?
    /// How long every datagram takes at least.
    package var delay: Duration
    /// Up to how much longer it may take.
    package var jitter: Duration
    /// Whether jitter leaves the order as it is; else what left later can arrive earlier.
    package var keepsOrder: Bool
    /// Share that is held back for up to `holding`, so that what left later overtakes it.
    package var reordering: Double
    /// Share that arrives twice.
    package var duplication: Double
    /// Share in which bits flip at one to three places or of which the end is missing.
    package var corruption: Double
    /// Share that somebody records and sends again within `replayDelay`.
    package var replay: Double
    /// The narrowest place of the path.
    package var bottleneck: Bottleneck?
    /// Datagrams with more bytes than this vanish without a word: a black hole for large ones.
    package var largestDatagram: Int?

    /// The longest time after which a recorded datagram is sent again.
    package static let replayDelay: Duration = .seconds(10)
    /// The longest time for which one is held back.
    package static let holding: Duration = .milliseconds(50)

    package init(
        loss: Double = 0, outages: Outages? = nil, delay: Duration = .milliseconds(20), jitter: Duration = .zero,
        keepsOrder: Bool = false, reordering: Double = 0, duplication: Double = 0, corruption: Double = 0,
        replay: Double = 0, bottleneck: Bottleneck? = nil, largestDatagram: Int? = nil
    ) {
        self.loss = loss
        self.outages = outages
        self.delay = delay
        self.jitter = jitter
        self.keepsOrder = keepsOrder
        self.reordering = reordering
        self.duplication = duplication
        self.corruption = corruption
        self.replay = replay
        self.bottleneck = bottleneck
        self.largestDatagram = largestDatagram
    }

    /// A short path without faults.
    package static let none = LinkFaults()
}

/// Bursts of loss: a path that is up or down for exponentially distributed times, as in the model of Gilbert and Elliott
/// (Bell System Technical Journal, 1960 and 1963), in continuous time, so that it does not matter who sends how much.
package struct Outages: Hashable, Sendable {
    /// Share of time in which the path is down, above 0 and below 1.
    package var share: Double
    /// How long an outage lasts on average, above zero.
    package var mean: Duration

    package init(share: Double, mean: Duration) {
        self.share = share
        self.mean = mean
    }
}

/// A place on a path that passes so many bits a second, with a queue in front of it that drops what does not fit.
package struct Bottleneck: Hashable, Sendable {
    /// Above 0.
    package var bitsPerSecond: Int
    /// The longest time for which a datagram may wait; one that had to wait longer is dropped.
    package var queue: Duration

    /// What IPv4 and UDP add to a datagram, in bytes.
    package static let headerBytes = 28

    package init(bitsPerSecond: Int, queue: Duration) {
        self.bitsPerSecond = bitsPerSecond
        self.queue = queue
    }
}
