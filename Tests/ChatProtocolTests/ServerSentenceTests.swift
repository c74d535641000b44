import ChatProtocol
import Testing

@Suite("what the server says, as facts")
struct ServerSentenceTests {
    private static let sentences: [ServerSentence] = [
        .nameTaken("bob"), .roomFull(limit: 3), .banned(reason: ""), .banned(reason: "spam"), .kicked,
        .unfitText(.empty), .unfitText(.tooLong), .unfitText(.containsNUL), .invited("ana", "tea"),
        .linesRemoved(group: nil), .linesRemoved(group: "tea"),
        .linesRemoved(group: ""), .linesLost(group: nil), .linesLost(group: "tea"), .linesLost(group: ""),
        .muted(seconds: nil), .muted(seconds: 9),
        .slowMode(seconds: 5), .mutedBy("ana", seconds: 0, reason: ""), .mutedBy("ana", seconds: 0, reason: "loud"),
        .mutedBy("ana", seconds: 60, reason: ""), .mutedBy("ana", seconds: 60, reason: "loud"),
        .renamedBy("ana", to: "bo"), .stopsIn(seconds: 30), .tooManyPersonalPasswords("ana", seconds: 8),
    ]

    @Test("are read as they were written", arguments: sentences)
    func roundTrip(sentence: ServerSentence) {
        #expect(ServerSentence(wireText: sentence.wireText) == sentence)
        #expect(sentence.facts.count == sentence.word.factCount)
    }

    @Test("stand on the wire as the word and the facts, each behind U+001F")
    func form() {
        #expect(ServerSentence.kicked.wireText == "\u{1f}kicked")
        #expect(ServerSentence.invited("ana", "tea").wireText == "\u{1f}invited\u{1f}ana\u{1f}tea")
    }

    @Test("the last fact may hold anything, the sign and combining marks too; others lose the sign")
    func strangeFacts() {
        for text in ["", "\u{1f}", "a\u{1f}b", "\u{301}x", "{0}", "\n", "\u{1f}\u{1f}"] {
            let sentence = ServerSentence.mutedBy("ana", seconds: 60, reason: text)
            #expect(ServerSentence(wireText: sentence.wireText) == sentence)
        }
        let invited = ServerSentence(wireText: ServerSentence.invited("a\u{1f}b", "tea").wireText)
        #expect(invited?.facts == ["a\u{fffd}b", "tea"])
    }

    @Test(
        "a text that is none is none",
        arguments: [
            "", "kicked", "\u{1f}", "\u{1f}\u{1f}", "\u{1f}dance", "\u{1f}kicked\u{1f}", "\u{1f}name-taken",
            "\u{1f}invited\u{1f}ana", " \u{1f}kicked", "\u{1f}kicked ", "\u{1f}\u{301}",
        ])
    func others(text: String) {
        #expect(ServerSentence(wireText: text) == nil)
    }

    @Test("a reason of the greatest length stays within what the wire takes, whole or cut")
    func bound() {
        let reason = String(repeating: "é", count: ChatLimits.explanationBytes / 2)
        let refusal = Refusal(code: .banned, text: ServerSentence.banned(reason: reason).wireText)
        let read = ServerSentence(wireText: refusal.text)
        #expect(read?.word == .bannedBecause && refusal.text.utf8.count <= ChatLimits.explanationBytes)
        #expect(read?.facts.first.map { reason.hasPrefix($0) } == true)
    }
}
