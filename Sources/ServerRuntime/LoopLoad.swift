import Basics

/// How much of a processor the loop takes: above 70 % nothing is left for copies of messages, which would cost everybody
/// more delay than they save.
struct LoopLoad: Hashable {
    /// How long is measured at a time.
    static let window: Duration = .seconds(1)
    private static let busyPercent: Int64 = 70
    /// Once busy, less than this ends it: copies that come and go would measure themselves.
    private static let idlePercent: Int64 = 50

    private(set) var isBusy = false
    private var since: Instant
    private var usedBefore: Duration

    /// - Parameter used: processor time of the loop's thread so far.
    init(used: Duration, at now: Instant) {
        since = now
        usedBefore = used
    }

    /// Whether a window is over and it is worth asking the system.
    func isDue(at now: Instant) -> Bool {
        since + Self.window <= now
    }

    /// Looks at a window that is over.
    ///
    /// - Parameter used: processor time of the loop's thread so far.
    /// - Returns: whether `isBusy` has changed.
    mutating func measure(used: Duration, at now: Instant) -> Bool {
        let wall = now - since
        guard wall > .zero else { return false }
        let isAbove = (used - usedBefore) * 100 > wall * Int(isBusy ? Self.idlePercent : Self.busyPercent)
        (since, usedBefore) = (now, used)
        defer { isBusy = isAbove }
        return isAbove != isBusy
    }
}
