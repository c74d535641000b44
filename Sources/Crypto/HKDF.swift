/// Key derivation with HMAC-SHA512 (RFC 5869).
package enum HKDF {
    /// The most bytes that one `expand` gives: 255 hashes.
    package static let maximumCount = 255 * Digest.sha512Bytes

    /// Concentrates a secret that is not uniform into one that is (section 2.2).
    ///
    /// - Parameter salt: public; empty stands for 64 zeros.
    /// - Returns: 64 bytes.
    package static func extract(salt: [UInt8], secret: borrowing SecretBytes) -> SecretBytes {
        var mac = HMACState(publicKey: salt)
        mac.update(secret)
        return mac.finish()
    }

    /// Derives a secret for one purpose (section 2.3); secrets with different `info` tell nothing about each other.
    ///
    /// - Parameter count: 0...`maximumCount` bytes.
    package static func expand(_ prk: borrowing SecretBytes, info: [UInt8], count: Int) -> SecretBytes {
        Expander(prk).expand(info: info, count: count)
    }

    /// A key that several secrets are derived from: HMAC hashes it once for all of them.
    struct Expander: ~Copyable, Sendable {
        private let keyed: HMACState

        init(_ prk: borrowing SecretBytes) {
            keyed = HMACState(key: prk)
        }

        /// Derives a secret for one purpose, as `HKDF.expand` does.
        ///
        /// - Parameter count: 0...`maximumCount` bytes.
        func expand(info: [UInt8], count: Int) -> SecretBytes {
            precondition(count >= 0 && count <= maximumCount, "HKDF-SHA512 gives at most \(maximumCount) bytes")
            var output = SecretWriter(capacity: count)
            var remaining = count
            var block = SecretBytes(zeros: 0)
            var counter: UInt8 = 0
            while remaining > 0 {
                counter += 1
                var mac = keyed.duplicate()
                mac.update(block)
                mac.update(info)
                mac.update([counter])
                block = mac.finish()
                let taken = min(remaining, block.count)
                output.append(block, first: taken)
                remaining -= taken
            }
            return output.finish()
        }
    }
}
