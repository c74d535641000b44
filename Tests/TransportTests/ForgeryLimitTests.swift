import Basics
import Testing

@testable import Transport

/// Row 26.
struct ForgeryLimitTests {
    private static func pair(forgeries: UInt64) -> ConnectionPair {
        let limits = KeyLimits(forgeries: forgeries)
        return ConnectionPair(keyLimits: (.standard, limits))
    }

    /// Gives the server a packet with a bit flipped in its tag.
    private static func flip(_ pair: inout ConnectionPair, number: UInt64, updates: Int = 0) -> Bool {
        let datagram = ConnectionPair.packet([.ping], number: number, updates: updates)
        var scratch: [UInt8] = []
        let isTaken = pair.server.connection.receive(
            changed(datagram, at: datagram.count - 1).span, scratch: &scratch, at: pair.now)
        pair.server.collect()
        return isTaken
    }

    @Test("26: the connection closes with a reason at the last forgery that the cipher bears, and not before")
    func closesAtTheLimit() {
        var pair = Self.pair(forgeries: 10)
        for number in 0..<9 as Range<UInt64> { #expect(!Self.flip(&pair, number: number)) }
        #expect(pair.server.connection.isOpen)
        #expect(!Self.flip(&pair, number: 9))
        #expect(pair.server.violations == [.forgeryLimit])
        pair.run(for: .milliseconds(100))
        #expect(pair.client.closedByPeer.map(\.text) == [ProtocolViolation.forgeryLimit.text])
    }

    @Test("26: past the limit nothing is opened any more, and the connection still ends")
    func opensNothingAfterwards() {
        var pair = Self.pair(forgeries: 1)
        #expect(!Self.flip(&pair, number: 0))
        let isTaken = pair.forge([.ping], number: 1)
        #expect(!isTaken)
        pair.run(for: Limits.closing)
        #expect(pair.server.connection.isClosed)
        #expect(pair.server.violations == [.forgeryLimit])
    }

    @Test("26: forgeries count over key updates, with those that claim the next key")
    func countsOverUpdates() {
        var pair = Self.pair(forgeries: 4)
        pair.client.say([1])
        pair.run(for: .milliseconds(200))
        let next = pair.client.connection.nextPacketNumber
        #expect(!Self.flip(&pair, number: next))
        #expect(!Self.flip(&pair, number: next, updates: 1))
        let follows = pair.forge([.ping], number: next, updates: 1)
        #expect(follows)
        #expect(!Self.flip(&pair, number: next + 1, updates: 1))
        #expect(pair.server.violations.isEmpty)
        #expect(!Self.flip(&pair, number: next + 1, updates: 1))
        #expect(pair.server.violations == [.forgeryLimit])
    }

    @Test("26: corruption and replays far below the limit harm nothing, and a replay is no forgery")
    func replaysAreNoForgeries() {
        var pair = Self.pair(forgeries: 2)
        for _ in 0..<20 { pair.forge([.ping], number: 3) }
        #expect(!Self.flip(&pair, number: 4))
        #expect(pair.server.connection.isOpen)
        #expect(pair.server.connection.keys.failures == 1)
    }

    @Test("26: a server's endpoint tells its owner, and tells the client")
    func endpointTells() throws {
        var world = LoginWorld(keyLimits: KeyLimits(forgeries: 3))
        var (client, _, _, finish) = try world.handshakeUntilFinish()
        let verdict = try #require(world.ask(finish).first)
        client.receive(verdict.span, at: world.now)
        var connection = Connection(role: .client, keys: try #require(client.keys), at: world.now)
        _ = connection.sendControl([1])
        var datagram: [UInt8] = []
        let hasDatagram = connection.pollTransmit(into: &datagram, from: TestLog(), at: world.now)
        #expect(hasDatagram)
        var answers: [[UInt8]] = []
        for mask in 1...3 as ClosedRange<UInt8> { answers += world.ask(changed(datagram, at: 20, by: mask)) }
        #expect(world.closed.map(\.cause) == [.violation(.forgeryLimit)])
        #expect(answers.count == 1)
        var scratch: [UInt8] = []
        for answer in answers { _ = connection.receive(answer.span, scratch: &scratch, at: world.now) }
        guard case .closedByPeer(let reason) = connection.pollEvent() else {
            Issue.record("not told")
            return
        }
        #expect(reason.text == ProtocolViolation.forgeryLimit.text)
    }
}
