import Basics

/// How fast the messages of a log are taken from a peer. A message counts once for each `Limits.fragmentBytes` begun.
package struct MessageRate: Hashable, Sendable {
    /// 1...1,000,000.
    package let perSecond: Int
    /// So many at once; 1...1,000,000.
    package let atOnce: Int

    package init(perSecond: Int, atOnce: Int) {
        self.perSecond = min(max(1, perSecond), 1_000_000)
        self.atOnce = min(max(1, atOnce), 1_000_000)
    }

    /// So fast that nobody is ever slowed by it.
    static let unlimited = MessageRate(perSecond: 1_000_000, atOnce: 1_000_000)
}

/// When the next message of a log may be taken: the generic cell rate algorithm (ITU-T I.371, annex A), which keeps one
/// moment and no counts.
struct MessagePace: Sendable {
    private let interval: Duration
    private let tolerance: Duration
    /// When everything that was taken has had its time.
    private var paid = Instant.origin
    /// Before this nothing is taken, whatever was paid.
    private var holdEnd = Instant.origin

    init(_ rate: MessageRate) {
        interval = .nanoseconds(1_000_000_000 / Int64(rate.perSecond))
        tolerance = interval * (rate.atOnce - 1)
    }

    /// When the next message may be taken; it may be long past.
    var next: Instant { max(paid + (.zero - tolerance), holdEnd) }

    /// Takes nothing before a moment.
    mutating func hold(until moment: Instant) { holdEnd = max(holdEnd, moment) }

    /// A message of so many bytes is taken.
    mutating func take(bytes: Int, at now: Instant) {
        paid = max(paid, now) + interval * MessageFragment.count(total: bytes)
    }
}
