import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct OracleTests {
    @Test("the room does what the plainest reading of its rules does", arguments: 1...40 as ClosedRange<UInt64>)
    func race(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = Int.random(in: 2...6, using: &random)
        let entries = Int.random(in: 1...60, using: &random)
        var room = TestRoom(memberLimit: limit, tail: TailBounds(entries: entries, bytes: .max))
        var naive = NaiveRoom(memberLimit: limit, tailEntries: entries)
        for step in 0..<400 {
            let place: Comment = "seed \(seed), step \(step)"
            let before = naive.log.count
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2: login(&room, &naive, &random, place)
            case 3...6: say(&room, &naive, &random)
            case 7: leave(&room, &naive, &random)
            case 8: operatorLine(&room, &naive, step)
            default: wait(&room, &random)
            }
            expectAlike(&room, naive, appended: naive.log.count - before, place)
        }
    }

    private func login(
        _ room: inout TestRoom, _ naive: inout NaiveRoom, _ random: inout SeededGenerator, _ place: Comment
    ) {
        let names = ["ana", "Ana", "bo", "cy", "di", "ed", "server"]
        guard let name = names.randomElement(using: &random) else { return }
        let device = Int.random(in: 1...3, using: &random)
        let incarnation = UInt64.random(in: 1...3, using: &random)
        let history = Int.random(in: 0...30, using: &random)
        let epoch = random.chance(0.8) ? TestRoom.epoch : LogEpoch(rawValue: 1)
        let number = UInt64.random(in: 0...UInt64(naive.log.count + 2), using: &random)
        let cursor = random.chance(0.5) ? LogCursor(epoch: epoch, number: number) : nil
        let isLater = random.chance(0.3)
        let wanted = naive.login(
            name, device: device, incarnation: incarnation, history: history, cursor: cursor, isLater: isLater,
            now: room.now.nanoseconds, wall: room.wall)
        let outcome = room.login(
            name, device: device, incarnation: incarnation, history: history, cursor: cursor, isLater: isLater)
        #expect(outcome.refusal == wanted.refusal, place)
        // Where fewer messages are kept than asked for, any cursor before the first of them is as good.
        guard var got = outcome.welcome, let expected = wanted.welcome else {
            #expect((outcome.welcome == nil) == (wanted.welcome == nil), place)
            return
        }
        if isLater || !expected.resumed, got.cursor < expected.cursor {
            let skipped = naive.log[Int(got.cursor)..<Int(expected.cursor)]
            let kept = skipped.dropFirst(max(0, naive.log.count - 1 - naive.tailEntries - Int(got.cursor)))
            #expect(!kept.contains { $0.body.isMessage }, place)
            got.cursor = expected.cursor
        }
        #expect(got == expected, place)
    }

    private func say(_ room: inout TestRoom, _ naive: inout NaiveRoom, _ random: inout SeededGenerator) {
        let id = MemberID(rawValue: UInt32.random(in: 0...naive.ids + 1, using: &random))
        let stored = naive.people.first { $0.id == id.rawValue }?.stored ?? 0
        let number = UInt64.random(in: stored...stored + 2, using: &random)
        let text = "text \(random.next() % 1_000)"
        naive.say(text, number, id, room.wall)
        room.say(text, number, from: id)
    }

    private func leave(_ room: inout TestRoom, _ naive: inout NaiveRoom, _ random: inout SeededGenerator) {
        let id = MemberID(rawValue: UInt32.random(in: 0...naive.ids + 1, using: &random))
        let reason: LeaveReason = random.chance(0.6) ? .timeout : .quit
        naive.leave(id, reason, now: room.now.nanoseconds, wall: room.wall)
        room.leave(id, reason)
    }

    private func operatorLine(_ room: inout TestRoom, _ naive: inout NaiveRoom, _ step: Int) {
        naive.add(.server, "SERVER", .message("notice \(step)"), room.wall)
        _ = room.sayAsOperator("notice \(step)")
    }

    private func wait(_ room: inout TestRoom, _ random: inout SeededGenerator) {
        room.pass(.seconds(Int.random(in: 0...90, using: &random)))
        if random.chance(0.5) { room.expire() }
    }

    private func expectAlike(_ room: inout TestRoom, _ naive: NaiveRoom, appended: Int, _ place: Comment) {
        var numbers: [EntryNumber] = []
        for case .appended(.room, let through) in room.effects() { numbers.append(through) }
        let total = EntryNumber(naive.log.count)
        // A page that came says that the log can be read again, which is no new entry.
        numbers.removeAll { $0 <= total - EntryNumber(appended) }
        #expect(numbers == Array((total + 1 - EntryNumber(appended))..<(total + 1)), place)
        #expect(room.chat.members.map(\.id.rawValue) == naive.present.map(\.id), place)
        #expect(room.chat.members.map(\.name) == naive.present.map(\.name), place)
        let from = max(0, naive.log.count - naive.tailEntries - 5)
        let read = room.entries(after: EntryNumber(from))
        #expect(read.map(\.entry) == Array(naive.log[from...]), place)
        #expect(read.last?.number ?? total == total, place)
    }
}
