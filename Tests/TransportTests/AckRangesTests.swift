import Basics
import Testing
import Transport

struct AckRangesTests {
    @Test("20: ten thousand gaps cost constant memory, and the newest packets are still reported")
    func gapsAreCapped() throws {
        var ranges = AckRanges()
        for number in 0..<10_000 as Range<UInt64> {
            ranges.insert(number * 2)
            #expect(ranges.count <= Limits.acknowledgedRanges)
        }
        let report = try #require(ranges.report(delay: 0, room: 1000))
        #expect(report.ranges.count == Limits.reportedRanges)
        #expect(report.ranges.first == 19_998...19_998)
        #expect(report.ranges[1] == 19_996...19_996)
    }

    @Test("20: gaps that come in any order cost constant memory", arguments: 1...5 as ClosedRange<UInt64>)
    func gapsAreCappedInAnyOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ranges = AckRanges()
        for _ in 0..<10_000 {
            ranges.insert(random.next() >> 2)
            #expect(ranges.count <= Limits.acknowledgedRanges)
        }
    }

    @Test("a report names what arrived and nothing else", arguments: 1...20 as ClosedRange<UInt64>)
    func reportsWhatArrived(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var ranges = AckRanges()
        var arrived: Set<UInt64> = []
        var order = Array(0..<UInt64(500))
        for place in order.indices where random.chance(0.3) {
            order.swapAt(place, min(order.count - 1, place + Int.random(in: 0...20, using: &random)))
        }
        for number in order where !random.chance(0.05) {
            ranges.insert(number)
            arrived.insert(number)
        }
        let room = Int.random(in: 12...400, using: &random)
        let report = try #require(ranges.report(delay: 3, room: room))
        #expect(report.frameBytes <= room)
        let named = AcknowledgedNumbers(ranges: report.ranges)
        #expect(named.largest == arrived.max())
        for number in named.smallest..<600 {
            #expect(named.contains(number) == arrived.contains(number), "seed \(seed)")
        }
    }

    @Test("a report that does not fit is none")
    func needsRoom() {
        var ranges = AckRanges()
        #expect(ranges.report(delay: 0, room: 1000) == nil)
        ranges.insert(VarInt.max - 1)
        #expect(ranges.report(delay: 0, room: 5) == nil)
    }

    @Test("ranges of numbers agree with a set", arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithASet(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ranges = NumberRanges()
        var oracle: Set<UInt64> = []
        for _ in 0..<300 {
            let start = UInt64.random(in: 0...200, using: &random)
            let range = start..<start + .random(in: 0...12, using: &random)
            if random.chance(0.6) {
                ranges.insert(range)
                oracle.formUnion(range)
            } else {
                ranges.remove(range)
                oracle.subtract(range)
            }
            #expect(ranges.ranges.flatMap { Array($0) } == oracle.sorted(), "seed \(seed)")
            #expect(zip(ranges.ranges, ranges.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
            #expect(ranges.gaps(in: 50..<150).flatMap { Array($0) } == (50..<150).filter { !oracle.contains($0) })
            #expect(ranges.contains(start) == oracle.contains(start))
        }
    }
}
