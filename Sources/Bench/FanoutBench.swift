import Basics
import SocketIO

/// Lines of a few to everybody: the real server, its log on disk, and all members as load in a thread.
struct FanoutBench {
    /// How many talk, turn by turn, unless it was said: so many that none is held for talking too much.
    static let senders = 100

    var members: Int
    /// Lines under way at once, one measurement after the other with the same members.
    var windows: [Int]
    var senders: Int
    var seconds: Double
    /// How often each is measured; what is told are medians.
    var runs = 1
    /// How long it may take until everybody is in; nil for as long as it should take at most.
    var patience: Duration?

    /// - Returns: a report for each window.
    func run() throws(SystemError) -> [BenchReport] {
        let floor = try FloorBench(members: members, seconds: min(1, seconds)).send()
        let server = try ServerProcess(members: members)
        defer { server.stop() }
        var crowd = try LoadCrowd(members: members, server: server.address, password: ServerProcess.roomPassword)
        guard let grown = try enter(&crowd, server) else {
            return windows.map { report(Load(window: $0, obstacle: crowd.obstacle), floor) }
        }
        var reports = [[BenchReport]](repeating: [], count: windows.count)
        for _ in 0..<max(1, runs) {
            for (place, window) in windows.enumerated() {
                var load = try play(&crowd, window: window, against: server)
                load.bytesPerMember = grown
                reports[place].append(report(load, floor))
            }
        }
        return reports.map { BenchReport.median(of: $0) }
    }

    /// What the members saw, and what it cost the server.
    private struct Load {
        var window: Int
        var cpu = Duration.zero
        var bytesPerMember = 0
        /// Why not everybody got in, or stayed; nil when all did.
        var obstacle: String?
        var lines: UInt64 = 0
        var delivered = 0
        /// Of all lines since the beginning: what comes in a later measurement is late and not missing.
        var missing = 0
        var misplaced = 0
        var time = Duration.zero
    }

    /// - Returns: the memory that a member takes; nil when not everybody got in.
    private func enter(_ crowd: inout LoadCrowd, _ server: ServerProcess) throws(SystemError) -> Int? {
        guard try crowd.enter(1, within: .seconds(10)) else { return nil }
        let memory = server.memoryBytes
        let patience = patience ?? LoadCrowd.patience(for: members)
        guard try crowd.enter(members, within: patience) else { return nil }
        return max(0, server.memoryBytes - memory) / members
    }

    private func play(_ crowd: inout LoadCrowd, window: Int, against server: ServerProcess) throws(SystemError) -> Load
    {
        let talkers = min(max(1, senders), members)
        // What is made once, and grows once, is not what a delivery costs.
        try crowd.talk(senders: talkers, window: window, for: .milliseconds(500))
        let (said, delivered, misplaced) = (crowd.said, crowd.delivered, crowd.misplaced)
        let (begin, used) = (MonotonicClock.now, server.cpuTime)
        try crowd.talk(senders: talkers, window: window, for: .nanoseconds(Int64(seconds * 1e9)))
        let time = MonotonicClock.now - begin
        // The last acknowledgements count as well.
        _ = try crowd.rest(for: .milliseconds(60), until: MonotonicClock.now + .seconds(1))
        return Load(
            window: window, cpu: server.cpuTime - used, obstacle: crowd.isDepleted ? crowd.obstacle : nil,
            lines: crowd.said - said, delivered: crowd.delivered - delivered,
            missing: Int(crowd.said) * members - crowd.delivered,
            misplaced: crowd.misplaced - misplaced, time: time)
    }

    private func report(_ load: Load, _ floor: FloorBench.Send) -> BenchReport {
        var report = BenchReport("fanout")
        let perDelivery = Double(load.cpu.wholeNanoseconds) / Double(max(1, load.delivered))
        let time = max(0.001, Double(load.time.wholeNanoseconds) / 1e9)
        report.add("members", "members", members)
        report.add("senders", "of whom talk", min(senders, members))
        report.add("window", "lines under way", load.window)
        report.add("messages", "lines said", Int(load.lines))
        report.add("deliveries", "deliveries", load.delivered)
        report.add("missing", "deliveries missing", load.missing)
        report.add("misplaced", "twice or out of order", load.misplaced)
        report.add("cpuNanosecondsPerDelivery", "CPU of the server per delivery", perDelivery, unit: "ns")
        report.add("floorNanoseconds", "floor: sendmmsg of one datagram", floor.nanoseconds, unit: "ns")
        report.add("floorRatio", "ratio to the floor", perDelivery / max(1, floor.nanoseconds), digits: 2)
        report.add("deliveriesPerSecond", "deliveries a second", Double(load.delivered) / time)
        report.add("serverLoad", "share of a core", Double(load.cpu.wholeNanoseconds) / 1e7 / time, unit: "%")
        report.add("bytesPerMember", "memory per member", load.bytesPerMember, unit: "bytes")
        if let obstacle = load.obstacle {
            report.fail(obstacle)
        } else if load.missing != 0 || load.misplaced != 0 {
            report.fail("\(load.missing) deliveries missing, \(load.misplaced) twice or out of order")
        }
        return report
    }
}
