import Basics
import Testing
import Transport

struct ReplayWindowTests {
    @Test("11: a number is fresh once")
    func isFreshOnce() {
        var window = ReplayWindow()
        #expect(window.isFresh(0))
        window.mark(0)
        #expect(!window.isFresh(0))
        #expect(window.isFresh(1))
    }

    @Test(
        "11: the window holds 2,048 numbers, and what is below it is never fresh again",
        arguments: [0, 1, 63, 64, 5000])
    func forgetsNothingInside(offset: UInt64) {
        var window = ReplayWindow()
        let largest = 10_000 + offset
        window.mark(largest)
        let width = UInt64(Limits.replayWindow)
        #expect(window.isFresh(largest - width + 1))
        #expect(!window.isFresh(largest - width))
        window.mark(largest - width + 1)
        #expect(!window.isFresh(largest - width + 1))
        #expect(window.isFresh(largest - width + 2))
    }

    @Test(
        "11: over random numbers, jumps included, the window agrees with a plain set",
        arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithASet(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var window = ReplayWindow()
        var accepted: Set<UInt64> = []
        var largest: UInt64 = 0
        for _ in 0..<3000 {
            let number: UInt64
            switch Int.random(in: 0..<10, using: &random) {
            case 0: number = largest + UInt64.random(in: 0...5000, using: &random)
            case 1: number = largest - min(largest, UInt64.random(in: 1900...2200, using: &random))
            case 2: number = (largest + 64) / 64 * 64
            default: number = largest + 8 - min(largest + 8, UInt64.random(in: 0...80, using: &random))
            }
            let isFresh =
                !accepted.contains(number) && (accepted.isEmpty || number + UInt64(Limits.replayWindow) > largest)
            guard window.isFresh(number) == isFresh else {
                Issue.record("\(number) with largest \(largest), seed \(seed)")
                return
            }
            guard isFresh else { continue }
            window.mark(number)
            accepted.insert(number)
            largest = max(largest, number)
        }
    }

    @Test("marking what is not fresh changes nothing")
    func marksOnlyFresh() {
        var window = ReplayWindow()
        window.mark(9000)
        window.mark(9000 - UInt64(Limits.replayWindow))
        #expect(window.largest == 9000)
        #expect(window.isFresh(8999))
    }

    @Test("12: a jump to the last packet number costs no more memory and leaves nothing stale")
    func jumpsFar() {
        var window = ReplayWindow()
        for number in 0..<3000 as Range<UInt64> { window.mark(number) }
        let last = Limits.lastPacketNumber
        window.mark(last)
        #expect(!window.isFresh(last))
        #expect((1..<UInt64(Limits.replayWindow)).allSatisfy { window.isFresh(last - $0) })
        #expect(!window.isFresh(2999))
    }
}
