import Basics
import Testing

@testable import Transport

/// How bulk lives with messages and with other streams of the same connection, and what it keeps.
struct BulkSharingTests {
    /// A client whose pacer has just let a run of packets go: nothing of the stream may leave.
    private static func busyPair() throws -> (pair: ConnectionPair, stream: StreamID) {
        var pair = ConnectionPair()
        pair.server.connection.acceptStreams(3, at: pair.now)
        pair.run(for: .milliseconds(100))
        let opened = pair.client.connection.openStream(at: pair.now)
        let stream = try #require(opened)
        _ = pair.client.connection.write([UInt8](repeating: 1, count: 60_000)[...], to: stream)
        pair.flush()
        let wants = pair.client.connection.wantsTransmit(at: pair.now)
        #expect(!wants, "the pacer says later")
        return (pair, stream)
    }

    @Test("a message leaves at once though the pacer says later, and the datagram is no longer for it")
    func messagesDoNotWait() throws {
        var (pair, _) = try Self.busyPair()
        let before = (pair.client.sent, pair.client.sentBytes)
        pair.client.say([9], in: 1)
        pair.flush()
        #expect(pair.client.sent == before.0 + 1)
        #expect(pair.client.sentBytes - before.1 < 100)
        pair.run(for: .milliseconds(21))
        #expect(pair.server.heard[1]?.map(\.bytes) == [[9]])
    }

    @Test("messages do not wait for the streams' window either")
    func messagesPassAFullWindow() throws {
        var (pair, stream) = try Self.busyPair()
        pair.carriesDown = false
        for _ in 0..<20 {
            _ = pair.client.connection.write([UInt8](repeating: 1, count: 60_000)[...], to: stream)
            pair.run(for: .milliseconds(5))
        }
        let heard = pair.server.heard[1]?.count ?? 0
        pair.client.say([9], in: 1)
        pair.run(for: .milliseconds(21))
        #expect(pair.server.heard[1]?.count == heard + 1)
    }

    @Test("streams take turns")
    func streamsTakeTurns() {
        var pair = ConnectionPair()
        pair.server.connection.acceptStreams(3, at: pair.now)
        pair.run(for: .milliseconds(100))
        let streams = (0..<3).compactMap { _ in pair.client.connection.openStream(at: pair.now) }
        #expect(streams.count == 3)
        let piece = [UInt8](repeating: 1, count: 60_000)
        for stream in streams { _ = pair.client.connection.write(piece[...], to: stream) }
        var read: [StreamID: Int] = [:]
        for _ in 0..<100 where read.values.reduce(0, +) < 90_000 {
            pair.run(for: .milliseconds(2))
            for stream in streams {
                read[stream, default: 0] += pair.server.connection.read(stream, upTo: .max).count
            }
        }
        #expect(streams.allSatisfy { (20_000...45_000).contains(read[$0] ?? 0) }, "\(read)")
    }

    @Test("a connection without streams is as small as before, but for one word")
    func costsNothingWithoutStreams() {
        #expect(MemoryLayout<Boxed<Bulk>>.size == MemoryLayout<Int>.size)
        var pair = ConnectionPair()
        pair.client.say([1], in: 1)
        pair.run(for: .seconds(1))
        #expect(pair.client.connection.bulk.isEmpty && pair.server.connection.bulk.isEmpty)
        pair.server.connection.acceptStreams(1, at: pair.now)
        pair.run(for: .seconds(1))
        pair.client.connection.close(CloseReason(code: 16, text: ""), at: pair.now)
        pair.run(for: .milliseconds(100))
        #expect(pair.client.connection.bulk.isEmpty && pair.server.connection.bulk.isEmpty, "and after its end")
    }

    @Test("packets under way are bounded, however wide the window")
    func packetsAreBounded() {
        var packets = BulkPackets()
        var congestion = BulkCongestion(path: RoundTrip(measured: .milliseconds(80)), packetBytes: 1200, at: .start)
        for number in 0..<UInt64(Limits.bulkPackets) {
            #expect(!packets.isFull)
            let delivery = congestion.sent(inFlight: packets.inFlight, at: .start)
            packets.record(
                BulkPacket(number: number, sent: .start, bytes: 1200, frames: [], delivery: delivery))
        }
        #expect(packets.isFull)
        _ = packets.declareLost { _ in true }
        #expect(packets.count <= Limits.lateBulkPackets && packets.inFlightBytes == 0)
    }
}
