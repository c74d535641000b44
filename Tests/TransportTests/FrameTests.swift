import Basics
import Testing
import Transport

struct FrameTests {
    @Test("every frame parses to what was emitted, alone and in company", arguments: 1...10 as ClosedRange<UInt64>)
    func roundTrips(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let frames = (0..<Int.random(in: 1...5, using: &random)).map { _ in Self.frame(using: &random) }
            var bytes: [UInt8] = []
            for frame in frames {
                bytes.append(contentsOf: repeatElement(0, count: Int.random(in: 0...3, using: &random)))
                frame.emit(into: &bytes)
            }
            #expect(try Self.frames(of: bytes) == frames, "seed \(seed)")
        }
    }

    @Test("every truncation of a frame throws", arguments: 1...10 as ClosedRange<UInt64>)
    func truncationsThrow(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var bytes: [UInt8] = []
            Self.frame(using: &random).emit(into: &bytes)
            for prefix in truncations(of: bytes) where !prefix.isEmpty {
                #expect(throws: WireError.self, "seed \(seed)") { try Self.frames(of: prefix) }
            }
        }
    }

    @Test("3: random bytes parse or throw, and never trap", arguments: 1...4 as ClosedRange<UInt64>)
    func survivesRandomBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            var bytes = random.bytes(Int.random(in: 0...64, using: &random))
            if !bytes.isEmpty, random.chance(0.8) { bytes[0] = UInt8.random(in: 0...0x0c, using: &random) }
            _ = try? Self.frames(of: bytes)
        }
    }

    @Test("an unknown frame type throws", arguments: [0x0d, 0x40, 0xff] as [UInt8])
    func unknownTypeThrows(type: UInt8) {
        #expect(throws: WireError.invalid(field: "frame type")) { try Self.frames(of: [type, 0, 0, 0]) }
    }

    @Test("padding is no frame")
    func paddingIsNothing() throws {
        #expect(try Self.frames(of: [UInt8](repeating: 0, count: 1000)).isEmpty)
    }

    @Test("22: an oversized message, fragment index or fragment total throws")
    func oversizedThrows() {
        #expect(throws: WireError.self) { try Self.frames(of: Self.fragment(total: Limits.messageBytes + 1, index: 0)) }
        #expect(throws: WireError.self) { try Self.frames(of: Self.fragment(total: Limits.fragmentBytes, index: 0)) }
        #expect(throws: WireError.self) { try Self.frames(of: Self.fragment(total: 2048, index: 2)) }
        var whole: [UInt8] = [4, 0, 1, 1]
        whole.putBlock([UInt8](repeating: 1, count: Limits.fragmentBytes + 1))
        #expect(throws: WireError.self) { try Self.frames(of: whole) }
    }

    @Test(
        "a message numbered 0, or one that follows itself or a negative number, throws",
        arguments: [(0, 0), (5, 0), (5, 6)])
    func impossibleDistanceThrows(number: UInt64, distance: UInt64) {
        var bytes: [UInt8] = [4, 0]
        bytes.putVarInt(number)
        bytes.putVarInt(distance)
        bytes.putBlock([1])
        #expect(throws: WireError.invalid(field: "distance")) { try Self.frames(of: bytes) }
    }

    @Test("a closing text beyond its limit, or not UTF-8, throws")
    func badReasonThrows() {
        var long: [UInt8] = [6, 1]
        long.putBlock([UInt8](repeating: 0x61, count: Limits.closeTextBytes + 1))
        #expect(throws: WireError.self) { try Self.frames(of: long) }
        #expect(throws: WireError.self) { try Self.frames(of: [6, 1, 2, 0xc0, 0x80]) }
    }

    @Test("the fragments of a message cover it without gap or overlap", arguments: [1025, 2048, 2049, 16_383, 16_384])
    func fragmentsCover(total: Int) {
        let count = MessageFragment.count(total: total)
        #expect(count <= Limits.fragmentsPerMessage)
        let covered = (0..<count).flatMap { Array(MessageFragment.range(index: $0, total: total)) }
        #expect(covered == Array(0..<total))
    }

    @Test("no message frame is longer than the bound that room is reserved by")
    func staysBelowTheBound() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            guard case .message(let fragment) = Self.frame(using: &random) else { continue }
            var bytes: [UInt8] = []
            Frame.message(fragment).emit(into: &bytes)
            #expect(
                bytes.count
                    <= Frame.messageBytes(
                        alias: fragment.alias, number: fragment.number, distance: fragment.distance,
                        length: fragment.bytes.count))
        }
    }

    @Test("a data header parses to what was emitted, and no truncation of it parses")
    func headersRoundTrip() throws {
        for destination in [nil, ConnectionID(rawValue: .max)] {
            let header = DataHeader(destination: destination, number: 0x1_2345_6789)
            var bytes: [UInt8] = []
            header.emit(into: &bytes)
            #expect(bytes.count == header.count)
            #expect(try DataHeader(parsing: bytes.span, hasDestination: destination != nil) == header)
            for prefix in truncations(of: bytes) {
                #expect(throws: WireError.self) {
                    _ = try DataHeader(parsing: prefix.span, hasDestination: destination != nil)
                }
            }
        }
    }

    private static func fragment(total: Int, index: UInt8) -> [UInt8] {
        var bytes: [UInt8] = [5, 0, 1, 1]
        bytes.putVarInt(UInt64(total))
        return bytes + [index] + [UInt8](repeating: 0, count: 1100)
    }

    static func frames(of bytes: [UInt8]) throws(WireError) -> [Frame] {
        var input = bytes.span
        var frames: [Frame] = []
        while let frame = try Frame.take(from: &input) { frames.append(frame) }
        return frames
    }

    static func frame(using random: inout SeededGenerator) -> Frame {
        switch Int.random(in: 0..<13, using: &random) {
        case 7: return .taken(alias: random.next() >> 50, through: random.next() >> 2)
        case 8...12: return StreamFrameTests.frame(using: &random)
        case 5: return .pathChallenge(random.next())
        case 6: return .pathResponse(random.next())
        case 0: return .ping
        case 1:
            return .acknowledgement(
                Acknowledgement(
                    largest: UInt32.random(in: 0...(.max), using: &random),
                    delay: UInt16.random(in: 0...(.max), using: &random), bitmap: random.next()))
        case 2:
            let text = String(repeating: "é", count: Int.random(in: 0...100, using: &random))
            return .close(CloseReason(code: random.next() >> 2, text: text))
        default: return .message(message(using: &random))
        }
    }

    private static func message(using random: inout SeededGenerator) -> MessageFragment {
        let number = 1 + (random.next() >> UInt64.random(in: 2...63, using: &random)) % VarInt.max
        let total =
            Bool.random(using: &random)
            ? Int.random(in: 0...1024, using: &random) : Int.random(in: 1025...16_384, using: &random)
        let index = Int.random(in: 0..<MessageFragment.count(total: total), using: &random)
        return MessageFragment(
            alias: random.next() >> UInt64.random(in: 2...63, using: &random), number: number,
            distance: UInt64.random(in: 1...number, using: &random), total: total, index: index,
            bytes: random.bytes(MessageFragment.range(index: index, total: total).count))
    }
}
