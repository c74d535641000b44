import Basics
import Testing

@testable import Transport

/// Byte streams between two connections: what the owner sees, and what a peer may not do.
struct StreamTests {
    /// A pair whose server accepts streams.
    private static func pair(accepting count: Int = 4, seed: UInt64 = 1, faults: LinkFaults = .none) -> ConnectionPair {
        var pair = ConnectionPair(seed: seed, faults: faults)
        pair.server.connection.acceptStreams(count, at: pair.now)
        pair.run(for: .milliseconds(200))
        return pair
    }

    /// Opens a stream at the client.
    private static func open(_ pair: inout ConnectionPair) throws -> StreamID {
        let stream = pair.client.connection.openStream(at: pair.now)
        return try #require(stream)
    }

    private static func write(_ bytes: [UInt8], to stream: StreamID, _ pair: inout ConnectionPair) -> Int {
        pair.client.connection.write(bytes[...], to: stream)
    }

    private static func events(_ stream: StreamID, of side: ConnectionPair.Side) -> [StreamEvent] {
        side.streamEvents.filter { $0.0 == stream }.map(\.1)
    }

    // MARK: The life of a stream

    @Test("a stream is opened, read, and finished on both sides")
    func livesAndEnds() throws {
        var pair = Self.pair()
        let stream = try Self.open(&pair)
        #expect(Self.write([1, 2, 3], to: stream, &pair) == 3)
        pair.client.connection.finish(stream)
        pair.run(for: .milliseconds(100))
        #expect(Self.events(stream, of: pair.server) == [.opened, .readable])
        #expect(pair.server.connection.read(stream, upTo: 2) == [1, 2])
        #expect(pair.server.connection.read(stream, upTo: 10) == [3])
        pair.run(for: .seconds(1))
        #expect(Self.events(stream, of: pair.server).last == .finished)
        #expect(Self.events(stream, of: pair.client) == [.writable, .finished])
        #expect(pair.isSettled)
    }

    @Test("a stream without bytes has an end all the same")
    func emptyStream() throws {
        var pair = Self.pair()
        let stream = try Self.open(&pair)
        pair.client.connection.finish(stream)
        pair.run(for: .milliseconds(100))
        #expect(Self.events(stream, of: pair.server) == [.opened, .readable])
        #expect(pair.server.connection.read(stream, upTo: 1) == [])
        pair.run(for: .milliseconds(100))
        #expect(Self.events(stream, of: pair.server).last == .finished)
        #expect(Self.events(stream, of: pair.client).last == .finished)
    }

    @Test("nothing is written before the peer accepts the stream, and then as much as it grants")
    func waitsForCredit() throws {
        var pair = ConnectionPair()
        let stream = try Self.open(&pair)
        #expect(pair.client.connection.room(in: stream) == 0)
        #expect(Self.write([1], to: stream, &pair) == 0)
        let isExpected = pair.server.connection.expectStream(stream, at: pair.now)
        #expect(isExpected)
        pair.run(for: .milliseconds(100))
        #expect(Self.events(stream, of: pair.client) == [.writable])
        #expect(pair.client.connection.room(in: stream) == Limits.leastSendBuffer)
        #expect(Self.write([1], to: stream, &pair) == 1)
        pair.run(for: .milliseconds(100))
        #expect(pair.server.connection.read(stream, upTo: 9) == [1])
    }

    @Test("an owner expects the peer's streams in their order, and no more than the limit")
    func expectsInOrder() {
        var pair = ConnectionPair()
        let answers = [4, 2, 3, 4, 6].map {
            pair.server.connection.expectStream(StreamID(rawValue: $0), at: pair.now)
        }
        #expect(answers == [true, false, false, false, true])
        let many = (4...30).map { pair.server.connection.expectStream(StreamID(rawValue: $0 * 2), at: pair.now) }
        #expect(many.filter { $0 }.count == Limits.streams - 2)
    }

    @Test("streams are few on each side, and a finished one makes room for the next")
    func streamsAreFew() throws {
        var pair = Self.pair(accepting: Limits.streams)
        var streams: [StreamID] = []
        while let stream = pair.client.connection.openStream(at: pair.now) { streams.append(stream) }
        #expect(streams.count == Limits.streams)
        for round in 0..<3 {
            let stream = streams[round]
            #expect(Self.write([7], to: stream, &pair) == 1)
            pair.client.connection.finish(stream)
            pair.run(for: .milliseconds(200))
            #expect(pair.server.connection.read(stream, upTo: 10) == [7])
            pair.run(for: .milliseconds(200))
            let next = try Self.open(&pair)
            #expect(pair.client.connection.room(in: next) > 0, "the server granted one more")
            streams.append(next)
        }
    }

    // MARK: Giving up

    @Test("a reset reaches the reader with its code, and what was not read is gone")
    func resets() throws {
        var pair = Self.pair()
        let stream = try Self.open(&pair)
        _ = Self.write([UInt8](repeating: 5, count: 5000), to: stream, &pair)
        pair.run(for: .milliseconds(30))
        pair.client.connection.reset(stream, code: 33)
        pair.run(for: .milliseconds(200))
        #expect(Self.events(stream, of: pair.server).last == .reset(code: 33))
        #expect(pair.server.connection.read(stream, upTo: 10_000) == [])
        #expect(pair.isSettled)
        let next = try Self.open(&pair)
        #expect(pair.client.connection.room(in: next) > 0)
    }

    @Test("a stream that is given up before it was accepted takes nobody's place")
    func resetsBeforeAcceptance() throws {
        var pair = ConnectionPair()
        for _ in 0..<5 {
            let stream = try Self.open(&pair)
            pair.client.connection.finish(stream)
            pair.client.connection.reset(stream, code: 9)
        }
        pair.run(for: .milliseconds(200))
        pair.server.connection.acceptStreams(2, at: pair.now)
        pair.run(for: .seconds(1))
        let stream = try Self.open(&pair)
        #expect(pair.client.connection.room(in: stream) > 0)
        #expect(pair.server.violations.isEmpty && pair.client.violations.isEmpty && pair.isSettled)
    }

    @Test("a reader who stops gets nothing more, and the writer hears of it")
    func stops() throws {
        var pair = Self.pair()
        let stream = try Self.open(&pair)
        _ = Self.write([UInt8](repeating: 5, count: 60_000), to: stream, &pair)
        pair.run(for: .milliseconds(25))
        pair.server.connection.stop(stream, code: 44)
        pair.run(for: .seconds(1))
        #expect(Self.events(stream, of: pair.client).last == .stopped(code: 44))
        #expect(!Self.events(stream, of: pair.server).contains(.reset(code: 44)))
        #expect(pair.client.connection.room(in: stream) == 0)
        #expect(pair.isSettled && pair.server.violations.isEmpty)
    }

    @Test("resets and stops arrive whatever is lost", arguments: 1...10 as ClosedRange<UInt64>)
    func giveUpUnderLoss(seed: UInt64) throws {
        var pair = Self.pair(seed: seed, faults: .bad(loss: 0.3))
        pair.run(for: .seconds(3))
        let (first, second) = (try Self.open(&pair), try Self.open(&pair))
        _ = Self.write([1, 2, 3], to: first, &pair)
        _ = Self.write([1, 2, 3], to: second, &pair)
        pair.run(for: .seconds(3))
        pair.client.connection.reset(first, code: 1)
        pair.server.connection.stop(second, code: 2)
        pair.run(for: .seconds(10))
        #expect(Self.events(first, of: pair.server).last == .reset(code: 1), "seed \(seed)")
        #expect(Self.events(second, of: pair.client).last == .stopped(code: 2), "seed \(seed)")
        #expect(pair.isSettled, "seed \(seed)")
    }

    // MARK: Flow control

    @Test("a reader who takes nothing is sent one window, which it holds, and reading lets the rest come")
    func slowReaderIsBounded() throws {
        var pair = Self.pair()
        let stream = try Self.open(&pair)
        let piece = [UInt8](repeating: 3, count: 64 * 1024)
        var written = 0
        for _ in 0..<400 {
            written += Self.write(piece, to: stream, &pair)
            pair.run(for: .milliseconds(10))
        }
        #expect(written == Limits.streamWindow)
        var read = 0
        while true {
            let bytes = pair.server.connection.read(stream, upTo: 1 << 20)
            if bytes.isEmpty { break }
            read += bytes.count
        }
        #expect(read == Limits.streamWindow)
        pair.run(for: .milliseconds(200))
        #expect(Self.write(piece, to: stream, &pair) == piece.count)
    }

    @Test("what is written and not acknowledged is bounded, however many streams there are")
    func writtenBytesAreBounded() throws {
        var streams = Streams(role: .client)
        streams.setBufferLimit(Limits.sendBuffer)
        let piece = [UInt8](repeating: 1, count: Limits.sendBuffer)
        while let stream = streams.open() {
            try streams.receive(StreamCredit(id: stream, limit: VarInt.max))
            #expect(streams.write(piece[...], to: stream) > 0, "each has some room")
            #expect(streams.write(piece[...], to: stream) == 0)
        }
        #expect(streams.outgoing.count == Limits.streams)
        #expect(streams.heldBytes >= Limits.sendBuffer)
        #expect(streams.heldBytes <= Limits.sendBuffer + Limits.streams * Limits.leastSendBuffer)
    }

    @Test("22: who accepts no streams and gets one closes the connection", arguments: [2, 1] as [UInt64])
    func unexpectedStreamCloses(id: UInt64) {
        var pair = ConnectionPair()
        pair.forge([.stream(Self.chunk(id, 0, [1]))], number: 0)
        #expect(pair.server.violations == [.unexpectedStream])
    }

    @Test("22: a flood of streams is capped: one more than was granted closes the connection")
    func streamFloodCloses() {
        var pair = ConnectionPair()
        pair.server.connection.acceptStreams(100, at: pair.now)
        let frames = (1...UInt64(Limits.streams)).map { Frame.stream(Self.chunk($0 * 2, 0, [1])) }
        pair.forge(frames, number: 0)
        #expect(pair.server.violations.isEmpty)
        pair.forge([.stream(Self.chunk(UInt64(Limits.streams + 1) * 2, 0, [1]))], number: 1)
        #expect(pair.server.violations == [.unexpectedStream])
    }

    @Test(
        "22: bytes beyond the credit, another end, other bytes and an end before what came close the connection",
        arguments: [
            ([chunk(2, UInt64(Limits.streamWindow), [1])], ProtocolViolation.creditExceeded),
            ([chunk(2, VarInt.max - 1, [1])], .creditExceeded),
            ([chunk(2, 0, [1, 2]), chunk(2, 1, [3])], .conflictingStream),
            ([chunk(2, 0, [1, 2], isLast: true), chunk(2, 2, [3])], .conflictingStream),
            ([chunk(2, 0, [1, 2], isLast: true), chunk(2, 0, [1], isLast: true)], .conflictingStream),
            ([chunk(2, 5, [1, 2]), chunk(2, 0, [1], isLast: true)], .conflictingStream),
        ])
    func liesClose(chunks: [StreamChunk], violation: ProtocolViolation) {
        var pair = ConnectionPair()
        pair.server.connection.acceptStreams(1, at: pair.now)
        pair.forge(chunks.map(Frame.stream), number: 0)
        #expect(pair.server.violations == [violation])
    }

    @Test("22: all streams together stay within the connection's credit")
    func connectionCreditHolds() {
        var pair = ConnectionPair()
        pair.server.connection.acceptStreams(3, at: pair.now)
        let last = UInt64(Limits.streamWindow) - 1
        pair.forge([.stream(Self.chunk(2, last, [1])), .stream(Self.chunk(4, last, [1]))], number: 0)
        #expect(pair.server.violations.isEmpty)
        pair.forge([.stream(Self.chunk(6, 0, [1]))], number: 1)
        #expect(pair.server.violations == [.creditExceeded])
    }

    @Test("22: credit and stops for streams that nobody opened are capped", arguments: [1000, 3] as [UInt64])
    func strayCreditCloses(id: UInt64) {
        var pair = ConnectionPair()
        pair.forge([.credit(StreamCredit(id: StreamID(rawValue: 1), limit: 5))], number: 0)
        #expect(pair.server.violations.isEmpty, "for a stream that may be opened soon")
        pair.forge([.stop(StreamStop(id: StreamID(rawValue: id), code: 0))], number: 1)
        #expect(pair.server.violations == [.unexpectedStream])
    }

    @Test("22: gaps in a stream are capped")
    func streamGapsClose() {
        var pair = ConnectionPair()
        pair.server.connection.acceptStreams(1, at: pair.now)
        var number: UInt64 = 0
        while pair.server.violations.isEmpty, number < 200 {
            let frames = (0..<100).map { Frame.stream(Self.chunk(2, (number * 100 + $0) * 2 + 1, [1])) }
            pair.forge(frames, number: number)
            number += 1
        }
        #expect(pair.server.violations == [.streamGaps])
        #expect(number == UInt64(Limits.streamGaps) / 100 + 1)
    }

    @Test("what is over may come again and changes nothing")
    func lateCopiesAreIgnored() throws {
        var pair = ConnectionPair()
        pair.server.connection.acceptStreams(1, at: pair.now)
        pair.forge([.stream(Self.chunk(2, 0, [1, 2], isLast: true))], number: 0)
        #expect(pair.server.connection.read(StreamID(rawValue: 2), upTo: 9) == [1, 2])
        pair.forge([.stream(Self.chunk(2, 0, [1, 2], isLast: true)), .stream(Self.chunk(2, 1, [2]))], number: 1)
        pair.forge([.reset(StreamReset(id: StreamID(rawValue: 2), code: 0, size: 2))], number: 2)
        #expect(pair.server.violations.isEmpty)
    }

    private static func chunk(_ id: UInt64, _ offset: UInt64, _ bytes: [UInt8], isLast: Bool = false) -> StreamChunk {
        StreamChunk(id: StreamID(rawValue: id), offset: offset, bytes: bytes, isLast: isLast)
    }

    // MARK: Against an oracle

    @Test(
        "whatever is lost, repeated or late, each stream's bytes arrive whole, once and in order",
        arguments: 1...8 as ClosedRange<UInt64>)
    func agreesWithTheOracle(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 100)
        let faults = LinkFaults.bad(loss: [0, 0.05, 0.25].randomElement(using: &random) ?? 0)
        var pair = Self.pair(accepting: 3, seed: seed, faults: faults)
        var written: [StreamID: [UInt8]] = [:]
        var read: [StreamID: [UInt8]] = [:]
        var open: [StreamID] = []
        for _ in 0..<60 {
            if open.count < 3, let stream = pair.client.connection.openStream(at: pair.now) { open.append(stream) }
            for stream in open {
                let bytes = random.bytes(.random(in: 0...4000, using: &random))
                let taken = pair.client.connection.write(bytes[...], to: stream)
                written[stream, default: []] += bytes.prefix(taken)
            }
            if random.chance(0.1), let stream = open.popLast() { pair.client.connection.finish(stream) }
            pair.run(for: .milliseconds(Int64.random(in: 1...60, using: &random)))
            for (stream, _) in written {
                read[stream, default: []] += pair.server.connection.read(
                    stream, upTo: .random(in: 0...9000, using: &random))
            }
        }
        for stream in open { pair.client.connection.finish(stream) }
        for _ in 0..<200 where !pair.isSettled || read != written {
            pair.run(for: .milliseconds(100))
            for (stream, _) in written { read[stream, default: []] += pair.server.connection.read(stream, upTo: .max) }
        }
        #expect(read == written, "seed \(seed)")
        #expect(pair.isSettled && pair.server.violations.isEmpty && pair.client.violations.isEmpty, "seed \(seed)")
    }
}
