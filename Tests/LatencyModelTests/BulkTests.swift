import Basics
import LatencyModels
import Simulation
import Testing

/// What bulk reaches: the rows of the table in `Bulk.md`, over less time.
///
/// `GASCHAT_BULK_SECONDS=60 swift test -c release -Xswiftc -enable-testing --filter BulkTests` plays them at full speed.
struct BulkTests {
    /// For how long, in virtual seconds, a path of 100 Mbit/s is used.
    private static let bulkSeconds = TestParameters.bulkSeconds
    /// Bits a second of the path, and for how long it is used.
    private static let rate = bulkSeconds == nil ? 10_000_000 : 100_000_000
    private static let span: Duration = .seconds(bulkSeconds ?? 5)

    private static func path(loss: Double, rate: Int = rate, queue: Duration = .milliseconds(80)) -> LinkFaults {
        LinkFaults(
            loss: loss, delay: .milliseconds(40), bottleneck: Bottleneck(bitsPerSecond: rate, queue: queue))
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    @Test(
        "bulk takes the path in spite of random loss, and keeps the queue short",
        arguments: [(0, 0.9), (0.01, 0.9), (0.05, 0.85)])
    func goodput(loss: Double, share: Double) {
        var world = BulkWorld(Self.path(loss: loss))
        world.upload(1 << 40)
        world.run(for: Self.span)
        let all = world.goodput(from: .zero, to: Self.span) / Double(Self.rate) / (1 - loss)
        let later = world.goodput(from: .milliseconds(1500), to: Self.span) / Double(Self.rate) / (1 - loss)
        let waits = (world.wait(0.5, since: .seconds(2)), world.wait(0.99, since: .seconds(2)))
        print(
            "bulk: \(Self.rate / 1_000_000) Mbit/s, \(loss * 100) %: \(Self.rounded(later)) of rate x (1 - p), "
                + "\(Self.rounded(all)) with the beginning; waits p50/p99 "
                + "\(Self.rounded(waits.0))/\(Self.rounded(waits.1)) ms")
        #expect(later >= share)
        #expect(waits.0 < 8 && waits.1 < 20)
        #expect(world.members[0].isIntact && world.members[0].violations.isEmpty)
    }

    @Test("a chat beside bulk is hardly slower", arguments: [0, 0.01])
    func chatBeside(loss: Double) {
        let begin: Duration = .seconds(2)
        var delays: [Double] = []
        for hasBulk in [false, true] {
            var world = BulkWorld(Self.path(loss: loss))
            world.chatInterval = .milliseconds(20)
            if hasBulk { world.upload(1 << 40) }
            world.run(for: Self.span)
            // With few messages the first second, in which the path is learned, would be more than one in a hundred.
            let counted = Self.bulkSeconds == nil ? begin : .zero
            delays.append(world.chatDelay(0.99, since: counted))
        }
        print("bulk: chat beside it at \(loss * 100) %: p99 \(Self.rounded(delays[1])) ms, alone \(delays[0]) ms")
        #expect(delays[1] - delays[0] < 5)
    }
}
