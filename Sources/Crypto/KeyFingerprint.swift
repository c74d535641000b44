/// What is left of a server's public key where people compare it or pass it on: the first 120 bits of its SHA-512. Nobody
/// finds another key with the same ones.
package struct KeyFingerprint: Hashable, Sendable {
    package static let byteCount = 15

    /// `byteCount` bytes.
    package let bytes: [UInt8]

    package init(of publicKey: [UInt8]) {
        bytes = Array(Digest.sha512(publicKey).prefix(Self.byteCount))
    }

    /// - Returns: nil when there are more or fewer bytes than `byteCount`.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }
}
