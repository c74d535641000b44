import Basics
import Testing

@testable import Transport

/// Row 23 at the transport: what comes faster than it is taken waits at whoever sends it.
struct PaceTests {
    private static let rate = MessageRate(perSecond: 100, atOnce: 50)

    /// A pair whose server takes alias 1 at the rate.
    private static func pair(seed: UInt64 = 1, faults: LinkFaults = .none) -> ConnectionPair {
        var pair = ConnectionPair(seed: seed, faults: faults)
        pair.server.connection.pace(alias: 1, at: rate)
        return pair
    }

    private static func bytes(_ number: Int, count: Int = 40) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(UInt32(truncatingIfNeeded: number))
        return bytes + [UInt8](repeating: 7, count: count - bytes.count)
    }

    @Test("row 23: a flood is slowed to the rate, and arrives whole and in order", arguments: [0, 0.1, 0.3])
    func slowsAndLosesNothing(loss: Double) {
        var pair = Self.pair(seed: 23, faults: .bad(loss: loss))
        let count = 1000
        for number in 0..<count { pair.client.say(Self.bytes(number)) }
        let begin = pair.now
        var most = 0
        let isDone = pair.run(within: .seconds(60)) { pair in
            most = max(most, pair.server.heard[1]?.count ?? 0)
            return most == count && pair.isSettled
        }
        #expect(isDone, "seed \(pair.seed)")
        #expect(pair.server.heard[1]?.map(\.bytes) == (0..<count).map { Self.bytes($0) })
        #expect(pair.server.violations.isEmpty && pair.client.violations.isEmpty)
        let took = pair.now - begin
        #expect(took >= .milliseconds(9400) && took < .milliseconds(9900 + Int(loss * 10_000)), "took \(took)")
    }

    @Test("row 23: waiting costs the sender little: nothing is sent again that has arrived")
    func waitingIsCheap() {
        var pair = Self.pair()
        for number in 0..<1000 { pair.client.say(Self.bytes(number, count: 500)) }
        let isDone = pair.run(within: .seconds(60)) { $0.isSettled }
        #expect(isDone)
        #expect(pair.client.sentBytes < 1000 * 600, "sent \(pair.client.sentBytes)")
        // Each telling is a packet and has an answer: 60 of them are for the messages, and some are for the window.
        #expect(pair.server.sent < 300, "sent \(pair.server.sent)")
    }

    @Test("row 23: while one channel waits the others go on")
    func othersGoOn() {
        var pair = Self.pair()
        for number in 0..<1000 { pair.client.say(Self.bytes(number)) }
        pair.run(for: .seconds(2))
        pair.client.say([1], in: 2)
        pair.client.control([2])
        pair.run(for: .milliseconds(25))
        #expect(pair.server.heard[2]?.count == 1)
        #expect(pair.server.heard[Connection.control]?.count == 1)
        #expect((pair.server.heard[1]?.count ?? 0) < 300)
    }

    @Test("row 23: the longest messages count by their size, and never exceed what a receiver holds")
    func longMessages() {
        var pair = Self.pair(faults: .bad(loss: 0.1))
        let count = 40
        for number in 0..<count { pair.client.say(Self.bytes(number, count: Limits.messageBytes)) }
        let begin = pair.now
        let isDone = pair.run(within: .seconds(60)) { $0.server.heard[1]?.count == count }
        #expect(isDone && pair.server.violations.isEmpty && pair.client.violations.isEmpty)
        #expect(pair.now - begin > .seconds(count * Limits.fragmentsPerMessage / 100 - 1))
    }

    @Test("row 23: a channel goes on after the peer heard nothing for a while", arguments: 1...5 as ClosedRange<UInt64>)
    func lostTellings(seed: UInt64) {
        var pair = Self.pair(seed: seed, faults: LinkFaults(loss: 0.2))
        for number in 0..<600 { pair.client.say(Self.bytes(number)) }
        pair.run(for: .milliseconds(700))
        pair.carriesDown = false
        pair.run(for: .seconds(8))
        pair.carriesDown = true
        let isDone = pair.run(within: .seconds(30)) { $0.server.heard[1]?.count == 600 }
        #expect(isDone && pair.server.violations.isEmpty, "seed \(seed)")
    }

    @Test("after a flood the next messages pass at once")
    func recovers() {
        var pair = Self.pair()
        for number in 0..<200 { pair.client.say(Self.bytes(number)) }
        pair.run(for: .seconds(5))
        #expect(pair.server.heard[1]?.count == 200)
        for number in 200..<240 { pair.client.say(Self.bytes(number)) }
        pair.run(for: .milliseconds(25))
        #expect(pair.server.heard[1]?.count == 240)
    }

    @Test("row 23: who goes on beyond the window nevertheless is closed, and nothing more is held")
    func enforcesTheWindow() {
        var pair = Self.pair()
        for number in 1...UInt64(50 + Limits.messageWindow + 1) {
            let piece = MessageFragment(alias: 1, number: number, distance: 1, total: 1, index: 0, bytes: [1])
            pair.forge([.message(piece)], number: number - 1)
            #expect(pair.server.violations.isEmpty == (number <= 50 + UInt64(Limits.messageWindow)))
        }
        #expect(pair.server.violations == [.windowExceeded])
        #expect(pair.server.heard[1]?.count == 50)
    }

    @Test("what a peer says it has taken is believed of its own log, whatever it says")
    func hostileTellings() {
        var pair = ConnectionPair()
        // The client sends a packet of that number too, so that it may be acknowledged.
        pair.carriesUp = false
        pair.client.control([1])
        pair.flush()
        pair.carriesUp = true
        pair.forge(
            [
                .taken(alias: 1, through: 0), .taken(alias: 1, through: VarInt.max), .taken(alias: 9, through: 3),
                .taken(alias: 0, through: 7),
            ], number: 0)
        for number in 0..<300 { pair.server.say(Self.bytes(number)) }
        pair.run(for: .seconds(5))
        #expect(pair.client.heard[1]?.count == 300)
        #expect(pair.server.violations.isEmpty)
    }
}
