import Basics
import ChatProtocol
import Testing

/// What holds for every value that travels, tried with random values; the seed is in each failure's text.
@Suite struct CodecTests {
    @Test("every random value comes back as it was", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            try expectRoundTrip(random.loginRequest(), seed)
            try expectRoundTrip(random.welcome(), seed)
            try expectRoundTrip(random.refusal(), seed)
            try expectRoundTrip(random.registrationRequest(), seed)
            try expectRoundTrip(random.registrationEvent(), seed)
            try expectRoundTrip(random.logEntry(), seed)
            try expectRoundTrip(random.request(), seed)
            try expectRoundTrip(random.event(), seed)
        }
    }

    @Test("every truncation throws", arguments: [4, 5] as [UInt64])
    func truncation(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            expectTruncationsThrow(random.loginRequest(), seed)
            expectTruncationsThrow(random.welcome(), seed)
            expectTruncationsThrow(random.refusal(), seed)
            expectTruncationsThrow(random.registrationRequest(), seed)
            expectTruncationsThrow(random.registrationEvent(), seed)
            expectTruncationsThrow(random.request(), seed)
            expectTruncationsThrow(random.event(), seed)
        }
        for body: LogEntry.Body in [.message("hi"), .joined, .left(.kicked), .renamed(to: "bo")] {
            let entry = LogEntry(
                time: WallTime(milliseconds: 5), member: random.member(), name: "ana", outbox: 70_000, body: body)
            expectTruncationsThrow(entry, seed)
        }
    }

    @Test("a trailing byte throws", arguments: [6] as [UInt64])
    func trailing(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            expectTrailingThrows(random.loginRequest(), seed)
            expectTrailingThrows(random.welcome(), seed)
            expectTrailingThrows(random.refusal(), seed)
            expectTrailingThrows(random.registrationRequest(), seed)
            expectTrailingThrows(random.registrationEvent(), seed)
            expectTrailingThrows(random.logEntry(), seed)
            expectTrailingThrows(random.request(), seed)
            expectTrailingThrows(random.event(), seed)
        }
    }

    @Test("random and damaged bytes never trap, and what is accepted is a value again", arguments: [7, 8] as [UInt64])
    func hostileBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            tryEverything(random.bytes(Int.random(in: 0...120, using: &random)), seed)
        }
        for _ in 0..<400 {
            let values: [any WireValue] = [
                random.loginRequest(), random.welcome(), random.refusal(), random.request(), random.event(),
            ]
            for value in values {
                var bytes = value.encoded()
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                        1 << UInt8.random(in: 0..<8, using: &random)
                }
                tryEverything(bytes, seed)
            }
        }
    }

    private func expectRoundTrip<Value: WireValue & Equatable>(_ value: Value, _ seed: UInt64) throws {
        let bytes = value.encoded()
        let back = try Value(decoding: bytes.span)
        #expect(back == value && back.encoded() == bytes, "seed \(seed)")
        #expect(bytes.count <= ChatLimits.messageBytes, "seed \(seed)")
    }

    private func expectTruncationsThrow<Value: WireValue>(_ value: Value, _ seed: UInt64) {
        let bytes = value.encoded()
        for count in bytes.indices {
            let short = Array(bytes[..<count])
            #expect(throws: WireError.self, "seed \(seed), \(Value.self) cut to \(count) of \(bytes.count)") {
                _ = try Value(decoding: short.span)
            }
        }
    }

    private func expectTrailingThrows<Value: WireValue>(_ value: Value, _ seed: UInt64) {
        let bytes = value.encoded() + [0]
        #expect(throws: WireError.trailing(count: 1), "seed \(seed)") { _ = try Value(decoding: bytes.span) }
    }

    private func tryEverything(_ bytes: [UInt8], _ seed: UInt64) {
        tryDecoding(LoginRequest.self, bytes, seed)
        tryDecoding(Welcome.self, bytes, seed)
        tryDecoding(Refusal.self, bytes, seed)
        tryDecoding(LogEntry.self, bytes, seed)
        tryDecoding(ClientRequest.self, bytes, seed)
        tryDecoding(ServerEvent.self, bytes, seed)
    }

    private func tryDecoding<Value: WireValue & Equatable>(_: Value.Type, _ bytes: [UInt8], _ seed: UInt64) {
        guard let value = try? Value(decoding: bytes.span) else { return }
        let back = try? Value(decoding: value.encoded().span)
        #expect(back == value, "seed \(seed), bytes \(bytes)")
    }
}
