import Basics
import Testing
import Transport

struct IncomingMessagesTests {
    static func fragment(
        _ number: UInt64, distance: UInt64 = 1, total: Int = 1, index: Int = 0, fill: UInt8 = 7
    ) -> MessageFragment {
        MessageFragment(
            alias: 1, number: number, distance: distance, total: total, index: index,
            bytes: [UInt8](repeating: fill, count: MessageFragment.range(index: index, total: total).count))
    }

    private static func drain(_ messages: inout IncomingMessages) -> [UInt64] {
        var numbers: [UInt64] = []
        while let message = messages.next() { numbers.append(message.number) }
        return numbers
    }

    @Test("messages come out in order, whatever order they came in")
    func putsInOrder() throws {
        var messages = IncomingMessages(after: 0)
        for number in [3, 1, 2] as [UInt64] { try messages.insert(Self.fragment(number)) }
        #expect(Self.drain(&messages) == [1, 2, 3])
    }

    @Test("what was delivered is ignored when it comes again")
    func deliversOnce() throws {
        var messages = IncomingMessages(after: 0)
        try messages.insert(Self.fragment(1))
        #expect(Self.drain(&messages) == [1])
        try messages.insert(Self.fragment(1, fill: 9))
        #expect(Self.drain(&messages).isEmpty)
        #expect(messages.waitingCount == 0)
    }

    @Test("a distance says that nothing is missing between")
    func followsDistances() throws {
        var messages = IncomingMessages(after: 10)
        try messages.insert(Self.fragment(50, distance: 30))
        #expect(Self.drain(&messages).isEmpty)
        try messages.insert(Self.fragment(20, distance: 10))
        #expect(Self.drain(&messages) == [20, 50])
    }

    @Test("a distance restated after a cut lets a waiting message follow")
    func takesRestatedDistances() throws {
        var messages = IncomingMessages(after: 0)
        try messages.insert(Self.fragment(2))
        #expect(Self.drain(&messages).isEmpty)
        try messages.insert(Self.fragment(2, distance: 2))
        #expect(Self.drain(&messages) == [2])
    }

    @Test("an empty message is a message")
    func deliversEmpty() throws {
        var messages = IncomingMessages(after: 0)
        try messages.insert(Self.fragment(1, total: 0))
        let message = messages.next()
        #expect(message?.bytes == [])
    }

    @Test("while the beginning is unknown nothing is delivered, and what is older than it then goes")
    func waitsForItsBeginning() throws {
        var messages = IncomingMessages(after: nil)
        for number in 4...7 as ClosedRange<UInt64> { try messages.insert(Self.fragment(number)) }
        #expect(Self.drain(&messages).isEmpty)
        messages.open(after: 5)
        #expect(Self.drain(&messages) == [6, 7])
    }

    @Test("22: a fragment that says another length, or other bytes, is a conflict")
    func conflictsThrow() throws {
        var messages = IncomingMessages(after: 0)
        try messages.insert(Self.fragment(1, total: 3000, index: 0))
        try messages.insert(Self.fragment(1, total: 3000, index: 0))
        #expect(throws: ProtocolViolation.conflictingFragment) {
            try messages.insert(Self.fragment(1, total: 3001, index: 1))
        }
        #expect(throws: ProtocolViolation.conflictingFragment) {
            try messages.insert(Self.fragment(1, total: 3000, index: 0, fill: 8))
        }
    }

    @Test("22: no more messages wait than the window has")
    func windowBoundsCount() throws {
        var messages = IncomingMessages(after: 0)
        for number in 0..<UInt64(Limits.messageWindow) { try messages.insert(Self.fragment(number + 2)) }
        #expect(throws: ProtocolViolation.windowExceeded) { try messages.insert(Self.fragment(1000)) }
        #expect(messages.waitingCount == Limits.messageWindow)
    }

    @Test("22: unfinished messages hold no more bytes than the bound, however small their pieces are")
    func windowBoundsBytes() throws {
        var messages = IncomingMessages(after: 0)
        let fitting = Limits.reorderBytes / Limits.messageBytes
        for number in 0..<UInt64(fitting) {
            try messages.insert(Self.fragment(number + 1, total: Limits.messageBytes, index: 15))
        }
        #expect(throws: ProtocolViolation.windowExceeded) { try messages.insert(Self.fragment(90)) }
    }

    @Test("messages that a later one declares cut make room when the window is full")
    func cutMessagesMakeRoom() throws {
        var messages = IncomingMessages(after: 0)
        for number in 0..<UInt64(Limits.messageWindow) { try messages.insert(Self.fragment(number + 2)) }
        // 1...200 were cut: 201 says so, and three more come.
        try messages.insert(Self.fragment(201, distance: 201))
        try messages.insert(Self.fragment(258))
        #expect(Self.drain(&messages) == Array(201...258))
    }

    @Test("the newest message itself may be the one that declares all waiting ones cut")
    func newestDeclaresCut() throws {
        var messages = IncomingMessages(after: 0)
        for number in 0..<UInt64(Limits.messageWindow) { try messages.insert(Self.fragment(number + 2)) }
        try messages.insert(Self.fragment(999, distance: 999))
        #expect(Self.drain(&messages) == [999])
        #expect(messages.waitingCount == 0)
    }

    @Test("over random pieces it agrees with a plain model", arguments: 1...30 as ClosedRange<UInt64>)
    func agreesWithAModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var messages = IncomingMessages(after: 0)
        var model = NaiveIncoming()
        let log = RandomLog(count: 60, using: &random)
        for _ in 0..<1500 {
            let fragment = log.piece(near: model.delivered, using: &random)
            try messages.insert(fragment)
            model.insert(fragment)
            while true {
                let (got, wanted) = (messages.next(), model.next())
                guard got?.number == wanted?.number, got?.bytes == wanted?.bytes else {
                    Issue.record("\(got?.number ?? 0) instead of \(wanted?.number ?? 0), seed \(seed)")
                    return
                }
                if got == nil { break }
            }
        }
        #expect(model.delivered > 0, "seed \(seed)")
    }
}

/// A log with gaps and long messages, of which random pieces are sent.
private struct RandomLog {
    private var entries: [(number: UInt64, bytes: [UInt8])] = []

    init(count: Int, using random: inout SeededGenerator) {
        var number: UInt64 = 0
        for _ in 0..<count {
            number += UInt64.random(in: 1...3, using: &random)
            let length = random.chance(0.3) ? Int.random(in: 1000...6000, using: &random) : 5
            entries.append((number, random.bytes(length)))
        }
    }

    /// A piece of one of the next entries; sometimes it says that the entry before it was cut.
    func piece(near delivered: UInt64, using random: inout SeededGenerator) -> MessageFragment {
        let next = entries.firstIndex { $0.number > delivered } ?? entries.count - 1
        let place = min(entries.count - 1, next + Int.random(in: 0..<8, using: &random))
        let back = random.chance(0.02) ? 2 : 1
        let previous = place >= back ? entries[place - back].number : 0
        let entry = entries[place]
        let index = Int.random(in: 0..<MessageFragment.count(total: entry.bytes.count), using: &random)
        return MessageFragment(
            alias: 1, number: entry.number, distance: entry.number - previous, total: entry.bytes.count, index: index,
            bytes: Array(entry.bytes[MessageFragment.range(index: index, total: entry.bytes.count)]))
    }
}

/// The same by plain means: every piece that ever came, looked through each time.
private struct NaiveIncoming {
    private(set) var delivered: UInt64 = 0
    private var pieces: [UInt64: [Int: [UInt8]]] = [:]
    private var facts: [UInt64: (total: Int, previous: UInt64)] = [:]

    mutating func insert(_ fragment: MessageFragment) {
        let previous = fragment.number - fragment.distance
        pieces[fragment.number, default: [:]][fragment.index] = fragment.bytes
        facts[fragment.number] = (fragment.total, min(previous, facts[fragment.number]?.previous ?? previous))
    }

    mutating func next() -> StoredMessage? {
        for number in facts.keys.sorted() where number > delivered {
            guard let fact = facts[number], let parts = pieces[number], fact.previous <= delivered,
                parts.count == MessageFragment.count(total: fact.total)
            else { continue }
            delivered = number
            return StoredMessage(number: number, bytes: parts.keys.sorted().flatMap { parts[$0] ?? [] })
        }
        return nil
    }
}
