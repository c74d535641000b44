import Basics
import Testing
import Transport

struct StreamFrameTests {
    @Test("20: an ACK_RANGES frame of no range, of more than 64, or below zero throws")
    func impossibleRangesThrow() {
        #expect(throws: WireError.invalid(field: "ack ranges")) { try Self.ranges([10, 0, 0, 0]) }
        let pairs = [UInt64](repeating: 0, count: 64 * 2)
        #expect(throws: WireError.invalid(field: "ack ranges")) { try Self.ranges([1000, 0, 65, 0] + pairs) }
        #expect(throws: Never.self) { try Self.ranges([1000, 0, 64, 0] + pairs.dropLast(2)) }
        #expect(throws: WireError.invalid(field: "ack range"), "longer than the numbers below") {
            try Self.ranges([10, 0, 1, 11])
        }
        #expect(throws: WireError.invalid(field: "ack range"), "the next begins below zero") {
            try Self.ranges([10, 0, 2, 5, 4, 0])
        }
        #expect(throws: WireError.invalid(field: "ack range"), "the next ends below zero") {
            try Self.ranges([10, 0, 2, 5, 3, 1])
        }
    }

    @Test("ranges say what they cover")
    func readsRanges() throws {
        let frames = try Self.ranges([10, 7, 2, 2, 3, 1])
        #expect(frames == [.acknowledgedRanges(AcknowledgedRanges(delay: 7, ranges: [8...10, 2...3]))])
    }

    @Test("the length of an ACK_RANGES frame is known before it is written", arguments: 1...50 as ClosedRange<UInt64>)
    func knowsItsLength(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let acknowledged = Self.acknowledged(using: &random)
        var bytes: [UInt8] = []
        Frame.acknowledgedRanges(acknowledged).emit(into: &bytes)
        #expect(bytes.count == acknowledged.frameBytes, "seed \(seed)")
    }

    @Test("22: a stream that ends beyond 2^62 - 1, stream 0, and a frame longer than any datagram throw")
    func impossibleStreamsThrow() {
        #expect(throws: WireError.invalid(field: "stream offset")) {
            try Self.fields(8, [2, VarInt.max, 1], then: [0])
        }
        #expect(throws: Never.self) { try Self.fields(8, [2, VarInt.max - 1, 1], then: [0]) }
        for kind in [0x08, 0x09, 0x0b, 0x0c] as [UInt8] {
            #expect(throws: WireError.invalid(field: "stream")) { try Self.fields(kind, [0, 0, 0]) }
        }
        let long = [UInt8](repeating: 0, count: Limits.streamFrameBytes + 1)
        #expect(throws: WireError.self) { try Self.fields(8, [2, 0, UInt64(long.count)], then: long) }
    }

    private static func ranges(_ fields: [UInt64]) throws(WireError) -> [Frame] { try self.fields(3, fields) }

    @discardableResult
    private static func fields(_ kind: UInt8, _ fields: [UInt64], then rest: [UInt8] = []) throws(WireError) -> [Frame]
    {
        var bytes = [kind]
        for field in fields { bytes.putVarInt(field) }
        return try FrameTests.frames(of: bytes + rest)
    }

    static func frame(using random: inout SeededGenerator) -> Frame {
        let id = StreamID(rawValue: max(1, number(using: &random)))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return .credit(StreamCredit(id: random.chance(0.3) ? nil : id, limit: number(using: &random)))
        case 1: return .reset(StreamReset(id: id, code: number(using: &random), size: number(using: &random)))
        case 2: return .stop(StreamStop(id: id, code: number(using: &random)))
        case 3: return .acknowledgedRanges(acknowledged(using: &random))
        default:
            let bytes = random.bytes(.random(in: 0...1200, using: &random))
            return .stream(
                StreamChunk(
                    id: id, offset: min(number(using: &random), VarInt.max - 1200), bytes: bytes,
                    isLast: random.chance(0.5)))
        }
    }

    private static func number(using random: inout SeededGenerator) -> UInt64 {
        random.next() >> UInt64.random(in: 2...63, using: &random)
    }

    private static func acknowledged(using random: inout SeededGenerator) -> AcknowledgedRanges {
        var top = number(using: &random)
        var ranges: [ClosedRange<UInt64>] = []
        for _ in 0..<Int.random(in: 1...Limits.acknowledgedRanges, using: &random) {
            let bottom = top - .random(in: 0...min(top, 1 << 20), using: &random)
            ranges.append(bottom...top)
            let gap = UInt64.random(in: 2...1 << 20, using: &random)
            guard bottom >= gap else { break }
            top = bottom - gap
        }
        return AcknowledgedRanges(delay: number(using: &random), ranges: ranges)
    }
}
