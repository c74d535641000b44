import Basics
import Crypto
import SocketIO

/// One member's lines to everybody: a server in one thread, all members as load in another.
struct FanoutBench {
    var members: Int
    var window: Int
    var seconds: Double

    func run() throws(SystemError) -> BenchReport {
        let floor = try FloorBench(members: members, seconds: min(1, seconds)).send()
        let password = RoomPassword(prepared: SecretBytes(copying: Array("bench".utf8).span))
        let server = try BenchServer(password: password, memberLimit: members)
        let thread = server.start()
        do throws(SystemError) {
            return report(try play(against: server, thread, password: password), floor)
        } catch {
            server.stop()
            throw error
        }
    }

    /// What the members saw, and what it cost the server.
    private struct Load {
        var cost = ServerCost()
        var isComplete = false
        var lines: UInt64 = 0
        var delivered = 0
        var misplaced = 0
        var time = Duration.zero
    }

    private func play(
        against server: BenchServer, _ thread: BenchThread<ServerCost>, password: RoomPassword
    ) throws(SystemError) -> Load {
        var crowd = try LoadCrowd(
            members: members, server: server.address, password: password)
        guard try crowd.enter(within: .seconds(5 + members / 50)) else {
            server.stop()
            return Load(cost: try thread.value())
        }
        server.signpost.askAndWait()
        let begin = MonotonicClock.now
        try crowd.talk(window: window, for: .nanoseconds(Int64(seconds * 1e9)))
        let time = MonotonicClock.now - begin
        // The last acknowledgements count as well.
        _ = try crowd.rest(for: .milliseconds(60), until: MonotonicClock.now + .seconds(1))
        server.signpost.askAndWait()
        server.stop()
        return Load(
            cost: try thread.value(), isComplete: true, lines: crowd.said, delivered: crowd.delivered,
            misplaced: crowd.sessions.reduce(0) { $0 + $1.misplaced }, time: time)
    }

    private func report(_ load: Load, _ floor: FloorBench.Send) -> BenchReport {
        var report = BenchReport("fanout")
        let cpu = load.cost.cpuTime(from: BenchServer.Step.measure, to: BenchServer.Step.rest)
        let perDelivery = Double(cpu.wholeNanoseconds) / Double(max(1, load.delivered))
        let time = Double(load.time.wholeNanoseconds) / 1e9
        let missing = Int(load.lines) * members - load.delivered
        report.add("members", "members", members)
        report.add("window", "lines under way", window)
        report.add("messages", "lines said", Int(load.lines))
        report.add("deliveries", "deliveries", load.delivered)
        report.add("missing", "deliveries missing", missing)
        report.add("misplaced", "twice or out of order", load.misplaced)
        report.add(
            "cpuNanosecondsPerDelivery", "CPU of the server per delivery", perDelivery, unit: "ns")
        report.add("floorNanoseconds", "floor: sendmmsg of one datagram", floor.nanoseconds, unit: "ns")
        report.add("floorRatio", "ratio to the floor", perDelivery / max(1, floor.nanoseconds), digits: 2)
        report.add("deliveriesPerSecond", "deliveries a second", Double(load.delivered) / max(0.001, time))
        report.add("serverLoad", "share of a core", Double(cpu.wholeNanoseconds) / 1e7 / max(0.001, time), unit: "%")
        report.add(
            "bytesPerMember", "memory per member", load.cost.heldBytes / max(1, load.cost.members), unit: "bytes")
        if !load.isComplete {
            report.fail("not everybody got in")
        } else if missing != 0 || load.misplaced != 0 {
            report.fail("\(missing) deliveries missing, \(load.misplaced) twice or out of order")
        }
        return report
    }
}
