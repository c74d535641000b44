import Basics
import Testing
import Transport

struct OutgoingMessagesTests {
    private static let room = 1150

    private static func log(_ count: Int, bytes: Int = 4) -> TestLog {
        var log = TestLog()
        for number in 0..<count { log.append([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes)) }
        return log
    }

    private static func drain(_ messages: inout OutgoingMessages, _ log: TestLog) -> [MessageFragment] {
        var pieces: [MessageFragment] = []
        while let piece = messages.nextPiece(room: room, allowNew: true, from: log) { pieces.append(piece) }
        return pieces
    }

    @Test("it begins after its cursor and states how far back the entry before is")
    func beginsAfterItsCursor() {
        var log = TestLog()
        for step in [1, 4, 10] as [UInt64] { log.append([1], step: step) }
        var messages = OutgoingMessages(alias: 1, log: 1, after: 2)
        let pieces = Self.drain(&messages, log)
        #expect(pieces.map(\.number) == [5, 15])
        #expect(pieces.map(\.distance) == [3, 10])
    }

    @Test("no more messages are under way than the window has")
    func windowBoundsCount() {
        let log = Self.log(Limits.messageWindow + 50)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        #expect(Self.drain(&messages, log).count == Limits.messageWindow)
        #expect(!messages.hasPending)
        messages.acknowledge(number: 2, index: 0, distance: 1)
        #expect(Self.drain(&messages, log).isEmpty, "the oldest is not acknowledged")
        messages.acknowledge(number: 1, index: 0, distance: 1)
        #expect(Self.drain(&messages, log).map(\.number) == [257, 258])
    }

    @Test("no message is begun while the window's bytes are under way")
    func windowBoundsBytes() {
        let log = Self.log(100, bytes: Limits.messageBytes)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        let begun = Set(Self.drain(&messages, log).map(\.number)).count
        #expect(begun * Limits.messageBytes == Limits.messageWindowBytes)
    }

    @Test("a piece that does not fit waits for the next packet")
    func waitsForRoom() {
        let log = Self.log(1, bytes: 1024)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        let early = messages.nextPiece(room: 500, allowNew: true, from: log)
        #expect(early == nil)
        #expect(messages.hasPending)
        let piece = messages.nextPiece(room: Self.room, allowNew: true, from: log)
        #expect(piece?.number == 1)
    }

    @Test("when no message may be begun, pieces of those begun still leave")
    func resendsPastTheWindow() {
        let log = Self.log(2)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        _ = messages.nextPiece(room: Self.room, allowNew: true, from: log)
        let held = messages.nextPiece(room: Self.room, allowNew: false, from: log)
        #expect(held == nil)
        messages.resend(number: 1, index: 0)
        let piece = messages.nextPiece(room: Self.room, allowNew: false, from: log)
        #expect(piece?.number == 1)
    }

    @Test("what is acknowledged is not sent again")
    func forgetsAcknowledged() {
        let log = Self.log(1)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        _ = Self.drain(&messages, log)
        messages.acknowledge(number: 1, index: 0, distance: 1)
        messages.resend(number: 1, index: 0)
        #expect(!messages.hasPending && !messages.isUnderWay)
        #expect(messages.arrivedThrough == 1)
    }

    @Test("a message cut while under way is skipped, and the next one restates its distance")
    func restatesDistanceAfterCut() {
        var log = Self.log(3)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        _ = Self.drain(&messages, log)
        log.cut(1)
        messages.resend(number: 1, index: 0)
        let pieces = Self.drain(&messages, log)
        #expect(pieces.map(\.number) == [2])
        #expect(pieces.map(\.distance) == [2])
    }

    @Test("an acknowledgement of a piece that did not tell of the cut does not count")
    func staleAcknowledgementsDoNotCount() {
        var log = Self.log(2)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        _ = Self.drain(&messages, log)
        log.cut(1)
        messages.resend(number: 1, index: 0)
        _ = Self.drain(&messages, log)
        messages.acknowledge(number: 2, index: 0, distance: 1)
        #expect(messages.isUnderWay, "the peer still waits for message 1")
        messages.acknowledge(number: 2, index: 0, distance: 2)
        #expect(!messages.isUnderWay)
    }

    @Test("when all that is under way is cut, the next message follows what arrived")
    func survivesCutOfAll() {
        var log = Self.log(3)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        _ = Self.drain(&messages, log)
        log.cut(3)
        log.append([9])
        for number in 1...3 as ClosedRange<UInt64> { messages.resend(number: number, index: 0) }
        let pieces = Self.drain(&messages, log)
        #expect(pieces.map(\.number) == [4])
        #expect(pieces.map(\.distance) == [4])
    }

    @Test("what was cut while under way counts in the window until its end is settled")
    func cutMessagesCount() {
        var log = Self.log(Limits.messageWindow)
        var messages = OutgoingMessages(alias: 1, log: 1, after: 0)
        _ = Self.drain(&messages, log)
        log.cut(100)
        for _ in 0..<200 { log.append([1]) }
        messages.logGrew()
        messages.resend(number: 1, index: 0)
        #expect(Self.drain(&messages, log).map(\.number) == [101])
        messages.acknowledge(number: 101, index: 0, distance: 101)
        #expect(Self.drain(&messages, log).count == 101)
    }

    /// Both ends of one log over a path that loses, repeats and reorders, while the log is cut under way.
    @Test(
        "over random operations every message that stays arrives once and in order",
        arguments: 1...40 as ClosedRange<UInt64>)
    func agreesWithTheLog(seed: UInt64) throws {
        var path = LossyLog(seed: seed)
        for _ in 0..<2500 { try path.step() }
        try path.settle()
        #expect(zip(path.heard, path.heard.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed)")
        let missing = Set(path.log.entries.map(\.number)).subtracting(path.heard)
        #expect(missing.isEmpty, "seed \(seed)")
    }
}

/// One log from its sender to its receiver, piece by piece.
private struct LossyLog {
    private var random: SeededGenerator
    private(set) var log = TestLog()
    private(set) var heard: [UInt64] = []
    private var sender = OutgoingMessages(alias: 1, log: 1, after: 0)
    private var receiver = IncomingMessages(after: 0)
    private var underWay: [MessageFragment] = []
    private let cutRate: Double

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        cutRate = [0, 0.005, 0.05][Int(seed % 3)]
    }

    mutating func step() throws {
        if random.chance(cutRate) { log.cut(Int.random(in: 1...80, using: &random)) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: append()
        case 4..<7: send()
        case 7: lose()
        default: try arrive()
        }
    }

    private mutating func append() {
        let length = random.chance(0.05) ? Int.random(in: 1025...16_384, using: &random) : 8
        log.append(random.bytes(length), step: UInt64.random(in: 1...2, using: &random))
        sender.logGrew(through: random.chance(0.5) ? log.entries.last?.number : nil)
    }

    private mutating func send() {
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let claimed = sender.hasPending
            guard let piece = sender.nextPiece(room: 1150, allowNew: true, from: log) else {
                #expect(!sender.hasPending)
                return
            }
            #expect(claimed)
            underWay.append(piece)
        }
    }

    private mutating func lose() {
        guard let place = underWay.indices.randomElement(using: &random) else { return }
        let piece = underWay.remove(at: place)
        sender.resend(number: piece.number, index: piece.index)
    }

    private mutating func arrive() throws {
        guard let place = underWay.indices.randomElement(using: &random) else { return }
        let piece = underWay[place]
        if !random.chance(0.1) { underWay.remove(at: place) }
        try receiver.insert(piece)
        while let message = receiver.next() {
            #expect(log.history[message.number] == message.bytes)
            heard.append(message.number)
        }
        // Some acknowledgements get lost; the piece is taken for lost then.
        if random.chance(0.8) {
            sender.acknowledge(number: piece.number, index: piece.index, distance: UInt32(clamping: piece.distance))
        } else {
            sender.resend(number: piece.number, index: piece.index)
        }
    }

    /// Without further faults everything arrives.
    mutating func settle() throws {
        for _ in 0..<200_000 where sender.isUnderWay || sender.hasPending {
            send()
            try arrive()
        }
        #expect(!sender.isUnderWay && !sender.hasPending)
    }
}
