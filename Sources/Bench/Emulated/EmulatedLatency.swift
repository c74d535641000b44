import Basics
import Crypto
import Simulation
import SocketIO

/// The same between the real programs: server processes, sessions over sockets, and between them a thread that delays
/// and loses their datagrams.
struct EmulatedLatency {
    /// In percent, when none is asked for.
    static let losses: [Double] = [0, 1, 5, 10, 20]
    /// Rooms, each with a server process, so that what everybody in a room hears is little.
    private static let rooms = 8
    /// Those who talk in each, and one who listens.
    private static let talkers = 5
    private static let delay: Duration = .milliseconds(40)
    /// After the last line this long for what is under way.
    private static let patience: Duration = .seconds(15)

    /// Percent of datagrams lost, each way, between those who talk and the server.
    var loss: Double
    var interval: Duration
    var messages: Int
    var seed: UInt64

    func run() throws(SystemError) -> BenchReport {
        var servers: [ServerProcess] = []
        defer { for server in servers { server.stop() } }
        for _ in 0..<Self.rooms { servers.append(try ServerProcess()) }
        let behindPath = servers.flatMap { Array(repeating: $0.address, count: Self.talkers) }
        let relay = try PathRelay(servers: behindPath, delay: Self.delay, loss: loss / 100, seed: seed)
        let thread = relay.start()
        let result = Result { () throws(SystemError) -> BenchReport in
            try measure(through: relay, servers: servers.map(\.address))
        }
        relay.stop()
        let counters = try thread.value()
        var report = try result.get()
        report.add("lost", "datagrams lost on the way to the servers", counters.lost)
        return report
    }

    private func measure(through relay: PathRelay, servers: [SocketAddress]) throws(SystemError) -> BenchReport {
        var targets: [SocketAddress] = []
        for (room, server) in servers.enumerated() {
            targets += relay.doors[(room * Self.talkers)..<((room + 1) * Self.talkers)] + [server]
        }
        let password = ServerProcess.roomPassword
        var crowd = try EmulatedCrowd(targets: targets, perRoom: Self.talkers + 1, password: password)
        var report = BenchReport("latency emulated")
        report.add("lossPercent", "loss", loss, digits: 1, unit: "%")
        guard try crowd.enter(within: .seconds(60)) else {
            report.fail("not everybody got in")
            return report
        }
        relay.beginLosing()
        let lines = max(1, messages / (Self.rooms * Self.talkers))
        try crowd.talk(lines: lines, interval: interval, patience: Self.patience)
        let missing = crowd.saidCount - crowd.samples.count
        var samples = crowd.samples
        report.add("messages", "messages", crowd.saidCount)
        report.add("undelivered", "never came", missing)
        for (key, label, share) in [("p50", "half", 0.5), ("p99", "99 %", 0.99), ("p999", "99.9 %", 0.999)] {
            report.add(
                key, label + " arrived within", samples.microseconds(at: share) / 1000, digits: 1, unit: "ms")
        }
        let said = Double(max(1, crowd.saidCount))
        report.add("packets", "packets a message", Double(crowd.packets) / said, digits: 2)
        report.add("bare", "acknowledgements alone, a message", Double(crowd.bareAcknowledgements) / said, digits: 2)
        if missing != 0 { report.fail("\(missing) messages never came") }
        return report
    }
}
