import Basics
import ChatClient
import ChatProtocol
import Sentences
import Testing

/// What a client keeps from one run to the next.
@Suite struct StoredClientTests {
    /// The next run of a client that is killed now.
    private func restarted(_ client: inout TestClient) throws -> TestClient {
        let bytes = client.state.takeStored().encoded()
        return TestClient(after: try StoredClient(decoding: bytes.span))
    }

    @Test("a later run says what waits under the same numbers, and names it")
    func waiting() throws {
        var client = TestClient.present()
        for line in ["one", ":pm bo two"] { client.state.enter(line) }
        client.own(1, .message("one"), outbox: 1)
        var next = try restarted(&client)
        #expect(next.events() == [.notice(text: Language.english.chat.sentFromLastTime(":pm bo two"))])
        #expect(next.state.login.incarnation == 3)
        #expect(next.state.login.cursor == LogCursor(epoch: TestClient.epoch, number: 1))
        #expect(next.state.outbox.request(after: 0)?.number == 2)
        next.state.enter("three")
        #expect(next.state.outbox.request(after: 2)?.number == 3)
        #expect(next.state.confirmedCount == 0)
    }

    @Test("a later run shows what it missed as history after connected, then how much it was")
    func missed() throws {
        var client = TestClient.present()
        client.entry(1, .message("a"))
        client.entry(1, .message("b"), alias: TestClient.groupAlias)
        var next = try restarted(&client)
        next.state.connected(TestClient.welcome(cursor: 1, end: 3, resumed: true))
        guard case .follow(let positions)? = next.state.pollRequest() else {
            Issue.record("nothing was told")
            return
        }
        #expect(positions.map(\.log.rawValue) == [7, 8] && positions.map(\.cursor.number) == [1, 0])
        next.state.receive(.members(label: 0, names: ["ana", "bo"], isLast: true))
        next.state.receive(TestClient.tea(cursor: 1, end: 2, isContinued: true))
        next.state.receive(TestClient.inbox(isContinued: true))
        next.state.receive(.followed)
        next.entry(2, .message("c"))
        next.entry(3, .joined)
        next.entry(2, .message("d"), alias: TestClient.groupAlias)
        next.entry(4, .message("live"))
        #expect(
            next.events() == [
                TestClient.connected(), TestClient.message(2, "c", isHistory: true),
                .message(TestClient.line(2, "d", isHistory: true), in: .group("tea")), .resumed(missed: 2),
                TestClient.message(4, "live"),
            ])
    }

    @Test("a later run that missed nothing says nothing of it")
    func nothingMissed() throws {
        var client = TestClient.present()
        client.entry(1, .message("a"))
        var next = try restarted(&client)
        next.arrive(TestClient.welcome(cursor: 1, end: 1, resumed: true))
        #expect(next.events() == [TestClient.connected()])
    }

    @Test("a receipt that came after the state was kept comes again in the next run, once")
    func receiptAgain() throws {
        var client = TestClient.present()
        client.state.enter("one")
        var next = try restarted(&client)
        client.own(1, .message("one"), outbox: 1)
        next.arrive(TestClient.welcome(end: 1, stored: 1, resumed: true))
        next.own(1, .message("one"), outbox: 1)
        #expect(next.events().suffix(1) == [TestClient.sent(1, "one")])
        #expect(next.state.unsentCount == 0 && next.outboxTexts().isEmpty)
    }

    @Test("a server that has more than this outbox ever numbered: a new incarnation, what waits is known to be there")
    func oldCopy() {
        var client = TestClient.present()
        client.state.enter("one")
        client.state.disconnected(reason: "timeout")
        _ = client.events()
        let isTaken = client.state.connected(TestClient.welcome(stored: 5, resumed: true))
        #expect(!isTaken)
        client.state.beginAnew(incarnation: 77)
        #expect(client.events() == [.sent(id: nil, text: "one", time: nil, in: .room("main"))])
        #expect(client.state.login.incarnation == 77 && client.state.unsaved == .beforeSending)
        client.state.enter("two")
        client.arrive(TestClient.welcome(end: 1, resumed: true, member: MemberID(rawValue: 11)))
        #expect(client.outboxTexts() == ["two"])
        client.ownEntry(1, "something of the newer copy", outbox: 1)
        #expect(client.state.unsentCount == 1)
    }

    @Test("a new line has to be kept before it is sent; a cursor that moved can wait")
    func urgency() {
        var client = TestClient.present()
        _ = client.state.takeStored()
        #expect(client.state.unsaved == .nothing)
        client.entry(1, .message("a"))
        #expect(client.state.unsaved == .soon)
        client.state.enter("line")
        #expect(client.state.unsaved == .beforeSending)
        client.entry(2, .message("b"))
        #expect(client.state.unsaved == .beforeSending)
        _ = client.state.takeStored()
        client.state.enter(":help")
        #expect(client.state.unsaved == .nothing)
        client.state.enter(":ignore bo")
        #expect(client.state.unsaved == .soon)
    }

    @Test("who is ignored stays ignored")
    func ignored() throws {
        var client = TestClient.present()
        client.state.enter(":ignore Bo")
        var next = try restarted(&client)
        next.arrive(TestClient.welcome(resumed: true))
        _ = next.events()
        next.entry(1, .message("unheard"))
        #expect(next.events().isEmpty)
    }

    @Test("what is cut or changed anywhere is no state, and never traps")
    func damage() {
        var client = TestClient.present()
        for line in ["one", ":me waves", ":kick bo why"] { client.state.enter(line) }
        client.state.enter(":ignore bo")
        let bytes = client.state.takeStored().encoded()
        #expect((try? StoredClient(decoding: bytes.span))?.waitingCount == 3)
        for count in bytes.indices {
            #expect(throws: WireError.self) { try StoredClient(decoding: Array(bytes[..<count]).span) }
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(throws: WireError.self) { try StoredClient(decoding: changed.span) }
        }
    }

    @Test("the largest outbox fits the file")
    func largest() {
        var client = TestClient.present()
        let text = String(repeating: "x", count: ChatLimits.textBytes)
        while client.state.canAccept { client.state.enter(text) }
        #expect(client.state.takeStored().encoded().count <= StoredClient.bytesAtMost)
        var many = TestClient.present()
        while many.state.canAccept { many.state.enter(String(repeating: "x", count: 255)) }
        #expect(many.state.unsentCount == ChatLimits.outboxEntries)
        #expect(many.state.takeStored().encoded().count <= StoredClient.bytesAtMost)
    }
}
