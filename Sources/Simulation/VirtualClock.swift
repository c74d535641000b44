package import Basics

/// The time of a simulated world: it moves when it is told to, and only forwards.
package struct VirtualClock: Hashable, Sendable {
    /// Far from the origin, as real clocks are: arithmetic that goes back a little must not meet the end of time.
    private static let beginning = Instant(nanoseconds: 3_600_000_000_000)
    /// The wall clock at the beginning, in milliseconds since 1970.
    private static let wallBeginning: Int64 = 1_700_000_000_000

    /// What the monotonic clocks of everybody show.
    package private(set) var now = VirtualClock.beginning

    package init() {}

    /// How long the world has been running.
    package var elapsed: Duration { now - Self.beginning }

    /// How far the wall clock was stepped; time itself does not care.
    private var step: Duration = .zero

    /// What the server's wall clock shows.
    package var wall: WallTime {
        WallTime(milliseconds: Self.wallBeginning + (elapsed + step).wholeNanoseconds / 1_000_000)
    }

    /// Somebody sets the wall clock forward, or back.
    package mutating func stepWall(by duration: Duration) {
        step += duration
    }

    /// Moves to `moment`, unless it is past.
    package mutating func advance(to moment: Instant) {
        now = max(now, moment)
    }
}

extension Duration {
    /// The duration in seconds, for rates and for people.
    package var inSeconds: Double {
        Double(wholeNanoseconds) / 1_000_000_000
    }
}
