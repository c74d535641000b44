import Basics
import Testing

@testable import ServerRuntime

@Suite struct LoopLoadTests {
    private static let start = Instant(nanoseconds: 5)

    @Test("above 70 % of a processor the loop is busy, and below 50 % it is not any more")
    func thresholds() {
        var load = LoopLoad(used: .seconds(3), at: Self.start)
        var (now, used) = (Self.start, Duration.seconds(3))
        for (percent, isBusy) in [(70, false), (71, true), (60, true), (50, false), (60, false), (65, false)] {
            now = now + .seconds(1)
            used += .milliseconds(10 * percent)
            let wasBusy = load.isBusy
            let hasChanged = load.measure(used: used, at: now)
            #expect(load.isBusy == isBusy && hasChanged == (wasBusy != isBusy), "\(percent) %")
        }
    }

    @Test("a window is a second at least, and a long sleep counts as rest")
    func windows() {
        var load = LoopLoad(used: .zero, at: Self.start)
        #expect(!load.isDue(at: Self.start + .milliseconds(999)))
        #expect(load.isDue(at: Self.start + .seconds(1)))
        let isUnchanged = !load.measure(used: .seconds(1), at: Self.start + .seconds(10))
        #expect(isUnchanged && !load.isBusy)
        let isStill = !load.measure(used: .seconds(2), at: Self.start + .seconds(10))
        #expect(isStill && !load.isBusy)
    }
}
