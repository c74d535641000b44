import Basics
import Testing

@testable import Transport

struct LivenessTests {
    @Test("19: after 30 s of silence the peer is gone, no earlier, and both sides say so once")
    func timesOut() {
        var pair = ConnectionPair()
        pair.run(for: .seconds(5))
        pair.client.say([1])
        pair.run(for: .milliseconds(100))
        pair.carriesUp = false
        pair.carriesDown = false
        pair.run(for: .milliseconds(29_900))
        #expect(pair.server.timeOuts == 0 && pair.server.connection.isOpen)
        pair.run(for: .seconds(6))
        #expect(pair.client.timeOuts == 1 && pair.server.timeOuts == 1)
        #expect(pair.client.connection.isClosed && pair.server.connection.isClosed)
        let deadline = pair.client.connection.nextDeadline
        #expect(deadline == nil)
    }

    @Test("a client that hears nothing but is heard is gone too")
    func timesOutOneWay() {
        var pair = ConnectionPair()
        pair.carriesDown = false
        pair.run(for: .seconds(31))
        #expect(pair.client.timeOuts == 1)
        #expect(pair.server.timeOuts == 0)
    }

    @Test(
        "a keep-alive each 10 s keeps an idle connection open, even at 30 % loss",
        arguments: 1...5 as ClosedRange<UInt64>)
    func keepsAlive(seed: UInt64) {
        var pair = ConnectionPair(seed: seed, faults: .bad(loss: 0.3))
        pair.run(for: .seconds(600))
        #expect(pair.client.connection.isOpen && pair.server.connection.isOpen, "seed \(seed)")
    }

    @Test("the first keep-alive leaves after 10 s of own silence")
    func keepAliveMoment() {
        var pair = ConnectionPair.near()
        pair.run(for: .seconds(3))
        pair.client.say([1])
        let said = pair.now
        pair.run(for: .seconds(15))
        #expect(pair.client.moments == [said, said + .seconds(10)])
    }

    @Test("into a dead path probes keep pace: four even ones, then slower, no storm in 30 s", arguments: [1, 500])
    func probesKeepPace(messages: Int) {
        var pair = ConnectionPair()
        pair.client.connection.redundancy.isHostBusy = true
        pair.carriesUp = false
        for _ in 0..<messages { pair.client.say([UInt8](repeating: 1, count: 200)) }
        pair.flush()
        let burst = pair.client.sent
        pair.run(for: .seconds(30))
        let probes = Array(pair.client.moments.dropFirst(burst))
        #expect(probes.count <= 32, "\(probes.count) packets into a dead path")
        let gaps = zip(probes, probes.dropFirst()).map { $1 - $0 }
        #expect(gaps[..<4].allSatisfy { $0 == .milliseconds(20) }, "\(gaps.prefix(6))")
        #expect(gaps[4] == .milliseconds(60), "slower by half, and twice that since silence may be congestion")
        #expect(gaps.allSatisfy { $0 <= Limits.probeCeiling })
        // But for the one that asks once more before the peer is given up.
        #expect(zip(gaps.dropLast(2), gaps.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("a path that comes back half a second before the time is up is found in time", arguments: 0..<10)
    func lastCall(offset: Int) {
        var pair = ConnectionPair()
        pair.run(for: .seconds(5))
        pair.client.say([1])
        pair.run(for: .milliseconds(60))
        pair.carriesUp = false
        pair.carriesDown = false
        // Wherever the even pace of probes stands.
        pair.run(for: .milliseconds(200 * offset))
        pair.client.say([2])
        pair.run(for: .milliseconds(29_300 - 200 * offset))
        pair.carriesUp = true
        pair.carriesDown = true
        pair.run(for: .seconds(5))
        #expect(pair.client.timeOuts == 0 && pair.server.timeOuts == 0 && pair.server.connection.isOpen)
    }

    @Test("after an outage of 20 s what waited arrives soon")
    func recoversFromOutage() {
        var pair = ConnectionPair()
        pair.run(for: .seconds(1))
        pair.carriesUp = false
        pair.carriesDown = false
        for number in 0..<100 as Range<UInt8> { pair.client.say([number]) }
        pair.run(for: .seconds(20))
        pair.carriesUp = true
        pair.carriesDown = true
        let isSettled = pair.run(within: .seconds(4)) { $0.isSettled }
        #expect(isSettled)
        #expect(pair.server.heard[1]?.map(\.bytes) == (0..<100).map { [$0] })
    }

    @Test("at 30 % loss no more than a few packets a message are sent", arguments: 1...3 as ClosedRange<UInt64>)
    func resendsWithMeasure(seed: UInt64) {
        var pair = ConnectionPair(seed: seed, faults: LinkFaults(loss: 0.3))
        for number in 0..<200 as Range<UInt8> {
            pair.client.say([number])
            pair.run(for: .milliseconds(100))
        }
        let isSettled = pair.run(within: .seconds(10)) { $0.isSettled }
        #expect(isSettled, "seed \(seed)")
        #expect(pair.client.sent < 200 * 6, "\(pair.client.sent) packets, seed \(seed)")
    }

    // MARK: Closing

    @Test("a close reaches the peer with its reason and is confirmed")
    func closesPolitely() {
        var pair = ConnectionPair()
        pair.client.connection.close(CloseReason(code: 16, text: "quit"), at: pair.now)
        let isClosed = pair.run(within: .seconds(1)) { $0.client.connection.isClosed }
        #expect(isClosed)
        #expect(pair.now == .start + .milliseconds(40))
        #expect(pair.server.closedByPeer == [CloseReason(code: 16, text: "quit")])
        pair.run(for: .seconds(3))
        #expect(pair.server.connection.isClosed)
        #expect(pair.client.closedByPeer.isEmpty && pair.client.timeOuts == 0)
    }

    @Test("at 30 % loss a close is told and both sides end", arguments: 1...40 as ClosedRange<UInt64>)
    func closesUnderLoss(seed: UInt64) {
        var pair = ConnectionPair(seed: seed, faults: .bad(loss: 0.3))
        pair.client.say([1])
        pair.server.say([2])
        pair.run(for: .milliseconds(Int64(seed)))
        pair.client.connection.close(CloseReason(code: 16, text: "quit"), at: pair.now)
        let isClosed = pair.run(within: .seconds(5)) { $0.client.connection.isClosed && $0.server.connection.isClosed }
        #expect(isClosed, "seed \(seed)")
        #expect(pair.server.closedByPeer.count == 1 && pair.server.timeOuts == 0, "seed \(seed)")
    }

    @Test(
        "when both close at once both end, and neither hears of a violation", arguments: 1...20 as ClosedRange<UInt64>)
    func bothClose(seed: UInt64) {
        var pair = ConnectionPair(seed: seed, faults: .bad(loss: seed % 2 == 0 ? 0.3 : 0))
        pair.client.connection.close(CloseReason(code: 16, text: "quit"), at: pair.now)
        pair.server.connection.close(CloseReason(code: 17, text: "kicked"), at: pair.now)
        let isClosed = pair.run(within: .seconds(5)) { $0.client.connection.isClosed && $0.server.connection.isClosed }
        #expect(isClosed, "seed \(seed)")
        #expect(pair.client.violations.isEmpty && pair.server.violations.isEmpty)
        #expect(pair.client.sent < 40 && pair.server.sent < 40, "seed \(seed)")
    }

    @Test("a close into a dead path ends after two seconds, without a storm")
    func closesAlone() {
        var pair = ConnectionPair()
        pair.carriesUp = false
        pair.client.connection.close(CloseReason(code: 16, text: "quit"), at: pair.now)
        pair.run(for: .milliseconds(1999))
        #expect(!pair.client.connection.isClosed)
        pair.run(for: .milliseconds(2))
        #expect(pair.client.connection.isClosed)
        #expect(pair.client.sent <= 20)
    }

    @Test("a closing text is cut to its limit at a character's edge")
    func cutsCloseText() {
        var pair = ConnectionPair()
        pair.client.connection.close(CloseReason(code: 16, text: String(repeating: "é", count: 150)), at: pair.now)
        pair.run(for: .milliseconds(100))
        #expect(pair.server.closedByPeer.map(\.text) == [String(repeating: "é", count: Limits.closeTextBytes / 2)])
    }

    @Test("what arrives after the close is not delivered")
    func deliversNothingAfterClose() {
        var pair = ConnectionPair()
        pair.client.say([1])
        pair.flush()
        pair.server.connection.close(CloseReason(code: 17, text: "kicked"), at: pair.now)
        pair.run(for: .seconds(3))
        #expect(pair.server.heard.isEmpty)
    }
}
