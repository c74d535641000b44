import Basics
import Testing

@Suite("Time")
struct InstantTests {
    @Test("adding and subtracting agree")
    func arithmetic() {
        let start = Instant(nanoseconds: 5)
        let later = start + .milliseconds(3)
        #expect(later - start == .milliseconds(3))
        #expect(start - later == .milliseconds(-3))
        #expect(start < later)
    }

    @Test("time saturates instead of overflowing")
    func saturation() {
        let end = Instant(nanoseconds: .max)
        #expect(end + .seconds(1) == end)
        #expect(Instant.origin + .seconds(-1) == .origin)
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
    }

    @Test("durations become nanoseconds, below a second and below zero too")
    func nanoseconds() {
        #expect(Duration.microseconds(1_500_001).wholeNanoseconds == 1_500_001_000)
        #expect(Duration.milliseconds(-1_500).wholeNanoseconds == -1_500_000_000)
    }
}
