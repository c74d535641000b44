import Basics
import Testing
import Transport

struct PacketNumberTests {
    /// RFC 9000, appendix A.3: after 0xa82f30ea, the bits 0x9b32 of 16 mean 0xa82f9b32. With 32 bits each side is 16
    /// bits wider.
    @Test("the example of RFC 9000, appendix A.3, scaled to 32 bits, decodes as it should")
    func decodesTheExample() {
        #expect(PacketNumber.decode(0x9b32_0000, expected: 0xa82f_30ea_0001) == 0xa82f_9b32_0000)
    }

    @Test("numbers near zero never wrap below it")
    func staysAboveZero() {
        #expect(PacketNumber.decode(0, expected: 0) == 0)
        #expect(PacketNumber.decode(1, expected: 0) == 1)
        #expect(PacketNumber.decode(.max, expected: 0) == 0xffff_ffff)
        #expect(PacketNumber.decode(0x8000_0001, expected: 0) == 0x8000_0001)
    }

    @Test(
        "a number just before or after a multiple of 2^32 decodes to its own side",
        arguments: [1, 2, 1 << 20] as [UInt64])
    func crossesMultiples(multiple: UInt64) {
        let edge = multiple << 32
        #expect(PacketNumber.decode(0, expected: edge) == edge)
        #expect(PacketNumber.decode(5, expected: edge - 3) == edge + 5)
        #expect(PacketNumber.decode(.max, expected: edge) == edge - 1)
        #expect(PacketNumber.decode(.max - 9, expected: edge + 1000) == edge - 10)
    }

    @Test("any number within 2^31 of the expected one survives its truncation")
    func survivesTruncation() {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let expected = UInt64.random(in: (1 << 31)...(1 << 62) - (1 << 31), using: &random)
            let offset = Int64.random(in: -(1 << 31) + 1...(1 << 31), using: &random)
            let number = UInt64(Int64(expected) + offset)
            let decoded = PacketNumber.decode(UInt32(truncatingIfNeeded: number), expected: expected)
            guard decoded == number else {
                Issue.record("\(number) near \(expected) became \(decoded), seed \(seed)")
                return
            }
        }
    }

    @Test("12: near 2^62 nothing decodes to a number two windows away, and nothing traps")
    func staysInBoundsNearTheEnd() {
        let end: UInt64 = 1 << 62
        for expected in [end - 1, end - (1 << 31), end - (1 << 32), end] {
            for bits: UInt32 in [0, 1, 0x7fff_ffff, 0x8000_0000, .max] {
                let decoded = PacketNumber.decode(bits, expected: expected)
                #expect(UInt32(truncatingIfNeeded: decoded) == bits)
                #expect(decoded < end + (1 << 32))
            }
        }
        #expect(PacketNumber.decode(.max, expected: end) == end - 1)
        #expect(PacketNumber.decode(.max, expected: end - 1) == end - 1)
    }
}
