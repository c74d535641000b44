import Bench
import Testing

/// What a delivery costs the server is counted, not timed: the same in every run, on any machine, under any load.
@Suite("work")
struct WorkTests {
    @Test("a line to 100 members is no more work for the server than it was", arguments: WorkBound.all.map(\.window))
    func bounds(window: Int) throws {
        let bound = try #require(WorkBound.all.first { $0.window == window })
        let result = try #require(WorkBench(members: WorkBound.members, window: window).count(lines: 320))
        #expect(bound.faults(of: result) == [])
    }

    @Test("every excess is told")
    func excess() throws {
        let bound = try #require(WorkBound.all.first)
        var result = WorkResult()
        (result.lines, result.deliveries) = (1, 100)
        #expect(bound.faults(of: result) == [])
        result.missing = 1
        (result.datagramsSent, result.bytesSent, result.datagramsReceived) = (1_000, 100_000, 1_000)
        (result.sendCalls, result.sending) = (1_000, 100_000)
        #expect(bound.faults(of: result).count == (WorkBench.countsAllocations ? 6 : 5))
    }

    @Test("the same work is done in every run")
    func sameInEveryRun() throws {
        let results = try (0..<2).map { _ in
            try #require(WorkBench(members: 10, window: 8).count(lines: 100))
        }
        #expect(results[0].datagramsSent == results[1].datagramsSent)
        #expect(results[0].bytesSent == results[1].bytesSent)
        #expect(results[0].datagramsReceived == results[1].datagramsReceived)
    }
}
