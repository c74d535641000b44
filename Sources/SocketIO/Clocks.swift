package import Basics
import Glibc

/// The time line that everything is timed by.
package enum MonotonicClock {
    /// The present, from `CLOCK_BOOTTIME`: the time that the machine sleeps counts, changes of the wall clock don't.
    package static var now: Instant {
        Instant(nanoseconds: nanoseconds(of: CLOCK_BOOTTIME))
    }

    /// What the service manager orders reloads by: microseconds of `CLOCK_MONOTONIC`, which sleeps with the machine.
    package static var serviceMicroseconds: Int64 { nanoseconds(of: CLOCK_MONOTONIC) / 1_000 }
}

/// The clock on the wall, which is only ever shown or stored.
package enum WallClock {
    /// The present, from `CLOCK_REALTIME`.
    package static var now: WallTime {
        WallTime(milliseconds: nanoseconds(of: CLOCK_REALTIME) / 1_000_000)
    }
}

/// What the calling thread has cost.
package enum ThreadClock {
    /// The CPU time that the calling thread has used so far, in the kernel as well, from `CLOCK_THREAD_CPUTIME_ID`.
    package static var cpuTime: Duration {
        .nanoseconds(nanoseconds(of: CLOCK_THREAD_CPUTIME_ID))
    }
}

/// What a process has cost.
package enum ProcessClock {
    /// The CPU time that all threads of a process have used so far, in the kernel as well, those included that have ended;
    /// nil when the process is gone.
    package static func cpuTime(of process: Int32) -> Duration? {
        var clock = clockid_t()
        guard unsafe clock_getcpuclockid(process, &clock) == 0 else { return nil }
        return .nanoseconds(nanoseconds(of: clock))
    }
}

private func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    // Can't fail for these clocks; a time of zero would be the answer.
    _ = unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}
