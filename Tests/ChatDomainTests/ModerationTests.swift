import Basics
import ChatDomain
import ChatProtocol
import Testing

/// What operators may do about people who are there, and what it does.
@Suite struct ModerationTests {
    /// Ana is an operator, Bo is not, Cy watches.
    struct Scene {
        var room = TestRoom()
        let ana: MemberID
        let bo: MemberID
        let cy: MemberID
        private var numbers: [MemberID: OutboxNumber] = [:]

        init() throws {
            ana = try #require(room.login("ana", device: 1).welcome).member
            bo = try #require(room.login("bo", device: 2).welcome).member
            cy = try #require(room.login("cy", device: 3).welcome).member
            for member in [ana, bo, cy] { room.ask(.follow([]), from: member) }
            let refusal = room.order(.op, "ana")
            #expect(refusal == nil)
            _ = room.effects()
        }

        /// Asks for something, under the next number.
        ///
        /// - Returns: why it was refused; nil when it was done.
        mutating func ask(_ request: ClientRequest, by member: MemberID) -> ErrorCode? {
            numbers[member, default: 0] += 1
            let number = numbers[member] ?? 0
            room.ask(request, number, from: member)
            return refusal(of: number, by: member)
        }

        mutating func act(
            _ action: Moderation, _ name: String, seconds: UInt32 = 0, _ text: String = "", by member: MemberID
        ) -> ErrorCode? {
            ask(.moderate(action, name: name, seconds: seconds, text: text), by: member)
        }

        private mutating func refusal(of number: OutboxNumber, by member: MemberID) -> ErrorCode? {
            for log in 2...40 as ClosedRange<UInt32> {
                for (_, entry) in room.entries(of: LogID(rawValue: log))
                where entry.member == member && entry.outbox == number {
                    if case .settled(let code?, _) = entry.body { return code }
                }
            }
            return nil
        }

        mutating func notices(to member: MemberID) -> [String] {
            room.effects().compactMap {
                if case .send(.notice(let text), member) = $0 { text } else { nil }
            }
        }

        var names: [String] { room.chat.members.map(\.name) }
    }

    @Test("members who are no operators may do none of it", arguments: Moderation.allCases)
    func onlyOperators(action: Moderation) throws {
        var scene = try Scene()
        let end = scene.room.chat.end(of: .room)
        let refusal = scene.act(action, action == .slow ? "" : "cy", seconds: 5, by: scene.bo)
        #expect(refusal == .notAllowed)
        let topic = scene.ask(.topic("mine", in: .room), by: scene.bo)
        #expect(topic == .notAllowed)
        #expect(scene.room.chat.end(of: .room) == end && scene.names == ["ana", "bo", "cy"])
    }

    @Test("nobody can do anything to who is not there", arguments: [Moderation.op, .deop, .kick, .mute, .unmute])
    func nobody(action: Moderation) throws {
        var scene = try Scene()
        let fromMember = scene.act(action, "dee", by: scene.ana)
        let fromConsole = scene.room.order(action, "dee")
        let noName = scene.room.order(action, "no name")
        #expect(fromMember == .noSuchUser && fromConsole == .noSuchUser && noName == .noSuchUser)
    }

    @Test("the console makes operators, who may make others, and takes it back")
    func operators() throws {
        var scene = try Scene()
        let made = scene.act(.op, "Bo", by: scene.ana)
        #expect(made == nil && scene.room.chat.members.map(\.isOperator) == [true, true, false])
        #expect(scene.notices(to: scene.bo) == [ServerSentence.madeOperatorBy("ana").wireText])
        let again = scene.act(.op, "bo", by: scene.ana)
        #expect(again == .notAllowed)
        let taken = scene.act(.deop, "ana", by: scene.bo)
        #expect(taken == nil && scene.room.chat.members.map(\.isOperator) == [false, true, false])
        let late = scene.act(.kick, "bo", by: scene.ana)
        #expect(late == .notAllowed)
        let twice = scene.room.order(.deop, "ana")
        #expect(twice == .notAllowed)
    }

    @Test("an operator's act is one entry for everybody, the receipt, and seen at the console; facts follow")
    func entryOfAnAct() throws {
        var scene = try Scene()
        let end = scene.room.chat.end(of: .room)
        let refusal = scene.act(.slow, "", seconds: 7, by: scene.ana)
        #expect(refusal == nil)
        let entries = scene.room.entries(after: end)
        #expect(entries.map(\.entry.body) == [.moderated(.slow, name: "", seconds: 7, text: "")])
        #expect(entries.first?.entry.outbox == 1 && entries.first?.entry.member == scene.ana)
        let effects = scene.room.effects()
        #expect(effects.contains(.observed(.moderated(.slow, by: "ana", name: "", seconds: 7, text: ""))))
        let told = effects.filter { if case .send(.facts(let facts), _) = $0 { facts.slowSeconds == 7 } else { false } }
        #expect(told.count == 3)
        let own = scene.room.order(.slow, "", seconds: 0)
        #expect(own == nil)
        let observed = scene.room.effects().contains { if case .observed = $0 { true } else { false } }
        #expect(!observed, "the console is told by the answer")
    }

    @Test("who is put out is gone at once, is told nothing more, and may come back as the same")
    func kick() throws {
        var scene = try Scene()
        let said = scene.ask(.say("one"), by: scene.bo)
        #expect(said == nil)
        _ = scene.room.effects()
        let refusal = scene.act(.kick, "BO", "calm down", by: scene.ana)
        #expect(refusal == nil && scene.names == ["ana", "cy"])
        let effects = scene.room.effects()
        #expect(effects.contains(.expel(scene.bo, .kicked)))
        #expect(effects.contains(.observed(.left(name: "bo", reason: .kicked))))
        let toBo = effects.contains { if case .send(_, scene.bo) = $0 { true } else { false } }
        #expect(!toBo)
        #expect(
            scene.room.bodies().suffix(2) == [
                .moderated(.kick, name: "bo", seconds: 0, text: "calm down"), .left(.kicked),
            ])
        scene.room.say("after it", 2, from: scene.bo)
        #expect(scene.room.bodies().last == .left(.kicked))
        let twice = scene.act(.kick, "bo", by: scene.ana)
        #expect(twice == .noSuchUser)
        let back = try #require(scene.room.login("bo", device: 2).welcome)
        #expect(back.member == scene.bo && back.storedOutbox == 1)
    }

    @Test("what was promised to a connection that is being made is void after a kick")
    func voidPromise() throws {
        var scene = try Scene()
        #expect(scene.room.chat.expulsions(of: TestRoom.device(2)) == 0)
        _ = scene.act(.kick, "bo", by: scene.ana)
        #expect(scene.room.chat.expulsions(of: TestRoom.device(2)) == 1)
        #expect(scene.room.login("bo", device: 2).welcome != nil)
        #expect(scene.room.chat.expulsions(of: TestRoom.device(2)) == 1)
    }

    @Test("who was put out and never confirmed it is told once more, as the same program, and then comes in")
    func untoldKick() throws {
        var scene = try Scene()
        _ = scene.act(.kick, "bo", by: scene.ana)
        scene.room.chat.noteUnheard(.kicked, by: scene.bo)
        #expect(scene.room.login("bo", device: 2).refusal == .kicked)
        #expect(scene.room.login("bo", device: 2).welcome?.member == scene.bo)
        _ = scene.act(.kick, "bo", by: scene.ana)
        scene.room.chat.noteUnheard(.kicked, by: scene.bo)
        #expect(scene.room.login("bo", device: 2, incarnation: 2).welcome != nil, "another program is another decision")
    }

    // MARK: Mutes

    @Test("who is muted writes nowhere, and shouts by no name, topic, absence, group or hint either")
    func mutedEverywhere() throws {
        var scene = try Scene()
        let own = scene.ask(.group(.create, name: "tea", person: ""), by: scene.bo)
        let refusal = scene.act(.mute, "bo", by: scene.ana)
        #expect(own == nil && refusal == nil)
        let requests: [ClientRequest] = [
            .say("x"), .post(.action("x"), in: .room), .post(.react(1, "+"), in: .room),
            .post(.text("x"), in: .group("tea")), .post(.text("x"), in: .person("cy")), .rename("loud"),
            .away("shouting"), .topic("loud", in: .group("tea")), .group(.create, name: "loud", person: ""),
            .group(.invite, name: "tea", person: "cy"),
        ]
        for request in requests {
            let code = scene.ask(request, by: scene.bo)
            #expect(code == .muted, "\(request)")
        }
        _ = scene.room.effects()
        scene.room.ask(.typing(in: .room), from: scene.bo)
        #expect(scene.room.effects().isEmpty)
        for request: ClientRequest in [.away(""), .group(.leave, name: "tea", person: "")] {
            let code = scene.ask(request, by: scene.bo)
            #expect(code == nil, "\(request)")
        }
        let others = scene.ask(.say("still free"), by: scene.cy)
        #expect(others == nil)
    }

    @Test("a mute with a time ends to the nanosecond, and the person is told at its beginning and its end")
    func muteWithTime() throws {
        var scene = try Scene()
        let refusal = scene.act(.mute, "bo", seconds: 120, "loud", by: scene.ana)
        #expect(refusal == nil && scene.room.chat.members[1].isMuted)
        #expect(scene.notices(to: scene.bo) == [ServerSentence.mutedBy("ana", seconds: 120, reason: "loud").wireText])
        let end = scene.room.now + .seconds(120)
        #expect(scene.room.chat.nextDeadline == end)
        scene.room.now = Instant(nanoseconds: end.nanoseconds - 1)
        let early = scene.ask(.say("early"), by: scene.bo)
        #expect(early == .muted)
        scene.room.now = end
        scene.room.expire()
        #expect(scene.notices(to: scene.bo) == [ServerSentence.muteIsOver.wireText])
        #expect(scene.room.chat.nextDeadline == nil && !scene.room.chat.members[1].isMuted)
        let late = scene.ask(.say("late"), by: scene.bo)
        #expect(late == nil)
    }

    @Test("a mute without a time ends by unmute alone, which is refused for who is not muted")
    func unmute() throws {
        var scene = try Scene()
        let refusal = scene.room.order(.mute, "bo")
        scene.room.pass(.seconds(1_000_000))
        let still = scene.ask(.say("x"), by: scene.bo)
        #expect(refusal == nil && still == .muted)
        _ = scene.room.effects()
        let wrong = scene.act(.unmute, "cy", by: scene.ana)
        let right = scene.act(.unmute, "bo", by: scene.ana)
        #expect(wrong == .notAllowed && right == nil)
        #expect(scene.notices(to: scene.bo) == [ServerSentence.unmutedBy("ana").wireText])
        let free = scene.ask(.say("x"), by: scene.bo)
        #expect(free == nil)
    }

    @Test("a mute is the person's: leaving, another run and another name do not end it; unmute finds the old name")
    func muteStays() throws {
        var scene = try Scene()
        _ = scene.act(.mute, "bo", seconds: 600, by: scene.ana)
        scene.room.leave(scene.bo, .quit)
        let other = try #require(scene.room.login("bob", device: 2, incarnation: 9).welcome).member
        let muted = scene.ask(.say("me again"), by: other)
        #expect(muted == .muted)
        let freed = scene.act(.unmute, "bo", by: scene.ana)
        let free = scene.ask(.say("at last"), by: other)
        #expect(freed == nil && free == nil)
    }

    // MARK: Slow mode

    @Test("slow mode: one line in so many seconds for each member, not for operators, and not in groups")
    func slowMode() throws {
        var scene = try Scene()
        _ = scene.room.order(.slow, "", seconds: 10)
        let first = scene.ask(.say("1"), by: scene.bo)
        let second = scene.ask(.say("2"), by: scene.bo)
        let other = scene.ask(.say("3"), by: scene.cy)
        #expect(first == nil && second == .slowMode && other == nil)
        for _ in 0..<2 {
            let free = scene.ask(.say("4"), by: scene.ana)
            #expect(free == nil)
        }
        scene.room.pass(.seconds(10))
        let ready = scene.ask(.say("5"), by: scene.bo)
        #expect(ready == nil)
        scene.room.leave(scene.bo, .quit)
        let again = try #require(scene.room.login("bo", device: 2, incarnation: 2).welcome).member
        let tooSoon = scene.ask(.say("6"), by: again)
        #expect(tooSoon == .slowMode, "coming in again shortens no wait")
        _ = scene.ask(.group(.create, name: "tea", person: ""), by: again)
        for _ in 0..<2 {
            let inGroup = scene.ask(.post(.text("x"), in: .group("tea")), by: again)
            #expect(inGroup == nil)
        }
        _ = scene.room.order(.slow, "", seconds: 0)
        let off = scene.ask(.say("7"), by: again)
        #expect(off == nil)
    }

    // MARK: Topic

    @Test("the topic is set by operators, told to everybody, and no longer than it may be")
    func topic() throws {
        var scene = try Scene()
        let set = scene.ask(.topic("Friday", in: .room), by: scene.ana)
        #expect(set == nil && scene.room.chat.counts.topic == "Friday")
        #expect(scene.room.effects().contains(.observed(.topic(by: "ana", text: "Friday"))))
        let long = String(repeating: "x", count: ChatLimits.topicBytes + 1)
        let tooLong = scene.room.order(.topic(long))
        #expect(tooLong == .tooLong && scene.room.chat.counts.topic == "Friday")
        let longest = scene.room.order(.topic(String(long.dropLast())))
        #expect(longest == nil)
        let off = scene.room.order(.topic(""))
        #expect(off == nil && scene.room.chat.counts.topic == "")
    }

    // MARK: Renaming

    @Test("who is renamed keeps the session, its receipts, mute, rank and groups, and is told by whom")
    func rename() throws {
        var scene = try Scene()
        _ = scene.ask(.group(.create, name: "tea", person: ""), by: scene.ana)
        _ = scene.room.effects()
        let refusal = scene.room.order(.rename(from: "ANA", to: "anna"))
        #expect(refusal == nil && scene.names == ["anna", "bo", "cy"])
        #expect(scene.notices(to: scene.ana) == [ServerSentence.renamedBy("SERVER", to: "anna").wireText])
        #expect(scene.room.bodies().last == .renamed(to: "anna"))
        #expect(scene.room.chat.groupMembers("tea") == ["anna"])
        let ranked = scene.act(.mute, "cy", by: scene.ana)
        #expect(ranked == nil)
        let back = try #require(scene.room.login("anna", device: 1).welcome)
        #expect(back.member == scene.ana && back.storedOutbox == 2)
        #expect(scene.room.login("ana", device: 7).welcome != nil, "the old name is free")
    }

    @Test(
        "a rename is refused for who is not there, to what is no name, and to a name that is taken or banned",
        arguments: [
            ("dee", "x", ErrorCode.noSuchUser), ("bo", "no name", .nameInvalid), ("bo", "CY", .nameTaken),
            ("bo", "server", .nameTaken), ("bo", "bo", .nameTaken), ("bo", "out", .nameTaken),
        ])
    func refusedRename(old: String, new: String, code: ErrorCode) throws {
        var scene = try Scene()
        _ = scene.room.order(.ban, "out")
        let refusal = scene.room.order(.rename(from: old, to: new))
        #expect(refusal == code && scene.names == ["ana", "bo", "cy"])
    }

    // MARK: Private lines of the console

    @Test("the console says something to one person, who may be absent, and to nobody else")
    func personalLine() throws {
        var scene = try Scene()
        let refusal = scene.room.order(.personal(to: "bo", text: "see me"))
        #expect(refusal == nil)
        let effects = scene.room.effects()
        let line = RoomObservation.personal(id: 1, from: "SERVER", to: "bo", time: scene.room.wall)
        #expect(effects.contains(.observed(line)))
        let logs = effects.compactMap { effect in
            if case .send(.log(let log), let member) = effect { (log.log, member) } else { nil }
        }
        #expect(logs.map(\.1) == [scene.bo])
        #expect(
            scene.room.bodies(of: try #require(logs.first?.0)) == [.personal(.text("see me"), to: "bo", twin: 0)])
        scene.room.leave(scene.bo, .timeout)
        let absent = scene.room.order(.personal(to: "bo", text: "later"))
        let nobody = scene.room.order(.personal(to: "dee", text: "x"))
        let empty = scene.room.order(.personal(to: "cy", text: ""))
        #expect(absent == nil && nobody == .noSuchUser && empty == .usage)
    }

    // MARK: The audit

    @Test("the audit tells who did what, in order, refused acts not among them")
    func audit() throws {
        var scene = try Scene()
        _ = scene.act(.mute, "bo", seconds: 300, "loud", by: scene.ana)
        _ = scene.act(.kick, "dee", by: scene.ana)
        _ = scene.act(.kick, "ana", by: scene.bo)
        _ = scene.room.order(.topic("Friday"))
        _ = scene.room.order(.rename(from: "cy", to: "cyd"))
        _ = scene.room.order(.ban, "10.0.0.9", "flood")
        _ = scene.room.order(.slow, "", seconds: 0)
        let entries = scene.room.chat.audit(last: 100)
        #expect(
            entries.map { "\($0.actor): \($0.text)" } == [
                "SERVER: op ana", "ana: mute bo 300 s (loud)", "SERVER: topic (Friday)", "SERVER: rename cy cyd",
                "SERVER: ban 10.0.0.9 (flood)", "SERVER: slow off",
            ])
        #expect(entries.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(scene.room.chat.audit(last: 2).map(\.number) == [5, 6] && scene.room.chat.audit(last: 0).isEmpty)
    }

    @Test("nothing is ordered while the store can store nothing")
    func stuckStore() throws {
        var scene = try Scene()
        scene.room.chat.storeStalled(true)
        let refusal = scene.room.order(.kick, "bo")
        #expect(refusal == .storage && scene.names == ["ana", "bo", "cy"])
    }
}
