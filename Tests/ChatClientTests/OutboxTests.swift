import Basics
import ChatClient
import ChatProtocol
import Sentences
import Testing

@Suite struct OutboxTests {
    @Test("an own line becomes sent once, in the log's order, and never a message")
    func sentOnce() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.state.enter("one")
        client.state.enter("two")
        #expect(client.state.unsentCount == 2)
        client.ownEntry(1, "one", outbox: 1)
        client.entry(2, .message("between"))
        client.ownEntry(3, "two", outbox: 2)
        client.ownEntry(4, "two", outbox: 2)
        #expect(
            client.events() == [
                TestClient.connected(), TestClient.sent(1, "one"), TestClient.message(2, "between"),
                TestClient.sent(3, "two"),
            ])
        #expect(client.state.unsentCount == 0)
    }

    @Test("another member's entry with the same outbox number is no receipt")
    func foreignNumber() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.state.enter("mine")
        client.entry(1, .message("theirs"), outbox: 1)
        #expect(client.events().last == TestClient.message(1, "theirs"))
        #expect(client.state.unsentCount == 1)
    }

    @Test("lines typed while the server is away are kept, and go out with what has no receipt, in order")
    func resend() {
        var client = TestClient()
        client.state.enter("before")
        client.arrive(TestClient.welcome())
        client.state.enter("one")
        client.ownEntry(1, "before", outbox: 1)
        client.state.disconnected(reason: "timeout")
        client.state.enter("two")
        #expect(client.outboxTexts() == ["one", "two"])
        client.arrive(TestClient.welcome(cursor: 1, end: 1, stored: 1, resumed: true))
        #expect(client.outboxTexts(after: 1) == ["one", "two"])
        #expect(client.outboxTexts(after: 2) == ["two"])
        #expect(client.outboxTexts(after: 3).isEmpty)
        client.ownEntry(2, "one", outbox: 2)
        client.ownEntry(3, "two", outbox: 3)
        #expect(client.events().suffix(2) == [TestClient.sent(2, "one"), TestClient.sent(3, "two")])
    }

    @Test("a line that the server has but whose entry was cut is sent without a number, after the catch-up")
    func storedButCut() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        for text in ["one", "two", "three"] { client.state.enter(text) }
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(end: 9, stored: 2, resumed: true))
        _ = client.events()
        client.entry(8, .message("x"))
        #expect(client.events() == [TestClient.message(8, "x")])
        client.ownEntry(9, "two", outbox: 2)
        #expect(
            client.events() == [
                TestClient.sent(9, "two"), .sent(id: nil, text: "one", time: nil, in: .room("main")),
                .resumed(missed: 1),
            ])
        #expect(client.outboxTexts() == ["three"])
    }

    @Test("an own line in the history of a first join is a message, and a receipt where one is due")
    func ownHistory() {
        var client = TestClient()
        client.state.enter("due")
        client.arrive(TestClient.welcome(end: 3))
        client.ownEntry(1, "earlier", outbox: 77)
        client.ownEntry(2, "due", outbox: 1)
        client.entry(3, .message("earlier still"), of: MemberID(rawValue: 4), outbox: 1, name: "ana")
        #expect(
            client.events().dropFirst() == [
                TestClient.message(1, "earlier", from: "ana", isHistory: true), TestClient.sent(2, "due"),
                TestClient.message(3, "earlier still", from: "ana", isHistory: true),
            ])
    }

    @Test("a session that the server forgot sends nothing until the log showed what is stored")
    func forgottenSession() {
        let newMe = MemberID(rawValue: 11)
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.state.enter("stored")
        client.state.enter("lost")
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(end: 2, resumed: true, member: newMe))
        #expect(client.outboxTexts().isEmpty)
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(end: 2, resumed: true, member: newMe))
        #expect(client.outboxTexts().isEmpty)
        client.ownEntry(1, "stored", outbox: 1)
        client.entry(2, .message("x"))
        #expect(client.outboxTexts() == ["lost"])
        client.ownEntry(3, "lost", outbox: 2, member: newMe)
        let sent = client.events().filter { if case .sent = $0 { true } else { false } }
        #expect(sent == [TestClient.sent(1, "stored"), TestClient.sent(3, "lost")])
    }

    @Test("in a new log nothing is known to be stored, so everything pending goes out at once")
    func newEpochSends() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.state.enter("one")
        client.state.disconnected(reason: "timeout")
        client.state.connected(
            TestClient.welcome(end: 5, epoch: LogEpoch(rawValue: 9), member: MemberID(rawValue: 11)))
        #expect(client.outboxTexts() == ["one"])
    }

    @Test("the outbox has a bound: no more is accepted then, and the line that is too many is told")
    func bound() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        for index in 1...ChatLimits.outboxEntries {
            #expect(client.state.canAccept)
            client.state.enter("line \(index)")
        }
        #expect(!client.state.canAccept && client.state.unsentCount == ChatLimits.outboxEntries)
        client.state.enter("too many")
        #expect(client.events().last == .error(code: .outboxFull, text: Language.english.chat.outboxFull))
        client.ownEntry(1, "line 1", outbox: 1)
        #expect(client.state.canAccept)
        client.state.enter("fits again")
        #expect(client.outboxTexts().count == ChatLimits.outboxEntries && client.outboxTexts().last == "fits again")
    }

    @Test("a rejected line is told once and sent no more; the lines around it are untouched")
    func rejected() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        for text in ["a", "b", "c"] { client.state.enter(text) }
        client.state.receive(.rejected(outbox: 2, code: .muted, text: "You are muted."))
        client.state.receive(.rejected(outbox: 2, code: .muted, text: "You are muted."))
        client.state.receive(.rejected(outbox: 0, code: .notAllowed, text: "No."))
        #expect(client.outboxTexts() == ["a", "c"])
        #expect(
            client.events().dropFirst() == [
                .error(code: .muted, text: "You are muted."), .error(code: .notAllowed, text: "No."),
            ])
    }

    @Test("only so many earlier member numbers are remembered as one's own")
    func identityBound() {
        var client = TestClient()
        client.state.enter("first")
        for index in 0...ChatLimits.ownIdentities {
            client.arrive(TestClient.welcome(resumed: index > 0, member: MemberID(rawValue: UInt32(100 + index))))
            client.state.disconnected(reason: "timeout")
        }
        client.arrive(
            TestClient.welcome(resumed: true, member: MemberID(rawValue: UInt32(100 + ChatLimits.ownIdentities))))
        _ = client.events()
        client.ownEntry(1, "by a forgotten number", outbox: 1, member: MemberID(rawValue: 100))
        client.ownEntry(2, "first", outbox: 1, member: MemberID(rawValue: 101))
        #expect(
            client.events() == [
                TestClient.message(1, "by a forgotten number", from: "ana"), TestClient.sent(2, "first"),
            ])
    }
}
