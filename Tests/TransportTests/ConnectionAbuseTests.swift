import Basics
import Testing

@testable import Transport

struct ConnectionAbuseTests {
    private static func message(
        _ number: UInt64, alias: UInt64 = 1, distance: UInt64 = 1, total: Int = 1, index: Int = 0, fill: UInt8 = 1
    ) -> Frame {
        .message(
            MessageFragment(
                alias: alias, number: number, distance: distance, total: total, index: index,
                bytes: [UInt8](repeating: fill, count: MessageFragment.range(index: index, total: total).count)))
    }

    /// The server closed because of this, told it to its owner, and tells it to the peer.
    private static func expectClosed(_ pair: ConnectionPair, _ violation: ProtocolViolation) {
        var pair = pair
        #expect(pair.server.violations == [violation])
        pair.run(for: .milliseconds(100))
        #expect(pair.client.closedByPeer == [CloseReason(code: CloseReason.violation, text: violation.text)])
    }

    @Test(
        "21: an acknowledgement of a packet never sent closes with a reason",
        arguments: [0, 5, 0xffff_ffff] as [UInt32])
    func closesAtUnsent(largest: UInt32) {
        var pair = ConnectionPair()
        pair.forge([.acknowledgement(Acknowledgement(largest: largest, delay: 0, bitmap: 0))], number: 0)
        Self.expectClosed(pair, .acknowledgementOfUnsent)
    }

    @Test("22: a fragment that conflicts with an earlier one closes with a reason")
    func closesAtConflict() {
        var pair = ConnectionPair()
        pair.forge([Self.message(2, total: 3000, index: 0)], number: 0)
        pair.forge([Self.message(2, total: 3000, index: 0, fill: 2)], number: 1)
        Self.expectClosed(pair, .conflictingFragment)
    }

    @Test("22: more messages out of order than the window closes with a reason")
    func closesBeyondWindow() {
        var pair = ConnectionPair()
        for number in 0...UInt64(Limits.messageWindow) { pair.forge([Self.message(number + 2)], number: number) }
        Self.expectClosed(pair, .windowExceeded)
    }

    @Test("22: unfinished fragments that promise more bytes than the window close with a reason")
    func closesAtUnfinishedFlood() {
        var pair = ConnectionPair()
        for number in 0..<6 as Range<UInt64> {
            pair.forge([Self.message(number + 2, total: Limits.messageBytes, index: 3)], number: number)
        }
        Self.expectClosed(pair, .windowExceeded)
    }

    @Test("22: a client's message of a log that was not opened closes with a reason")
    func closesAtUnknownLog() {
        var pair = ConnectionPair()
        pair.forge([Self.message(1, alias: 9)], number: 0)
        Self.expectClosed(pair, .unexpectedLog)
    }

    @Test("22: a server that feeds more logs than the limit is closed")
    func boundsLogs() {
        var pair = ConnectionPair()
        for alias in 0..<UInt64(Limits.logsPerConnection + 10) {
            pair.server.connection.feed(log: 100 + alias, as: 100 + alias, after: 0)
            pair.server.say([1], in: 100 + alias)
        }
        pair.run(for: .seconds(2))
        #expect(pair.client.violations == [.unexpectedLog])
        #expect(pair.client.connection.incoming.count == Limits.logsPerConnection + 1)
    }

    @Test(
        "an unknown or cut-off frame closes with a reason",
        arguments: [[0x3f], [0x02, 0], [0x04, 0, 0, 0, 0], [0x06, 1, 9]] as [[UInt8]])
    func closesAtMalformed(raw: [UInt8]) {
        var pair = ConnectionPair()
        pair.forge([.ping], number: 0, raw: raw)
        #expect(pair.server.violations.count == 1)
        pair.run(for: .milliseconds(100))
        #expect(pair.client.closedByPeer.map(\.text) == ["malformed frame"])
    }

    @Test("11: a replayed packet is dropped, and is no sign of life")
    func dropsReplays() {
        var pair = ConnectionPair()
        let isTaken = pair.forge([.ping], number: 5)
        #expect(isTaken)
        let heard = pair.server.connection.lastHeard
        pair.now = pair.now + .seconds(1)
        let replayed = pair.forge([.ping], number: 5)
        #expect(!replayed)
        #expect(pair.server.connection.lastHeard == heard)
    }

    @Test("11: a packet from below the replay window is dropped, though it never came before")
    func dropsBelowWindow() {
        var pair = ConnectionPair()
        let isTaken = pair.forge([.ping], number: 10_000)
        #expect(isTaken)
        let below = pair.forge([.ping], number: 10_000 - UInt64(Limits.replayWindow))
        let inside = pair.forge([.ping], number: 10_001 - UInt64(Limits.replayWindow))
        #expect(!below && inside)
    }

    @Test("12: packet numbers may jump, and the connection goes on")
    func survivesJumps() {
        var pair = ConnectionPair()
        for (place, number) in [0, 1 << 20, 1 << 31, (1 << 32) - 4, (1 << 32) + 5].enumerated() {
            let isNew = pair.forge([Self.message(UInt64(place + 1))], number: UInt64(number))
            #expect(isNew, "\(number)")
        }
        #expect(pair.server.heard[1]?.count == 5)
        #expect(pair.server.connection.isOpen)
    }

    @Test("12: a peer whose packet numbers near 2^62 is closed with a reason, and its last packet still counts")
    func closesNearTheEnd() {
        var pair = ConnectionPair()
        pair.server.connection.replay.mark(Limits.closingPacketNumber - 2)
        pair.forge([Self.message(1)], number: Limits.closingPacketNumber)
        #expect(pair.server.violations.isEmpty)
        pair.forge([Self.message(2)], number: Limits.closingPacketNumber + 1)
        #expect(pair.server.heard[1]?.count == 2)
        Self.expectClosed(pair, .packetNumbersExhausted)
    }

    @Test("12: a packet beyond the last number is dropped")
    func dropsBeyondTheEnd() {
        var pair = ConnectionPair()
        pair.server.connection.replay.mark(Limits.lastPacketNumber)
        let isNew = pair.forge([.ping], number: Limits.lastPacketNumber + 1)
        #expect(!isNew)
    }

    @Test("12: a connection closes before its own packet numbers are used up, and never wraps them")
    func neverWraps() {
        var pair = ConnectionPair()
        pair.client.connection.nextPacketNumber = Limits.closingPacketNumber
        pair.server.connection.replay.mark(Limits.closingPacketNumber - 1)
        pair.client.say([1])
        let isClosed = pair.run(within: .seconds(1)) { $0.client.connection.isClosed }
        #expect(isClosed)
        #expect(pair.client.violations == [.packetNumbersExhausted])
        #expect(pair.server.heard[1]?.count == 1)
        #expect(pair.server.closedByPeer.map(\.text) == [ProtocolViolation.packetNumbersExhausted.text])
        var last = ConnectionPair().client.connection
        last.nextPacketNumber = Limits.lastPacketNumber + 1
        var datagram: [UInt8] = []
        let sends = last.pollTransmit(into: &datagram, from: TestLog(), at: pair.now + .seconds(15))
        #expect(!sends && last.isClosed)
    }

    @Test("20: ten thousand gaps in what arrived cost one acknowledgement of fixed size each")
    func gapsAreCapped() {
        var pair = ConnectionPair()
        pair.carriesDown = false
        for number in 0..<10_000 as Range<UInt64> {
            pair.forge([.ping], number: number * 2)
            pair.flush()
        }
        #expect(pair.server.sent <= 10_000)
        #expect(pair.server.largestDatagram <= DataHeader.bytesToClient + Frame.acknowledgementBytes + 16)
        #expect(pair.server.connection.isOpen)
    }

    @Test("a packet full of the smallest messages is taken, and answered once")
    func survivesTinyMessages() {
        var pair = ConnectionPair()
        let frames = (1...200).map { Self.message(UInt64($0), total: 0) }
        let isTaken = pair.forge(frames, number: 0)
        #expect(isTaken)
        #expect(pair.server.heard[1]?.count == 200)
        pair.flush()
        #expect(pair.server.sent == 1)
    }

    @Test("random frames from a peer that has the keys never trap", arguments: 1...30 as ClosedRange<UInt64>)
    func survivesRandomFrames(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var pair = ConnectionPair()
            for number in 0..<20 as Range<UInt64> {
                let frames = (0..<Int.random(in: 0...3, using: &random)).map { _ in FrameTests.frame(using: &random) }
                let raw = random.chance(0.2) ? random.bytes(Int.random(in: 0...20, using: &random)) : []
                pair.forge(frames, number: number, raw: raw)
                pair.run(for: .milliseconds(3))
            }
            #expect(pair.server.connection.events.isEmpty)
        }
    }
}
