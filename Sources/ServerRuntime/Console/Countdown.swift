import Basics

/// The countdown of `:shutdown`: when everybody is told how much time is left.
struct Countdown: Hashable {
    /// At how many seconds before the end it is told.
    private static let marks = [3_600, 1_800, 600, 300, 120, 60, 30, 10, 5, 4, 3, 2, 1]

    let end: Instant
    private var left: [Int]

    /// - Parameter seconds: from now to the end. They are told by the caller; the marks after them follow.
    init(seconds: Int, at now: Instant) {
        end = now + .seconds(seconds)
        left = Self.marks.filter { $0 < seconds }
    }

    /// When there is something to tell or to do next.
    var next: Instant { left.first.map { moment(of: $0) } ?? end }

    /// Whether the time is over.
    func isOver(at now: Instant) -> Bool { end <= now }

    /// The mark that was reached; where several were, because the machine slept, the last one.
    mutating func takeMark(at now: Instant) -> Int? {
        var mark: Int?
        while let first = left.first, moment(of: first) <= now {
            mark = first
            left.removeFirst()
        }
        return mark
    }

    private func moment(of mark: Int) -> Instant {
        Instant(nanoseconds: end.nanoseconds - Int64(mark) * 1_000_000_000)
    }
}
