import Basics
import Testing

struct DurationTests {
    @Test("whole nanoseconds add, multiply and divide")
    func counts() {
        #expect(Duration.seconds(2) == .milliseconds(2_000) && Duration.microseconds(3) == .nanoseconds(3_000))
        #expect(Duration.seconds(1) + .milliseconds(500) - .nanoseconds(1) == .nanoseconds(1_499_999_999))
        #expect(Duration.nanoseconds(7) * 3 / 2 == .nanoseconds(10) && Duration.seconds(1) / 8 == .milliseconds(125))
        #expect(Duration.milliseconds(30) / .milliseconds(20) == 1.5)
        #expect(Duration.seconds(1.5) == .milliseconds(1_500) && Duration.seconds(2) * 0.25 == .milliseconds(500))
        #expect(Duration.milliseconds(-1_500).components == (-1, -500_000_000_000_000_000))
        #expect("\(Duration.milliseconds(1_500))" == "1.5 seconds")
    }

    @Test("beyond what 64 bits hold it stays at the end, and never traps")
    func saturates() {
        let (longest, least) = (Duration.nanoseconds(Int64.max), Duration.nanoseconds(Int64.min))
        #expect(longest + .seconds(1) == longest && least - .seconds(1) == least)
        #expect(Duration.seconds(Int64.max) == longest && Duration.seconds(Int64.min) == least)
        #expect(longest * 2 == longest && longest * -2 == least && least * 2 == least)
        #expect(Duration.seconds(1e300) == longest && Duration.seconds(-1e300) == least)
        #expect(Duration.seconds(Double.nan) == .zero && Duration.nanoseconds(UInt64.max) == longest)
        #expect(Instant.origin + longest == .never && .never + .seconds(1) == Instant.never)
    }
}
