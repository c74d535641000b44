import Basics
import SocketIO

/// Many who are there and say nothing: what they cost the real server, and how soon all of them hear of somebody who
/// comes in.
struct IdleBench {
    private enum Bound {
        /// The share of a core that the server may use.
        static let load = 0.02
        /// Memory of the server per member.
        static let memory = 4096
        /// Until everybody has heard of somebody who came in.
        static let news: Duration = .milliseconds(100)
    }

    /// Until the server has forgotten the handshakes (`Limits.handshakeMemory`) and given back what they took.
    private static let settling: Duration = .seconds(8)

    var members: Int
    var seconds: Double

    func run() throws(SystemError) -> BenchReport {
        var report = BenchReport("idle")
        let server = try ServerProcess(members: members + 1)
        defer { server.stop() }
        var crowd = try LoadCrowd(members: members + 1, server: server.address, password: ServerProcess.roomPassword)
        let isUp = try crowd.enter(1, within: .seconds(10))
        let (memory, before, began) = (server.memoryBytes, server.cpuTime, MonotonicClock.now)
        guard isUp, try crowd.enter(members, within: LoadCrowd.patience(for: members)) else {
            report.fail(crowd.obstacle)
            return report
        }
        let (entering, work) = (MonotonicClock.now - began, server.cpuTime - before)
        let (entries, datagrams) = (Double(crowd.entries), Double(crowd.datagrams))
        try crowd.wait(for: Self.settling)
        let (begin, used) = (MonotonicClock.now, server.cpuTime)
        try crowd.wait(for: .nanoseconds(Int64(seconds * 1e9)))
        let time = MonotonicClock.now - begin
        let load = Double((server.cpuTime - used).wholeNanoseconds) / Double(max(1, time.wholeNanoseconds))
        let grown = max(0, server.memoryBytes - memory) / members
        let news = try crowd.welcome(members, within: .seconds(10))
        report.add("members", "members", members)
        report.add(
            "enteringSeconds", "all were in after", Double(entering.wholeNanoseconds) / 1e9, digits: 1,
            unit: "s")
        report.add(
            "joinMicroseconds", "CPU of the server for one who came in, and for telling all",
            Double(work.wholeNanoseconds) / Double(members) / 1000, digits: 0, unit: "us")
        report.add("joinDatagrams", "datagrams to a member while all came in", datagrams / Double(members), digits: 0)
        report.add("joinsPerDatagram", "joins told in each of them", entries / max(1, datagrams), digits: 2)
        report.add("serverLoad", "share of a core while nobody speaks", load * 100, digits: 2, unit: "%")
        report.add("bytesPerMember", "memory per member", grown, unit: "bytes")
        report.add(
            "newsMilliseconds", "until all have heard that somebody came in",
            news.map { Double($0.wholeNanoseconds) / 1e6 } ?? .infinity, digits: 1, unit: "ms")
        judge(load, grown, news, in: &report)
        return report
    }

    private func judge(_ load: Double, _ memory: Int, _ news: Duration?, in report: inout BenchReport) {
        if load > Bound.load { report.fail("who says nothing costs more than 2 % of a core") }
        if memory > Bound.memory { report.fail("a member takes more than \(Bound.memory) bytes") }
        if news.map({ $0 > Bound.news }) ?? true { report.fail("the news took longer than 100 ms") }
    }
}
