import Basics
import Testing

@testable import Transport

@Suite("Marks of congestion")
struct CongestionMarksTests {
    private static func told(
        _ state: inout CongestionNotification, marked: UInt64, congested: UInt64, acknowledged: Int = 0,
        sent: UInt64 = 1000
    ) -> Bool {
        for _ in 0..<acknowledged { state.arrived() }
        return state.told(CongestionMarks(marked: marked, congested: congested), sent: sent)
    }

    @Test("each new mark of a router tells of congestion once, and late counts tell nothing")
    func newMarks() {
        var state = CongestionNotification()
        let answers = [
            Self.told(&state, marked: 10, congested: 0, acknowledged: 10),
            Self.told(&state, marked: 20, congested: 1, acknowledged: 10),
            Self.told(&state, marked: 30, congested: 1, acknowledged: 9),
            Self.told(&state, marked: 20, congested: 0),
            Self.told(&state, marked: 31, congested: 3, acknowledged: 1),
        ]
        #expect(answers == [false, true, false, false, true])
        #expect(state.isMarking)
    }

    @Test("counts that can't be true end the marking", arguments: [0, 1, 2, 3, 4])
    func impossible(which: Int) {
        var state = CongestionNotification()
        _ = Self.told(&state, marked: 10, congested: 5, acknowledged: 10)
        let isCongested =
            switch which {
            case 0: Self.told(&state, marked: 15, congested: 5, acknowledged: 6)
            case 1: Self.told(&state, marked: 2000, congested: 6)
            case 2: Self.told(&state, marked: 20, congested: 4)
            case 3: Self.told(&state, marked: 20, congested: 21)
            default: Self.told(&state, marked: 9, congested: 6)
            }
        #expect(!isCongested && !state.isMarking)
        // Nothing is believed any more.
        let isBelieved = Self.told(&state, marked: 30, congested: 8)
        #expect(!isBelieved)
        state.moved()
        #expect(state.isMarking)
    }

    @Test("a path that removes marks is noticed, and one that drops them before the first")
    func removedMarks() {
        var state = CongestionNotification()
        for _ in 0..<Limits.packetsWithoutMarks { state.arrived() }
        #expect(!state.isMarking)
        var silent = CongestionNotification()
        silent.silent()
        #expect(!silent.isMarking)
        var known = CongestionNotification()
        _ = Self.told(&known, marked: 1, congested: 0, acknowledged: 1)
        known.silent()
        #expect(known.isMarking)
    }

    @Test("over a connection: marks are kept, removed ones noticed, and those of routers are congestion")
    func connection() {
        for mark in [ECNMark.ect0, .notECT, .congestion] {
            var pair = ConnectionPair(seed: 41, faults: LinkFaults(mark: mark))
            for number in 0..<300 {
                pair.client.say([UInt8(number % 256)])
                pair.run(for: .milliseconds(20))
            }
            #expect(pair.client.connection.marksPackets == (mark != .notECT))
            #expect(pair.client.connection.redundancy.congestion.isPresent(at: pair.now) == (mark == .congestion))
            #expect(pair.server.heard[1]?.count == 300 || mark == .congestion)
        }
    }

    @Test("counts that a reordering and losing network delivers stay believable")
    func disorder() {
        for seed in 1...10 as ClosedRange<UInt64> {
            var faults = LinkFaults.bad(loss: 0.2)
            faults.mark = .ect0
            var pair = ConnectionPair(seed: seed, faults: faults)
            for number in 0..<300 {
                pair.client.say([UInt8(number % 256)])
                pair.server.say([UInt8(number % 256)])
                pair.run(for: .milliseconds(20))
            }
            #expect(pair.client.connection.marksPackets && pair.server.connection.marksPackets, "seed \(seed)")
        }
    }

    @Test("counts survive their encoding, and no part of them is taken for the whole")
    func roundTrip() throws {
        var bytes: [UInt8] = []
        let frame = Frame.congestionMarks(CongestionMarks(marked: 70_000, congested: 300))
        frame.emit(into: &bytes)
        var input = bytes.span
        #expect(try Frame.take(from: &input) == frame)
        for prefix in truncations(of: bytes).dropFirst() {
            #expect(throws: WireError.self) {
                var input = prefix.span
                _ = try Frame.take(from: &input)
            }
        }
    }
}
