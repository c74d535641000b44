import Crypto
import Foundation
import Testing

/// Octets that are written as hexadecimal digits.
struct Hex: Decodable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let bytes = Hex.bytes(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not hexadecimal: \(text)")
        }
        self.bytes = bytes
    }

    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    func secret() -> SecretBytes { SecretBytes(copying: bytes.span) }
}

/// The published vectors, section by section.
struct Vectors: Decodable {
    /// A CPace run; the draft's own and the generated ones share these fields.
    struct Run: Decodable {
        let name: String?
        let PRS, CI, sid, ADa, ADb, ya, yb: Hex
        let zpad_length: Int
        let generator_string, generator_string_hash, g, Ya, Yb, K, ISK_IR: Hex
        let DSI, DSI_ISK, transcript_ir, isk_ir_input, transcript_oc, isk_sy_input, ISK_SY: Hex?
        let sid_output_ir, sid_output_oc: Hex?
        let mac_key, Ta_hmac_sha512, Tb_hmac_sha512: Hex?
    }

    struct Points: Decodable {
        struct Product: Decodable { let s, X, result: Hex }
        let valid: Product
        let invalid_scalar, invalid_decode, invalid_identity: Hex
    }

    struct Strings: Decodable {
        struct One: Decodable { let `in`, out: Hex }
        struct Many: Decodable {
            let `in`: [Hex]
            let out: Hex
        }
        struct Transcript: Decodable { let Ya, ADa, Yb, ADb, out: Hex }
        let prepend_len: [One]
        let lv_cat, o_cat: [Many]
        let transcript_ir, transcript_oc: [Transcript]
    }

    struct Group: Decodable {
        let multiples, invalid: [Hex]
        let from_hash: [Strings.One]
    }

    struct Sealed: Decodable {
        let name: String
        let key, nonce, aad, plaintext, ciphertext, tag: Hex
    }

    struct Ciphers: Decodable { let chacha20_poly1305_ietf, aes_256_gcm: [Sealed] }

    struct Derivation: Decodable {
        let name: String
        let ikm, salt, info, okm: Hex
    }

    let cpace: Run
    let cpace_points: Points
    let strings: Strings
    let generated: [Run]
    let ristretto255: Group
    let aead: Ciphers
    let hkdf_sha512: [Derivation]

    static func load() throws -> Vectors {
        let url = try #require(
            Bundle.module.url(forResource: "cpace-ristr255-sha512", withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: url))
    }
}

/// A secret out of public bytes.
func secret(_ bytes: [UInt8]) -> SecretBytes { SecretBytes(copying: bytes.span) }

/// An element multiplied by a scalar; nil when it is refused.
func product(_ element: [UInt8], _ scalar: [UInt8]) -> [UInt8]? {
    Ristretto255.multiply(secret(element), by: secret(scalar))?.revealed()
}

/// Whether two secrets are found equal.
func areMatching(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let right = secret(right)
    return secret(left).matches(right)
}

/// Whether two secrets are found equal.
func areMatching(_ left: SecretBox, _ right: SecretBox) -> Bool {
    left.bytes.matches(right.bytes)
}

/// The same byte many times.
func bytes(_ value: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: value, count: count) }
