import Basics
import Testing

@testable import Transport

struct LossDetectorTests {
    private static let path = RoundTrip(measured: .milliseconds(80))

    private static func packets(_ count: UInt64, each gap: Duration = .milliseconds(1)) -> BulkPackets {
        var packets = BulkPackets()
        var congestion = BulkCongestion(path: path, packetBytes: 1200, at: .start)
        for number in 0..<count {
            let sent = Instant.start + gap * Int(number)
            packets.record(
                BulkPacket(
                    number: number, sent: sent, bytes: 1200, frames: [],
                    delivery: congestion.sent(inFlight: packets.inFlight, at: sent)))
        }
        return packets
    }

    private static func acknowledge(_ packets: inout BulkPackets, _ ranges: ClosedRange<UInt64>...) -> UInt64? {
        packets.acknowledge(AcknowledgedNumbers(ranges: ranges)).late?.distance
    }

    @Test("three numbers behind an acknowledged one a packet is lost, two are not yet (RFC 9002, 6.1.1)")
    func packetThreshold() {
        var packets = Self.packets(10)
        var detector = LossDetector()
        _ = Self.acknowledge(&packets, 4...4)
        let lost = detector.detect(in: &packets, path: Self.path, at: .start + .milliseconds(84))
        #expect(lost.map(\.number) == [0, 1])
        #expect(detector.next == .start + .milliseconds(2 + 90))
        #expect(packets.inFlight == 7)
    }

    @Test("an eighth of a round trip behind one a packet is lost (RFC 9002, 6.1.2)")
    func timeThreshold() {
        var packets = Self.packets(3)
        var detector = LossDetector()
        _ = Self.acknowledge(&packets, 1...2)
        #expect(detector.detect(in: &packets, path: Self.path, at: .start + .milliseconds(89)).isEmpty)
        let lost = detector.detect(in: &packets, path: Self.path, at: .start + .milliseconds(90))
        #expect(lost.map(\.number) == [0])
        #expect(detector.next == nil)
    }

    @Test("a path that reorders gets more patience, and less again after a while")
    func patienceIsLearned() {
        var packets = Self.packets(60)
        var detector = LossDetector()
        var now = Instant.start + .milliseconds(90)
        _ = Self.acknowledge(&packets, 8...8)
        #expect(detector.detect(in: &packets, path: Self.path, at: now).count == 6)
        let late = Self.acknowledge(&packets, 8...8, 2...2)
        #expect(late == 6)
        detector.arrivedLate(distance: 6, age: .milliseconds(88), path: Self.path, at: now)
        _ = Self.acknowledge(&packets, 20...20)
        let lost = detector.detect(in: &packets, path: Self.path, at: now)
        #expect(lost.map(\.number) == [6, 7, 9, 10, 11, 12, 13], "seven behind are lost, six are not")
        now = now + Limits.reorderingMemory + .milliseconds(1)
        #expect(detector.detect(in: &packets, path: Self.path, at: now).count == 6)
    }

    @Test("acknowledgements that overlap and repeat count each packet once", arguments: 1...10 as ClosedRange<UInt64>)
    func countsOnce(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var packets = Self.packets(300)
        var arrived: [UInt64] = []
        for _ in 0..<60 {
            let low = UInt64.random(in: 0...299, using: &random)
            let numbers = AcknowledgedNumbers(ranges: [low...min(299, low + .random(in: 0...20, using: &random))])
            arrived += packets.acknowledge(numbers).arrived.map(\.number)
        }
        #expect(Set(arrived).count == arrived.count, "seed \(seed)")
        #expect(packets.inFlight == 300 - arrived.count && packets.inFlightBytes == packets.inFlight * 1200)
    }

    @Test("the pacer saves up a millisecond, and a message that goes ahead is paid for")
    func paces() {
        var pacer = Pacer()
        var now = Instant.start
        var sent = 0
        while pacer.isReady(at: now) {
            pacer.spend(1250, rate: 12_500_000, at: now)
            sent += 1
        }
        #expect(sent == 11, "ten saved up, and one on credit")
        #expect(pacer.release(rate: 12_500_000, packetBytes: 1250) == now + .milliseconds(1))
        now = now + .microseconds(100)
        #expect(pacer.isReady(at: now))
        pacer.spend(12_500, rate: 12_500_000, at: now)
        #expect(!pacer.isReady(at: now + .microseconds(999)))
        #expect(pacer.isReady(at: now + .milliseconds(1)))
    }
}
