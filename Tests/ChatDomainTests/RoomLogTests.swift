import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct RoomLogTests {
    /// A room in which lines alternate with comings and goings.
    private func busyRoom(lines: Int, tail: Int = .max) throws -> TestRoom {
        var room = TestRoom(tail: TailBounds(entries: tail, bytes: .max))
        let ana = try #require(room.login("ana", device: 1).welcome)
        for index in 1...max(1, lines) where index <= lines {
            room.say("line \(index)", OutboxNumber(index), from: ana.member)
            let guest = try #require(room.login("guest", device: 2, incarnation: UInt64(index)).welcome)
            room.leave(guest.member, .quit)
        }
        _ = room.effects()
        return room
    }

    private func messages(_ bodies: [LogEntry.Body]) -> [String] {
        bodies.compactMap { body in
            if case .line(.text(let text)) = body { text } else { nil }
        }
    }

    @Test(
        "a first join gets exactly the last messages asked for; comings and goings do not count",
        arguments: [0, 1, 2, 7, 10])
    func history(count: Int) throws {
        var room = try busyRoom(lines: 10)
        let end = room.chat.end(of: .room)
        let welcome = try #require(room.login("bo", device: 3, history: count).welcome)
        #expect(welcome.end == end && !welcome.resumed)
        #expect(messages(room.bodies(after: welcome.cursor)) == (1...10).suffix(count).map { "line \($0)" })
        if count == 0 { #expect(welcome.cursor == end) }
    }

    @Test("fewer messages than asked for come when there are fewer")
    func shortHistory() throws {
        var room = try busyRoom(lines: 3)
        let welcome = try #require(room.login("bo", device: 3, history: 1_000).welcome)
        #expect(messages(room.bodies(after: welcome.cursor)) == ["line 1", "line 2", "line 3"])
        var silent = TestRoom()
        _ = silent.login("ana", device: 1)
        #expect(silent.login("bo", device: 2, history: 20).welcome?.cursor == 1)
    }

    @Test("a cursor of this log is continued from where it is", arguments: [0, 1, 15, 31])
    func continuedCursor(number: EntryNumber) throws {
        var room = try busyRoom(lines: 10)
        let cursor = LogCursor(epoch: TestRoom.epoch, number: number)
        let welcome = try #require(room.login("bo", device: 3, history: 2, cursor: cursor).welcome)
        #expect(welcome.resumed && welcome.cursor == number && welcome.end == 31)
        #expect(room.entries(after: number).first?.number == number + 1)
    }

    @Test("a cursor of another epoch, or beyond the end, starts the log anew", arguments: [true, false])
    func foreignCursor(isOtherEpoch: Bool) throws {
        var room = try busyRoom(lines: 10)
        let cursor =
            isOtherEpoch
            ? LogCursor(epoch: LogEpoch(rawValue: 78), number: 3) : LogCursor(epoch: TestRoom.epoch, number: 32)
        let welcome = try #require(room.login("bo", device: 3, history: 2, cursor: cursor).welcome)
        #expect(!welcome.resumed && welcome.cursor <= welcome.end)
        #expect(messages(room.bodies(after: welcome.cursor)) == ["line 9", "line 10"])
    }

    @Test("memory keeps at most its number of entries; a cursor before them is fed from the store, in order")
    func entryBound() throws {
        var room = try busyRoom(lines: 100, tail: 30)
        #expect(room.chat.entry(after: 270, in: .room) == nil && room.chat.mustFetch(after: 270, in: .room))
        #expect(room.chat.entry(after: 271, in: .room)?.number == 272)
        let cursor = LogCursor(epoch: TestRoom.epoch, number: 5)
        let welcome = try #require(room.login("bo", device: 3, cursor: cursor).welcome)
        #expect(welcome.resumed && welcome.cursor == 5)
        #expect(room.entries(after: 5).map(\.number) == Array(6...302))
    }

    @Test("history at a login goes as far back as memory", arguments: [1, 9, 10, 500])
    func historyAfterCut(count: Int) throws {
        var room = try busyRoom(lines: 100, tail: 31)
        let welcome = try #require(room.login("bo", device: 3, history: count).welcome)
        #expect(
            messages(room.bodies(after: welcome.cursor)) == (91...100).suffix(count).map { "line \($0)" })
    }

    @Test("memory keeps at most its number of bytes, yet always the newest entry")
    func byteBound() throws {
        var room = TestRoom(tail: TailBounds(entries: .max, bytes: 5_000))
        let ana = try #require(room.login("ana", device: 1).welcome)
        for number in 1...50 as ClosedRange<OutboxNumber> {
            room.say(String(repeating: "x", count: 900), number, from: ana.member)
            var kept = 0
            var last = (0...number + 1).first { !room.chat.mustFetch(after: $0, in: .room) } ?? 0
            while let (entry, bytes) = room.chat.entry(after: last, in: .room) {
                kept += bytes.count
                last = entry
            }
            #expect(kept <= 5_000 && last == number + 1)
        }
        room.say(String(repeating: "x", count: 9_000), 51, from: ana.member)
        #expect(room.chat.mustFetch(after: 50, in: .room) && room.chat.entry(after: 51, in: .room)?.number == 52)
    }

    @Test("the default bounds are those of ChatLimits, and can't be exceeded by configuration")
    func configurationBounds() {
        func configuration(_ members: Int?, _ tail: TailBounds?) -> ChatConfiguration {
            var made = ChatConfiguration(
                server: "s", room: "r", operatorName: TestRoom.name("SERVER"),
                memberLimit: members ?? ChatLimits.members, prepareName: TestRoom.name)
            guard let tail else { return made }
            made = ChatConfiguration(
                server: "s", room: "r", operatorName: made.operatorName, memberLimit: made.memberLimit, roomTail: tail,
                prepareName: TestRoom.name)
            return made
        }
        let full = TailBounds(entries: ChatLimits.roomTailEntries, bytes: ChatLimits.roomTailBytes)
        #expect(configuration(nil, nil).memberLimit == ChatLimits.members && configuration(nil, nil).roomTail == full)
        let greedy = configuration(.max, TailBounds(entries: .max, bytes: .max))
        #expect(greedy.memberLimit == ChatLimits.membersAtMost && greedy.roomTail == full)
        let empty = configuration(0, TailBounds(entries: -1, bytes: -1))
        #expect(empty.memberLimit == 1 && empty.roomTail == TailBounds(entries: 1, bytes: 0))
    }

    @Test("a log that is not there has no entries and no end")
    func unknownLog() throws {
        let room = try busyRoom(lines: 1)
        let other = LogID(rawValue: 2)
        #expect(room.chat.entry(after: 0, in: other) == nil)
        #expect(room.chat.end(of: other) == 0)
    }
}
