import CSodium

/// Hash functions.
package enum Digest {
    /// The length of a SHA-512 output, in bytes.
    package static let sha512Bytes = 64

    /// SHA-512 (FIPS 180-4).
    ///
    /// - Returns: 64 bytes.
    package static func sha512(_ bytes: [UInt8]) -> [UInt8] {
        CryptoLibrary.start()
        var output = [UInt8](repeating: 0, count: sha512Bytes)
        unsafe crypto_hash_sha512(&output, bytes, UInt64(bytes.count))
        return output
    }

    /// SHA-512 (FIPS 180-4) of a secret.
    ///
    /// - Returns: 64 bytes.
    package static func sha512(_ secret: borrowing SecretBytes) -> SecretBytes {
        var output = SecretBytes(zeros: sha512Bytes)
        let count = UInt64(secret.count)
        secret.withBytes { input in
            output.withMutableBytes { target in _ = unsafe crypto_hash_sha512(target, input, count) }
        }
        return output
    }

    /// Keyed BLAKE2b (RFC 7693), a fast MAC for values that only we check ourselves, such as cookies.
    ///
    /// - Parameters:
    ///   - key: 16...64 bytes.
    ///   - count: the length of the output in bytes, 16...64; outputs of different lengths are unrelated.
    package static func keyedBlake2b(key: borrowing SecretBytes, input: [UInt8], count: Int) -> [UInt8] {
        precondition((16...64).contains(key.count), "a BLAKE2b key has 16 to 64 bytes")
        precondition((16...64).contains(count), "a BLAKE2b output has 16 to 64 bytes")
        var output = [UInt8](repeating: 0, count: count)
        let keyCount = key.count
        key.withBytes { keyBytes in
            _ = unsafe crypto_generichash_blake2b(&output, count, input, UInt64(input.count), keyBytes, keyCount)
        }
        return output
    }
}
