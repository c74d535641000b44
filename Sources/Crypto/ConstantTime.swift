import CSodium

/// Comparisons whose time tells nothing about where two values differ.
package enum ConstantTime {
    /// Whether two arrays hold the same bytes, in a time that depends on the counts alone.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        CryptoLibrary.start()
        guard left.count == right.count else { return false }
        return unsafe sodium_memcmp(left, right, left.count) == 0
    }
}
