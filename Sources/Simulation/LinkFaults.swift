/// What one direction of a simulated network does to datagrams. Each datagram meets its fate independently.
package struct LinkFaults: Hashable, Sendable {
    /// Share of datagrams that vanish, 0...1.
    package var loss: Double
    /// How long every datagram takes at least.
    package var delay: Duration
    /// Up to how much longer it may take; what left later can so arrive earlier.
    package var jitter: Duration
    /// Share of datagrams that arrive twice, 0...1.
    package var duplication: Double
    /// Share of datagrams in which bits flip at one to three places or of which the end is missing, 0...1.
    package var corruption: Double
    /// Share of datagrams that somebody records and sends again within `replayDelay`, 0...1.
    package var replay: Double

    /// The longest time after which a recorded datagram is sent again.
    package static let replayDelay: Duration = .seconds(10)

    package init(
        loss: Double = 0, delay: Duration = .milliseconds(20), jitter: Duration = .zero, duplication: Double = 0,
        corruption: Double = 0, replay: Double = 0
    ) {
        self.loss = loss
        self.delay = delay
        self.jitter = jitter
        self.duplication = duplication
        self.corruption = corruption
        self.replay = replay
    }

    /// A short path without faults.
    package static let none = LinkFaults()
}
