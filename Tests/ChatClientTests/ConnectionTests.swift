import Basics
import ChatClient
import ChatProtocol
import Sentences
import Testing

@Suite struct ConnectionTests {
    @Test("connected comes when the member list is complete, before any entry, with every name")
    func connectedFirst() {
        var client = TestClient()
        client.state.connected(TestClient.welcome(end: 1))
        client.entry(1, .message("old"))
        client.state.receive(.members(label: 0, names: ["ana"], isLast: false))
        client.entry(2, .message("new"))
        #expect(client.events().isEmpty)
        client.state.receive(.members(label: 0, names: ["bo", "cy"], isLast: true))
        client.state.receive(.followed)
        #expect(
            client.events() == [
                TestClient.connected(["ana", "bo", "cy"]), TestClient.message(1, "old", isHistory: true),
                TestClient.message(2, "new"),
            ])
        #expect(client.state.members == ["ana", "bo", "cy"])
    }

    @Test("of what was before the first join only messages are shown, as history")
    func history() {
        var client = TestClient()
        client.arrive(TestClient.welcome(cursor: 4, end: 8))
        client.entry(5, .joined)
        client.entry(6, .message("a"))
        client.entry(7, .left(.quit))
        client.entry(8, .renamed(to: "bob"))
        client.entry(9, .joined, of: TestClient.me, name: "ana")
        client.entry(10, .message("b"))
        client.entry(11, .left(.timeout))
        #expect(
            client.events() == [
                TestClient.connected(), TestClient.message(6, "a", isHistory: true), TestClient.message(10, "b"),
                .left(name: "bo", reason: .timeout),
            ])
    }

    @Test("the login has no cursor until the first join was shown, then the last entry shown")
    func loginCursor() {
        var client = TestClient(history: 7)
        #expect(client.state.login == LoginRequest(name: "ana", incarnation: 3, history: 7))
        client.state.connected(TestClient.welcome(cursor: 4, end: 8))
        client.entry(5, .message("a"))
        #expect(client.state.login.cursor == nil)
        client.state.receive(.members(label: 0, names: [], isLast: true))
        #expect(client.state.login.cursor == LogCursor(epoch: TestClient.epoch, number: 5))
        client.entry(9, .message("b"))
        #expect(client.state.login.cursor == LogCursor(epoch: TestClient.epoch, number: 9))
    }

    @Test("a connection that is lost before its member list was complete leaves a first join")
    func lostWhileArriving() {
        var client = TestClient()
        client.state.connected(TestClient.welcome(end: 1))
        client.entry(1, .message("a"))
        client.state.disconnected(reason: "timeout")
        #expect(client.state.login.cursor == nil)
        client.arrive(TestClient.welcome(end: 1))
        client.entry(1, .message("a"))
        #expect(
            client.events() == [
                .disconnected(reason: "timeout"), TestClient.connected(), TestClient.message(1, "a", isHistory: true),
            ])
    }

    @Test("an entry that was shown is not shown again, whatever comes")
    func shownOnce() {
        var client = TestClient()
        client.arrive(TestClient.welcome(cursor: 2, end: 2))
        for number: EntryNumber in [1, 2, 3, 3, 2, 4, 3] { client.entry(number, .message("n\(number)")) }
        #expect(
            client.events() == [TestClient.connected(), TestClient.message(3, "n3"), TestClient.message(4, "n4")])
    }

    @Test("on a return what was missed is shown as it happened, then resumed with the messages of others")
    func resume() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.entry(1, .message("a"))
        client.state.enter("mine")
        client.state.disconnected(reason: "timeout")
        _ = client.events()
        client.state.connected(TestClient.welcome(cursor: 1, end: 6, stored: 1, resumed: true))
        client.state.receive(.members(label: 0, names: ["ana", "cy"], isLast: true))
        client.state.receive(.followed)
        client.entry(1, .message("a"))
        client.entry(2, .joined, of: MemberID(rawValue: 30), name: "cy")
        client.ownEntry(3, "mine", outbox: 1)
        client.entry(4, .message("b"))
        client.entry(5, .message("c"))
        #expect(!client.events().contains(.resumed(missed: 2)))
        client.entry(6, .left(.quit))
        client.entry(7, .message("later"))
        #expect(
            client.events() == [
                .left(name: "bo", reason: .quit), .resumed(missed: 2), TestClient.message(7, "later"),
            ])
        #expect(client.state.members == ["ana", "cy"])
    }

    @Test("a return to which nothing was missed says so at once")
    func resumeWithNothing() {
        var client = TestClient()
        client.arrive(TestClient.welcome(cursor: 3, end: 3))
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(cursor: 3, end: 3, resumed: true))
        #expect(
            client.events() == [TestClient.connected(), .disconnected(reason: "timeout"), .resumed(missed: 0)])
    }

    @Test("one's own timeout and return are not told as somebody's leaving and joining")
    func ownCrossing() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.entry(1, .joined, of: TestClient.me, name: "ana")
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(cursor: 1, end: 2, resumed: true))
        client.entry(2, .left(.timeout), of: TestClient.me, name: "ana")
        client.entry(3, .joined, of: TestClient.me, name: "ana")
        #expect(
            client.events() == [TestClient.connected(), .disconnected(reason: "timeout"), .resumed(missed: 0)])
        #expect(client.state.members == ["ana", "bo"])
    }

    @Test("an interrupted return counts on")
    func interruptedResume() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(end: 3, resumed: true))
        client.entry(1, .message("a"))
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(cursor: 1, end: 3, resumed: true))
        client.entry(2, .message("b"))
        client.entry(3, .message("c"))
        #expect(client.events().filter { $0 == .resumed(missed: 3) }.count == 1)
    }

    @Test("history that a lost connection cut short is still history after the return")
    func interruptedHistory() {
        var client = TestClient()
        client.arrive(TestClient.welcome(end: 2))
        client.entry(1, .message("a"))
        client.state.disconnected(reason: "timeout")
        client.arrive(TestClient.welcome(cursor: 1, end: 3, resumed: true))
        client.entry(2, .message("b"))
        client.entry(3, .message("c"))
        #expect(
            client.events().suffix(3) == [
                TestClient.message(2, "b", isHistory: true), TestClient.message(3, "c"), .resumed(missed: 1),
            ])
    }

    @Test("a new epoch, or a cursor that was not taken, is told and is a first join again", arguments: [true, false])
    func newEpoch(isOtherEpoch: Bool) {
        let epoch = isOtherEpoch ? LogEpoch(rawValue: 6) : TestClient.epoch
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.entry(50, .message("old log"))
        client.state.disconnected(reason: "timeout")
        _ = client.events()
        client.arrive(TestClient.welcome(cursor: 0, end: 1, epoch: epoch))
        client.entry(1, .message("new log"))
        client.entry(2, .message("live"))
        let events = client.events()
        #expect(events.first == .notice(text: Language.english.chat.historyBeganAnew))
        #expect(
            events.dropFirst() == [
                TestClient.connected(), TestClient.message(1, "new log", isHistory: true),
                TestClient.message(2, "live"),
            ])
        #expect(client.state.login.cursor == LogCursor(epoch: epoch, number: 2))
    }

    @Test("the member list follows who comes, goes and changes the name")
    func memberList() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        client.entry(1, .joined, of: TestClient.me, name: "ana")
        client.entry(2, .joined, name: "cy")
        client.entry(3, .left(.quit), name: "bo")
        client.entry(4, .renamed(to: "di"), name: "cy")
        #expect(client.state.members == ["ana", "di"])
        #expect(client.events().last == .renamed(from: "cy", to: "di"))
    }

    @Test("entries wait for the member list up to a bound, then it is taken as it is, and none is lost")
    func waitingBound() {
        var client = TestClient()
        client.state.connected(TestClient.welcome())
        client.state.receive(.members(label: 0, names: ["ana"], isLast: false))
        for number in 1...ChatLimits.waitingEntries {
            #expect(client.events().isEmpty)
            client.entry(EntryNumber(number), .message("m"))
        }
        let events = client.events()
        #expect(events.first == TestClient.connected(["ana"]))
        #expect(events.count == ChatLimits.waitingEntries + 1)
    }

    @Test("a member list keeps at most as many names as a room may hold")
    func nameBound() {
        var client = TestClient()
        client.state.connected(TestClient.welcome())
        let names = [String](repeating: "n", count: 1_000)
        for _ in 0..<20 { client.state.receive(.members(label: 0, names: names, isLast: false)) }
        client.state.receive(.members(label: 0, names: names, isLast: true))
        #expect(client.state.members.count == ChatLimits.membersAtMost)
    }

    @Test("what comes while the server is away is ignored")
    func away() {
        var client = TestClient()
        client.entry(1, .message("x"))
        client.state.receive(.members(label: 0, names: ["x"], isLast: true))
        client.state.receive(.members(label: 9, names: ["x"], isLast: true))
        #expect(client.events().isEmpty)
    }

    @Test("the client is caught up once the login's end was shown, and no longer when the link is lost")
    func caughtUp() {
        var client = TestClient()
        #expect(!client.state.isCaughtUp)
        client.arrive(TestClient.welcome(end: 2))
        client.entry(1, .message("a"))
        #expect(!client.state.isCaughtUp)
        client.entry(2, .message("b"))
        #expect(client.state.isCaughtUp)
        client.state.disconnected(reason: "timeout")
        #expect(!client.state.isCaughtUp)
    }

    @Test("what is owed before leaving is known: lines without a receipt, and lists that were asked for")
    func owed() {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        #expect(!client.state.awaitsAnswer && client.state.unconfirmedLines.isEmpty)
        for line in [":list", "one", "two"] { client.state.enter(line) }
        #expect(client.requests() == [.members(label: 1)])
        #expect(client.state.awaitsAnswer && client.state.unconfirmedLines == ["one", "two"])
        client.state.receive(.members(label: 1, names: ["ana"], isLast: true))
        client.ownEntry(1, "one", outbox: 1)
        #expect(!client.state.awaitsAnswer && client.state.unconfirmedLines == ["two"])
    }
}
