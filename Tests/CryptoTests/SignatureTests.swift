import Basics
import Crypto
import Testing

@Suite struct SignatureTests {
    private static let message = Array("the messages so far".utf8)

    private func key() -> SigningKey {
        var random = SeededGenerator(seed: 21)
        return SigningKey(using: &random)
    }

    @Test("Ed25519 gives the key and the signature of RFC 8032, section 7.1, test 2")
    func published() throws {
        let seed = try #require(Hex.bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let key = SigningKey(seed: secret(seed))
        #expect(key.publicKey == Hex.bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
        let expected = Hex.bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        #expect(key.sign([0x72]) == expected)
    }

    @Test("a signature holds for its message and key")
    func valid() {
        let key = key()
        let signature = key.sign(Self.message)
        #expect(signature.count == Signature.byteCount)
        #expect(Signature.isValid(signature, over: Self.message, publicKey: key.publicKey))
        #expect(Signature.isValid(key.sign([]), over: [], publicKey: key.publicKey))
    }

    @Test("a change of any byte of signature, message or key is refused")
    func changes() {
        let key = key()
        let signature = key.sign(Self.message)
        for index in signature.indices {
            var other = signature
            other[index] ^= 0x10
            #expect(!Signature.isValid(other, over: Self.message, publicKey: key.publicKey), "byte \(index)")
        }
        for index in Self.message.indices {
            var other = Self.message
            other[index] ^= 1
            #expect(!Signature.isValid(signature, over: other, publicKey: key.publicKey), "byte \(index)")
        }
        for index in key.publicKey.indices {
            var other = key.publicKey
            other[index] ^= 1
            #expect(!Signature.isValid(signature, over: Self.message, publicKey: other), "byte \(index)")
        }
    }

    @Test("signatures and keys of another length are refused", arguments: [0, 1, 31, 33, 63, 65, 128])
    func otherLengths(count: Int) {
        let key = key()
        #expect(!Signature.isValid(bytes(1, count), over: Self.message, publicKey: key.publicKey))
        #expect(!Signature.isValid(key.sign(Self.message), over: Self.message, publicKey: bytes(1, count)))
    }

    @Test("the key of all zeros, for which forged signatures exist, is refused")
    func smallOrderKey() {
        #expect(!Signature.isValid(bytes(0, 64), over: Self.message, publicKey: bytes(0, 32)))
        #expect(!Signature.isValid([1] + bytes(0, 63), over: Self.message, publicKey: [1] + bytes(0, 31)))
    }

    @Test("the seed brings the key back")
    func seed() {
        let key = key()
        let again = SigningKey(seed: key.seed())
        #expect(again.publicKey == key.publicKey)
        #expect(again.sign(Self.message) == key.sign(Self.message))
    }

    @Test("the library starts, as often as it is asked to")
    func library() {
        #expect(CryptoLibrary.start())
        #expect(CryptoLibrary.start())
    }
}
