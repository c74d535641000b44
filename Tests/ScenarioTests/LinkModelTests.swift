import Basics
import Simulation
import Testing

@Suite("a link of a simulated path")
struct LinkModelTests {
    /// Sends datagrams of 100 bytes at an even pace.
    ///
    /// - Returns: for each, when it arrived.
    private func carry(
        _ count: Int, every pace: Duration = .milliseconds(1), _ faults: LinkFaults, seed: UInt64 = 1
    ) -> [[LinkArrival]] {
        var link = LinkModel(faults, seed: seed)
        return (0..<count).map { link.carry(bytes: 100, at: .origin + pace * $0) }
    }

    private func moments(_ arrivals: [[LinkArrival]]) -> [Instant] {
        arrivals.flatMap { $0.map(\.moment) }
    }

    @Test("outages take the share of time that was asked for, and last as long on average", arguments: [20, 60, 500])
    func outages(mean: Int) {
        let step: Duration = .milliseconds(mean) / 20
        let faults = LinkFaults(outages: Outages(share: 0.1, mean: .milliseconds(mean)))
        let arrived = carry(200_000, every: step, faults, seed: 3).map { !$0.isEmpty }
        let lost = arrived.count { !$0 }
        #expect((17_000...23_000).contains(lost))
        let begun = zip(arrived, arrived.dropFirst()).count { $0 && !$1 }
        // An outage that falls between two datagrams is not seen.
        #expect((17...25).contains(Double(lost) / Double(begun)))
    }

    @Test("outages do not depend on what is sent")
    func outagesAreTimes() {
        let faults = LinkFaults(outages: Outages(share: 0.2, mean: .milliseconds(60)))
        let dense = carry(10_000, faults)
        let sparse = carry(1_000, every: .milliseconds(10), faults)
        #expect(sparse.map(\.isEmpty) == stride(from: 0, to: 10_000, by: 10).map { dense[$0].isEmpty })
    }

    @Test("the same seed gives the same fates, another seed others")
    func reproducible() {
        let faults = LinkFaults(
            loss: 0.1, jitter: .milliseconds(30), reordering: 0.1, duplication: 0.1, corruption: 0.1, replay: 0.01)
        #expect(carry(1_000, faults) == carry(1_000, faults))
        #expect(carry(1_000, faults) != carry(1_000, faults, seed: 2))
    }

    @Test("a bottleneck passes its rate, and its queue drops what would wait too long")
    func bottleneck() {
        // 128 bytes with headers at 64 kbit/s are 16 ms each; they come twice as fast.
        let narrow = Bottleneck(bitsPerSecond: 64_000, queue: .milliseconds(500))
        let arrived = carry(1_000, every: .milliseconds(8), LinkFaults(delay: .zero, bottleneck: narrow))
        #expect((530...534).contains(moments(arrived).count))
        for (number, arrivals) in arrived.enumerated() {
            guard let arrival = arrivals.first else { continue }
            #expect(arrival.moment - (.origin + .milliseconds(8) * number) <= .milliseconds(516))
        }
        // A path that is not filled has no queue.
        let calm = carry(100, every: .milliseconds(16), LinkFaults(delay: .zero, bottleneck: narrow))
        #expect(moments(calm) == (1...100).map { .origin + .milliseconds(16) * $0 })
    }

    @Test("a black hole swallows what is larger than its limit, and nothing else")
    func blackHole() {
        var link = LinkModel(LinkFaults(largestDatagram: 1_200), seed: 1)
        let small = link.carry(bytes: 1_200, at: .origin)
        let large = link.carry(bytes: 1_201, at: .origin)
        #expect(small.count == 1 && large.isEmpty && link.counters.swallowed == 1)
    }

    @Test("jitter that keeps the order does, and datagrams that are held back lose it")
    func order() {
        let jitter = moments(carry(1_000, LinkFaults(jitter: .milliseconds(50), keepsOrder: true)))
        #expect(jitter.count == 1_000 && jitter == jitter.sorted())
        let held = moments(carry(1_000, LinkFaults(reordering: 0.1)))
        let late = zip(held, held.dropFirst()).count { $0 > $1 }
        #expect(held.count == 1_000 && (60...130).contains(late))
    }

    @Test("an exponentially distributed number has mean and spread 1")
    func exponential() {
        var random = SeededGenerator(seed: 5)
        let drawn = (0..<100_000).map { _ in random.exponential() }
        let mean = drawn.reduce(0, +) / 100_000
        let square = drawn.reduce(0) { $0 + $1 * $1 } / 100_000
        #expect(abs(mean - 1) < 0.02 && abs(square - 2) < 0.06)
    }
}
