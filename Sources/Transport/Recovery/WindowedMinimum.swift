package import Basics

/// The smallest of the samples of the last one or two windows.
package struct WindowedMinimum: Sendable {
    private var current: Duration?
    private var previous: Duration?
    private var end = Instant.origin

    package init() {}

    package var value: Duration? {
        guard let current else { return previous }
        return previous.map { min($0, current) } ?? current
    }

    package mutating func add(_ sample: Duration, window: Duration, at now: Instant) {
        if now >= end {
            previous = end + window > now ? current : nil
            current = nil
            end = now + window
        }
        current = min(current ?? sample, sample)
    }
}
