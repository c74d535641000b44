import Basics
import Crypto
import Testing

@Suite struct SecretBytesTests {
    /// A run of bytes that nothing else has.
    private static let pattern = Array("a secret that leaves no trace, 40 bytes.".utf8)

    @Test("a secret's bytes are in the slab while it lives and wiped when it ends")
    func wipedAfterRelease() {
        let slab = SecretSlab()
        do {
            let secret = SecretBytes(copying: Self.pattern.span, in: slab)
            #expect(slab.holds(Self.pattern))
            #expect(secret.revealed() == Self.pattern)
        }
        #expect(!slab.holds(Self.pattern))
        #expect(!slab.holds(Array(Self.pattern.suffix(4))), "the end is wiped as well")
        #expect(slab.slotsInUse == 0)
    }

    @Test("a copy lives on when its original ends")
    func duplicateOutlives() {
        let slab = SecretSlab()
        let copy = SecretBytes(copying: Self.pattern.span, in: slab).duplicate()
        #expect(slab.slotsInUse == 1)
        #expect(copy.revealed() == Self.pattern)
    }

    @Test("moving wipes the array")
    func movingWipes() {
        var source = Self.pattern
        source.append(1)
        let expected = source
        let secret = SecretBytes(moving: &source)
        #expect(secret.revealed() == expected)
        #expect(source == bytes(0, expected.count))
    }

    @Test("a released slot is used again, and holds only zeros besides the new secret")
    func slotsAreReused() {
        let slab = SecretSlab()
        for _ in 0..<10_000 {
            let long = SecretBytes(copying: bytes(0xee, 64).span, in: slab)
            #expect(long.count == 64)
        }
        #expect(slab.reservedBytes == SecretSlab.chunkBytes)
        let short = SecretBytes(copying: [0x77].span, in: slab)
        #expect(short.revealed() == [0x77])
        #expect(!slab.holds([0xee]))
    }

    @Test("secrets of every size keep their bytes beside each other")
    func manySizes() {
        let slab = SecretSlab()
        var random = SeededGenerator(seed: 3)
        var boxes: [SecretBox] = []
        var expected: [[UInt8]] = []
        for round in 0..<2_000 {
            let count = Int.random(in: 0...(round.isMultiple(of: 100) ? 5_000 : 300), using: &random)
            let bytes = random.bytes(count)
            boxes.append(SecretBox(SecretBytes(copying: bytes.span, in: slab)))
            expected.append(bytes)
            if boxes.count > 200 {
                let index = Int.random(in: 0..<boxes.count, using: &random)
                boxes.remove(at: index)
                expected.remove(at: index)
            }
        }
        #expect(boxes.map { $0.bytes.revealed() } == expected)
        #expect(slab.slotsInUse == boxes.count)
        boxes.removeAll()
        #expect(slab.slotsInUse == 0)
        #expect(slab.holds(bytes(0, SecretSlab.chunkBytes)))
    }

    @Test("the slab takes more chunks when it needs them and fills them whole")
    func growth() {
        let slab = SecretSlab()
        var boxes: [SecretBox] = []
        let perChunk = SecretSlab.chunkBytes / SecretSlab.slotBytes
        for _ in 0..<perChunk * 2 { boxes.append(SecretBox(SecretBytes(copying: [1].span, in: slab))) }
        #expect(slab.reservedBytes == 2 * SecretSlab.chunkBytes)
        boxes.append(SecretBox(SecretBytes(copying: [1].span, in: slab)))
        #expect(slab.reservedBytes == 3 * SecretSlab.chunkBytes)
        let whole = SecretBytes(copying: bytes(9, SecretSlab.chunkBytes).span, in: slab)
        #expect(whole.revealed() == bytes(9, SecretSlab.chunkBytes))
        for _ in 1..<perChunk { boxes.append(SecretBox(SecretBytes(copying: [1].span, in: slab))) }
        #expect(slab.reservedBytes == 4 * SecretSlab.chunkBytes, "what the third chunk had left was not lost")
    }

    @Test("many threads take and release secrets at once")
    func concurrency() async {
        let slab = SecretSlab()
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<2_000).allSatisfy { round in
                        let expected = bytes(UInt8(task), round % 200)
                        return SecretBytes(copying: expected.span, in: slab).revealed() == expected
                    }
                }
            }
            for await isIntact in group { #expect(isIntact) }
        }
        #expect(slab.slotsInUse == 0)
    }

    @Test("random secrets are the bytes of the generator", arguments: [0, 1, 7, 8, 9, 32, 100])
    func randomSecrets(count: Int) {
        var first = SeededGenerator(seed: 11)
        var second = SeededGenerator(seed: 11)
        let secret = SecretBytes(count: count, using: &first)
        #expect(secret.count == count)
        #expect(secret.revealed() == second.bytes(count))
    }

    @Test("secrets match only with the same bytes and count")
    func matching() {
        #expect(areMatching([1, 2, 3], [1, 2, 3]))
        #expect(areMatching([], []))
        #expect(!areMatching([1, 2, 3], [1, 2, 4]))
        #expect(!areMatching([1, 2, 3], [1, 2, 3, 0]))
        #expect(!areMatching([1, 2, 3, 0], [1, 2, 3]))
    }

    @Test("a writer joins secrets and public bytes and drops what it did not need")
    func writer() {
        var writer = SecretWriter(capacity: 100)
        writer.append([1, 2])
        writer.append(secret([3, 4, 5]))
        writer.append(secret([6, 7, 8]), first: 1)
        writer.appendLengthValue(secret([9]))
        writer.appendLengthValue([])
        let result = writer.finish()
        #expect(result.revealed() == [1, 2, 3, 4, 5, 6, 1, 9, 0])
    }
}
