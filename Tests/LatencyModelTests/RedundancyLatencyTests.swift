import Basics
import LatencyModels
import Simulation
import Testing

/// What the redundancy scheme reaches over two hops: rows of the table in `Redundancy.md`, with fewer messages.
///
/// `GASCHAT_LATENCY_MESSAGES=100000 swift test -c release -Xswiftc -enable-testing --filter LatencyModelTests` plays
/// them in full.
struct RedundancyLatencyTests {
    struct Row: Sendable {
        let loss: Int
        let p99: Double
        let p999: Double
        let packets: Double
    }

    private static let rows = [
        Row(loss: 1, p99: 46, p999: 52, packets: 2.2), Row(loss: 5, p99: 48, p999: 60, packets: 3.2),
        Row(loss: 10, p99: 54, p999: 75, packets: 4.2), Row(loss: 20, p99: 65, p999: 120, packets: 5.6),
    ]

    private static var isFull: Bool { TestParameters.latencyMessages != nil }

    private static func play(_ scenario: LatencyCase) -> LatencyResult {
        let result = RoomLatency.run(scenario)
        let shares = [0.5, 0.99, 0.999, 0.9999].map { "\(result.percentile($0).rounded(digits: 1))" }
        let packets = [
            result.packetsPerMessage, result.bareAcknowledgementsPerMessage, result.serverPacketsPerMessage,
        ].map { "\($0.rounded(digits: 2))" }
        print(
            "latency: \(scenario.name), \(result.messages) messages: p50/p99/p99.9/p99.99 "
                + shares.joined(separator: "/")
                + " ms; a message: packets, bare acknowledgements, packets of the server "
                + packets.joined(separator: "/"))
        #expect(result.undelivered == 0, "\(scenario.name)")
        return result
    }

    private static func messages(_ few: Int) -> Int { TestParameters.latencyMessages ?? few }

    @Test(
        "a small message under random loss arrives about as soon as without loss", arguments: rows,
        [(100, 600), (50, 400), (1000, 400)])
    func arrivesInTime(row: Row, pace: (milliseconds: Int, few: Int)) {
        let result = Self.play(
            LatencyCase(
                name: "\(row.loss) %, each \(pace.milliseconds) ms", loss: .independent(Double(row.loss) / 100),
                interval: .milliseconds(pace.milliseconds), messages: Self.messages(pace.few)))
        #expect(result.percentile(0.99) <= row.p99 * (Self.isFull ? 1 : 1.1))
        // Of few messages the worst in a thousand are one or two, of the time when the loss is not known yet.
        if Self.isFull { #expect(result.percentile(0.999) <= row.p999) }
        #expect(result.packetsPerMessage <= row.packets)
    }

    @Test("with as much loss on the receiver's path the server's copies do the same", arguments: rows)
    func arrivesOverTwoLossyPaths(row: Row) {
        var scenario = LatencyCase(
            name: "\(row.loss) % on both paths of 40 ms, each 100 ms", loss: .independent(Double(row.loss) / 100),
            interval: .milliseconds(100), messages: Self.messages(300))
        scenario.receiverDelay = scenario.delay
        scenario.receiverLoss = scenario.loss
        let result = Self.play(scenario)
        #expect(result.percentile(0.99) <= row.p99 + 60)
    }

    @Test("in a busy room packets that leave anyway carry the copies")
    func busyRoom() {
        let result = Self.play(
            LatencyCase(
                name: "busy: 10 %, each 10 ms", loss: .independent(0.1), interval: .milliseconds(10),
                messages: Self.messages(1500)))
        #expect(result.percentile(0.99) <= (Self.isFull ? 60 : 66))
        #expect(result.packetsPerMessage <= 1.4)
    }

    @Test("outages of 60 ms in the mean, a tenth of the time, are bridged soon after their end")
    func outages() {
        let result = Self.play(
            LatencyCase(
                name: "outages of 60 ms, 10 %, each 100 ms",
                loss: .outages(Outages(share: 0.1, mean: .milliseconds(60))),
                interval: .milliseconds(100), messages: Self.messages(1500)))
        #expect(result.percentile(0.99) <= (Self.isFull ? 215 : 260))
    }

    @Test(
        "ten members who chat over 64 kbit/s build no standing queue, and every message arrives",
        arguments: [2000, 600], [0, 0.02])
    func narrowPath(milliseconds: Int, loss: Double) {
        var scenario = LatencyCase(
            name: "64 kbit/s, ten members, each \(milliseconds) ms, \(loss)", loss: .independent(loss),
            interval: .milliseconds(milliseconds), messages: min(Self.messages(60), 2000))
        scenario.members = 10
        scenario.bottleneck = Bottleneck(bitsPerSecond: 64_000, queue: .milliseconds(500))
        scenario.echoes = false
        let result = Self.play(scenario)
        print("latency: waits in the queue p50/p99 \(result.wait(0.5))/\(result.wait(0.99)) ms")
        // The fast pace with copies comes near the path's rate: queues come then, but they go again.
        #expect(result.wait(0.5) <= 30 && result.wait(0.99) <= (milliseconds < 1000 ? 400 : 60))
    }
}

extension Double {
    fileprivate func rounded(digits: Int) -> Double {
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        return (self * scale).rounded() / scale
    }
}
