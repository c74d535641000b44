import CSodium

/// Authenticated encryption with associated data: 32-byte keys, 12-byte nonces, 16-byte tags.
package enum AEAD: Hashable, Sendable, CaseIterable {
    /// ChaCha20-Poly1305 (RFC 8439): everywhere.
    case chaCha20Poly1305
    /// AES-256-GCM (NIST SP 800-38D): where the processor has instructions for it, and then twice as fast.
    case aes256GCM

    /// The length of a key, in bytes.
    package static let keyBytes = 32

    /// The length of a nonce, in bytes.
    package static let nonceBytes = 12

    /// The length of a tag, in bytes.
    package static let tagBytes = 16

    /// Whether this machine can use the algorithm.
    package var isAvailable: Bool {
        CryptoLibrary.start()
        return switch self {
        case .chaCha20Poly1305: true
        case .aes256GCM: crypto_aead_aes256gcm_is_available() == 1
        }
    }

    /// Encrypts with an explicit nonce, which must never be used twice with one key.
    ///
    /// - Parameters:
    ///   - header: authenticated, not encrypted.
    ///   - key: 32 bytes.
    ///   - nonce: 12 bytes.
    /// - Returns: the ciphertext and its tag.
    package func seal(
        _ plaintext: [UInt8], header: [UInt8], key: borrowing SecretBytes, nonce: [UInt8]
    ) -> [UInt8] {
        precondition(key.count == Self.keyBytes && nonce.count == Self.nonceBytes, "a key has 32 bytes, a nonce 12")
        precondition(isAvailable, "an algorithm is chosen where it is available")
        var packet = header + plaintext + [UInt8](repeating: 0, count: Self.tagBytes)
        key.withBytes { key in
            unsafe packet.withUnsafeMutableBufferPointer { packet in
                guard let front = packet.baseAddress else { return }
                unsafe encrypt(
                    front + header.count, count: plaintext.count, header: front, headerCount: header.count,
                    nonce: nonce, key: key)
            }
        }
        return Array(packet.dropFirst(header.count))
    }

    /// Decrypts with an explicit nonce.
    ///
    /// - Parameters:
    ///   - sealed: a ciphertext and its tag, unchecked.
    ///   - header: what was authenticated with it.
    ///   - key: 32 bytes.
    ///   - nonce: 12 bytes.
    /// - Returns: nil when anything differs from what was sealed.
    package func open(_ sealed: [UInt8], header: [UInt8], key: borrowing SecretBytes, nonce: [UInt8]) -> [UInt8]? {
        precondition(key.count == Self.keyBytes && nonce.count == Self.nonceBytes, "a key has 32 bytes, a nonce 12")
        precondition(isAvailable, "an algorithm is chosen where it is available")
        guard sealed.count >= Self.tagBytes else { return nil }
        let count = sealed.count - Self.tagBytes
        var plaintext = [UInt8](repeating: 0, count: count)
        let isAuthentic = key.withBytes { key in
            unsafe decrypt(
                sealed, count: count, header: header, headerCount: header.count, nonce: nonce, key: key,
                into: &plaintext)
        }
        return isAuthentic ? plaintext : nil
    }
}
