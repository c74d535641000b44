/// The most work that a delivery to a room of 100 may be, so that what was won is not lost unnoticed: what it is today,
/// and some hundredths. It is counted and not timed, so it is the same on every machine. Whoever makes it less lowers
/// these.
package struct WorkBound: Sendable {
    /// For how many members the bounds hold.
    package static let members = 100

    /// Lines under way at once.
    package let window: Int
    /// Allocations of the server's core for a delivery: a share of those for the line, which is read, kept and shown once.
    let allocations: Double
    /// Allocations for making the datagrams of a delivery: none in the steady state. One in a thousand is a table that
    /// grew.
    private static let making = 0.001
    /// The same in a build without optimisation, where much is allocated that would lie on the stack.
    let unoptimised: Double
    /// Datagrams to a member for 1,000 lines.
    let packets: Double
    /// Bytes sent for a delivery, without the headers of UDP and IP; a line has 100 of them.
    let bytes: Double
    /// Datagrams that come in for 1,000 deliveries: lines, and what confirms them.
    let received: Double
    /// sendmmsg, of at most 256 datagrams, and recvmmsg, of at most 64, for 1,000 deliveries.
    let calls: Double

    package static let all = [
        WorkBound(
            window: 1, allocations: 0.27, unoptimised: 46.5, packets: 1_001, bytes: 155, received: 42, calls: 37),
        WorkBound(
            window: 64, allocations: 0.08, unoptimised: 26.5, packets: 145, bytes: 142, received: 11, calls: 1.5),
    ]

    /// Whether this is a build with optimisation, which leaves assertions out.
    private static var isOptimised: Bool {
        var isOptimised = true
        func note() -> Bool {
            isOptimised = false
            return true
        }
        assert(note())
        return isOptimised
    }

    /// What is missing, or more than it may be; empty when all is well.
    package func faults(of result: WorkResult) -> [String] {
        var faults: [String] = []
        if result.missing != 0 || result.misplaced != 0 {
            faults.append("\(result.missing) deliveries missing, \(result.misplaced) twice or out of order")
        }
        func compare(_ figure: Double, _ bound: Double, _ what: String) {
            guard figure > bound else { return }
            let (figure, bound) = (BenchReport.decimal(figure, digits: 3), BenchReport.decimal(bound, digits: 3))
            faults.append("\(figure) \(what), not at most \(bound)")
        }
        if WorkBench.countsAllocations {
            let bound = Self.isOptimised ? allocations : unoptimised
            compare(result.perDelivery(result.allocations), bound, "allocations per delivery")
            if Self.isOptimised {
                compare(result.perDelivery(result.sending), Self.making, "allocations per delivery to make datagrams")
            }
        }
        compare(result.perDelivery(result.datagramsSent) * 1_000, packets, "packets to a member per 1,000 lines")
        compare(result.perDelivery(result.bytesSent), bytes, "bytes per delivery")
        compare(result.perDelivery(result.datagramsReceived) * 1_000, received, "received per 1,000 deliveries")
        let calls = result.sendCalls + result.receiveCalls
        compare(result.perDelivery(calls) * 1_000, self.calls, "system calls per 1,000 deliveries")
        return faults
    }
}
