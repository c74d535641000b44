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

    /// How many times it has waited, or only looked.
    package private(set) var waitCount: UInt64 = 0
    /// How many times the timer was set.
    package private(set) var timerCount: UInt64 = 0

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
        let count = try look(until: deadline)
        var ready: [Readiness] = []
        for index in 0..<count {
            if let readiness = readiness(at: index) { ready.append(readiness) }
        }
        return ready
    }

    /// Waits as `wait` does, without making room for an answer.
    ///
    /// - Returns: how many reports there are; `readiness(at:)` has them until the next wait.
    package mutating func look(until deadline: Instant?) throws(SystemError) -> Int {
        while true {
            let hasPassed = try arm(deadline)
            waitCount += 1
            let result = unsafe clinux_poller_wait(
                handle.number, &reports, Int32(Self.reportsPerWait), hasPassed ? 0 : -1)
            if result == -EINTR { return 0 }
            let count = min(Int(try SystemError.check(result, "epoll_wait")), reports.count)
            // The deadline of an earlier wait, as the timer was left as it was.
            if !hasPassed, count == 1, reports[0].token == .max, deadline.map({ $0 > MonotonicClock.now }) ?? true {
                continue
            }
            return count
        }
    }

    /// A report of the last wait.
    ///
    /// - Returns: nil where it is about the deadline, or there is none at `index`.
    package func readiness(at index: Int) -> Readiness? {
        guard reports.indices.contains(index), reports[index].token != .max else { return nil }
        return Readiness(reports[index])
    }

    /// Sets the timer where that is needed. One that is to end earlier stays: a loop's deadline moves on with each packet,
    /// and to wake once too early costs less than to set the timer each time.
    ///
    /// - Returns: whether the deadline has passed; the timer may stay as it was then, since nothing waits for it.
    private mutating func arm(_ deadline: Instant?) throws(SystemError) -> Bool {
        if deadline == nil, armed == nil { return false }
        let now = MonotonicClock.now
        if let deadline, deadline <= now { return true }
        // What has passed makes the timer readable until it is set again.
        if let armed, armed > now, deadline.map({ $0 >= armed }) ?? true { return false }
        timerCount += 1
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
