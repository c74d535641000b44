import Basics
import Testing

@testable import Transport

struct SentFramesTests {
    @Test("frames are kept in their order, however many")
    func keepsOrder() {
        var frames = SentFrames()
        #expect(frames.isEmpty && frames.first == nil)
        for sequence in 0..<9 as Range<UInt64> {
            frames.append(.newConnectionID(sequence))
            #expect(frames.count == Int(sequence) + 1)
        }
        #expect((0..<9).map { frames[$0] } == (0..<9).map { .newConnectionID($0) })
        #expect(frames[9] == nil)
    }

    @Test("messages that follow each other without a gap are one run")
    func joinsRuns() {
        var frames = SentFrames()
        for number in 5...7 as ClosedRange<UInt64> { frames.append(alias: 2, number: number, index: 0, distance: 1) }
        #expect(frames == [.run(alias: 2, after: 4, count: 3)])
        frames.append(alias: 3, number: 8, index: 0, distance: 1)
        frames.append(alias: 3, number: 9, index: 0, distance: 1)
        #expect(frames == [.run(alias: 2, after: 4, count: 3), .run(alias: 3, after: 7, count: 2)])
    }

    @Test(
        "what leaves a gap, is a later piece or of another log stands alone",
        arguments: [(1, 6, 0, 2), (1, 7, 0, 1), (1, 6, 1, 1), (2, 6, 0, 1)] as [(UInt64, UInt64, UInt8, UInt32)])
    func standsAlone(alias: UInt64, number: UInt64, index: UInt8, distance: UInt32) {
        var frames = SentFrames()
        frames.append(alias: 1, number: 5, index: 0, distance: 1)
        frames.append(alias: alias, number: number, index: Int(index), distance: UInt64(distance))
        #expect(frames.count == 2)
        #expect(frames[1] == .message(alias: alias, number: number, index: index, distance: distance))
    }

    @Test("deadlines by slot come as from a sorted list")
    func deadlinesBySlot() {
        var random = SeededGenerator(seed: 11)
        var deadlines = SlotDeadlines()
        var naive: [Int: Instant] = [:]
        for _ in 0..<20_000 {
            let slot = Int.random(in: 0..<40, using: &random)
            let moment = Instant(nanoseconds: Int64.random(in: 0..<1_000, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                deadlines.remove(slot)
                naive[slot] = nil
            case 1:
                let due = deadlines.popDue(at: moment)
                if let due {
                    #expect(naive[due] == naive.values.min() && naive[due] ?? .never <= moment)
                    naive[due] = nil
                } else {
                    #expect(naive.values.allSatisfy { $0 > moment })
                }
            default:
                deadlines.bringForward(slot, to: moment)
                naive[slot] = min(naive[slot] ?? moment, moment)
            }
            #expect(deadlines.count == naive.count && deadlines.next == naive.values.min())
        }
    }
}
