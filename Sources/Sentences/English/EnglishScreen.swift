/// What stands around the line being typed, in both programs. What comes from elsewhere is made harmless here, but for
/// the pattern of a search, which comes harmless.
struct EnglishScreen: ScreenSentences {
    // MARK: The status

    func connecting(seconds: Int64?) -> String { seconds.map { "connecting, for \($0) s more" } ?? "connecting" }
    func reconnecting(seconds: Int64?) -> String { seconds.map { "reconnecting, for \($0) s more" } ?? "reconnecting" }
    func passwordWait(seconds: Int64) -> String { "too many wrong passwords: next try in \(seconds) s" }
    var leaving: String { "leaving" }
    func here(count: Int, in room: String) -> String { "\(shown(room)): \(count) here" }
    func unsent(_ count: Int) -> String { "\(count) unsent" }
    func lastHeard(seconds: Int64) -> String { "last heard \(seconds) s ago" }
    func milliseconds(tenths: Int64) -> String { "\(English.tenths(tenths)) ms" }
    func loss(tenths: Int64) -> String { "loss \(English.tenths(tenths)) %" }
    var stored: String { "stored" }
    var allHaveIt: String { "all have it" }
    func haveIt(_ count: Int64, of total: Int64) -> String { "\(count) of \(total) have it" }
    func stops(seconds: Int64) -> String { "stops in \(seconds) s" }
    var stopping: String { "stopping" }

    // MARK: Lines

    func sendingMore(_ count: Int) -> String { "and \(count) before" }
    var forYou: String { "<- you" }
    func firstContact(_ fingerprint: String) -> String {
        "First time here. The server's key, remembered: \(shown(fingerprint))"
    }
    func data(_ path: String?) -> String {
        path.map { "History and accounts: \(shown($0))" } ?? "History and accounts: nothing is kept"
    }

    // MARK: Typing

    func search(_ pattern: String, isFound: Bool) -> String {
        isFound ? "search '\(pattern)': " : "not found '\(pattern)': "
    }
    func paste(lines: Int) -> String { "Send these \(lines) lines as one message? Enter: yes, other keys: no" }
}
