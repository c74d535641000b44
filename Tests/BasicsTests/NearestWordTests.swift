import Basics
import Testing

@Suite struct NearestWordTests {
    private static let words = ["list", "kick", "mute", "unmute", "shutdown", "op"]

    @Test(
        "a letter too many, missing, wrong or in the wrong place is forgiven, in short words one",
        arguments: [
            ("lst", "list"), ("lisst", "list"), ("kcik", "kick"), ("MUTE", "mute"), ("umnute", "unmute"),
            ("shutdwn", "shutdown"), ("opp", "op"), ("o", "op"),
        ])
    func near(word: String, wanted: String) {
        #expect(NearestWord.of(word, among: Self.words) == wanted)
    }

    @Test(
        "what is like nothing is nothing",
        arguments: ["", "xyz", "abracadabra", String(repeating: "list", count: 9_999)])
    func far(word: String) {
        #expect(NearestWord.of(word, among: Self.words) == nil)
        #expect(NearestWord.of(word, among: []) == nil)
    }
}
