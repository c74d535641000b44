/// Which packet numbers were accepted already: a sliding bitmap (RFC 6479), so that each is accepted at most once.
///
/// It is marked only with numbers whose packet authenticated; a stranger can't move it.
package struct ReplayWindow: Sendable {
    /// One word more than the window has, since one is always partly ahead of the largest number.
    private static let words = Limits.replayWindow / 64 + 1

    private var bitmap = [UInt64](repeating: 0, count: ReplayWindow.words)

    /// The largest number accepted; nil before the first.
    package private(set) var largest: UInt64?

    package init() {}

    /// Whether `number` was not accepted yet and is not too old to tell. O(1).
    package func isFresh(_ number: UInt64) -> Bool {
        guard let largest, number <= largest else { return true }
        guard largest - number < UInt64(Limits.replayWindow) else { return false }
        return bitmap[word(number)] & bit(number) == 0
    }

    /// Records `number` as accepted. Amortised O(1); a jump costs at most the window.
    package mutating func mark(_ number: UInt64) {
        if let largest, number <= largest {
            guard isFresh(number) else { return }
        } else {
            let first = largest.map { $0 / 64 + 1 } ?? 0
            let last = number / 64
            let cleared = min(last &- first &+ 1, UInt64(Self.words))
            for step in 0..<cleared where last >= first { bitmap[Int((last - step) % UInt64(Self.words))] = 0 }
            largest = number
        }
        bitmap[word(number)] |= bit(number)
    }

    private func word(_ number: UInt64) -> Int {
        Int(number / 64 % UInt64(Self.words))
    }

    private func bit(_ number: UInt64) -> UInt64 {
        1 << (number % 64)
    }
}
