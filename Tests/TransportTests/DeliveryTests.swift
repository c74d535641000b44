import Basics
import Crypto
import Testing

@testable import Transport

struct DeliveryTests {
    private static func text(_ number: Int, _ length: Int = 20) -> [UInt8] {
        var bytes = Array("message \(number) ".utf8)
        while bytes.count < length { bytes.append(UInt8(truncatingIfNeeded: bytes.count &* 7 &+ number)) }
        return bytes
    }

    private static func expectAll(_ heard: [StoredMessage]?, _ log: TestLog?, _ note: String) {
        let heard = heard ?? []
        #expect(heard.map(\.number) == log?.entries.map(\.number), "\(note)")
        #expect(heard.map(\.bytes) == log?.entries.map(\.bytes), "\(note)")
    }

    @Test(
        "messages of several logs arrive both ways, in order and once, at any loss",
        arguments: [0, 0.05, 0.3], 1...4 as ClosedRange<UInt64>)
    func everyMessageArrivesOnce(loss: Double, seed: UInt64) {
        var pair = ConnectionPair(seed: seed, faults: .bad(loss: loss))
        for number in 0..<150 {
            let log = UInt64(number % 2 + 1)
            pair.client.say(Self.text(number), in: log)
            pair.server.say(Self.text(number, number % 10 == 0 ? 3000 : 20), in: log, step: UInt64(number % 3 + 1))
            if number % 5 == 0 { pair.server.control(Self.text(number)) }
            pair.run(for: .milliseconds(30))
        }
        let isSettled = pair.run(within: .seconds(30)) { $0.isSettled }
        #expect(isSettled, "seed \(seed)")
        for log in 1...2 as ClosedRange<UInt64> {
            Self.expectAll(pair.server.heard[log], pair.client.logs.logs[log], "up, seed \(seed)")
            Self.expectAll(pair.client.heard[log], pair.server.logs.logs[log], "down, seed \(seed)")
        }
        #expect(pair.client.heard[0]?.map(\.bytes) == stride(from: 0, to: 150, by: 5).map { Self.text($0) })
        #expect(max(pair.client.largestDatagram, pair.server.largestDatagram) <= Limits.longestDatagramBytes)
    }

    @Test("a backlog of a thousand messages arrives, in order and once", arguments: [0, 0.2])
    func backlogArrives(loss: Double) {
        var pair = ConnectionPair(seed: 3, faults: .bad(loss: loss))
        for number in 0..<1000 { pair.server.say(Self.text(number, 60)) }
        let isSettled = pair.run(within: .seconds(60)) { $0.isSettled }
        #expect(isSettled)
        Self.expectAll(pair.client.heard[1], pair.server.logs.logs[1], "loss \(loss)")
    }

    @Test("messages up to 16 KiB arrive whole", arguments: [1, 1023, 1024, 1025, 16_383, 16_384])
    func longMessagesArrive(length: Int) {
        var pair = ConnectionPair(seed: 5, faults: .bad(loss: 0.2))
        for number in 0..<10 { pair.client.say(Self.text(number, length)) }
        pair.client.control(Self.text(0, length))
        let isSettled = pair.run(within: .seconds(30)) { $0.isSettled }
        #expect(isSettled)
        Self.expectAll(pair.server.heard[1], pair.client.logs.logs[1], "length \(length)")
        #expect(pair.client.largestDatagram <= Limits.longestDatagramBytes)
    }

    @Test("the largest numbers and the longest headers still fit a datagram")
    func longestHeadersFit() {
        var pair = ConnectionPair()
        let cursor = VarInt.max - 10
        pair.client.connection.feed(log: 3, as: VarInt.max, after: 0)
        pair.server.connection.open(alias: VarInt.max, after: 0)
        pair.client.say([UInt8](repeating: 1, count: Limits.messageBytes), in: 3, step: cursor)
        pair.client.say([UInt8](repeating: 2, count: Limits.fragmentBytes), in: 3)
        let isSettled = pair.run(within: .seconds(5)) { $0.isSettled }
        #expect(isSettled)
        #expect(pair.server.heard[VarInt.max]?.map(\.number) == [cursor, cursor + 1])
        #expect(pair.client.largestDatagram <= Limits.longestDatagramBytes)
    }

    @Test("a log that is cut while it is fed goes on, in order", arguments: 1...8 as ClosedRange<UInt64>)
    func cutLogsGoOn(seed: UInt64) {
        var pair = ConnectionPair(seed: seed, faults: .bad(loss: 0.3))
        for number in 0..<600 {
            pair.server.say(Self.text(number, 100))
            if let count = pair.server.logs.logs[1]?.entries.count, count > 40 { pair.server.logs.logs[1]?.cut(20) }
            pair.run(for: .milliseconds(4))
        }
        let isSettled = pair.run(within: .seconds(30)) { $0.isSettled }
        #expect(isSettled, "seed \(seed)")
        #expect(pair.client.violations.isEmpty && pair.client.closedByPeer.isEmpty, "seed \(seed)")
        let heard = pair.client.heard[1] ?? []
        #expect(heard.last?.number == 600, "seed \(seed)")
        #expect(zip(heard, heard.dropFirst()).allSatisfy { $0.number < $1.number }, "seed \(seed)")
        #expect(heard.allSatisfy { pair.server.logs.logs[1]?.history[$0.number] == $0.bytes }, "seed \(seed)")
    }

    @Test("an idle path costs nothing but the keep-alive")
    func idlePathIsQuiet() {
        var pair = ConnectionPair()
        pair.run(for: .seconds(300))
        #expect(pair.client.sent <= 31 && pair.server.sent <= 31)
        #expect(pair.client.connection.isOpen && pair.server.connection.isOpen)
    }

    @Test("a message leaves at once, and on a near path without loss it is sent once")
    func leavesAtOnce() {
        var pair = ConnectionPair.near()
        for number in 0..<50 {
            pair.client.say(Self.text(number))
            let start = pair.now
            let isHeard = pair.run(within: .seconds(1)) { $0.server.heard[1]?.count == number + 1 }
            #expect(isHeard && pair.now - start == .milliseconds(2))
            pair.run(for: .milliseconds(200))
        }
        #expect(pair.client.sent == 50)
        #expect(pair.server.sent == 50, "one acknowledgement each")
    }

    @Test("no more packets are under way than the packet window, however much waits", arguments: [900, 16_384])
    func packetWindowHolds(length: Int) {
        var pair = ConnectionPair()
        pair.carriesUp = false
        for log in 1...2 as ClosedRange<UInt64> {
            for number in 0..<100 { pair.client.say(Self.text(number, length), in: log) }
        }
        pair.flush()
        #expect(pair.client.sent == Limits.packetWindow)
        #expect(pair.client.connection.sent.inFlight == Limits.packetWindow)
    }

    @Test("without loss nothing is sent twice on a near path, however long the backlog", arguments: [30, 900, 16_384])
    func sendsNothingTwice(length: Int) {
        var pair = ConnectionPair.near()
        for number in 0..<300 { pair.server.say(Self.text(number, length)) }
        let isSettled = pair.run(within: .seconds(30)) { $0.isSettled }
        #expect(isSettled)
        let pieces = 300 * MessageFragment.count(total: length)
        // Each packet has 36 bytes of header, acknowledgement and tag, each piece at most 16 of its own.
        #expect(pair.server.sentBytes <= 300 * length + pieces * 16 + pair.server.sent * 36)
        #expect(length < 900 || pair.server.sent == pieces)
    }

    @Test("on a far path only the head of a backlog gets copies", arguments: [30, 900])
    func sendsBacklogsOnce(length: Int) {
        var pair = ConnectionPair()
        for number in 0..<1000 { pair.server.say(Self.text(number, length)) }
        let isSettled = pair.run(within: .seconds(30)) { $0.isSettled }
        #expect(isSettled)
        let pieces = 1000 + 2 * Limits.copiedMessages
        #expect(pair.server.sentBytes <= pieces * (length + 16) + pair.server.sent * 36)
    }

    @Test("logs take turns, so that the backlog of one does not hold up another")
    func logsTakeTurns() {
        var pair = ConnectionPair()
        for log in 1...2 as ClosedRange<UInt64> {
            for number in 0..<500 { pair.server.say(Self.text(number, 900), in: log) }
        }
        pair.run(for: .milliseconds(250))
        let counts = [1, 2].map { pair.client.heard[$0]?.count ?? 0 }
        #expect(abs(counts[0] - counts[1]) <= 2 && counts[0] > 50, "\(counts)")
    }

    @Test("the control channel goes before every log")
    func controlGoesFirst() throws {
        var pair = ConnectionPair()
        for number in 0..<500 { pair.server.say(Self.text(number, 900)) }
        pair.server.control([7])
        var datagram: [UInt8] = []
        let logs = pair.server.logs
        let hasDatagram = pair.server.connection.pollTransmit(into: &datagram, from: logs, at: pair.now)
        #expect(hasDatagram)
        var plaintext: [UInt8] = []
        let isOpened = TestKeys.session().secrets.server.open(
            datagram.span, headerCount: DataHeader.bytesToClient, numberCount: DataHeader.numberBytes, packetNumber: 0,
            into: &plaintext)
        #expect(isOpened)
        guard case .message(let first) = try FrameTests.frames(of: plaintext).first else {
            Issue.record("no message")
            return
        }
        #expect(first.alias == Connection.control && first.bytes == [7])
    }

    @Test("control messages that wait are bounded, and what does not fit is refused")
    func controlQueueIsBounded() {
        var pair = ConnectionPair()
        pair.carriesDown = false
        let taken = (0..<Limits.controlQueue + 10).count { _ in pair.server.connection.sendControl([1]) }
        #expect(taken == Limits.controlQueue)
        var fresh = ConnectionPair().server.connection
        let isTaken = fresh.sendControl([UInt8](repeating: 0, count: Limits.messageBytes + 1))
        #expect(!isTaken)
        pair.carriesDown = true
        let isSettled = pair.run(within: .seconds(30)) { $0.isSettled }
        #expect(isSettled)
        #expect(pair.client.heard[0]?.count == Limits.controlQueue)
        pair.server.control([2])
    }

    @Test("messages that overtake the announcement of their log wait for it")
    func waitsForAnnouncement() {
        var pair = ConnectionPair()
        pair.server.connection.feed(log: 3, as: 9, after: 5)
        for number in 1...10 { pair.server.say(Self.text(number), in: 3) }
        pair.run(for: .milliseconds(100))
        #expect(pair.client.heard[9] == nil)
        pair.client.connection.open(alias: 9, after: 5)
        pair.client.collect()
        #expect(pair.client.heard[9]?.map(\.number) == Array(6...10))
    }

    @Test("what arrived is known by its number")
    func knowsWhatArrived() {
        var pair = ConnectionPair()
        for number in 0..<3 { pair.client.say(Self.text(number)) }
        #expect(pair.client.connection.arrivedThrough(alias: 1) == 0)
        let isSettled = pair.run(within: .seconds(1)) { $0.isSettled }
        #expect(isSettled)
        #expect(pair.client.connection.arrivedThrough(alias: 1) == 3)
        #expect(pair.client.connection.arrivedThrough(alias: 77) == nil)
    }
}
