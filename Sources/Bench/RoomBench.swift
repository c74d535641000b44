import Basics
import SocketIO

/// A lively room of many: how soon a line is with the last of them, with the real server.
struct RoomBench {
    /// Until 99 of 100 lines are with everybody.
    private static let bound: Duration = .milliseconds(30)
    /// What takes longer never comes.
    private static let patience: Duration = .seconds(10)

    var members: Int
    /// Lines a second.
    var rate: Int
    var seconds: Double

    func run() throws(SystemError) -> BenchReport {
        var report = BenchReport("room")
        let server = try ServerProcess(members: members)
        defer { server.stop() }
        var crowd = try LoadCrowd(members: members, server: server.address, password: ServerProcess.roomPassword)
        guard try crowd.enter(members, within: LoadCrowd.patience(for: members)) else {
            report.fail(crowd.obstacle)
            return report
        }
        let senders = min(members, FanoutBench.senders)
        let interval = Duration.nanoseconds(1_000_000_000 / Int64(rate))
        // While both sides warm up.
        _ = try crowd.chat(lines: max(1, rate / 2), every: interval, senders: senders, patience: Self.patience)
        let (begin, used) = (MonotonicClock.now, server.cpuTime)
        let lines = max(1, Int(Double(rate) * seconds))
        var samples = try crowd.chat(lines: lines, every: interval, senders: senders, patience: Self.patience)
        let time = Double(max(1, (MonotonicClock.now - begin).wholeNanoseconds))
        report.add("members", "members", members)
        report.add("rate", "lines a second", rate)
        report.add("messages", "lines said", lines)
        report.add("missing", "lines that not everybody got", lines - samples.count)
        report.add("misplaced", "twice or out of order", crowd.misplaced)
        report.add(
            "serverLoad", "share of a core", Double((server.cpuTime - used).wholeNanoseconds) / time * 100, unit: "%")
        for (key, label, share) in [("p50", "half", 0.5), ("p99", "99 %", 0.99), ("max", "all", 1)] {
            report.add(
                key + "Milliseconds", label + " with the last member within", samples.microseconds(at: share) / 1000,
                digits: 1, unit: "ms")
        }
        judge(samples.count == lines && crowd.misplaced == 0, samples.microseconds(at: 0.99), in: &report)
        return report
    }

    private func judge(_ isWhole: Bool, _ microseconds: Double, in report: inout BenchReport) {
        if !isWhole {
            report.fail("lines are missing, twice or out of order")
        } else if microseconds > Double(Self.bound.wholeNanoseconds) / 1000 {
            report.fail("1 of 100 lines took longer than 30 ms to the last member")
        }
    }
}
