import Basics
import ChatDomain
import ChatProtocol
import Testing

@Suite struct RequestTests {
    @Test("a line becomes one entry with its member and outbox number, and is observed")
    func say() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        _ = room.effects()
        room.pass(.seconds(3))
        room.say("hello", 1, from: ana.member)
        #expect(
            room.effects() == [
                .appended(.room, through: 2),
                .observed(.message(id: 2, from: "ana", text: "hello", time: room.wall)),
            ])
        let entry = LogEntry(time: room.wall, member: ana.member, name: "ana", outbox: 1, body: .message("hello"))
        #expect(room.entries(after: 1).map(\.entry) == [entry])
    }

    @Test("a repeated or lower number is ignored, and gaps are fine")
    func duplicates() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        for (text, number): (String, OutboxNumber) in [
            ("a", 1), ("a", 1), ("b", 2), ("a", 1), ("f", 6), ("c", 3), ("zero", 0),
        ] {
            room.say(text, number, from: ana.member)
        }
        #expect(room.bodies() == [.joined, .message("a"), .message("b"), .message("f")])
        #expect(room.login("ana", device: 1).welcome?.storedOutbox == 6)
    }

    @Test("a line without a number could be doubled, so it is not taken")
    func unnumberedLine() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        room.say("x", nil, from: ana.member)
        #expect(room.bodies() == [.joined])
    }

    @Test("the numbers of two members have nothing to do with each other")
    func separateOutboxes() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        let bo = try #require(room.login("bo", device: 2).welcome)
        room.say("a", 1, from: ana.member)
        room.say("b", 1, from: bo.member)
        #expect(room.bodies().suffix(2) == [.message("a"), .message("b")])
    }

    @Test("somebody who is not here can do nothing")
    func strangers() {
        var room = TestRoom()
        room.say("x", 1, from: MemberID(rawValue: 9))
        room.say("x", 1, from: .server)
        room.ask(.members(label: 1), from: MemberID(rawValue: 9))
        let (effects, bodies) = (room.effects(), room.bodies())
        #expect(effects.isEmpty && bodies.isEmpty)
    }

    @Test("asking for members answers with the label, to the one who asked, in pieces of at most 8 KiB")
    func memberList() throws {
        var room = TestRoom()
        var names: [String] = []
        for index in 0..<400 {
            names.append("m\(index)-" + String(repeating: "x", count: 50))
            _ = room.login(names[index], device: index)
        }
        _ = room.effects()
        room.ask(.members(label: 42), from: MemberID(rawValue: 1))
        var seen: [String] = []
        let effects = room.effects()
        for (index, effect) in effects.enumerated() {
            guard case .send(let event, MemberID(rawValue: 1)) = effect, case .members(42, let part, let isLast) = event
            else {
                Issue.record("unexpected effect \(effect)")
                return
            }
            #expect(event.encoded().count <= ChatLimits.memberListBytes)
            #expect(isLast == (index == effects.count - 1))
            seen += part
        }
        #expect(seen == names && effects.count > 2)
    }

    @Test("the operator's line stands in the log in order, under a name and number of its own")
    func operatorLine() throws {
        var room = TestRoom()
        let ana = try #require(room.login("ana", device: 1).welcome)
        room.say("before", 1, from: ana.member)
        let refusal = room.sayAsOperator("hear ye")
        room.say("after", 2, from: ana.member)
        #expect(refusal == nil)
        let line = LogEntry(time: room.wall, member: .server, name: "SERVER", outbox: 0, body: .message("hear ye"))
        #expect(room.entries().map(\.entry)[2] == line)
        #expect(room.bodies().suffix(3) == [.message("before"), .message("hear ye"), .message("after")])
        #expect(
            room.effects().contains(.observed(.message(id: 3, from: "SERVER", text: "hear ye", time: room.wall))))
    }

    @Test("an operator's line that can't be one is refused with the reason")
    func unfitOperatorLine() {
        var room = TestRoom()
        let long = String(repeating: "x", count: ChatLimits.textBytes + 1)
        for (text, code): (String, ErrorCode) in [(long, .tooLong), ("", .usage), ("a\u{0}", .textInvalid)] {
            let refusal = room.sayAsOperator(text)
            #expect(refusal?.code == code)
        }
        let (effects, bodies) = (room.effects(), room.bodies())
        #expect(effects.isEmpty && bodies.isEmpty)
    }

    @Test("one input causes a bounded number of effects, in the fullest room too")
    func effectBound() {
        let longName = String(repeating: "n", count: ChatLimits.nameBytes)
        let fullest = ServerEvent.memberLists(
            label: 0, names: [String](repeating: longName, count: ChatLimits.membersAtMost))
        // Beside the list a takeover causes at most: replaced, appended, observed.
        #expect(fullest.count + 3 <= ChatLimits.effectsPerInput)

        var room = TestRoom()
        for index in 0..<200 {
            let name = "\(index)-" + longName
            _ = room.login(name.cut(toBytes: ChatLimits.nameBytes), device: index)
            _ = room.effects()
        }
        _ = room.login("Zoe", device: 999)
        _ = room.effects()
        _ = room.login("zoe", device: 999, incarnation: 2)
        let effects = room.effects()
        #expect(effects.count == 3 + effects.filter(\.isMembersEvent).count)
        #expect(effects.filter(\.isMembersEvent).count == 2)
    }
}
