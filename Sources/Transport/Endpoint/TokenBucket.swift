package import Basics

/// Limits a rate: `rate` a second on average, and as many at once.
package struct TokenBucket: Hashable, Sendable {
    private let rate: Int64
    private var tokens: Int64
    private var filled: Instant

    /// - Parameter rate: tokens a second and the bucket's size; 1...1,000,000,000.
    package init(rate: Int, at now: Instant) {
        self.rate = Int64(min(max(1, rate), 1_000_000_000))
        tokens = self.rate
        filled = now
    }

    /// - Returns: whether there was a token to take.
    package mutating func take(at now: Instant) -> Bool {
        let interval = 1_000_000_000 / rate
        let earned = max(0, (now - filled).wholeNanoseconds) / interval
        if earned > 0 {
            tokens = min(rate, tokens + min(earned, rate))
            filled = filled + .nanoseconds(earned * interval)
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
