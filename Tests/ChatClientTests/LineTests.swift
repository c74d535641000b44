import Basics
import ChatClient
import ChatProtocol
import Sentences
import Testing

@Suite struct LineTests {
    private func present() -> TestClient {
        var client = TestClient()
        client.arrive(TestClient.welcome())
        _ = client.events()
        return client
    }

    @Test(
        "a text goes to the outbox as it is",
        arguments: ["hello", "  two  words ", "a:b", "http://x", "quit", "QUIT now", "héllo 👍", "two\nlines", " :list"])
    func text(_ line: String) {
        var client = present()
        client.state.enter(line)
        #expect(client.outboxTexts() == [line])
        #expect(client.events().isEmpty && !client.state.wantsToQuit)
    }

    @Test("the line end that a pipe leaves is not part of the text", arguments: ["hi\n", "hi\r\n", "hi\r", "hi"])
    func lineEnd(_ line: String) {
        var client = present()
        client.state.enter(line)
        #expect(client.outboxTexts() == ["hi"])
    }

    @Test(
        "a sign typed twice says a text that begins with it",
        arguments: [("::text", ":text"), ("//text", "/text"), ("::", ":"), ("//", "/"), (":::x", "::x")])
    func escape(line: String, text: String) {
        var client = present()
        client.state.enter(line)
        #expect(client.outboxTexts() == [text])
    }

    @Test("blank lines are ignored", arguments: ["", " ", "\t", "\n", "\r\n", " \u{a0} "])
    func blank(_ line: String) {
        var client = present()
        client.state.enter(line)
        #expect(client.state.unsentCount == 0 && client.events().isEmpty)
    }

    @Test(
        "QUIT and the commands for it ask to leave, and what is typed after is ignored",
        arguments: ["QUIT", " QUIT ", "QUIT\r", ":quit", "/quit", "/exit", ":exit", ":QUIT", "/quit see you"])
    func quit(_ line: String) {
        var client = present()
        client.state.enter("before")
        client.state.enter(line)
        #expect(client.state.wantsToQuit && !client.state.canAccept)
        client.state.enter("after")
        #expect(client.outboxTexts() == ["before"])
    }

    @Test(
        "an unknown command is an error that names it and :help, and is not sent",
        arguments: [":pn bo hi", "/dance", ":", "/", ":/", ":\u{301}x", ":listing", ": list"])
    func unknownCommand(_ line: String) throws {
        var client = present()
        client.state.enter(line)
        let events = client.events()
        guard case .error(.unknownCommand, let text)? = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(events.count == 1 && text.contains(":help"))
        #expect(text.contains(line.split(separator: " ").first ?? ""))
        #expect(client.state.unsentCount == 0)
    }

    @Test("a text that is one byte too long is an error too-long, and nothing else is lost")
    func tooLong() {
        var client = present()
        let longest = String(repeating: "é", count: ChatLimits.textBytes / 2)
        client.state.enter("before")
        client.state.enter(longest + "x")
        client.state.enter(longest)
        client.state.enter("::" + longest)
        client.state.enter("after")
        let error = ClientEvent.error(code: .tooLong, text: Language.english.chat.unfitText(.tooLong))
        #expect(client.events() == [error, error])
        #expect(client.outboxTexts() == ["before", longest, "after"])
    }

    @Test("a text with a NUL is an error, since no text may have one")
    func nul() {
        var client = present()
        client.state.enter("a\u{0}b")
        #expect(
            client.events() == [.error(code: .textInvalid, text: Language.english.chat.unfitText(.containsNUL))])
        #expect(client.state.unsentCount == 0)
    }
}
