import Basics
import Testing
import Transport

struct RecoveryTests {
    private static let path = RoundTrip(measured: .milliseconds(80))

    private static func packet(_ number: UInt64, at milliseconds: Int64, bytes: Int = 100) -> SentPacket {
        SentPacket(
            number: number, sent: .start + .milliseconds(milliseconds), bytes: bytes,
            frames: [.message(alias: 1, number: number + 1, index: 0, distance: 1)])
    }

    // MARK: The round trip

    @Test("before a sample a careful round trip is assumed")
    func assumesARoundTrip() {
        let path = RoundTrip(measured: nil)
        #expect(!path.hasSample)
        #expect(path.smoothed == Limits.initialRoundTrip)
        #expect(path.probeTimeout == .milliseconds(250 + 500 + 1))
    }

    @Test("the first sample sets the estimate, the next ones move it by an eighth and a quarter (RFC 9002, 5.3)")
    func estimates() {
        var path = RoundTrip(measured: .milliseconds(80))
        #expect(path.smoothed == .milliseconds(80))
        #expect(path.variance == .milliseconds(40))
        path.sample(.milliseconds(160), delay: .zero)
        #expect(path.smoothed == .milliseconds(90))
        #expect(path.variance == .milliseconds(50))
        #expect(path.minimum == .milliseconds(80))
    }

    @Test("a stated delay is believed, but never below the smallest round trip")
    func believesDelays() {
        var path = RoundTrip(measured: .milliseconds(80))
        path.sample(.milliseconds(100), delay: .milliseconds(20))
        #expect(path.smoothed == .milliseconds(80))
        path = RoundTrip(measured: .milliseconds(80))
        path.sample(.milliseconds(90), delay: .milliseconds(20))
        #expect(path.smoothed == .microseconds(81_250), "20 ms would go below the minimum")
        path = RoundTrip(measured: .milliseconds(80))
        path.sample(.milliseconds(500), delay: .milliseconds(420))
        #expect(path.smoothed == .milliseconds(80), "an acknowledgement that was lost at first")
        path.sample(.milliseconds(160), delay: .seconds(2))
        #expect(path.smoothed == .milliseconds(90), "nonsense is not believed at all")
    }

    @Test(
        "an acknowledgement that is repeated late leaves the round trip as it is",
        arguments: [(Duration.milliseconds(1000), UInt16(30_000)), (Duration.seconds(9), UInt16.max)])
    func lateAcknowledgement(after: Duration, delay: UInt16) {
        var pair = ConnectionPair()
        pair.carriesDown = false
        pair.server.say([1])
        pair.flush()
        let sent = pair.now
        pair.now = sent + after
        let isTaken = pair.forge(
            [.acknowledgement(Acknowledgement(largest: 0, delay: delay, bitmap: 0))], number: 0)
        #expect(isTaken && !pair.server.connection.hasUnconfirmed)
        #expect(pair.server.connection.path.smoothed == .milliseconds(40))
    }

    @Test("probes keep an even pace four times, then slow down by half, up to two seconds")
    func probePace() {
        let paces = (1...20).map { Self.path.probeInterval(after: $0) }
        #expect(paces[0..<4].allSatisfy { $0 == .milliseconds(40) })
        #expect(paces[4] == .milliseconds(60))
        #expect(paces[5] == .milliseconds(90))
        #expect(paces.last == Limits.probeCeiling)
        #expect(RoundTrip(measured: .microseconds(50)).probeInterval(after: 1) == .milliseconds(15))
        #expect(Self.path.probeInterval(after: .max) == Limits.probeCeiling)
    }

    // MARK: Sent packets

    @Test("an acknowledgement removes the packets it names and no others")
    func acknowledgesByBitmap() {
        var sent = SentPackets()
        for number in 0..<70 as Range<UInt64> { _ = sent.record(Self.packet(number, at: Int64(number))) }
        let removed = sent.acknowledge(AcknowledgedNumbers(largest: 68, bitmap: 1 << 63 | 0b101))
        #expect(removed.map(\.number) == [4, 65, 67, 68])
        #expect(sent.inFlight == 66)
    }

    @Test("a packet that left a reordering window before an acknowledged one is lost, once it is old enough")
    func detectsLoss() {
        var sent = SentPackets()
        for (number, moment) in [(0, 0), (1, 5), (2, 30)] as [(UInt64, Int64)] {
            _ = sent.record(Self.packet(number, at: moment))
        }
        _ = sent.acknowledge(AcknowledgedNumbers(largest: 2, bitmap: 0))
        let newest = Instant.start + .milliseconds(30)
        let early = sent.detectLost(newest: newest, at: .start + .milliseconds(79), path: Self.path)
        #expect(early.lost.isEmpty)
        #expect(early.again == .start + .milliseconds(80))
        let ripe = sent.detectLost(newest: newest, at: .start + .milliseconds(80), path: Self.path)
        #expect(ripe.lost.map(\.frames) == [[.message(alias: 1, number: 1, index: 0, distance: 1)]])
        #expect(ripe.again == .start + .milliseconds(85))
        #expect(sent.inFlight == 1)
    }

    @Test("what left less than a reordering window earlier is not lost yet")
    func allowsReordering() {
        var sent = SentPackets()
        for number in 0..<2 as Range<UInt64> { _ = sent.record(Self.packet(number, at: Int64(number) * 9)) }
        _ = sent.acknowledge(AcknowledgedNumbers(largest: 1, bitmap: 0))
        let found = sent.detectLost(newest: .start + .milliseconds(9), at: .start + .seconds(1), path: Self.path)
        #expect(found.lost.isEmpty)
    }

    @Test("a late acknowledgement of a lost packet is welcome and counted once")
    func welcomesLateAcknowledgements() {
        var sent = SentPackets()
        for number in 0..<2 as Range<UInt64> { _ = sent.record(Self.packet(number, at: Int64(number) * 50)) }
        _ = sent.acknowledge(AcknowledgedNumbers(largest: 1, bitmap: 0))
        _ = sent.detectLost(newest: .start + .milliseconds(50), at: .start + .milliseconds(100), path: Self.path)
        #expect(sent.inFlight == 0)
        let late = sent.acknowledge(AcknowledgedNumbers(largest: 0, bitmap: 0))
        #expect(late.map(\.number) == [0])
        #expect(sent.inFlight == 0)
    }

    @Test("records of sent packets are bounded, and what the oldest carried is sent again")
    func boundsRecords() {
        var sent = SentPackets()
        for number in 0..<UInt64(Limits.sentPacketRecords) {
            let evicted = sent.record(Self.packet(number, at: 0))
            #expect(evicted == nil)
        }
        let evicted = sent.record(Self.packet(9999, at: 1))
        #expect(evicted?.number == 0)
        #expect(sent.count == Limits.sentPacketRecords)
        #expect(sent.inFlight == Limits.sentPacketRecords)
    }

    // MARK: Acknowledgements

    @Test("copies are acknowledged at once twice, then in company, four times a round trip")
    func acknowledgesAfterRest() {
        var state = AcknowledgementState()
        for number in 0..<2 as Range<UInt64> {
            state.received(number, asks: true, isNews: false, at: .start, path: Self.path)
            #expect(state.due == .start)
            _ = state.take(at: .start)
            #expect(state.due == nil)
        }
        for turn in 1...8 {
            let moment = Instant.start + .milliseconds(20) * turn
            state.received(
                UInt64(turn) * 2, asks: true, isNews: false, at: moment + .milliseconds(-19), path: Self.path)
            #expect(state.due == moment)
            state.received(
                UInt64(turn) * 2 + 1, asks: true, isNews: false, at: moment + .milliseconds(-9), path: Self.path)
            #expect(state.due == moment, "company does not put it off")
            _ = state.take(at: moment)
        }
        state.received(18, asks: true, at: .start + .milliseconds(161), path: Self.path)
        #expect(state.due == .start + .milliseconds(161), "news does not wait behind copies")
    }

    @Test("a gap, and what fills it, is acknowledged at once")
    func acknowledgesGapsAtOnce() {
        var state = AcknowledgementState()
        state.received(0, asks: true, at: .start, path: Self.path)
        _ = state.take(at: .start)
        state.received(2, asks: true, at: .start, path: Self.path)
        #expect(state.due == .start)
        _ = state.take(at: .start)
        state.received(1, asks: true, at: .start, path: Self.path)
        #expect(state.due == .start)
    }

    @Test("a full window gets four acknowledgements at least, since one covers 65 packets only")
    func acknowledgesCrowdsAtOnce() {
        var state = AcknowledgementState()
        for number in 0..<5 as Range<UInt64> {
            state.received(number, asks: true, at: .start, path: Self.path)
            #expect(state.due == .start)
            _ = state.take(at: .start)
        }
        for number in 5..<4 + UInt64(Limits.acknowledgementPackets) {
            state.received(number, asks: true, at: .start, path: Self.path)
            #expect(state.due == .start + .milliseconds(20))
        }
        state.received(4 + UInt64(Limits.acknowledgementPackets), asks: true, at: .start, path: Self.path)
        state.received(5 + UInt64(Limits.acknowledgementPackets), asks: true, at: .start, path: Self.path)
        #expect(state.due == .start)
    }

    @Test("what does not ask is not acknowledged by itself")
    func staysSilentUnasked() {
        var state = AcknowledgementState()
        state.received(0, asks: false, at: .start, path: Self.path)
        state.received(7, asks: false, at: .start, path: Self.path)
        #expect(state.due == nil)
        let told = state.take(at: .start)
        #expect(told?.bitmap == 1 << 6)
    }

    @Test("an acknowledgement tells how long it waited, and saturates")
    func tellsItsDelay() {
        var state = AcknowledgementState()
        state.received(0, asks: true, at: .start, path: Self.path)
        let early = state.take(at: .start + .microseconds(640))
        #expect(early?.delay == 20)
        let late = state.take(at: .start + .seconds(100))
        #expect(late?.delay == .max)
    }

    @Test("the bitmap agrees with the set of packets received", arguments: 1...10 as ClosedRange<UInt64>)
    func bitmapAgreesWithASet(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var state = AcknowledgementState()
        var received: Set<UInt64> = []
        for _ in 0..<500 {
            let largest = received.max() ?? 0
            let number = random.chance(0.02) ? largest + 200 : largest + 3 - min(largest + 3, random.next() % 60)
            guard received.insert(number).inserted else { continue }
            state.received(number, asks: true, at: .start, path: Self.path)
            guard let told = state.take(at: .start), let newest = received.max() else { return }
            #expect(told.largest == UInt32(newest), "seed \(seed)")
            for bit in 0..<64 as Range<UInt64> where newest > bit {
                #expect((told.bitmap >> bit & 1 == 1) == received.contains(newest - 1 - bit), "seed \(seed)")
            }
        }
    }
}
