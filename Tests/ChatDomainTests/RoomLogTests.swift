import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct RoomLogTests {
    /// A room in which lines alternate with comings and goings.
    private func busyRoom(lines: Int, logEntries: Int = 65_536, logBytes: Int = .max) throws -> TestRoom {
        var room = TestRoom(logEntries: logEntries, logBytes: logBytes)
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
            if case .message(let text) = body { text } else { nil }
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

    @Test("the log keeps at most its number of entries, and a cursor before them gets the oldest kept one")
    func entryBound() throws {
        var room = try busyRoom(lines: 100, logEntries: 30)
        #expect(room.entries().map(\.number) == Array(272...301))
        let cursor = LogCursor(epoch: TestRoom.epoch, number: 5)
        let welcome = try #require(room.login("bo", device: 3, cursor: cursor).welcome)
        #expect(welcome.resumed && welcome.cursor == 5)
        #expect(room.chat.entry(after: 5, in: .room)?.number == 273)
    }

    @Test("history is right after entries were cut", arguments: [1, 9, 10, 500])
    func historyAfterCut(count: Int) throws {
        var room = try busyRoom(lines: 100, logEntries: 31)
        let welcome = try #require(room.login("bo", device: 3, history: count).welcome)
        #expect(
            messages(room.bodies(after: welcome.cursor)) == (91...100).suffix(count).map { "line \($0)" })
    }

    @Test("the log keeps at most its number of bytes, yet always the newest entry")
    func byteBound() throws {
        var room = TestRoom(logBytes: 5_000)
        let ana = try #require(room.login("ana", device: 1).welcome)
        for number in 1...50 as ClosedRange<OutboxNumber> {
            room.say(String(repeating: "x", count: 900), number, from: ana.member)
            var kept = 0
            var last: EntryNumber = 0
            while let (entry, bytes) = room.chat.entry(after: last, in: .room) {
                kept += bytes.count
                last = entry
            }
            #expect(kept <= 5_000 && last == number + 1)
        }
        room.say(String(repeating: "x", count: 9_000), 51, from: ana.member)
        #expect(room.entries().map(\.number) == [52])
    }

    @Test("the default bounds are those of ChatLimits, and can't be exceeded by configuration")
    func configurationBounds() {
        let name = TestRoom.name("SERVER")
        let usual = ChatConfiguration(server: "s", room: "r", operatorName: name)
        #expect(usual.memberLimit == ChatLimits.members)
        #expect(usual.logEntries == ChatLimits.logEntries && usual.logBytes == ChatLimits.logBytes)
        let greedy = ChatConfiguration(
            server: "s", room: "r", operatorName: name, memberLimit: .max, logEntries: .max, logBytes: .max)
        #expect(greedy.memberLimit == ChatLimits.membersAtMost)
        #expect(greedy.logEntries == ChatLimits.logEntries && greedy.logBytes == ChatLimits.logBytes)
        let empty = ChatConfiguration(
            server: "s", room: "r", operatorName: name, memberLimit: 0, logEntries: -1, logBytes: -1)
        #expect(empty.memberLimit == 1 && empty.logEntries == 1 && empty.logBytes == 0)
    }

    @Test("a log that is not there has no entries and no end")
    func unknownLog() throws {
        let room = try busyRoom(lines: 1)
        let other = LogID(rawValue: 2)
        #expect(room.chat.entry(after: 0, in: other) == nil)
        #expect(room.chat.end(of: other) == 0)
    }
}
