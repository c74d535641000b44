import CSodium

/// An Ed25519 key (RFC 8032) that signs: a server's identity, or a device's.
package final class SigningKey: Sendable {
    /// The length of a seed, in bytes.
    package static let seedBytes = 32

    /// The length of a public key, in bytes.
    package static let publicKeyBytes = 32

    /// The seed and the public key, as the C library wants them.
    private let secretKey: SecretBytes

    /// What signatures are checked against, 32 bytes.
    package let publicKey: [UInt8]

    /// The key that a seed stands for.
    ///
    /// - Parameter seed: 32 bytes; whoever reads it from a file checks the length first.
    package init(seed: borrowing SecretBytes) {
        precondition(seed.count == Self.seedBytes, "a seed has 32 bytes")
        var publicKey = [UInt8](repeating: 0, count: Self.publicKeyBytes)
        var secretKey = SecretBytes(zeros: Int(crypto_sign_ed25519_SECRETKEYBYTES))
        seed.withBytes { seed in
            secretKey.withMutableBytes { secret in
                _ = unsafe crypto_sign_ed25519_seed_keypair(&publicKey, secret, seed)
            }
        }
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// A new key.
    package convenience init(using random: inout some RandomNumberGenerator) {
        self.init(seed: SecretBytes(count: Self.seedBytes, using: &random))
    }

    /// The seed, for the key file.
    package func seed() -> SecretBytes {
        var seed = SecretBytes(zeros: Self.seedBytes)
        secretKey.withBytes { secret in
            seed.withMutableBytes { target in _ = unsafe crypto_sign_ed25519_sk_to_seed(target, secret) }
        }
        return seed
    }

    /// Signs a message.
    ///
    /// - Returns: 64 bytes, always the same for the same message.
    package func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Signature.byteCount)
        secretKey.withBytes { secret in
            _ = unsafe crypto_sign_ed25519_detached(&signature, nil, message, UInt64(message.count), secret)
        }
        return signature
    }
}

/// Ed25519 signatures (RFC 8032).
package enum Signature {
    /// The length of a signature, in bytes.
    package static let byteCount = 64

    /// Whether a signature was made over the message by the owner of the key. Total: any bytes may be given.
    package static func isValid(_ signature: [UInt8], over message: [UInt8], publicKey: [UInt8]) -> Bool {
        CryptoLibrary.start()
        guard signature.count == byteCount, publicKey.count == SigningKey.publicKeyBytes else { return false }
        return unsafe crypto_sign_ed25519_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
    }
}
