/// A point on a monotonic time line, in nanoseconds since an arbitrary origin.
///
/// Pure code receives it as an argument and never asks a clock. At the edge it is read from `CLOCK_BOOTTIME`, so that
/// the time a machine sleeps counts; in the simulator it is virtual.
package struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the origin; never negative.
    package var nanoseconds: Int64

    @inlinable package init(nanoseconds: Int64) {
        self.nanoseconds = max(0, nanoseconds)
    }

    @inlinable package static var origin: Instant { Instant(nanoseconds: 0) }

    /// After everything else.
    @inlinable package static var never: Instant { Instant(nanoseconds: .max) }

    @inlinable package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The time from `right` to `left`; negative when `right` is later.
    @inlinable package static func - (left: Instant, right: Instant) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }

    /// Moves forward; saturates instead of overflowing.
    @inlinable package static func + (left: Instant, right: Duration) -> Instant {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.wholeNanoseconds)
        return Instant(nanoseconds: overflow ? .max : sum)
    }
}

/// The wall clock, in milliseconds since 1970-01-01 UTC. It is only ever shown or stored; nothing is timed by it.
package struct WallTime: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
