/// Packet numbers on the wire: the low 32 bits of a counter that never repeats under one key.
package enum PacketNumber {
    /// Recovers the whole number from its low 32 bits (RFC 9000, appendix A.3, with a window of 2^32).
    ///
    /// - Parameters:
    ///   - truncated: the bits that were sent.
    ///   - expected: the number after the largest one known.
    package static func decode(_ truncated: UInt32, expected: UInt64) -> UInt64 {
        let window: UInt64 = 1 << 32
        let half = window / 2
        let candidate = expected & ~(window - 1) | UInt64(truncated)
        if candidate + half <= expected, candidate < UInt64(1) << 62 - window { return candidate + window }
        if candidate > expected + half, candidate >= window { return candidate - window }
        return candidate
    }
}
