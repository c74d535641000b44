import Basics
import LatencyModels
import Simulation

/// How much of a path a byte stream takes, and what a chat beside it notices, in virtual time.
struct BulkBench {
    /// Percent of datagrams lost, when none is asked for.
    static let losses = [0.0, 1, 5]
    /// The beginning, in which the path is learned, is told apart from what follows.
    private static let beginning: Duration = .milliseconds(1500)

    /// Percent.
    var loss: Double
    /// Of the path, in Mbit/s.
    var rate: Int
    /// From one message of the chat to the next.
    var interval: Duration
    var seconds: Double
    var seed: UInt64

    private var span: Duration { max(.nanoseconds(Int64(seconds * 1e9)), Self.beginning * 2) }

    func run() -> BenchReport {
        let (bulk, alone, both) = (world(uploads: true), world(chats: true), world(chats: true, uploads: true))
        let most = Double(rate) * 1e6 * (1 - loss / 100)
        let member = bulk.members[0]
        var report = BenchReport("bulk")
        report.add("lossPercent", "loss", loss, digits: 1, unit: "%")
        report.add("megabitsPerSecond", "the path", rate, unit: "Mbit/s")
        report.add("seconds", "for", span.inMilliseconds / 1000, digits: 1, unit: "s")
        let goodput = bulk.goodput(from: Self.beginning, to: span)
        report.add("goodputMegabits", "bytes of the stream that arrive", goodput / 1e6, digits: 2, unit: "Mbit/s")
        report.add("share", "of the path without what it loses", goodput / most, digits: 3)
        let whole = bulk.goodput(from: .zero, to: span)
        report.add("shareFromStart", "the beginning included", whole / most, digits: 3)
        let bytes = Double(member.bytes + member.datagrams * Bottleneck.headerBytes)
        report.add("bytesPerByte", "bytes sent for a byte that arrives", bytes / Double(member.received), digits: 3)
        for (key, label, share) in [("waitP50", "half wait in the queue", 0.5), ("waitP99", "99 %", 0.99)] {
            report.add(key, label, bulk.wait(share, since: Self.beginning), digits: 2, unit: "ms")
        }
        report.add("overflowed", "did not fit the queue", bulk.up.counters.overflowed)
        for (key, label, world) in [("alone", "chat alone", alone), ("beside", "chat beside it", both)] {
            for (name, percent, share) in [("P50", "p50", 0.5), ("P99", "p99", 0.99), ("P999", "p99.9", 0.999)] {
                report.add(key + name, label + ", " + percent, world.chatDelay(share), digits: 1, unit: "ms")
            }
        }
        let beside = both.goodput(from: Self.beginning, to: span)
        report.add("besideGoodputMegabits", "bulk beside the chat", beside / 1e6, digits: 2, unit: "Mbit/s")
        judge(bulk, both, in: &report)
        return report
    }

    private func world(chats: Bool = false, uploads: Bool = false) -> BulkWorld {
        let queue = Bottleneck(bitsPerSecond: rate * 1_000_000, queue: .milliseconds(80))
        var world = BulkWorld(
            LinkFaults(loss: loss / 100, delay: .milliseconds(40), bottleneck: queue), seed: seed)
        if chats { world.chatInterval = interval }
        if uploads { world.upload(.max) }
        world.run(for: span)
        if chats {
            world.chatInterval = nil
            world.run(for: .seconds(2))
        }
        return world
    }

    private func judge(_ bulk: BulkWorld, _ both: BulkWorld, in report: inout BenchReport) {
        if !bulk.members[0].isIntact || !both.members[0].isIntact { report.fail("other bytes arrived than were sent") }
        if !bulk.members[0].violations.isEmpty { report.fail("the connection broke its own rules") }
        if both.unheard > 0 { report.fail("\(both.unheard) messages never came") }
    }
}
