import CSodium

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): for secrets that somebody else keeps for us. Its nonces are long
/// enough to be drawn at random, however many are sealed under one key.
package enum SealedBox {
    /// The length of a key, in bytes.
    package static let keyBytes = 32

    /// The length of a nonce, in bytes.
    package static let nonceBytes = 24

    /// What sealing adds, in bytes: the nonce in front, the tag behind.
    package static let overhead = nonceBytes + AEAD.tagBytes

    /// Encrypts.
    ///
    /// - Parameters:
    ///   - header: authenticated, not part of the result.
    ///   - key: 32 bytes.
    ///   - nonce: 24 bytes, never used before with this key.
    /// - Returns: nonce, ciphertext and tag.
    package static func seal(
        _ secret: borrowing SecretBytes, header: [UInt8], key: borrowing SecretBytes, nonce: [UInt8]
    ) -> [UInt8] {
        precondition(key.count == keyBytes && nonce.count == nonceBytes, "a key has 32 bytes, a nonce 24")
        CryptoLibrary.start()
        var box = [UInt8](repeating: 0, count: secret.count + AEAD.tagBytes)
        let count = UInt64(secret.count)
        secret.withBytes { plaintext in
            key.withBytes { key in
                _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &box, nil, plaintext, count, header, UInt64(header.count), nil, nonce, key)
            }
        }
        return nonce + box
    }

    /// Decrypts. Total: any bytes may be given.
    ///
    /// - Returns: nil when anything differs from what was sealed.
    package static func open(_ sealed: [UInt8], header: [UInt8], key: borrowing SecretBytes) -> SecretBytes? {
        precondition(key.count == keyBytes, "a key has 32 bytes")
        guard sealed.count >= overhead else { return nil }
        CryptoLibrary.start()
        let nonce = Array(sealed.prefix(nonceBytes))
        let box = Array(sealed.dropFirst(nonceBytes))
        var secret = SecretBytes(zeros: box.count - AEAD.tagBytes)
        let status = secret.withMutableBytes { target in
            key.withBytes { key in
                unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                    target, nil, nil, box, UInt64(box.count), header, UInt64(header.count), nonce, key)
            }
        }
        return status == 0 ? consume secret : nil
    }
}
