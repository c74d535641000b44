package import Crypto

/// A server's public key in a form that people can compare: over the telephone, or in an invitation.
///
/// Base32 (RFC 4648, section 6) of a `KeyFingerprint` in six groups of four letters.
package enum Fingerprint {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    /// Base32 of 120 bits needs no padding.
    private static let letters = KeyFingerprint.byteCount * 8 / 5

    package static func text(of publicKey: [UInt8]) -> String {
        text(of: KeyFingerprint(of: publicKey))
    }

    package static func text(of fingerprint: KeyFingerprint) -> String {
        let letters = base32(fingerprint.bytes)
        return stride(from: 0, to: letters.count, by: 4).map { start in
            String(decoding: letters[start..<min(start + 4, letters.count)], as: UTF8.self)
        }
        .joined(separator: "-")
    }

    /// Reads what `text` wrote; small letters do as well, and hyphens may be anywhere or left out. Total.
    ///
    /// - Returns: nil for anything else.
    package static func read(_ text: Substring) -> KeyFingerprint? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        var count = 0
        for byte in text.utf8 where byte != UInt8(ascii: "-") {
            let isSmall = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            guard count < letters, let value = alphabet.firstIndex(of: isSmall ? byte - 0x20 : byte) else { return nil }
            count += 1
            bits = bits << 5 | UInt32(value)
            bitCount += 5
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
        }
        return KeyFingerprint(bytes: bytes)
    }

    /// Base32 of a multiple of five bytes, which needs no padding.
    static func base32(_ bytes: some Collection<UInt8>) -> [UInt8] {
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
