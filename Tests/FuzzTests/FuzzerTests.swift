import Basics
import Fuzz
import Testing

/// The fuzzer itself: it finds what is there to be found, and finds it again.
struct FuzzerTests {
    /// A decoder whose fault lies behind a right first byte, a length that fits and a value at the end of its range.
    private static let deepFault = FuzzTarget(
        "deep", "a fault behind three conditions", limit: 64,
        sample: { random in [0xa7, 4] + random.bytes(4) }
    ) { (input) throws(FuzzFault) -> Bool in
        var rest = input.span
        guard (try? rest.take(UInt8.self)) == 0xa7, let length = try? rest.take(UInt8.self), length >= 4,
            let value = try? rest.take(UInt32.self)
        else { return false }
        guard value != .max else { throw FuzzFault("the largest value") }
        return true
    }

    @Test("a planted fault is found")
    func plantedFaultIsFound() throws {
        let target = try #require(FuzzTarget.named("planted-fault"))
        let result = target.run(FuzzInputs(target: target, seed: 1)) { $0 < 1000 }
        #expect(result.failure != nil)
    }

    @Test("a fault at the end of a field's range is found", arguments: [1, 2, 3] as [UInt64])
    func deepFaultIsFound(seed: UInt64) {
        let result = Self.deepFault.run(FuzzInputs(target: Self.deepFault, seed: seed)) { $0 < 200_000 }
        #expect(result.failure != nil, "not found in \(result.tried) inputs")
    }

    @Test("an input is found again from its seed and index alone")
    func inputsRepeat() throws {
        let target = try #require(FuzzTarget.named("planted-fault"))
        let failure = try #require(target.run(FuzzInputs(target: target, seed: 5)) { $0 < 1000 }.failure)
        #expect(FuzzInputs(target: target, seed: 5).input(at: failure.index) == failure.input)
        let again = target.run(FuzzInputs(target: target, seed: 5), from: failure.index) { $0 <= failure.index }
        #expect(again.failure?.fault == failure.fault)
    }

    @Test("other seeds make other inputs")
    func seedsDiffer() throws {
        let target = try #require(FuzzTarget.named("frame"))
        let one = FuzzInputs(target: target, seed: 1)
        let other = FuzzInputs(target: target, seed: 2)
        let equal = (0..<100 as Range<UInt64>).count { one.input(at: $0) == other.input(at: $0) }
        #expect(equal < 10)
    }

    @Test("no input is longer than its target's limit", arguments: FuzzTarget.all.map(\.name))
    func inputsAreBounded(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let inputs = FuzzInputs(target: target, seed: 3, corpus: [[UInt8](repeating: 1, count: 100_000)])
        for index in 0..<200 as Range<UInt64> { #expect(inputs.input(at: index).count <= target.limit) }
    }
}
