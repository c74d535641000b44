package import Basics

extension Limits {
    // MARK: Redundancy for small messages

    /// Weight of one packet's fate in the loss estimate: the memory is about 200 packets.
    package static let lossWeight = 1.0 / 200
    /// The prior weighs as much as so many packets observed. With the full memory of 200 a path with 20 % loss would get
    /// its five copies only after 256 packets; so it takes 130.
    package static let lossPriorPackets = 50.0
    /// Loss assumed before anything was observed.
    package static let lossPrior = 0.02
    /// The same where the round trip is below `nearRoundTrip`.
    package static let nearLossPrior = 0.0005
    /// Below this round trip no copies are scheduled: sending again is quick enough, and fan-out must not double.
    package static let nearRoundTrip: Duration = .milliseconds(5)
    /// As many copies are wanted as make the loss of all of them this unlikely, were their fates independent.
    package static let residualLoss = 5e-4
    /// The most copies of a small message that are sent unasked, the first included.
    package static let wantedCopies = 5
    /// The same where losses come in bursts.
    package static let wantedCopiesInBursts = 3
    /// The same while the round trip shows a queue: the copies themselves may be what stands in it.
    package static let wantedCopiesInQueue = 2
    /// Weight of one pair of packets in the burst estimate: there are as many as losses, so the memory is shorter.
    package static let burstWeight = 1.0 / 100
    /// Weight by which the burst estimate falls back to the loss estimate with each packet: far copies give no pairs,
    /// so that without this nothing would ever end them.
    package static let burstDecay = 1.0 / 2000
    /// Losses come in bursts where one makes the next so many times likelier.
    package static let burstRatio = 3.0
    /// And at least so likely: below, near copies do well, and at 1 % loss two chance pairs must not look like bursts.
    package static let burstFloor = 0.1
    /// A packet that leaves anyway takes along no message whose last copy left less than this before.
    package static let copySpacing: Duration = .milliseconds(2)
    /// A message begun while more than this of its log are under way is part of a backlog and gets no copies.
    package static let copiedMessages = 64

    /// A longer time between two messages says no more than this one: they are not a stream.
    package static let longestGap: Duration = .seconds(1)

    // MARK: Rate

    /// The segment size in the throughput equation: that of the TCP with which the path is shared (RFC 4828, 4.1).
    package static let segmentBytes = 1460
    /// What IPv6 and UDP add to a datagram.
    package static let networkHeaderBytes = 48
    /// The slowest rate, in bytes a second (RFC 5348 has a segment in 64 s; a chat needs a little more to stay one).
    package static let slowestRate = 1200.0
    /// Weight of one loss interval in their mean (RFC 5348, section 5.4 averages eight).
    package static let lossIntervalWeight = 1.0 / 8
    /// Bytes that may leave at once whatever the rate: ten segments (RFC 6928).
    package static let burstBytes = 10 * segmentBytes
    /// Debt up to which copies are sent, where a round trip's worth of the rate is less: four segments.
    package static let copyDebtBytes = 4 * segmentBytes

    // MARK: Congestion

    /// A round trip this far above the smallest, or by half of that where it is more, means a queue.
    package static let queueDelay: Duration = .milliseconds(25)
    /// The smallest round trip is that of the last one or two of these (BBR keeps 10 s).
    package static let minimumWindow: Duration = .seconds(10)
    /// So many smoothed round trips without a sign of congestion end the restraint.
    package static let cleanRoundTrips = 2
}
