import Basics
import Crypto
import Testing

@Suite struct DerivationTests {
    @Test("SHA-512 of \"abc\" is the published value")
    func sha512() throws {
        let expected = try #require(
            Hex.bytes(
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"))
        #expect(Digest.sha512(Array("abc".utf8)) == expected)
        #expect(Digest.sha512(secret(Array("abc".utf8))).revealed() == expected)
    }

    @Test("HMAC-SHA512 gives the tags of RFC 4231, cases 1 and 6")
    func hmac() throws {
        let short = try #require(
            Hex.bytes(
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                    + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"))
        #expect(MAC.hmacSHA512(key: secret(bytes(0x0b, 20)), Array("Hi There".utf8)) == short)
        let long = try #require(
            Hex.bytes(
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                    + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"))
        let text = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        #expect(MAC.hmacSHA512(key: secret(bytes(0xaa, 131)), text) == long)
    }

    @Test("keyed BLAKE2b gives the first value of the reference's known answers")
    func keyedBlake2b() throws {
        let expected = try #require(
            Hex.bytes(
                "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
                    + "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568"))
        let key = secret((0..<64).map { UInt8($0) })
        #expect(Digest.keyedBlake2b(key: key, input: [], count: 64) == expected)
    }

    @Test("keyed BLAKE2b has the length asked for and depends on the key", arguments: [16, 24, 32, 64])
    func blakeLengths(count: Int) {
        let first = Digest.keyedBlake2b(key: secret(bytes(1, 32)), input: [1, 2, 3], count: count)
        let second = Digest.keyedBlake2b(key: secret(bytes(2, 32)), input: [1, 2, 3], count: count)
        #expect(first.count == count && second.count == count && first != second)
    }

    @Test("expanding less gives the beginning of expanding more", arguments: [0, 1, 63, 64, 65, 128, 1000])
    func expandedPrefix(count: Int) {
        let prk = secret(bytes(7, 64))
        let most = HKDF.expand(prk, info: [1], count: HKDF.maximumCount).revealed()
        #expect(HKDF.expand(prk, info: [1], count: count).revealed() == Array(most.prefix(count)))
    }

    @Test("extracting without salt equals extracting with 64 zeros, as RFC 5869 says")
    func emptySalt() {
        let input = secret([1, 2, 3])
        let bare = HKDF.extract(salt: [], secret: input).revealed()
        let zeros = HKDF.extract(salt: bytes(0, 64), secret: input).revealed()
        #expect(bare == zeros)
    }

    @Test("arrays compare equal only with the same bytes and count")
    func constantTimeArrays() {
        #expect(ConstantTime.areEqual([], []))
        #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
        #expect(!ConstantTime.areEqual([1, 2], [1, 2, 3]))
        for index in 0..<64 {
            for bit in 0..<8 {
                var other = bytes(0x55, 64)
                other[index] ^= 1 << UInt8(bit)
                #expect(!ConstantTime.areEqual(bytes(0x55, 64), other))
            }
        }
    }

    @Test("a password's string is the draft's concatenation")
    func roomPassword() {
        let password = RoomPassword(prepared: secret(Array("GAS1".utf8)))
        #expect(password.prs.revealed() == LengthValue.cat(Array("room".utf8), Array("GAS1".utf8)))
    }

    @Test("a password of the greatest length is taken whole")
    func longestPassword() {
        let text = bytes(0x70, 1024)
        let password = RoomPassword(prepared: secret(text))
        #expect(password.prs.revealed() == LengthValue.cat(Array("room".utf8), text))
    }

    @Test("lengths are LEB128")
    func lengths() {
        #expect(LengthValue.length(0) == [0])
        #expect(LengthValue.length(127) == [0x7f])
        #expect(LengthValue.length(128) == [0x80, 0x01])
        #expect(LengthValue.length(16_384) == [0x80, 0x80, 0x01])
        #expect(LengthValue.length(.max).count == 9)
    }
}
