import Basics
import Testing

@Suite("Bounded queue and seeded generator")
struct BoundedQueueTests {
    @Test("it behaves like an array with a bound, whatever is done to it", arguments: 1...5)
    func oracle(limit: Int) {
        var random = SeededGenerator(seed: UInt64(limit))
        var queue = BoundedQueue<Int>(limit: limit * 7)
        var oracle: [Int] = []
        for step in 0..<5_000 {
            if random.chance(0.55) {
                let taken = queue.append(step)
                #expect(taken == (oracle.count < limit * 7))
                if taken { oracle.append(step) }
            } else {
                let expected = oracle.isEmpty ? nil : oracle.removeFirst()
                let popped = queue.popFirst()
                #expect(popped == expected)
            }
            #expect(queue.count == oracle.count)
            #expect(queue.first == oracle.first)
            #expect(queue.isFull == (oracle.count == limit * 7))
            #expect(queue.isEmpty == oracle.isEmpty)
        }
    }

    @Test("the same seed gives the same numbers, another gives others")
    func seeds() {
        var first = SeededGenerator(seed: 42)
        var second = SeededGenerator(seed: 42)
        var other = SeededGenerator(seed: 43)
        let (one, two, three) = (first.bytes(33), second.bytes(33), other.bytes(33))
        #expect(one == two)
        #expect(one != three)
        #expect(one.count == 33)
    }

    /// The first outputs of the reference implementation for seed 1234567.
    @Test("the generator is SplitMix64")
    func reference() {
        var generator = SeededGenerator(seed: 1_234_567)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test("chances come out as asked")
    func chances() {
        var generator = SeededGenerator(seed: 9)
        let hits = (0..<10_000).count { _ in generator.chance(0.2) }
        #expect((1_800...2_200).contains(hits))
        #expect(!(0..<100).contains { _ in generator.chance(0) })
    }
}
