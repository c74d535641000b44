import Basics
import SocketIO

/// What a delivery costs the server in work that can be counted: allocations, datagrams, bytes, system calls; and the
/// CPU time of its own part, without the kernel.
package struct WorkBench: Sendable {
    /// Lines before anything is counted: what is made once, and grows once, is not what a delivery costs.
    private static let linesBefore = 256
    /// Lines between two looks at the clock.
    private static let linesAtOnce = 256

    /// 1...16,384.
    package var members: Int
    /// Lines under way at once.
    package var window: Int

    package init(members: Int, window: Int) {
        self.members = members
        self.window = window
    }

    /// Whether allocations can be counted in this build.
    package static var countsAllocations: Bool { Allocations.canBeCounted }

    /// Says so many lines. The same figures come of it in every run, but for the time.
    ///
    /// - Returns: nil when not everybody got in.
    package func count(lines: Int) -> WorkResult? {
        guard var room = WorkRoom(members: members), room.enter() else { return nil }
        _ = room.talk(lines: Self.linesBefore, window: window)
        let before = Snapshot(room)
        _ = room.talk(lines: lines, window: window)
        return before.result(of: room, members: members)
    }

    /// Says lines for so many seconds of this machine's time, and at least `lines`.
    func run(seconds: Double, lines: Int) -> BenchReport {
        var report = BenchReport("work")
        guard var room = WorkRoom(members: members) else {
            report.fail("the server can't be made")
            return report
        }
        guard room.enter() else {
            report.fail(room.obstacle)
            return report
        }
        var isComplete = room.talk(lines: Self.linesBefore, window: window)
        let before = Snapshot(room)
        let end = MonotonicClock.now + .nanoseconds(Int64(seconds * 1e9))
        isComplete = isComplete && room.talk(lines: lines, window: window)
        while isComplete && MonotonicClock.now < end {
            isComplete = room.talk(lines: Self.linesAtOnce, window: window)
        }
        show(before.result(of: room, members: members), in: &report)
        return report
    }

    /// Where a room stood.
    private struct Snapshot {
        let said: Int
        let delivered: Int
        let tally: WorkServer.Tally

        init(_ room: WorkRoom) {
            said = room.said
            delivered = room.delivered
            tally = room.server.tally
        }

        func result(of room: WorkRoom, members: Int) -> WorkResult {
            let after = room.server.tally
            var result = WorkResult()
            result.lines = room.said - said
            result.deliveries = room.delivered - delivered
            result.missing = result.lines * members - result.deliveries
            result.misplaced = room.misplaced
            result.receiving = after.receiving - tally.receiving
            result.storing = after.storing - tally.storing
            result.timing = after.timing - tally.timing
            result.sending = after.sending - tally.sending
            result.datagramsSent = after.sent - tally.sent
            result.bytesSent = after.sentBytes - tally.sentBytes
            result.datagramsReceived = after.received - tally.received
            result.sendCalls = after.sendCalls - tally.sendCalls
            result.receiveCalls = after.receiveCalls - tally.receiveCalls
            result.cpu = after.cpu - tally.cpu
            return result
        }
    }

    private func show(_ result: WorkResult, in report: inout BenchReport) {
        let deliveries = Double(max(1, result.deliveries))
        let each = result.perDelivery
        func thousand(_ count: Int) -> Double { result.perDelivery(count) * 1000 }
        report.add("members", "members", members)
        report.add("window", "lines under way", window)
        report.add("messages", "lines said", result.lines)
        report.add("deliveries", "deliveries", result.deliveries)
        report.add("missing", "deliveries missing", result.missing)
        report.add("misplaced", "twice or out of order", result.misplaced)
        report.add(
            "cpuNanosecondsPerDelivery", "CPU per delivery, without the kernel",
            Double(result.cpu.wholeNanoseconds) / deliveries, unit: "ns")
        if Self.countsAllocations {
            report.add("allocationsPerDelivery", "allocations per delivery", each(result.allocations), digits: 3)
            report.add("allocationsReceiving", "  receiving datagrams", each(result.receiving), digits: 3)
            report.add("allocationsStoring", "  taking what is stored", each(result.storing), digits: 3)
            report.add("allocationsTiming", "  serving timers", each(result.timing), digits: 3)
            report.add("allocationsSending", "  making datagrams", each(result.sending), digits: 3)
        }
        report.add(
            "packetsPerThousandMessages", "packets to a member per 1,000 lines",
            thousand(result.datagramsSent), digits: 1)
        report.add("bytesPerDelivery", "bytes sent per delivery", each(result.bytesSent), digits: 1)
        report.add(
            "receivedPerThousandDeliveries", "received per 1,000 deliveries",
            thousand(result.datagramsReceived), digits: 1)
        report.add(
            "sendCallsPerThousandDeliveries", "sendmmsg per 1,000 deliveries", thousand(result.sendCalls), digits: 2)
        report.add(
            "receiveCallsPerThousandDeliveries", "recvmmsg per 1,000 deliveries", thousand(result.receiveCalls),
            digits: 2)
        if members == WorkBound.members, let bound = WorkBound.all.first(where: { $0.window == window }) {
            let faults = bound.faults(of: result)
            if !faults.isEmpty { report.fail(faults.joined(separator: "; ")) }
        } else if result.missing != 0 || result.misplaced != 0 {
            report.fail("\(result.missing) deliveries missing, \(result.misplaced) twice or out of order")
        }
    }
}
