package import Basics
import CLinux
import Glibc

/// Waits for several descriptors and a deadline at once (epoll, level-triggered).
///
/// The deadline is a timerfd on `CLOCK_BOOTTIME` and not the timeout of `epoll_wait`: it counts the time that the machine
/// sleeps, has nanoseconds, and works where a container's filter does not know `epoll_pwait2`.
package struct Poller: ~Copyable, Sendable {
    /// What to wait for.
    package struct Interest: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        package static let readable = Interest(rawValue: 1)
        package static let writable = Interest(rawValue: 2)
    }

    /// What came of a wait for one descriptor.
    package struct Readiness: Hashable, Sendable {
        /// The token that the descriptor was added with.
        package let token: UInt32
        package let isReadable: Bool
        package let isWritable: Bool
        /// The other end is gone, or the descriptor has an error; what is left can still be read.
        package let isClosed: Bool
    }

    /// The largest token that a descriptor may have; the one above is the timer's.
    package static let largestToken = UInt32.max - 1

    /// The most descriptors that one wait reports; the others are reported by the next.
    private static let reportsPerWait = 64

    private let handle: Descriptor
    private let timer: Descriptor
    /// What the timer is set to, passed or not; nil when it is disarmed.
    private var armed: Instant?
    private var reports: [clinux_ready]

    /// - Throws: `SystemError` when the process has no descriptors left.
    package init() throws(SystemError) {
        let epoll = Descriptor(owning: try SystemError.check(clinux_poller_open(), "epoll_create1"))
        let deadline = Descriptor(owning: try SystemError.check(clinux_timer_open(), "timerfd_create"))
        try Self.update(epoll.number, CLINUX_ADD, deadline.number, token: .max, interest: .readable)
        handle = epoll
        timer = deadline
        reports = Array(repeating: clinux_ready(), count: Self.reportsPerWait)
    }

    /// Starts to watch a descriptor. It must be removed before it is closed.
    ///
    /// - Parameter token: comes back in `Readiness`; at most `largestToken`.
    /// - Throws: `SystemError`; `isPermissionDenied` for a regular file, which is always readable and can't be waited for.
    package mutating func add(
        _ descriptor: Int32, token: UInt32, interest: Interest = .readable
    ) throws(SystemError) {
        try Self.update(handle.number, CLINUX_ADD, descriptor, token: min(token, Self.largestToken), interest: interest)
    }

    /// Watches a descriptor for something else from now on.
    package mutating func change(_ descriptor: Int32, token: UInt32, interest: Interest) throws(SystemError) {
        try Self.update(
            handle.number, CLINUX_CHANGE, descriptor, token: min(token, Self.largestToken), interest: interest)
    }

    /// Stops to watch a descriptor.
    package mutating func remove(_ descriptor: Int32) throws(SystemError) {
        try Self.update(handle.number, CLINUX_REMOVE, descriptor, token: 0, interest: [])
    }

    /// Waits until a descriptor is ready or the deadline has come.
    ///
    /// - Parameter deadline: nil waits without end; one that has passed only looks.
    /// - Returns: what is ready; nothing when the deadline has come or, rarely, a signal ended the wait.
    package mutating func wait(until deadline: Instant?) throws(SystemError) -> [Readiness] {
        let hasPassed = try arm(deadline)
        let result = unsafe clinux_poller_wait(
            handle.number, &reports, Int32(Self.reportsPerWait), hasPassed ? 0 : -1)
        if result == -EINTR { return [] }
        let count = Int(try SystemError.check(result, "epoll_wait"))
        var ready: [Readiness] = []
        for report in reports.prefix(count) where report.token != .max {
            ready.append(Readiness(report))
        }
        return ready
    }

    /// Sets the timer where that is needed.
    ///
    /// - Returns: whether the deadline has passed; the timer may stay as it was then, since nothing waits for it.
    private mutating func arm(_ deadline: Instant?) throws(SystemError) -> Bool {
        if let deadline, deadline <= MonotonicClock.now { return true }
        guard deadline != armed else { return false }
        try SystemError.check(clinux_timer_set(timer.number, deadline?.nanoseconds ?? 0), "timerfd_settime")
        armed = deadline
        return false
    }

    private static func update(
        _ poller: Int32, _ operation: some FixedWidthInteger, _ descriptor: Int32, token: UInt32, interest: Interest
    ) throws(SystemError) {
        try SystemError.check(
            clinux_poller_update(poller, Int32(operation), descriptor, token, interest.rawValue), "epoll_ctl")
    }
}

extension Poller.Readiness {
    fileprivate init(_ report: clinux_ready) {
        token = report.token
        isReadable = report.events & 1 != 0
        isWritable = report.events & 2 != 0
        isClosed = report.events & 4 != 0
    }
}
