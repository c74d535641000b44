import Basics
import SocketIO

/// The real server under hellos from forged senders, while its members go on chatting: row 13 with sockets.
struct FloodBench {
    /// What a flood may add to the server's memory: its tables of fixed size are full then, and no more.
    private static let memoryBound = 32 << 20

    /// Hellos a second.
    var rate: Int
    var members: Int
    var seconds: Double

    func run() throws(SystemError) -> BenchReport {
        let server = try ServerProcess()
        defer { server.stop() }
        var report = BenchReport("flood")
        var crowd = try ChattingCrowd(members: members, server: server.address, password: ServerProcess.roomPassword)
        guard try crowd.enter() else {
            report.fail(server.isRunning ? "not everybody got in" : "the server did not start")
            return report
        }
        var calm = try crowd.chat(for: .nanoseconds(Int64(seconds * 0.25e9)))
        let (memory, cpu) = (server.peakMemoryBytes, server.cpuTime)

        let flood = try HelloFlood(at: server.address, rate: rate)
        let thread = flood.start()
        let chatted = Result { () throws(SystemError) -> Samples in
            try crowd.chat(for: .nanoseconds(Int64(seconds * 1e9)))
        }
        flood.stop()
        let outcome = try thread.value()
        var flooded = try chatted.get()
        let growth = server.peakMemoryBytes - memory

        report.add("members", "members", members)
        addHellos(outcome, to: &report)
        add(&calm, "calm", "in calm", to: &report)
        add(&flooded, "flood", "under the flood", to: &report)
        let share = (server.cpuTime - cpu) / max(outcome.time, .nanoseconds(1))
        report.add("serverCPUPercent", "CPU of the server under the flood", share * 100, unit: "%")
        report.add("serverGrowthBytes", "memory that the flood added to it", growth, unit: "bytes")
        report.add("serverPeakBytes", "its memory at most", server.peakMemoryBytes, unit: "bytes")
        judge(outcome, crowd, growth: growth, server, in: &report)
        return report
    }

    private func addHellos(_ outcome: HelloFlood.Outcome, to report: inout BenchReport) {
        let time = Double(outcome.time.wholeNanoseconds) / 1e9
        report.add("hellos", "hellos sent", outcome.sent)
        report.add("hellosPerSecond", "hellos a second", Double(outcome.sent) / time, unit: "/s")
        report.add("bytesIn", "bytes to the server", outcome.sentBytes, unit: "bytes")
        report.add("bytesOut", "bytes of its answers", outcome.answerBytes, unit: "bytes")
        report.add("answers", "answers", outcome.answers)
    }

    private func add(_ samples: inout Samples, _ key: String, _ label: String, to report: inout BenchReport) {
        report.add(key + "Lines", "lines \(label)", samples.count)
        for (name, share, quantile) in [("P50", "half", 0.5), ("P99", "99 %", 0.99), ("P999", "99.9 %", 0.999)] {
            report.add(
                key + name + "Milliseconds", "\(share) confirmed within", samples.microseconds(at: quantile) / 1000,
                digits: 2, unit: "ms")
        }
    }

    private func judge(
        _ outcome: HelloFlood.Outcome, _ crowd: borrowing ChattingCrowd, growth: Int, _ server: ServerProcess,
        in report: inout BenchReport
    ) {
        if outcome.answerBytes > outcome.sentBytes { report.fail("the server sent more than it got") }
        if growth > Self.memoryBound { report.fail("the server's memory grew by more than \(Self.memoryBound) bytes") }
        if crowd.unconfirmed > 0 { report.fail("\(crowd.unconfirmed) lines were not confirmed") }
        if !crowd.hasHeardAll { report.fail("not everybody heard every line once") }
        if !server.isRunning { report.fail("the server ended") }
        if outcome.sent == 0 { report.fail("no hello was sent") }
    }
}
