import CSodium

/// A fresh X25519 pair (RFC 7748) for one exchange.
package final class ExchangeKey: Sendable {
    /// The length of a share and of the shared secret, in bytes.
    package static let shareBytes = 32

    private let scalar: SecretBytes

    /// What the other side is told, 32 bytes.
    package let share: [UInt8]

    /// A new pair.
    package init(using random: inout some RandomNumberGenerator) {
        CryptoLibrary.start()
        let scalar = SecretBytes(count: Self.shareBytes, using: &random)
        var share = [UInt8](repeating: 0, count: Self.shareBytes)
        scalar.withBytes { scalar in _ = unsafe crypto_scalarmult_curve25519_base(&share, scalar) }
        self.scalar = scalar
        self.share = share
    }

    /// What both sides reach.
    ///
    /// - Returns: nil when the other share is not 32 bytes, or is one of the few points with which everybody reaches
    ///   zero (RFC 7748, section 6.1).
    package func sharedSecret(with other: [UInt8]) -> SecretBytes? {
        guard other.count == Self.shareBytes else { return nil }
        var secret = SecretBytes(zeros: Self.shareBytes)
        let status = scalar.withBytes { scalar in
            secret.withMutableBytes { target in unsafe crypto_scalarmult_curve25519(target, scalar, other) }
        }
        return status == 0 ? consume secret : nil
    }
}
