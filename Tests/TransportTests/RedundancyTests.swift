import Basics
import Testing

@testable import Transport

struct RedundancyTests {
    private static let path = RoundTrip(measured: .milliseconds(80))

    // MARK: Estimates

    @Test("the loss estimate begins at its prior and comes to the loss of the path", arguments: [0.01, 0.1, 0.3])
    func learnsLoss(loss: Double) {
        var random = SeededGenerator(seed: 4)
        var estimate = LossEstimate(path: Self.path)
        #expect(estimate.rate == 0.02)
        #expect(LossEstimate(path: RoundTrip(measured: .milliseconds(2))).rate == 0.0005)
        var mean = 0.0
        for count in 0..<40_000 {
            if random.chance(loss) {
                estimate.lost(sent: .start + .milliseconds(10) * count, path: Self.path)
            } else {
                estimate.arrived()
            }
            if count >= 20_000 { mean += estimate.rate / 20_000 }
        }
        #expect(abs(mean - loss) < loss / 5)
    }

    @Test("losses within a round trip are one event")
    func countsEvents() {
        var (single, crowd) = (LossEstimate(path: Self.path), LossEstimate(path: Self.path))
        for event in 0..<50 {
            let moment = Instant.start + .milliseconds(200) * event
            for _ in 0..<10 { single.arrived() }
            for _ in 0..<10 { crowd.arrived() }
            single.lost(sent: moment, path: Self.path)
            for index in 0..<5 { crowd.lost(sent: moment + .milliseconds(10) * index, path: Self.path) }
        }
        #expect(abs(single.eventRate - 1.0 / 11) < 0.01)
        #expect(abs(crowd.eventRate - 1.0 / 15) < 0.01)
        #expect(crowd.rate > single.rate * 2)
    }

    @Test("losses that draw others behind them are bursts, chance pairs are not")
    func tellsBursts() {
        var estimate = LossEstimate(path: Self.path)
        estimate.observe(BurstPairs(lost: 2))
        #expect(!estimate.isBursty)
        estimate.observe(BurstPairs(lost: 20, arrived: 4))
        #expect(estimate.isBursty)
        for _ in 0..<10_000 { estimate.arrived() }
        #expect(!estimate.isBursty)
    }

    @Test("pairs of near packets are counted by both fates, in whatever order these become known")
    func countsPairs() {
        var sent = SentPackets()
        for (number, moment) in [0, 2, 50, 52, 100, 180].enumerated() {
            let packet = SentPacket(
                number: UInt64(number), sent: .start + .milliseconds(moment), bytes: 100, frames: [.ping])
            _ = sent.record(packet, near: .milliseconds(9))
        }
        // Packets 0 and 1 are lost, of 2 and 3 the latter arrives.
        _ = sent.acknowledge(AcknowledgedNumbers(largest: 4, bitmap: 0b1))
        _ = sent.detectLost(newest: .start + .milliseconds(100), at: .start + .milliseconds(180), path: Self.path)
        #expect(sent.takePairs() == BurstPairs(lost: 1, arrived: 1))
        #expect(sent.takePairs() == BurstPairs())
    }

    // MARK: Copies

    @Test("copies are wanted until all being lost is less likely than 0.05 %, at most five")
    func wantsCopies() {
        let losses = [0, 0.0004, 0.001, 0.02, 0.03, 0.07, 0.09, 0.14, 0.16, 0.9, 1]
        #expect(losses.map(Redundancy.wantedCopies) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5])
    }

    @Test("copies leave at fixed shares of the round trip, in bursts farther apart, on a near path not at all")
    func slots() {
        func slots(_ plan: CopyPlan) -> [Duration?] { (1...5).map { plan.offset(afterCopies: $0) } }
        let milliseconds = Duration.milliseconds(1)
        #expect(
            slots(CopyPlan(wanted: 5, roundTrip: milliseconds * 108))
                == [milliseconds * 4, milliseconds * 12, milliseconds * 36, milliseconds * 81, nil])
        #expect(slots(CopyPlan(wanted: 2, roundTrip: milliseconds * 108)) == [milliseconds * 4, nil, nil, nil, nil])
        #expect(
            slots(CopyPlan(wanted: 3, roundTrip: milliseconds * 60, isBursty: true))
                == [milliseconds * 20, milliseconds * 42, nil, nil, nil])
        #expect(slots(CopyPlan(wanted: 5, roundTrip: milliseconds * 4)) == [nil, nil, nil, nil, nil])
    }

    @Test("a packet that leaves anyway takes along what is under way, and serves its next slot")
    func piggybacks() {
        var pair = ConnectionPair(faults: LinkFaults(delay: .milliseconds(54)), roundTrip: .milliseconds(108))
        pair.client.say([1])
        pair.run(for: .milliseconds(3))
        #expect(pair.client.sent == 1)
        pair.client.say([2])
        pair.run(for: .milliseconds(3))
        #expect(pair.client.sent == 2, "the slot at 4 ms was served at 3 ms")
        pair.run(for: .milliseconds(3))
        #expect(pair.client.sent == 3, "the second message has its own")
    }

    @Test("without time for it, and while congested, there are no copies")
    func yields() {
        var redundancy = Redundancy(path: Self.path)
        #expect(redundancy.plan(at: .start, path: Self.path).wanted == 2)
        redundancy.isHostBusy = true
        #expect(redundancy.plan(at: .start, path: Self.path).wanted == 1)
        redundancy.isHostBusy = false
        redundancy.congestion.probed(unanswered: 4, at: .start, path: Self.path)
        #expect(redundancy.plan(at: .start, path: Self.path).wanted == 1)
        #expect(redundancy.plan(at: .start + .milliseconds(160), path: Self.path).wanted == 2)
    }

    @Test("a loss means congestion only while the round trip shows a queue")
    func tellsCongestion() {
        var (path, congestion) = (Self.path, Congestion())
        congestion.sampled(.milliseconds(80), at: .start)
        congestion.lost(at: .start, path: path)
        #expect(!congestion.isPresent(at: .start))
        for _ in 0..<30 { path.sample(.milliseconds(200), delay: .zero) }
        congestion.lost(at: .start, path: path)
        #expect(congestion.isPresent(at: .start + .milliseconds(300)))
        #expect(!congestion.isPresent(at: .start + .milliseconds(500)))
        for second in 1...30 { congestion.sampled(.milliseconds(200), at: .start + .seconds(second)) }
        #expect(!congestion.hasQueue(path), "a path that stays longer is another path")
    }

    // MARK: Rate

    @Test("the throughput equation gives what RFC 5348 gives")
    func throughput() {
        // 1460 / (0.1 sqrt(0.02/3) + 0.4 (3 sqrt(0.03/8)) 0.01 (1 + 32 / 10000))
        let rate = RateBudget.throughput(eventRate: 0.01, roundTrip: .milliseconds(100))
        #expect(abs(rate - 164_005) < 10, "\(rate)")
    }

    @Test("debt stops copies first, then everything, and is paid off at the allowed rate")
    func budgetHolds() throws {
        var loss = LossEstimate(path: Self.path)
        var budget = RateBudget(loss: loss, path: Self.path)
        for _ in 0..<100 { budget.spend(1200, at: .start) }
        #expect(budget.copiesAllowed(at: .start) == 1)
        #expect(!budget.isExhausted(at: .start), "before a loss the window alone bounds")
        for count in 0..<50 { loss.lost(sent: .start + .seconds(count), path: Self.path) }
        budget.update(loss: loss, path: Self.path, at: .start)
        #expect(budget.isExhausted(at: .start))
        let release = try #require(budget.release)
        #expect(budget.isExhausted(at: release + .milliseconds(-1)))
        #expect(!budget.isExhausted(at: release))
        #expect(budget.copiesAllowed(at: release + .seconds(60)) == Limits.wantedCopies)
    }
}
