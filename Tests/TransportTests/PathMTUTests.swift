import Basics
import Testing

@testable import Transport

@Suite("Path MTU discovery")
struct PathMTUTests {
    /// A search on a path that carries datagrams of at most `limit` bytes and loses nothing else.
    ///
    /// - Returns: the lengths of the probes.
    private static func search(_ mtu: inout PathMTU, limit: Int, at now: Instant) -> [Int] {
        var probes: [Int] = []
        for _ in 0..<100 {
            mtu.sent(mtu.bytes, at: now)
            guard let length = mtu.takeProbe() else { continue }
            probes.append(length)
            if length <= limit { mtu.probeArrived(length) } else { mtu.probeLost(length, at: now) }
        }
        return probes
    }

    @Test("the longest length is tried first, and is all that is tried where it passes")
    func longestFirst() {
        var mtu = PathMTU()
        #expect(Self.search(&mtu, limit: 1500, at: .start) == [1452])
        #expect(mtu.bytes == 1452)
    }

    @Test("a probe that was thought lost and arrives late ends the search: no further one is due")
    func lateProbe() {
        var mtu = PathMTU()
        for _ in 0..<100 where !mtu.isProbeDue { mtu.sent(mtu.bytes, at: .start) }
        let length = mtu.takeProbe()
        #expect(length == 1452)
        mtu.probeLost(1452, at: .start)
        mtu.sent(mtu.bytes, at: .start)
        #expect(mtu.isProbeDue)
        mtu.probeArrived(1452)
        #expect(!mtu.isProbeDue && mtu.takeProbe() == nil && mtu.bytes == 1452)
    }

    @Test("every limit is found but for a step, with few probes")
    func everyLimit() {
        for limit in 1200...1452 {
            var mtu = PathMTU()
            let probes = Self.search(&mtu, limit: limit, at: .start)
            #expect(mtu.bytes <= limit && limit - mtu.bytes < Limits.pathMTUStep, "limit \(limit)")
            #expect(Set(probes).count <= 6 && probes.count <= 15, "limit \(limit)")
        }
    }

    @Test("what was found is looked at again after ten minutes, not before")
    func searchesAgain() {
        var mtu = PathMTU()
        _ = Self.search(&mtu, limit: 1300, at: .start)
        #expect(Self.search(&mtu, limit: 1500, at: .start + .seconds(599)).isEmpty)
        #expect(mtu.bytes < 1300)
        #expect(Self.search(&mtu, limit: 1500, at: .start + Limits.pathMTULife) == [1452])
    }

    @Test("a few full packets, or many far apart, are no reason to search")
    func needsDemand() {
        var mtu = PathMTU()
        for _ in 1..<Limits.longPacketsBeforeProbe { mtu.sent(1200, at: .start) }
        #expect(!mtu.isProbeDue)
        for number in 0..<100 { mtu.sent(1200, at: .start + Limits.pathMTUDemand * (number + 1)) }
        for _ in 0..<100 { mtu.sent(600, at: .start) }
        #expect(!mtu.isProbeDue)
    }

    @Test("long packets lost alone are a black hole; lost together with short ones they are an outage")
    func blackHole() {
        var mtu = PathMTU()
        mtu.probeArrived(1452)
        mtu.arrived(1452)
        for _ in 0..<100 { mtu.lost(1452, at: .start) }
        #expect(mtu.bytes == 1452)
        mtu.arrived(1300)
        mtu.arrived(100)
        for _ in 1..<Limits.longPacketsInBlackHole { mtu.lost(1452, at: .start) }
        #expect(mtu.bytes == 1452)
        mtu.lost(1452, at: .start)
        #expect(mtu.bytes == 1200)
        #expect(Self.search(&mtu, limit: 1500, at: .start + .seconds(599)).isEmpty)
        #expect(Self.search(&mtu, limit: 1500, at: .start + .seconds(600)) == [1452])
    }

    @Test("a backlog uses what the path carries, whatever that is", arguments: [1200, 1280, 1400, 1452])
    func backlogUsesThePath(limit: Int) {
        var pair = ConnectionPair(seed: 21, faults: LinkFaults(mtu: limit))
        for _ in 0..<100 {
            for number in 0..<50 as Range<UInt8> { pair.server.say([UInt8](repeating: number, count: 60)) }
            pair.run(for: .milliseconds(40))
        }
        let isSettled = pair.run(within: .seconds(60)) { $0.isSettled }
        #expect(isSettled)
        #expect(pair.client.heard[1]?.count == 5000)
        let found = pair.server.connection.mtu.bytes
        #expect(found <= limit && limit - found < Limits.pathMTUStep, "found \(found) of \(limit)")
        // The probes that were too long count neither as loss nor as congestion.
        #expect(!pair.server.connection.redundancy.loss.hasLoss)
        #expect(!pair.server.connection.redundancy.congestion.isPresent(at: pair.now))
        // Each direction looks for itself: the client had nothing to gain.
        #expect(pair.client.connection.mtu.bytes == 1200 && pair.client.largestDatagram < 1200)
    }

    @Test("a chat with small messages sends no probe")
    func chatSendsNoProbe() {
        var pair = ConnectionPair(seed: 22)
        for number in 0..<200 {
            pair.client.say([UInt8](repeating: UInt8(number), count: 100))
            pair.run(for: .milliseconds(50))
        }
        #expect(pair.client.largestDatagram < 1200)
    }

    @Test("a path that becomes shorter amid a backlog loses nothing, and no long packet is sent any more")
    func pathBecomesShorter() {
        var pair = ConnectionPair(seed: 23)
        for number in 0..<1500 { pair.server.say([UInt8](repeating: UInt8(number % 251), count: 60)) }
        let isLong = pair.run(within: .seconds(10)) { $0.server.connection.mtu.bytes == 1452 }
        #expect(isLong)
        pair.run(for: .milliseconds(100))
        pair.faults.mtu = 1200
        for number in 0..<4000 { pair.server.say([UInt8](repeating: UInt8(number % 251), count: 60)) }
        let isSettled = pair.run(within: .seconds(60)) { $0.isSettled }
        #expect(isSettled)
        #expect(pair.client.heard[1]?.count == 5500)
        #expect(pair.server.connection.mtu.bytes == 1200)
        pair.server.largestDatagram = 0
        for number in 0..<1000 { pair.server.say([UInt8](repeating: UInt8(number % 251), count: 60)) }
        let isSettledAgain = pair.run(within: .seconds(60)) { $0.isSettled }
        #expect(isSettledAgain)
        #expect(pair.server.largestDatagram <= 1200)
    }

    @Test("another host is another path: the search starts anew there, another port is the same path")
    func startsAnew() {
        var pair = ConnectionPair(seed: 24)
        for number in 0..<1500 { pair.server.say([UInt8](repeating: UInt8(number % 251), count: 60)) }
        _ = pair.run(within: .seconds(10)) { $0.isSettled }
        #expect(pair.server.connection.mtu.bytes == 1452)
        pair.server.connection.moved(hostChanged: false, roundTrip: nil, at: pair.now)
        #expect(pair.server.connection.mtu.bytes == 1452)
        pair.server.connection.moved(hostChanged: true, roundTrip: nil, at: pair.now)
        #expect(pair.server.connection.mtu.bytes == 1200)
    }
}
