import Basics
import Crypto
import Testing

@testable import Transport

/// Row 25, and the life of keys.
struct KeyPhaseTests {
    /// Both sides talk steadily.
    private static func talk(_ pair: inout ConnectionPair, count: Int, every pause: Duration = .milliseconds(10)) {
        for number in 0..<count {
            pair.client.say([UInt8(truncatingIfNeeded: number)])
            pair.server.say([UInt8(truncatingIfNeeded: number)])
            pair.run(for: pause)
        }
    }

    private static func expectDelivered(_ pair: inout ConnectionPair, count: Int) {
        let isSettled = pair.run(within: .seconds(20)) { $0.isSettled }
        #expect(isSettled, "seed \(pair.seed)")
        let expected = (0..<count).map { [UInt8(truncatingIfNeeded: $0)] }
        #expect(pair.server.heard[1]?.map(\.bytes) == expected, "seed \(pair.seed)")
        #expect(pair.client.heard[1]?.map(\.bytes) == expected, "seed \(pair.seed)")
        #expect(pair.client.violations.isEmpty && pair.server.violations.isEmpty, "seed \(pair.seed)")
    }

    /// An ACK of the server's first packet, so that what the client's keys sealed counts as confirmed there.
    private static func settled() -> ConnectionPair {
        var pair = ConnectionPair()
        pair.client.say([1])
        pair.server.say([1])
        pair.run(for: .milliseconds(200))
        return pair
    }

    private static let never = KeyLimits(packets: .max, age: .seconds(1_000_000))

    @Test("when one side has sent its packets under a key, both go on under the next one, again and again")
    func updatesByCount() {
        var pair = ConnectionPair(keyLimits: (KeyLimits(packets: 20), Self.never))
        var phases: [Bool] = []
        for _ in 0..<20 {
            Self.talk(&pair, count: 10, every: .milliseconds(20))
            phases.append(pair.client.connection.keys.phase)
            #expect(pair.server.connection.isOpen)
        }
        #expect(Set(phases) == [false, true])
        #expect(pair.client.connection.keys.updates >= 5)
        #expect(pair.client.connection.keys.updates == pair.server.connection.keys.updates)
        #expect(pair.server.heard[1]?.count == 200 && pair.client.heard[1]?.count == 200)
    }

    @Test("keys in use for 120 s are updated by the next packet, even of a connection that only stays alive")
    func updatesByTime() {
        var pair = ConnectionPair()
        pair.run(for: .seconds(119))
        #expect(pair.client.connection.keys.updates == 0)
        pair.run(for: .seconds(12))
        #expect(pair.client.connection.keys.updates == 1)
        #expect(pair.server.connection.keys.updates == 1)
        pair.run(for: .seconds(600))
        #expect(pair.client.connection.keys.updates >= 5)
        #expect(pair.client.connection.isOpen && pair.server.connection.isOpen)
    }

    @Test(
        "updates lose, repeat and reorder nothing on a bad link, whoever begins them",
        arguments: 1...20 as ClosedRange<UInt64>)
    func survivesBadLinks(seed: UInt64) {
        let limits = KeyLimits(packets: 15)
        var pair = ConnectionPair(
            seed: seed, faults: .bad(loss: seed % 3 == 0 ? 0 : 0.2),
            keyLimits: (seed % 2 == 0 ? limits : Self.never, limits))
        Self.talk(&pair, count: 250)
        Self.expectDelivered(&pair, count: 250)
        #expect(pair.client.connection.keys.updates >= 3, "seed \(seed)")
    }

    @Test("25: updates that both sides begin at once cross and meet in the same phase", arguments: [0, 0.2])
    func crossingUpdatesSurvive(loss: Double) {
        let limits = KeyLimits(age: .milliseconds(500))
        var pair = ConnectionPair(seed: 3, faults: LinkFaults(loss: loss), keyLimits: (limits, limits))
        // Exactly alike on both sides, so that both updates begin at the same moment.
        Self.talk(&pair, count: 400)
        Self.expectDelivered(&pair, count: 400)
        #expect(pair.client.connection.keys.updates >= 3)
        #expect(abs(pair.client.connection.keys.updates - pair.server.connection.keys.updates) <= 1)
    }

    @Test("25: a second update before the first was acknowledged closes the connection")
    func prematureUpdateCloses() {
        var pair = Self.settled()
        let next = pair.client.connection.nextPacketNumber
        let follows = pair.forge([.ping], number: next, updates: 1)
        #expect(follows && pair.server.violations.isEmpty)
        pair.forge([.ping], number: next + 1, updates: 2)
        #expect(pair.server.violations == [.prematureKeyUpdate])
        pair.run(for: .milliseconds(100))
        #expect(pair.client.closedByPeer.map(\.text) == [ProtocolViolation.prematureKeyUpdate.text])
    }

    @Test("25: a second update after the first was acknowledged is followed")
    func patientUpdateIsFollowed() {
        var pair = Self.settled()
        pair.carriesDown = false
        let next = pair.client.connection.nextPacketNumber
        pair.forge([.ping], number: next, updates: 1)
        pair.flush()
        let isOpened = pair.forge([.ping], number: next + 1, updates: 2)
        #expect(isOpened && pair.server.violations.isEmpty)
        #expect(pair.server.connection.keys.updates == 2)
    }

    @Test("25: a peer that acknowledges under the old key what came under the new one is closed")
    func staleKeyCloses() {
        var pair = ConnectionPair(keyLimits: (Self.never, KeyLimits(packets: 2)))
        pair.client.say([1])
        pair.server.say([1])
        pair.run(for: .milliseconds(200))
        pair.carriesDown = false
        pair.server.say([2])
        pair.flush()
        #expect(pair.server.connection.keys.updates == 1)
        let newest = UInt32(truncatingIfNeeded: pair.server.connection.nextPacketNumber - 1)
        pair.forge(
            [.acknowledgement(Acknowledgement(largest: newest, delay: 0, bitmap: 0))],
            number: pair.client.connection.nextPacketNumber)
        #expect(pair.server.violations == [.staleKey])
    }

    @Test("25: a peer that goes on and acknowledges nothing, so that no key can be updated, is closed")
    func wornOutKeyCloses() {
        var pair = ConnectionPair(keyLimits: (Self.never, KeyLimits(packets: 20, lastPackets: 80)))
        pair.carriesDown = false
        for number in 0..<200 where pair.server.violations.isEmpty {
            pair.forge([.ping], number: UInt64(number), updates: 0)
            pair.run(for: .milliseconds(30))
        }
        #expect(pair.server.violations == [.packetNumbersExhausted])
        #expect(pair.server.connection.keys.updates == 0)
    }

    @Test("a packet under the old key that arrives late counts for three probe time-outs, and no longer")
    func retainsOldKeys() {
        var pair = Self.settled()
        let next = pair.client.connection.nextPacketNumber
        pair.forge([.ping], number: next + 2, updates: 1)
        let isTaken = pair.forge([.ping], number: next + 1, updates: 0)
        #expect(isTaken)
        pair.now = pair.now + pair.server.connection.path.probeTimeout * 3
        let isTakenLater = pair.forge([.ping], number: next, updates: 0)
        #expect(!isTakenLater)
    }

    @Test("a packet under the old key with a number above one under the new key is dropped")
    func oldKeysDoNotComeBack() {
        var pair = Self.settled()
        let next = pair.client.connection.nextPacketNumber
        pair.forge([.ping], number: next, updates: 1)
        let isTaken = pair.forge([.ping], number: next + 1, updates: 0)
        #expect(!isTaken)
        #expect(pair.server.connection.keys.updates == 1)
    }

    @Test("a flipped phase bit, or a claimed update without the key, changes nothing")
    func flippedPhaseIsDropped() {
        var pair = Self.settled()
        let next = pair.client.connection.nextPacketNumber
        let datagram = ConnectionPair.packet([.ping], number: next)
        var scratch: [UInt8] = []
        let isTaken = pair.server.connection.receive(changed(datagram, at: 0).span, scratch: &scratch, at: pair.now)
        #expect(!isTaken)
        #expect(pair.server.connection.keys.updates == 0)
        let isTakenUnchanged = pair.forge([.ping], number: next)
        #expect(isTakenUnchanged)
    }

    @Test("no update begins while the peer has acknowledged nothing of the present keys")
    func waitsForConfirmation() {
        var pair = ConnectionPair(keyLimits: (KeyLimits(packets: 5), Self.never))
        pair.carriesUp = false
        for _ in 0..<20 {
            pair.client.say([1])
            pair.run(for: .milliseconds(100))
        }
        #expect(pair.client.connection.keys.updates == 0)
    }

    @Test("of the first byte of a data packet all values but the two phases are foreign")
    func headerTakesThePhaseAlone() throws {
        for byte in UInt8.min...UInt8.max {
            let datagram: [UInt8] = [byte, 0, 0, 0, 9]
            let header = try? DataHeader(parsing: datagram.span, hasDestination: false)
            let expected: Bool? = byte == 0x80 ? false : byte == 0x81 ? true : nil
            #expect(header?.keyPhase == expected, "\(byte)")
            #expect((PacketType(firstByteOf: datagram.span) == .data) == (expected != nil), "\(byte)")
        }
        for isSecond in [false, true] {
            var bytes: [UInt8] = []
            let header = DataHeader(destination: nil, number: 7, keyPhase: isSecond)
            header.emit(into: &bytes)
            #expect(try DataHeader(parsing: bytes.span, hasDestination: false) == header)
        }
    }
}
