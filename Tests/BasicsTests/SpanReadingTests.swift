import Basics
import Testing

@Suite("Reading and writing bytes")
struct SpanReadingTests {
    @Test("what is put is taken, for every width")
    func integersRoundTrip() throws {
        var bytes: [UInt8] = []
        bytes.put(UInt8(0xfe))
        bytes.put(UInt16(0xfedc))
        bytes.put(UInt32(0xfedc_ba98))
        bytes.put(UInt64(0xfedc_ba98_7654_3210))
        bytes.put(Int64(-2))
        #expect(Array(bytes.prefix(3)) == [0xfe, 0xfe, 0xdc])
        var input = bytes.span
        let first = try input.take(UInt8.self)
        let second = try input.take(UInt16.self)
        let third = try input.take(UInt32.self)
        let fourth = try input.take(UInt64.self)
        let fifth = try input.take(Int64.self)
        #expect(first == 0xfe && second == 0xfedc && third == 0xfedc_ba98 && fourth == 0xfedc_ba98_7654_3210)
        #expect(fifth == -2)
        try input.expectEnd()
    }

    @Test("a field that is cut short throws and takes nothing")
    func truncation() {
        let bytes: [UInt8] = [1, 2, 3]
        var input = bytes.span
        var caught: WireError?
        do throws(WireError) { _ = try input.take(UInt32.self) } catch { caught = error }
        let left = input.count
        #expect(caught == .truncated(needed: 4, remaining: 3))
        #expect(left == 3)
    }

    /// The examples of RFC 9000, appendix A.1.
    @Test(
        "variable-length integers are those of RFC 9000",
        arguments: [
            ([0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c], 151_288_809_941_952_652),
            ([0x9d, 0x7f, 0x3e, 0x7d], 494_878_333), ([0x7b, 0xbd], 15_293), ([0x25], 37),
        ] as [([UInt8], UInt64)])
    func varIntExamples(bytes: [UInt8], value: UInt64) throws {
        var input = bytes.span
        let taken = try input.takeVarInt()
        #expect(taken == value)
        var written: [UInt8] = []
        written.putVarInt(value)
        #expect(written == bytes)
        #expect(VarInt.length(of: value) == bytes.count)
    }

    @Test("a longer form than needed is read too")
    func longForm() throws {
        let bytes: [UInt8] = [0x40, 0x25]
        var input = bytes.span
        let taken = try input.takeVarInt()
        #expect(taken == 37)
    }

    @Test("variable-length integers round trip at every edge, and stop at 2^62 - 1")
    func varIntEdges() throws {
        for value in [0, 63, 64, 16_383, 16_384, 1_073_741_823, 1_073_741_824, VarInt.max] as [UInt64] {
            var bytes: [UInt8] = []
            bytes.putVarInt(value)
            #expect(bytes.count == VarInt.length(of: value))
            var input = bytes.span
            let taken = try input.takeVarInt()
            #expect(taken == value)
        }
        var capped: [UInt8] = []
        capped.putVarInt(.max)
        var input = capped.span
        let taken = try input.takeVarInt()
        #expect(taken == VarInt.max)
    }

    @Test("a block longer than its limit is refused before its bytes are looked at")
    func blockLimit() {
        var bytes: [UInt8] = []
        bytes.putVarInt(VarInt.max)
        var input = bytes.span
        var caught: WireError?
        do throws(WireError) { _ = try input.takeBlock(limit: 10, field: "name") } catch { caught = error }
        #expect(caught == .tooLong(field: "name", limit: 10))
    }

    @Test("text that is no UTF-8 is refused", arguments: [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
    func invalidText(raw: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.putBlock(raw)
        var input = bytes.span
        var caught: WireError?
        do throws(WireError) { _ = try input.takeText(limit: 10, field: "text") } catch { caught = error }
        #expect(caught == .invalid(field: "text"))
    }

    @Test("text round trips")
    func text() throws {
        var bytes: [UInt8] = []
        bytes.putText("halo 👋 dunia")
        var input = bytes.span
        let taken = try input.takeText(limit: 64, field: "text")
        #expect(taken == "halo 👋 dunia")
    }

    @Test("what follows the end is named")
    func trailing() {
        let bytes: [UInt8] = [1, 2]
        var caught: WireError?
        do throws(WireError) { try bytes.span.expectEnd() } catch { caught = error }
        #expect(caught == .trailing(count: 2))
    }

    @Test("no bytes make the readers trap")
    func randomBytes() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let bytes = random.bytes(Int.random(in: 0..<24, using: &random))
            var input = bytes.span
            while !input.isEmpty {
                let before = input.count
                switch random.next() % 4 {
                case 0: _ = try? input.take(UInt64.self)
                case 1: _ = try? input.takeVarInt()
                case 2: _ = try? input.takeBlock(limit: 8, field: "block")
                default: _ = try? input.takeText(limit: 8, field: "text")
                }
                if input.count == before { break }
            }
        }
    }
}
