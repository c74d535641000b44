import Basics
import ChatClient
import ChatProtocol
import Testing

/// Groups, the inbox, and what stands in them.
@Suite struct LogTests {
    private static let group = TestClient.groupAlias
    private static let inbox = TestClient.inboxAlias

    @Test("after each login the first request tells how far every log is known, but for the room's")
    func positions() {
        var client = TestClient()
        client.state.enter(":list")
        client.state.connected(TestClient.welcome())
        #expect(client.state.pollRequest() == .follow([]))
        client.state.receive(.members(label: 0, names: [], isLast: true))
        client.state.receive(TestClient.tea(end: 4))
        client.state.receive(.followed)
        client.entry(4, .message("x"), alias: Self.group)
        client.state.disconnected(reason: "timeout")
        client.state.connected(TestClient.welcome(resumed: true))
        let cursor = LogCursor(epoch: LogEpoch(rawValue: 70), number: 4)
        #expect(client.state.pollRequest() == .follow([LogPosition(log: LogID(rawValue: 7), cursor: cursor)]))
        #expect(client.state.pollRequest() == .members(label: 1))
    }

    @Test("lines of groups and private lines are shown as what they are, history marked")
    func places() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.state.receive(TestClient.tea(end: 1))
        client.state.receive(TestClient.inbox())
        _ = client.events()
        client.entry(1, .message("old"), alias: Self.group)
        client.entry(2, .line(.action("waves")), alias: Self.group)
        client.entry(1, .personal(.text("psst"), to: "ana", twin: 9), alias: Self.inbox)
        var waves = TestClient.line(2, "waves")
        waves.isAction = true
        #expect(
            client.events() == [
                .message(TestClient.line(1, "old", isHistory: true), in: .group("tea")),
                .message(waves, in: .group("tea")), .message(TestClient.line(1, "psst"), in: .person("ana")),
            ])
    }

    @Test("resumed waits for the end of every announced log, and counts what was missed in all of them")
    func resumedOverAll() {
        var client = TestClient.present()
        client.state.disconnected(reason: "timeout")
        client.state.connected(TestClient.welcome(end: 1, resumed: true))
        client.state.receive(.members(label: 0, names: ["ana", "bo"], isLast: true))
        client.entry(1, .message("a"))
        client.state.receive(TestClient.tea(end: 2, isContinued: true))
        client.state.receive(TestClient.inbox(end: 1, isContinued: true))
        #expect(!client.state.isCaughtUp)
        client.entry(1, .message("b"), alias: Self.group)
        client.entry(2, .joined, alias: Self.group)
        client.state.receive(.followed)
        #expect(!client.events().contains { if case .resumed = $0 { true } else { false } })
        client.entry(1, .personal(.text("c"), to: "ana", twin: 0), alias: Self.inbox)
        #expect(client.events().last == .resumed(missed: 3))
        #expect(client.state.isCaughtUp)
    }

    @Test("a private line, a group line and a refusal have one answer each, from the log in which it stands")
    func receipts() {
        var client = TestClient.present()
        for line in [":pm bo psst", ":group send tea hot", ":pm nobody hey", ":me waves"] { client.state.enter(line) }
        #expect(
            client.outboxRequests() == [
                .post(.text("psst"), in: .person("bo")), .post(.text("hot"), in: .group("tea")),
                .post(.text("hey"), in: .person("nobody")), .post(.action("waves"), in: .room),
            ])
        client.own(1, .personal(.text("psst"), to: "bo", twin: 5), outbox: 1, alias: Self.inbox)
        client.own(1, .message("hot"), outbox: 2, alias: Self.group)
        client.own(2, .settled(code: .noSuchUser, text: "No."), outbox: 3, alias: Self.inbox)
        client.own(1, .line(.action("waves")), outbox: 4)
        let time = TestClient.time(1)
        #expect(
            client.events() == [
                .sent(id: 1, text: "psst", time: time, in: .person("bo")),
                .sent(id: 1, text: "hot", time: time, in: .group("tea")), .error(code: .noSuchUser, text: "No."),
                .sent(id: 1, text: "waves", time: time, in: .room("main")),
            ])
        #expect(client.state.unsentCount == 0 && client.state.confirmedCount == 3)
    }

    @Test("a line that another device of the same person sent is shown as what it is")
    func otherDevice() {
        var client = TestClient.present()
        client.entry(
            1, .personal(.text("hi"), to: "bo", twin: 5), of: MemberID(rawValue: 99), outbox: 1, name: "ana",
            alias: Self.inbox)
        client.entry(2, .settled(code: .muted, text: "No."), of: MemberID(rawValue: 99), outbox: 2, alias: Self.inbox)
        #expect(client.events() == [.message(TestClient.line(1, "hi", from: "ana"), in: .person("bo"))])
        client.state.enter(":reply yes")
        #expect(client.outboxRequests() == [.post(.text("yes"), in: .person("bo"))])
    }

    @Test("making and joining a group is answered with its members", arguments: ["create", "join"])
    func groupAnswer(_ word: String) {
        var client = TestClient.present()
        client.state.enter(":group \(word) tea")
        let action: GroupAction = word == "create" ? .create : .join
        #expect(client.outboxRequests() == [.group(action, name: "tea", person: "")])
        client.own(1, .group(action, name: ""), outbox: 1, alias: Self.group)
        #expect(client.events().isEmpty && client.state.awaitsAnswer)
        #expect(client.requests() == [.ask(.members(of: .group("tea")), label: 1)])
        client.state.receive(.members(label: 1, names: ["ana"], isLast: true))
        #expect(client.events() == [.members(names: ["ana"], group: "tea")])
    }

    @Test("what others do to a group is told, and leaving is settled in the inbox")
    func memberships() {
        var client = TestClient.present()
        client.entry(1, .group(.join, name: ""), alias: Self.group)
        client.entry(2, .group(.invite, name: "cy"), alias: Self.group)
        client.state.enter(":part tea")
        client.own(3, .group(.leave, name: ""), outbox: 0, alias: Self.group)
        client.own(1, .settled(code: nil, text: "You left tea."), outbox: 1, alias: Self.inbox)
        client.state.receive(.unfollowed(LogID(rawValue: 7)))
        client.entry(4, .message("late"), alias: Self.group)
        #expect(
            client.events() == [
                .membership(group: "tea", action: .join, by: "bo", person: ""),
                .membership(group: "tea", action: .invite, by: "bo", person: "cy"), .notice(text: "You left tea."),
            ])
    }

    @Test("edits, deletions and reactions tell the line that is meant; one's own come once")
    func marks() {
        var client = TestClient.present()
        client.entry(1, .message("a"))
        _ = client.events()
        client.entry(2, .line(.edit(1, "b")))
        client.entry(3, .line(.delete(1)))
        client.state.enter(":react -1 +1")
        client.own(4, .line(.react(1, "+1")), outbox: 1)
        client.own(4, .line(.react(1, "+1")), outbox: 1)
        let marks = client.events()
        #expect(marks.count == 3 && client.state.unsentCount == 0)
        guard case .edited(let edit, "b") = marks[0], case .deleted(let deletion) = marks[1],
            case .reaction(let reaction, "+1") = marks[2]
        else {
            Issue.record("\(marks)")
            return
        }
        #expect([edit.target, deletion.target, reaction.target] == [1, 1, 1])
        #expect([edit.quote, deletion.quote, reaction.quote] == ["a", "b", "b"], "as the line read then")
        #expect([edit.id, deletion.id, reaction.id] == [2, 3, 4] && reaction.from == "ana")
    }

    @Test("an answer says how the line begins that it answers, where that was shown, in a few words of its first line")
    func quotes() {
        var client = TestClient.present()
        client.entry(1, .message("first line\nsecond"))
        client.entry(2, .message(String(repeating: "é", count: 100)))
        for target: EntryNumber in [1, 2, 77] { client.entry(target + 100, .line(.reply(to: target, "yes"))) }
        let quotes = client.events().compactMap { event -> String? in
            if case .message(let line, _) = event, line.replyTo != nil { line.quote } else { nil }
        }
        #expect(quotes == ["first line...", String(repeating: "é", count: 30) + "...", ""])
    }

    @Test("a renaming of one's own is answered by the event, and the next login has the new name")
    func renaming() {
        var client = TestClient.present()
        client.state.enter(":nick ann")
        client.own(1, .renamed(to: "ann"), outbox: 1)
        #expect(client.events() == [.renamed(from: "ana", to: "ann")])
        #expect(client.state.login.name == "ann" && client.state.members == ["ann", "bo"])
    }

    @Test("topic, away and moderation have events of their own; what is older than the joining is not news")
    func facts() {
        var client = TestClient()
        client.arrive(TestClient.welcome(end: 2))
        client.state.receive(
            .facts(RoomFacts(topic: "Now", slowSeconds: 0, isOperator: false, isRegistered: false)))
        client.entry(1, .topic("Old"))
        client.entry(2, .away("tea"))
        client.entry(3, .topic("New"))
        client.entry(4, .away("tea"))
        client.entry(5, .moderated(.mute, name: "cy", seconds: 60, text: "loud"))
        #expect(
            client.events().dropFirst() == [
                .topic(text: "Now", by: nil, in: .room("main")), .topic(text: "New", by: "bo", in: .room("main")),
                .away(name: "bo", text: "tea"),
                .moderated(ShownModeration(action: .mute, by: "bo", name: "cy", seconds: 60, text: "loud")),
            ])
    }

    @Test("a line that names the reader is marked, one that only contains the name is not")
    func mentions() {
        var client = TestClient.present()
        let texts = ["hi Ana!", "banana", "@ana: look", "ana", "anaconda ana_x", "(ANA)"]
        for (index, text) in texts.enumerated() { client.entry(EntryNumber(index + 1), .message(text)) }
        let marked = client.events().compactMap { event -> Bool? in
            if case .message(let line, _) = event { line.isMention } else { nil }
        }
        #expect(marked == [true, false, true, true, false, true])
    }

    @Test("a group that is announced no more is not followed, and what waited for it is settled")
    func goneGroup() {
        var client = TestClient.present()
        client.state.enter(":group send tea hot")
        client.state.disconnected(reason: "timeout")
        client.state.connected(TestClient.welcome(stored: 1, resumed: true))
        client.state.receive(.members(label: 0, names: ["ana"], isLast: true))
        client.state.receive(TestClient.inbox(isContinued: true, alias: 2))
        client.state.receive(.followed)
        #expect(
            client.events().suffix(2) == [
                .sent(id: nil, text: "hot", time: nil, in: .group("tea")), .resumed(missed: 0),
            ])
    }

    @Test("more logs than an account may have are not followed")
    func logBound() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        let accepted = (0..<100).filter { index in
            client.state.follow(
                LogAnnouncement(
                    alias: UInt64(index + 2), log: LogID(rawValue: UInt32(index + 2)), kind: .group, title: "g\(index)",
                    epoch: TestClient.epoch, cursor: 0, end: 0, isContinued: false)) != nil
        }
        #expect(accepted.count == ChatLimits.logsPerAccount - 1)
    }

    @Test("a group whose joining the server lost is joined again, and what was shown is not shown again")
    func lostJoining() {
        var client = TestClient.present()
        for number: EntryNumber in 1...2 { client.entry(number, .message("n\(number)"), alias: Self.group) }
        client.state.disconnected(reason: "timeout")
        client.state.connected(TestClient.welcome(resumed: true))
        client.state.receive(.members(label: 0, names: [], isLast: true))
        client.state.receive(.followed)
        _ = client.events()
        client.state.receive(TestClient.tea(cursor: 0, end: 3))
        for number: EntryNumber in 1...3 { client.entry(number, .message("n\(number)"), alias: Self.group) }
        let shown = client.events().compactMap { event -> EntryNumber? in
            if case .message(let line, _) = event { line.id } else { nil }
        }
        #expect(shown == [3])
    }

    @Test("of logs that are not followed any more a bounded number of cursors is kept")
    func formerBound() {
        var client = TestClient()
        for round in 0..<3 as Range<UInt32> {
            client.arrive(TestClient.welcome(resumed: round > 0))
            for index in 0..<UInt32(ChatLimits.logsPerAccount) - 1 {
                _ = client.state.follow(
                    LogAnnouncement(
                        alias: UInt64(index + 2), log: LogID(rawValue: round * 100 + index + 2), kind: .group,
                        title: "g\(round) \(index)", epoch: TestClient.epoch, cursor: 0, end: 0, isContinued: false))
            }
            client.state.disconnected(reason: "timeout")
            client.arrive(TestClient.welcome(resumed: true))
            client.state.receive(.followed)
            client.state.disconnected(reason: "timeout")
        }
        #expect(client.state.takeStored().positions.count == ChatLimits.logsPerAccount + 1)
    }

    @Test("what came once is not shown again when a log begins anew with the same epoch")
    func sameEpochAgain() {
        var client = TestClient.present()
        client.entry(1, .message("a"), alias: Self.group)
        client.entry(2, .message("b"), alias: Self.group)
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(resumed: true))
        _ = client.events()
        var again = TestClient.present()
        again.entry(2, .message("b"), alias: Self.group)
        _ = again.events()
        again.state.disconnected(reason: "timeout")
        again.state.connected(TestClient.welcome(resumed: true))
        again.state.receive(.members(label: 0, names: [], isLast: true))
        again.state.receive(TestClient.tea(cursor: 0, end: 3))
        for number: EntryNumber in 1...3 { again.entry(number, .message("n\(number)"), alias: Self.group) }
        let shown = again.events().compactMap { event -> EntryNumber? in
            if case .message(let line, _) = event { line.id } else { nil }
        }
        #expect(shown == [3])
    }
}
