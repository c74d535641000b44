import Basics
import Testing

@testable import Transport

/// What keeps a room of thousands cheap.
@Suite("Engine")
struct EngineTests {
    private static let near = RoundTrip(measured: .milliseconds(1))

    private func visits(_ rounds: inout GrowthRounds, slots: Int) -> [(slot: Int, log: UInt64, end: UInt64?)] {
        var visits: [(Int, UInt64, UInt64?)] = []
        while let visit = rounds.next(of: slots) { visits.append(visit) }
        return visits
    }

    @Test("a log that grows many times before its round is one round, with the last end")
    func coalescesGrowth() {
        var rounds = GrowthRounds()
        for end in 1...1_000 as ClosedRange<UInt64> { rounds.logGrew(7, through: end) }
        let visits = visits(&rounds, slots: 3)
        #expect(visits.map(\.slot) == [0, 1, 2])
        #expect(visits.allSatisfy { $0.log == 7 && $0.end == 1_000 })
        #expect(rounds.isEmpty)
    }

    @Test("growth during a round is told to those who come, and to the others in the next: two rounds of a log at most")
    func goesOnInTheNextRound() {
        var rounds = GrowthRounds()
        rounds.logGrew(7, through: 1)
        _ = rounds.next(of: 3)
        for end in 2...9 as ClosedRange<UInt64> { rounds.logGrew(7, through: end) }
        rounds.logGrew(8, through: nil)
        let visits = visits(&rounds, slots: 3)
        #expect(visits.map(\.slot) == [1, 2, 0, 1, 2, 0, 1, 2])
        #expect(visits.map(\.log) == [7, 7, 7, 7, 7, 8, 8, 8])
        #expect(visits.map(\.end) == [9, 9, 9, 9, 9, nil, nil, nil])
    }

    @Test("logs that come in stand by alias, each once")
    func incomingLogs() {
        var logs = IncomingLogs()
        for alias in [9, 3, 200, 3] as [UInt64] where !logs.contains(alias) {
            logs[alias] = IncomingMessages(alias: alias, after: alias)
        }
        #expect(logs.count == 4 && logs.contains(0) && !logs.contains(4))
        #expect([0, 3, 9, 200].map { logs[$0]?.delivered } == [0, 3, 9, 200])
        #expect(logs.change(9) { $0.open(after: 50) } != nil)
        #expect(logs[9]?.delivered == 50)
        #expect(logs.change(10) { $0.open(after: 50) } == nil)
    }

    @Test("what has arrived is told by a few packets that leave anyway, and then no more until there is news")
    func tellsAFewTimes() {
        var state = AcknowledgementState()
        #expect(!state.isWorthTelling)
        state.received(0, asks: true, at: .start, path: Self.near)
        for _ in 0..<Limits.acknowledgementTellings {
            #expect(state.isWorthTelling)
            _ = state.take(at: .start)
        }
        #expect(!state.isWorthTelling)
        state.received(1, asks: false, at: .start, path: Self.near)
        #expect(!state.isWorthTelling)
        state.received(2, asks: true, at: .start, path: Self.near)
        #expect(state.isWorthTelling)
    }

    @Test("near by nothing is copied because somebody takes time to answer, but for loss")
    func restsNearBy() {
        var path = Self.near
        for _ in 0..<100 { path.sample(.milliseconds(30), delay: .zero) }
        #expect(path.smoothed > Limits.nearRoundTrip && path.isNear)
        var redundancy = Redundancy(path: path)
        #expect(redundancy.plan(at: .start, path: path).wanted == 1)
        for step in 0..<20 { redundancy.loss.lost(sent: .start + .seconds(1) * step, path: path) }
        #expect(redundancy.plan(at: .start + .seconds(60), path: path).wanted > 1)
        let far = RoundTrip(measured: .milliseconds(30))
        #expect(!far.isNear && Redundancy(path: far).plan(at: .start, path: far).wanted > 1)
    }

    @Test("records of packets are found and go in any order, and give their room back")
    func records() {
        var sent = SentPackets()
        var model: [UInt64] = []
        var random = SeededGenerator(seed: 11)
        for number in 0..<2_000 as Range<UInt64> {
            _ = sent.record(SentPacket(number: number, sent: .start, bytes: 100, frames: [.ping]))
            model.append(number)
            if model.count > 40 || Int.random(in: 0..<3, using: &random) == 0 {
                let largest = model[Int.random(in: 0..<model.count, using: &random)]
                let bitmap = UInt64.random(in: 0...UInt64.max, using: &random)
                let numbers = AcknowledgedNumbers(largest: largest, bitmap: bitmap)
                var place = 0
                var gone: [UInt64] = []
                while let packet = sent.removeNext(of: numbers, from: &place) { gone.append(packet.number) }
                #expect(gone == model.filter(numbers.contains))
                model.removeAll(where: numbers.contains)
            }
            #expect(sent.count == model.count && sent.inFlight == model.count)
            #expect(sent.moment(of: number) == (model.last == number ? .start : nil))
        }
        var place = 0
        let ranges = AcknowledgedNumbers(ranges: [0...2_000])
        while sent.removeNext(of: ranges, from: &place) != nil {}
        sent.relax()
        #expect(sent.count == 0 && sent.oldestInFlight == nil && sent.oldestQuestion == nil)
    }
}
