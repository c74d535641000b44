import Basics

/// When to try to reach the server: the pauses grow, and it ends when the time is up.
struct TryPacing: Sendable {
    /// Earliest start of a try, counted from the start of the one before it; the last one goes on.
    private static let spacing: [Duration] = [
        .zero, .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(5),
    ]

    /// How long one attempt may take when there is to be only one.
    private static let singleAttempt: Duration = .seconds(5)

    /// When it ends.
    let end: Instant
    /// Whether there is to be one attempt only.
    let isSingle: Bool
    /// Tries begun.
    private(set) var count = 0
    private var lastStart: Instant

    /// - Parameter limit: how long to try; zero for one attempt.
    init(limit: Duration, at now: Instant) {
        isSingle = limit == .zero
        end = now + (limit == .zero ? Self.singleAttempt : limit)
        lastStart = now
    }

    /// When the next try may begin.
    func nextStart(at now: Instant) -> Instant {
        max(now, lastStart + Self.spacing[min(count, Self.spacing.count - 1)])
    }

    mutating func begin(at now: Instant) {
        count += 1
        lastStart = now
    }

    func isOver(at now: Instant) -> Bool { end <= now }
}
