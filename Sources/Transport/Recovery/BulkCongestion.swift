package import Basics

/// How fast streams are sent: by a model of the path, its rate and its shortest round trip (after BBR,
/// draft-ietf-ccwg-bbr), not by its losses.
///
///     startup --queue, or no growth--> drain --no queue--> cruise --each 8 rounds--> feeler --> rest --> cruise
///                                        ^                    |                                  |
///                                        |              no queue at all                        room
///                                        '-- queue -- climb <-'----------------------------------'
///
/// The rate is what the path delivers, corrected by the base loss p0: what is lost at random is sent beyond it. In
/// `cruise` the queue is held at a millisecond (compare Copa, NSDI 2018). A feeler is 25 % faster, and so short that it
/// adds but a few milliseconds to a full path's queue; where it adds nothing there is room, and the rate climbs.
package struct BulkCongestion: Sendable {
    package enum Stage: Hashable, Sendable {
        case startup
        /// The queue that was built drains.
        case drain
        case cruise
        case feeler
        /// What a feeler added drains; what is lost now was not lost to a queue, and tells the base loss.
        case rest
        case climb
    }

    package private(set) var stage = Stage.startup
    private var stageStart = Instant.origin
    private var stageRounds = 0

    // Delivery.
    private var delivered: UInt64 = 0
    private var deliveredAt = Instant.origin
    private var firstSent = Instant.origin
    /// Delivering so much ends the present limit by the application; 0 when there is none.
    private var appLimitedUntil: UInt64 = 0
    private var lastSent = Instant.origin

    // The model.
    /// Bytes a second that the path delivers.
    package private(set) var bandwidth: Double
    private var latestRate: Double?
    /// The same where it does not matter how fast it was sent: a path with a queue gives what it has.
    private var arrivalRate: Double?
    private var minimum = WindowedMinimum()
    private var recent = WindowedMinimum()
    /// The share of packets that the path loses though it has no queue: p0.
    package private(set) var baseLoss = 0.0
    private var baseLossPackets = 0.0
    private let packetBytes: Double

    // The round.
    private var roundEnd: UInt64 = 0
    private var round = RoundCounts()
    private var growthRounds = 0
    private var startupBandwidth = 0.0
    /// Rounds in a row in which the path had no queue though one is aimed at.
    private var emptyRounds = 0

    // Losses since they were last compared with the base loss.
    private var recentArrived = 0.0
    private var recentLost = 0.0
    /// A path whose queue is shorter than the one aimed at loses packets all the time: then less is aimed at.
    private var queueShare = 1.0

    // The drain.
    /// The share of what fits the path without a queue that is to be under way at its end.
    private var drainShare = 1.0
    private var drainStart = Instant.origin
    private var drainEnd = Instant.origin
    private var lastEmptied = Instant.origin
    private var lastMarked = Instant.origin

    // The feeler.
    private var turn = 0
    private var feelerBase = Duration.zero
    private var feelerLength = Duration.zero
    private var isJudged = true

    private struct RoundCounts: Sendable {
        var arrived = 0.0
        var lost = 0.0
        /// The smallest and the longest queue seen.
        var queue: Duration?
        var longestQueue = Duration.zero
        var isAppLimited = false
    }

    /// - Parameters:
    ///   - path: the round trip as far as it is known.
    ///   - packetBytes: the size of a full datagram.
    package init(path: RoundTrip, packetBytes: Int, at now: Instant) {
        self.packetBytes = Double(packetBytes)
        bandwidth = Self.initialBandwidth(packetBytes: self.packetBytes, roundTrip: path.smoothed)
        fallback = path.smoothed
        stageStart = now
        lastSent = now
        lastEmptied = now
    }

    /// With the gain of startup this is the initial window in the first round trip.
    private static func initialBandwidth(packetBytes: Double, roundTrip: Duration) -> Double {
        Limits.initialBulkPackets * packetBytes / Limits.startupGain / max(roundTrip, .milliseconds(1)).inSeconds
    }

    /// The round trip while none was measured by bulk itself.
    private let fallback: Duration

    // MARK: What follows from the model

    /// The shortest round trip of a full packet.
    package var minimumRoundTrip: Duration { minimum.value ?? fallback }

    /// How long packets wait in the path's queue, by the shortest round trip of the last moments.
    package var queue: Duration {
        guard let recent = recent.value, let minimum = minimum.value else { return .zero }
        return recent - minimum
    }

    private var packetTime: Duration { .nanoseconds(Int64(min(packetBytes / max(bandwidth, 1), 60) * 1e9)) }

    /// The queue that is aimed at: so small that nobody notices, and yet the path never idles. A slow flow aims higher
    /// than a fast one on the same path, so that both come to have the same share of it.
    private var targetQueue: Duration {
        let seconds = 3 * (packetTime.inSeconds * 0.001).squareRoot() * queueShare
        return min(max(.nanoseconds(Int64(seconds * 1e9)), .microseconds(500)), .milliseconds(40))
    }

    private var gain: Double {
        switch stage {
        case .startup: return Limits.startupGain
        case .drain: return Limits.drainGain
        case .feeler, .climb: return Limits.probeGain
        case .rest: return Limits.restGain
        case .cruise:
            let span = max(minimumRoundTrip, .milliseconds(2)).inSeconds
            let error = (targetQueue - queue).inSeconds / span
            return 1 + min(max(error * Limits.queueGain, -Limits.largestSlowdown), Limits.largestSpeedup)
        }
    }

    /// Bytes a second at which packets are to leave: what the path loses anyway is sent in addition.
    package var pacingRate: Double {
        let slowest = Limits.leastBulkPackets * packetBytes / max(minimumRoundTrip, .milliseconds(1)).inSeconds
        return max(bandwidth * gain / (1 - min(baseLoss, Limits.largestBaseLoss)), min(slowest, Limits.slowestBulkRate))
    }

    /// Bytes that may be under way.
    package var window: Int {
        let span = (minimumRoundTrip + Limits.acknowledgementDelay).inSeconds
        let gain = stage == .startup ? Limits.startupGain + 1 : 2
        let share = 1 - min(baseLoss, Limits.largestBaseLoss)
        return Int(min(max(gain * bandwidth * span / share, Limits.leastBulkPackets * packetBytes), 1e9))
    }

    // MARK: What happens

    /// A packet leaves.
    ///
    /// - Parameter inFlight: packets of streams that are under way before it.
    package mutating func sent(inFlight: Int, at now: Instant) -> DeliverySnapshot {
        if inFlight == 0 {
            if lastSent + Limits.minimumWindow < now { returnToStartup(at: now) }
            (firstSent, deliveredAt) = (now, now)
        }
        lastSent = now
        if stage == .feeler, stageStart + feelerLength <= now { enter(.rest, at: now) }
        return DeliverySnapshot(
            delivered: delivered, deliveredAt: deliveredAt, firstSent: firstSent, isAppLimited: appLimitedUntil > 0,
            stage: stage, turn: turn)
    }

    /// The owner has nothing more to send though more might leave.
    package mutating func ranDry(inFlightBytes: Int) {
        appLimitedUntil = max(1, delivered + UInt64(inFlightBytes))
    }

    /// Packets arrived.
    ///
    /// - Parameters:
    ///   - packets: oldest first, at least one.
    ///   - roundTrip: of the newest, where it is a full packet whose acknowledgement was not held back.
    ///   - inFlightBytes: what is under way still.
    package mutating func arrived(
        _ packets: [BulkPacket], roundTrip: Duration?, inFlightBytes: Int, at now: Instant
    ) {
        guard let newest = packets.last else { return }
        for packet in packets {
            delivered += UInt64(packet.bytes)
            round.arrived += 1
            if packet.delivery.stage == .rest, hasShortQueue { learn(lost: 0, of: 1) }
        }
        deliveredAt = now
        firstSent = newest.sent
        if let roundTrip { measure(roundTrip, of: newest, at: now) }
        sampleRate(newest.delivery, sent: newest.sent, at: now)
        if appLimitedUntil > 0, delivered > appLimitedUntil { appLimitedUntil = 0 }
        round.isAppLimited = round.isAppLimited || newest.delivery.isAppLimited
        if newest.delivery.delivered >= roundEnd {
            roundEnd = delivered
            finishRound(at: now)
        }
        advance(inFlightBytes: inFlightBytes, at: now)
    }

    /// Packets were declared lost.
    package mutating func lost(_ packets: [BulkPacket]) {
        for packet in packets {
            round.lost += 1
            if packet.delivery.stage == .rest, hasShortQueue { learn(lost: 1, of: 1) }
        }
    }

    /// A router has marked packets instead of dropping them (ECN): its queue is longer than it wants it to be. Once in a
    /// round trip that empties the queue, and less of one is aimed at.
    package mutating func marked(at now: Instant) {
        guard lastMarked + minimumRoundTrip <= now else { return }
        lastMarked = now
        queueShare = max(queueShare / 2, Limits.leastQueueShare)
        if let latestRate { bandwidth = min(bandwidth, latestRate) }
        drainShare = Limits.markedShare
        enter(.drain, at: now)
    }

    /// Nothing arrives any more: whatever was known of the path may be wrong.
    package mutating func collapse(at now: Instant) {
        bandwidth = 2 * Self.initialBandwidth(packetBytes: packetBytes, roundTrip: fallback)
        returnToStartup(at: now)
    }

    // MARK: The model

    private mutating func measure(_ roundTrip: Duration, of packet: BulkPacket, at now: Instant) {
        minimum.add(roundTrip, window: Limits.minimumWindow, at: now)
        recent.add(roundTrip, window: max(minimumRoundTrip / 8, packetTime * 4, .milliseconds(4)), at: now)
        round.queue = min(round.queue ?? queue, queue)
        round.longestQueue = max(round.longestQueue, queue)
        // What leaves right behind a feeler waits in all that the feeler has added.
        if packet.delivery.stage == .rest, packet.delivery.turn == turn, stage == .rest, !isJudged {
            isJudged = true
            judge(roundTrip, at: now)
        }
    }

    private mutating func sampleRate(_ snapshot: DeliverySnapshot, sent: Instant, at now: Instant) {
        let interval = max(sent - snapshot.firstSent, now - snapshot.deliveredAt)
        // Shorter than a round trip: several acknowledgements came at once, which says nothing about the path. And what
        // was held back to drain a queue says only that.
        guard interval >= minimumRoundTrip * 3 / 4, interval > .zero else { return }
        guard sent < drainStart || snapshot.firstSent >= drainEnd else { return }
        let bytes = Double(delivered - snapshot.delivered)
        let rate = bytes / interval.inSeconds
        latestRate = rate
        arrivalRate = bytes / max(now - snapshot.deliveredAt, minimumRoundTrip * 3 / 4).inSeconds
        switch stage {
        case .startup, .drain, .climb: bandwidth = max(bandwidth, rate)
        case .cruise, .feeler, .rest: break
        }
    }

    /// Whether the round trip is near its minimum: what is lost then was not lost to a long queue.
    private var hasShortQueue: Bool { queue <= targetQueue * 2 + .milliseconds(1) }

    private mutating func learn(lost: Double, of packets: Double) {
        guard packets > 0 else { return }
        baseLossPackets = min(baseLossPackets + packets, Limits.baseLossMemory)
        baseLoss += (lost / packets - baseLoss) * min(1, packets / baseLossPackets)
    }

    /// Whether so much was lost that chance hardly explains it, at two percent more than the base loss.
    private func isExcessive(lost: Double, of packets: Double) -> Bool {
        let expected = packets * (baseLoss + Limits.tolerableExcess)
        return lost > expected + 2 * expected.squareRoot() + 2
    }

    /// Looks whether the path loses more than it does at random, once enough packets tell.
    private mutating func compareLoss(at now: Instant) {
        recentArrived += round.arrived
        recentLost += round.lost
        let packets = recentArrived + recentLost
        guard packets >= Limits.lossWindowPackets else { return }
        if isExcessive(lost: recentLost, of: packets) {
            // Where a queue was seen, that is reacted to already.
            guard hasShortQueue else { return (recentArrived, recentLost) = (0, 0) }
            queueShare = max(queueShare / 2, Limits.leastQueueShare)
            if let latestRate { bandwidth = min(bandwidth, latestRate) }
            enter(.rest, at: now)
        } else {
            queueShare = min(1, queueShare * Limits.queueShareGrowth)
        }
        (recentArrived, recentLost) = (0, 0)
    }

    private mutating func finishRound(at now: Instant) {
        stageRounds += 1
        let isFull = round.queue.map { $0 >= targetQueue / 2 } ?? false
        if stage == .startup {
            finishStartupRound(at: now)
        } else {
            if isFull, let arrivalRate {
                bandwidth += (arrivalRate - bandwidth) / 2
            } else if let latestRate, latestRate > bandwidth {
                bandwidth = latestRate
            }
            compareLoss(at: now)
            let isEmpty = round.queue != nil && round.longestQueue < targetQueue / 4 && !round.isAppLimited
            emptyRounds = isEmpty ? emptyRounds + 1 : 0
        }
        round = RoundCounts()
    }

    private mutating func finishStartupRound(at now: Instant) {
        let hasGrown = bandwidth >= startupBandwidth * 1.25
        let isExcessive = isExcessive(lost: round.lost, of: round.lost + round.arrived)
        if hasGrown || !isExcessive { learn(lost: round.lost, of: round.lost + round.arrived) }
        if hasGrown {
            startupBandwidth = bandwidth
            growthRounds = 0
        } else if !round.isAppLimited {
            growthRounds += 1
            if growthRounds >= 3 || isExcessive { enter(.drain, at: now) }
        }
    }

    // MARK: Stages

    private mutating func enter(_ next: Stage, at now: Instant) {
        if next == .drain {
            if stage != .drain { drainStart = now }
            drainEnd = Instant(nanoseconds: .max)
        } else if stage == .drain {
            drainEnd = now
        }
        stage = next
        stageStart = now
        stageRounds = 0
    }

    private mutating func returnToStartup(at now: Instant) {
        bandwidth /= 2
        startupBandwidth = 0
        growthRounds = 0
        recent = WindowedMinimum()
        enter(.startup, at: now)
    }

    private mutating func advance(inFlightBytes: Int, at now: Instant) {
        switch stage {
        case .startup:
            if queue > max(.milliseconds(3), minimumRoundTrip / 32, packetTime * 2) { enter(.drain, at: now) }
        case .drain:
            let fits = bandwidth * minimumRoundTrip.inSeconds * drainShare + packetBytes
            guard Double(inFlightBytes) <= fits || stageRounds > 4 else { return }
            drainShare = 1
            enter(.cruise, at: now)
        case .cruise:
            if lastEmptied + Limits.minimumWindow / 2 <= now {
                // Nobody else sees what the path is like without our queue, and nor do we.
                lastEmptied = now
                drainShare = Limits.emptyingShare
                enter(.drain, at: now)
                return
            }
            if emptyRounds >= Limits.emptyRounds {
                emptyRounds = 0
                feel(at: now)
                return
            }
            let isTime = stageRounds >= Limits.feelerRounds && appLimitedUntil == 0
            if isTime, packetTime <= Limits.feelerPacketTime, queue <= targetQueue * 2 { feel(at: now) }
        case .feeler: break
        case .rest:
            if stageRounds >= 2 { enter(.cruise, at: now) }
        case .climb:
            if queue > targetQueue + .milliseconds(2) {
                enter(.drain, at: now)
            } else if stageRounds > 2, latestRate ?? 0 < bandwidth {
                enter(.rest, at: now)
            }
        }
    }

    /// Begins a feeler.
    private mutating func feel(at now: Instant) {
        turn += 1
        feelerBase = minimumRoundTrip + queue
        feelerLength = min(max(Limits.feelerLength, packetTime * 8), max(minimumRoundTrip, .milliseconds(2)))
        isJudged = false
        enter(.feeler, at: now)
    }

    /// A packet that left behind a feeler has arrived: did it wait?
    private mutating func judge(_ roundTrip: Duration, at now: Instant) {
        let added = feelerLength.inSeconds * (Limits.probeGain - 1)
        if (roundTrip - feelerBase).inSeconds < added * 0.4 { enter(.climb, at: now) }
    }
}
