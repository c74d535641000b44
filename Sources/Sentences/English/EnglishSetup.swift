/// Configuration files.
struct EnglishSetup: SetupSentences {
    var helpConfig: String { "JSON5 file with a key for every option" }
    func helpMembers(usual: Int) -> String { "how many people may be in the room, default \(usual)" }
    func expectsCount(limit: Int) -> String { "a number of 1 to \(limit)" }
    var expectsServerPort: String { "a number of 1 to 65535" }
    var expectsClientPort: String { "a number of 0 to 65535, or auto" }
    var expectsBoolean: String { "true or false" }
    var expectsNumber: String { "a whole number" }
    var expectsText: String { "a text in quotes" }
    var expectsPath: String { "a path in quotes" }
    var expectsNumberOrText: String { "a whole number, or a text in quotes" }
    func takes(_ key: String, _ what: String) -> String { "\(logged(key)) takes \(what)" }
    func noKey(_ key: String, near: String?) -> String {
        let hint = near.map { "; did you mean \($0)?" } ?? ""
        return "there is no key \(logged(key))\(hint)"
    }
    var noObject: String { "a configuration is an object: { key: value, ... }" }
    var tooManyKeys: String { "there are too many keys" }
    var commaMissing: String { "a comma or the closing brace is missing before this" }
    var moreAfterEnd: String { "there is more after the closing brace" }
    var endMissing: String { "the closing brace is missing" }
    var keyMissing: String { "a key is expected here" }
    func colonMissing(_ key: String) -> String { "a colon is missing after the key \(logged(key))" }
    func valueMissing(_ key: String) -> String { "the key \(logged(key)) has no value" }
    var bracketOpen: String { "a bracket is not closed" }
    var commentOpen: String { "a comment is not closed: */" }
    var textOpen: String { "a text in quotes is not closed" }
    var notUTF8: String { "this is no UTF-8" }
    func broken(_ key: String) -> String { "the key \(logged(key)) or its value is no JSON5" }
    func secondTime(_ key: String) -> String { "the key \(logged(key)) stands here for the second time" }
    var brokenSomewhere: String { "somewhere up to here this is no JSON5" }
    func fileTooLong(_ path: String, limit: Int) -> String {
        "the configuration file \(path): longer than \(limit) bytes"
    }
    func fileUnreadable(_ path: String, _ reason: String) -> String {
        "the configuration file \(path) can't be read: \(reason)"
    }
    var nothingToReadAgain: String { "there is no configuration and no password file to read again" }
    func configurationStays(_ reason: String) -> String { "the configuration stays as it was: \(reason)" }
    func allStays(_ reason: String) -> String { "password and configuration stay as they were: \(reason)" }
    func readAgain(withPassword: Bool, live: [String], later: [String]) -> String {
        let files = withPassword ? "the configuration and the password file were" : "the configuration was"
        let now = live.isEmpty ? "" : "; changed: \(live.joined(separator: ", "))"
        let restart = later.isEmpty ? "" : "; only after a restart: \(later.joined(separator: ", "))"
        return "\(files) read again\(now)\(restart)"
    }
}
