import Crypto
import Testing

@Suite struct PrimitiveVectorTests {
    private let vectors: Vectors

    init() throws {
        vectors = try Vectors.load()
    }

    /// A scalar of 32 bytes, little-endian.
    private func scalar(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value)] + bytes(0, 31)
    }

    private func baseProduct(_ value: Int) -> [UInt8]? {
        Ristretto255.multiplyBase(by: secret(scalar(value)))?.revealed()
    }

    @Test("multiples of the ristretto255 generator are the published ones")
    func multiplesOfGenerator() {
        let multiples = vectors.ristretto255.multiples.map(\.bytes)
        #expect(multiples.count == 16)
        #expect(multiples[0] == bytes(0, 32))
        #expect(baseProduct(0) == nil, "the identity is refused")
        for index in 1..<multiples.count {
            #expect(baseProduct(index) == multiples[index])
        }
    }

    @Test("each multiple multiplied is a published multiple again")
    func multiplesOfMultiples() {
        let multiples = vectors.ristretto255.multiples.map(\.bytes)
        for index in 1..<multiples.count {
            for factor in 1...15 where index * factor < multiples.count {
                #expect(product(multiples[index], scalar(factor)) == multiples[index * factor])
            }
            #expect(product(multiples[0], scalar(index)) == nil)
            #expect(product(multiples[index], scalar(0)) == nil)
        }
    }

    @Test("encodings that must not decode are refused")
    func invalidEncodings() {
        #expect(vectors.ristretto255.invalid.count == 29)
        for encoding in vectors.ristretto255.invalid {
            #expect(product(encoding.bytes, scalar(1)) == nil, "\(encoding.bytes)")
        }
    }

    @Test("an element with the top bit set is refused, since it is not below the prime")
    func topBit() {
        for encoding in vectors.ristretto255.multiples.map(\.bytes) {
            var changed = encoding
            changed[31] |= 0x80
            #expect(product(changed, scalar(1)) == nil)
        }
    }

    @Test("an element of another length is refused", arguments: [0, 1, 31, 33, 64])
    func otherLengths(count: Int) {
        #expect(product(bytes(0, count), scalar(1)) == nil)
    }

    @Test("hashes map to the published elements")
    func elementsFromHashes() {
        #expect(vectors.ristretto255.from_hash.count == 11)
        for vector in vectors.ristretto255.from_hash {
            #expect(Ristretto255.element(fromHash: vector.in.secret()).revealed() == vector.out.bytes)
        }
    }

    @Test("a scalar is reduced by the order of the group")
    func reducedScalar() throws {
        let order = try #require(Hex.bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        #expect(Ristretto255.scalar(reducing: secret(order + bytes(0, 32))).revealed() == bytes(0, 32))
        let seven = Ristretto255.scalar(reducing: secret([0xf4] + order.dropFirst() + bytes(0, 32)))
        #expect(seven.revealed() == [7] + bytes(0, 31))
    }

    @Test("ChaCha20-Poly1305 seals and opens the published packets")
    func chaCha() {
        #expect(vectors.aead.chacha20_poly1305_ietf.count == 2)
        for vector in vectors.aead.chacha20_poly1305_ietf { check(vector, .chaCha20Poly1305) }
    }

    @Test(
        "AES-256-GCM seals and opens the published packets",
        .enabled(if: AEAD.aes256GCM.isAvailable, "the processor lacks the instructions"))
    func aes() {
        #expect(vectors.aead.aes_256_gcm.count == 4)
        for vector in vectors.aead.aes_256_gcm { check(vector, .aes256GCM) }
    }

    private func check(_ vector: Vectors.Sealed, _ algorithm: AEAD) {
        let (key, nonce, header) = (vector.key.bytes, vector.nonce.bytes, vector.aad.bytes)
        let sealed = algorithm.seal(vector.plaintext.bytes, header: header, key: secret(key), nonce: nonce)
        #expect(sealed == vector.ciphertext.bytes + vector.tag.bytes, "\(vector.name)")
        let opened = algorithm.open(sealed, header: header, key: secret(key), nonce: nonce)
        #expect(opened == vector.plaintext.bytes, "\(vector.name)")
        checkRefusals(of: sealed, header: header, key: key, nonce: nonce, algorithm)
    }

    /// Changes each byte of each input, and cuts the packet at each place.
    private func checkRefusals(
        of sealed: [UInt8], header: [UInt8], key: [UInt8], nonce: [UInt8], _ algorithm: AEAD
    ) {
        for (index, bytes) in variants(of: sealed).enumerated() {
            #expect(algorithm.open(bytes, header: header, key: secret(key), nonce: nonce) == nil, "byte \(index)")
        }
        for (index, bytes) in variants(of: header).enumerated() {
            #expect(algorithm.open(sealed, header: bytes, key: secret(key), nonce: nonce) == nil, "header \(index)")
        }
        for (index, bytes) in variants(of: nonce).enumerated() {
            #expect(algorithm.open(sealed, header: header, key: secret(key), nonce: bytes) == nil, "nonce \(index)")
        }
        for (index, bytes) in variants(of: key).enumerated() {
            #expect(algorithm.open(sealed, header: header, key: secret(bytes), nonce: nonce) == nil, "key \(index)")
        }
        for count in 0..<sealed.count {
            let cut = Array(sealed.prefix(count))
            #expect(algorithm.open(cut, header: header, key: secret(key), nonce: nonce) == nil, "cut at \(count)")
        }
    }

    /// The input with one bit changed, once for each byte.
    private func variants(of bytes: [UInt8]) -> [[UInt8]] {
        bytes.indices.map { index in
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            return changed
        }
    }

    @Test("HKDF-SHA512 derives the published bytes")
    func hkdf() {
        #expect(!vectors.hkdf_sha512.isEmpty)
        for vector in vectors.hkdf_sha512 {
            let prk = HKDF.extract(salt: vector.salt.bytes, secret: vector.ikm.secret())
            let output = HKDF.expand(prk, info: vector.info.bytes, count: vector.okm.bytes.count)
            #expect(output.revealed() == vector.okm.bytes, "\(vector.name)")
        }
    }
}
