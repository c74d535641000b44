import Crypto

/// A server's public key in a form that people can compare: over the telephone, or in an invitation.
package enum Fingerprint {
    /// How many bytes of the digest are shown: 120 bits, so that no other key with the same ones can be found.
    static let shownBytes = 15

    /// The first 120 bits of SHA-512 over the key, in Base32 (RFC 4648, section 6) in six groups of four letters.
    package static func text(of publicKey: [UInt8]) -> String {
        let letters = base32(Digest.sha512(publicKey).prefix(shownBytes))
        return stride(from: 0, to: letters.count, by: 4).map { start in
            String(decoding: letters[start..<min(start + 4, letters.count)], as: UTF8.self)
        }
        .joined(separator: "-")
    }

    /// Base32 of a multiple of five bytes, which needs no padding.
    static func base32(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var letters: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                letters.append(alphabet[Int(bits >> bitCount & 31)])
            }
        }
        return letters
    }
}
