package import Basics

extension Limits {
    // MARK: Streams

    /// The most bytes in one STREAM frame: less than any datagram has.
    package static let streamFrameBytes = 16 * 1024

    // MARK: Acknowledgements of bulk

    /// Ranges of received packet numbers that are kept, and that an ACK_RANGES frame may have.
    package static let acknowledgedRanges = 64
    /// Ranges that are reported: at 5 % loss more than six hundred packets, in about a hundred bytes.
    package static let reportedRanges = 32
    /// Each so manieth acknowledgement of a bulk transfer tells ranges, so that several lost ones in a row do no harm.
    package static let rangesInterval: UInt8 = 4
}

extension Limits {
    // MARK: Recovery of bulk

    /// Packets of streams under way at once: four times what 100 Mbit/s and a round trip of 80 ms need.
    package static let bulkPackets = 4096
    /// Packets declared lost that may still turn out to have been late.
    package static let lateBulkPackets = 256
    /// How many numbers an acknowledgement passes over before a packet is lost (RFC 9002, section 6.1.1).
    package static let packetThreshold: UInt64 = 3
    /// The most that reordering raises it to.
    package static let largestPacketThreshold: UInt64 = 256
    /// How long reordering is remembered.
    package static let reorderingMemory: Duration = .seconds(10)
    /// Probes without an answer after which nothing that is known of the path is believed any more (RFC 9002,
    /// section 7.6 calls it persistent congestion).
    package static let persistentProbes = 3

    // MARK: Congestion control of bulk

    /// Packets in the first round trip (RFC 6928).
    package static let initialBulkPackets = 10.0
    /// Packets that may be under way however slow the path is.
    package static let leastBulkPackets = 4.0
    /// No path is taken for slower than this, in bytes a second.
    package static let slowestBulkRate = 2000.0
    /// How much faster than the path was seen to deliver it is sent at first. BBR has 2.77; then the queue at the end of
    /// startup, which a chat waits in, is twice as long, and a transfer of 64 MB 5 % quicker.
    package static let startupGain = 2.0
    package static let drainGain = 0.25
    /// Twice in a window of the shortest round trip so much less than fits the path is under way for a moment, so that
    /// its queue runs empty: else each flow would take the queue for the path, and aim above it (BBR: ProbeRTT).
    package static let emptyingShare = 0.85
    /// After a router's mark so much of what fits the path is under way for a moment (RFC 8511, section 3.1: 0.85).
    package static let markedShare = 0.85
    /// A probe for more bandwidth is so much faster (BBR: 1.25).
    package static let probeGain = 1.25
    package static let restGain = 0.95
    /// How much of a queue's excess is corrected in a round trip: a delayed integrator swings above 1.
    package static let queueGain = 0.6
    package static let largestSlowdown = 0.3
    package static let largestSpeedup = 0.05
    /// Rounds between two feelers.
    package static let feelerRounds = 8
    /// A path on which a packet takes longer needs no feelers: the speed-up in `cruise` is quick enough there.
    package static let feelerPacketTime: Duration = .microseconds(500)
    /// A quarter faster for so long adds 2 ms to the queue of a full path.
    package static let feelerLength: Duration = .milliseconds(8)
    /// Loss above the base loss that is reacted to.
    package static let tolerableExcess = 0.02
    /// Losses are compared over so many packets at least: of fewer, chance explains too much.
    package static let lossWindowPackets = 400.0
    /// Where loss is above that, half the queue is aimed at, down to this share of it, and then slowly more again.
    package static let leastQueueShare = 0.1
    package static let queueShareGrowth = 1.05
    /// Rounds without any queue after which there must be room for more.
    package static let emptyRounds = 8
    /// The base loss is believed up to this.
    package static let largestBaseLoss = 0.5
    /// Packets that the base loss is a mean of.
    package static let baseLossMemory = 4000.0
    /// What an idle pacer saves up: a run of packets that leave together.
    package static let pacingQuantum: Duration = .milliseconds(1)
}

extension Limits {
    // MARK: Flow control

    /// Streams that each side has open at once over a connection.
    package static let streams = 16
    /// Bytes of one stream that the receiver holds at most: four times what 100 Mbit/s and 80 ms keep on their way, so
    /// that what is lost twice does not stop the rest.
    package static let streamWindow = 4 * 1024 * 1024
    /// Bytes of all streams of a connection that the receiver holds at most.
    package static let connectionWindow = 2 * streamWindow
    /// Bytes written and not acknowledged that a sender holds at most, of all streams of a connection.
    package static let sendBuffer = 4 * 1024 * 1024
    /// And at least, of each, however slow the path is.
    package static let leastSendBuffer = 64 * 1024
    /// The owner is told that it may write again when so many bytes fit.
    package static let writableBytes = 16 * 1024
    /// No packet is begun with a smaller piece of a stream where another stream could have come first.
    package static let leastStreamPiece = 64
    /// The most bytes of a CREDIT, reset or stop frame.
    package static let streamControlBytes = 25
    /// Gaps in what has arrived of a stream.
    package static let streamGaps = 4096
}
