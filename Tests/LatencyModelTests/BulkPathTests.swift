import Basics
import LatencyModels
import Simulation
import Testing

@testable import Transport

/// Bulk on paths of all kinds: slow, shared, interrupted, with a short queue.
struct BulkPathTests {
    /// A path of 40 ms.
    private static func path(rate: Int, queue: Duration = .milliseconds(80)) -> LinkFaults {
        LinkFaults(delay: .milliseconds(40), bottleneck: Bottleneck(bitsPerSecond: rate, queue: queue))
    }

    @Test("on a slow path with a long queue bulk builds no standing one", arguments: [64_000, 1_000_000])
    func slowPath(rate: Int) {
        var world = BulkWorld(Self.path(rate: rate, queue: .milliseconds(500)))
        world.upload(1 << 40)
        world.run(for: .seconds(40))
        // At 64 kbit/s a packet takes 154 ms: two of them are no standing queue.
        let packet = Double(1228 * 8) / Double(rate) * 1000
        print("bulk: \(rate) bit/s: waits p50 \(world.wait(0.5, since: .seconds(10))) ms")
        #expect(world.wait(0.5, since: .seconds(10)) < max(2 * packet, 20))
        #expect(world.wait(0.5, since: .seconds(30)) < max(2 * packet, 20), "it does not grow either")
        #expect(world.goodput(from: .seconds(10), to: .seconds(40)) > 0.7 * Double(rate))
    }

    @Test("two transfers share a path, whoever was first", arguments: [500_000, 1_500_000])
    func twoTransfers(rate: Int) {
        var world = BulkWorld(Self.path(rate: rate, queue: .milliseconds(300)), members: 2)
        world.upload(1 << 40, by: 0)
        world.run(for: .seconds(3))
        world.upload(1 << 40, by: 1)
        world.run(for: .seconds(27))
        let shares = (0..<2).map { world.goodput(of: $0, from: .seconds(20), to: .seconds(30)) / Double(rate) }
        print("bulk: two transfers at \(rate) bit/s: \(shares)")
        #expect(shares[0] + shares[1] > 0.85)
        #expect(shares.allSatisfy { $0 > 0.2 })
    }

    @Test("a short queue is not taken for random loss")
    func shortQueue() {
        let rate = 5_000_000
        var world = BulkWorld(Self.path(rate: rate, queue: .milliseconds(4)))
        world.upload(1 << 40)
        world.run(for: .seconds(10))
        let dropped = Double(world.up.counters.overflowed) / Double(world.members[0].datagrams)
        print("bulk: queue of 4 ms: dropped \(dropped)")
        #expect(dropped < 0.05)
        #expect(world.goodput(from: .seconds(2), to: .seconds(10)) > 0.7 * Double(rate))
    }

    @Test("a router's marks keep the queue where it wants it, and take little of the path")
    func marks() {
        let rate = 10_000_000
        var world = BulkWorld(Self.path(rate: rate))
        world.marksAbove = .milliseconds(1)
        world.upload(1 << 40)
        world.run(for: .seconds(8))
        let share = world.goodput(from: .seconds(2), to: .seconds(8)) / Double(rate)
        print("bulk: marked above 1 ms: \(share), waits p50/p99 \(world.wait(0.5))/\(world.wait(0.99)) ms")
        #expect(world.members[0].client.marksPackets, "the counts are believed")
        #expect(share > 0.8)
        #expect(world.wait(0.5, since: .seconds(2)) < 1.5)
    }

    @Test("it goes on after an outage", arguments: [100, 1000])
    func outage(milliseconds: Int) {
        let rate = 5_000_000
        var world = BulkWorld(Self.path(rate: rate))
        world.upload(1 << 40)
        world.run(for: .seconds(2))
        world.up.faults.loss = 1
        world.run(for: .milliseconds(milliseconds))
        world.up.faults.loss = 0
        world.run(for: .seconds(8))
        let end = Duration.milliseconds(10_000 + milliseconds)
        #expect(world.goodput(from: end - .seconds(5), to: end) > 0.8 * Double(rate))
        #expect(world.members[0].isIntact)
    }

    @Test("the path becoming slower is noticed, and its becoming quicker too")
    func changingRate() {
        var world = BulkWorld(Self.path(rate: 8_000_000, queue: .milliseconds(200)))
        world.upload(1 << 40)
        world.run(for: .seconds(3))
        world.up.faults.bottleneck?.bitsPerSecond = 2_000_000
        world.run(for: .seconds(5))
        #expect(world.goodput(from: .seconds(5), to: .seconds(8)) > 0.8 * 2_000_000)
        #expect(world.wait(0.5, since: .seconds(6)) < 30)
        world.up.faults.bottleneck?.bitsPerSecond = 8_000_000
        world.run(for: .seconds(6))
        #expect(world.goodput(from: .seconds(12), to: .seconds(14)) > 0.7 * 8_000_000)
    }

    @Test("an owner who writes now and then keeps what is known of the path, and builds no queue")
    func applicationLimited() {
        var world = BulkWorld(Self.path(rate: 10_000_000))
        world.finishesUploads = false
        world.upload(3_000_000)
        world.run(for: .seconds(4))
        var bandwidths: [Double] = []
        for _ in 0..<5 {
            world.extend(by: 20_000)
            world.run(for: .milliseconds(500))
            bandwidths.append(world.members[0].client.bulk.value?.congestion.bandwidth ?? 0)
        }
        #expect(bandwidths.allSatisfy { $0 * 8 > 7_000_000 && $0 * 8 < 12_000_000 })
        #expect(world.members[0].received == 3_100_000 && world.members[0].isIntact)
    }

    @Test(
        "whatever is lost, repeated and late, everything arrives once", arguments: 1...6 as ClosedRange<UInt64>)
    func badPath(seed: UInt64) {
        var path = Self.path(rate: 20_000_000)
        (path.loss, path.duplication, path.reordering) = (0.1, 0.05, 0.2)
        var world = BulkWorld(path, seed: seed)
        world.upload(1_000_000)
        let isDone = world.run(within: .seconds(30)) { $0.members[0].finishedAt != nil }
        #expect(isDone && world.members[0].isIntact && world.members[0].received == 1_000_000, "seed \(seed)")
        #expect(world.members[0].violations.isEmpty)
    }

    @Test("packets that come late are not sent twice for long")
    func reorderingIsLearned() {
        var path = Self.path(rate: 10_000_000)
        path.reordering = 0.3
        var world = BulkWorld(path)
        world.upload(4_000_000)
        let isDone = world.run(within: .seconds(20)) { $0.members[0].finishedAt != nil }
        #expect(isDone)
        let needed = 4_000_000 / 1150
        print("bulk: reordering: \(world.members[0].datagrams) datagrams, \(needed) needed")
        #expect(world.members[0].datagrams < needed * 12 / 10)
    }
}
