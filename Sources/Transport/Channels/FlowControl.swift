import Basics

/// How much may be sent: of one stream, or of all together.
struct SendCredit: Sendable {
    /// Offset up to which the peer takes bytes. It only grows: an older grant may come later.
    private(set) var limit: UInt64 = 0
    /// Offset up to which bytes were sent.
    private(set) var used: UInt64 = 0

    var left: UInt64 { limit - used }

    /// - Returns: whether that is more than before.
    mutating func grant(_ limit: UInt64) -> Bool {
        guard limit > self.limit else { return false }
        self.limit = limit
        return true
    }

    /// - Parameter count: at most `left`.
    mutating func use(_ count: Int) {
        used = min(used + UInt64(max(0, count)), limit)
    }
}

/// How much the peer may send: of one stream, or of all together. What the owner has taken is granted anew.
struct ReceiveCredit: Sendable {
    /// How many bytes may be here at once.
    let window: UInt64
    /// What the peer was told.
    private(set) var limit: UInt64
    /// Up to where bytes arrived, or were said to have been sent.
    private(set) var received: UInt64 = 0
    /// Up to where they are no longer held.
    private(set) var consumed: UInt64 = 0

    init(window: Int) {
        self.window = UInt64(max(0, window))
        limit = self.window
    }

    /// The peer has sent so many bytes more.
    ///
    /// - Throws: when it was not allowed to.
    mutating func receive(_ count: UInt64) throws(ProtocolViolation) {
        guard count <= limit - received else { throw .creditExceeded }
        received += count
    }

    /// The owner has taken bytes, or nobody wants them any more.
    ///
    /// - Returns: whether the peer should be told: an eighth of the window is free again.
    mutating func consume(_ count: UInt64) -> Bool {
        consumed = min(consumed + count, received)
        return consumed + window >= limit + max(1, window / 8)
    }

    /// Moves the limit. It stays below 2^62.
    ///
    /// - Returns: what to tell the peer.
    mutating func renew() -> UInt64 {
        limit = max(limit, min(consumed + window, VarInt.max))
        return limit
    }
}
