/// Configuration files.
package protocol SetupSentences: Sendable {
    /// The help of `--config`.
    var helpConfig: String { get }
    /// The help of `--members`.
    func helpMembers(usual: Int) -> String
    /// What `--members` takes.
    func expectsCount(limit: Int) -> String
    /// What `server_port` takes.
    var expectsServerPort: String { get }
    /// What `client_port` takes.
    var expectsClientPort: String { get }
    /// What a key takes, after "takes".
    var expectsBoolean: String { get }
    /// What a key takes, after "takes".
    var expectsNumber: String { get }
    /// What a key takes, after "takes".
    var expectsText: String { get }
    /// What a key takes, after "takes".
    var expectsPath: String { get }
    /// What a key takes, after "takes".
    var expectsNumberOrText: String { get }
    /// A key has a value of another kind.
    func takes(_ key: String, _ what: String) -> String
    /// There is no such key; `near`: one that is spelt alike.
    func noKey(_ key: String, near: String?) -> String
    /// The text is no object.
    var noObject: String { get }
    /// There are more keys than any program has.
    var tooManyKeys: String { get }
    /// Two members without a comma.
    var commaMissing: String { get }
    /// Text behind the object.
    var moreAfterEnd: String { get }
    /// The object does not end.
    var endMissing: String { get }
    /// Something else where a key should be.
    var keyMissing: String { get }
    /// A key without a colon.
    func colonMissing(_ key: String) -> String
    /// A key without a value.
    func valueMissing(_ key: String) -> String
    /// A bracket without its end.
    var bracketOpen: String { get }
    /// A comment without its end.
    var commentOpen: String { get }
    /// A text without its end.
    var textOpen: String { get }
    /// Bytes that are no text.
    var notUTF8: String { get }
    /// A member that is no JSON5.
    func broken(_ key: String) -> String
    /// A key that stands there twice.
    func secondTime(_ key: String) -> String
    /// The whole is no JSON5.
    var brokenSomewhere: String { get }
    /// The file is too long.
    func fileTooLong(_ path: String, limit: Int) -> String
    /// The file can't be read.
    func fileUnreadable(_ path: String, _ reason: String) -> String
    /// There is no file to read again.
    var nothingToReadAgain: String { get }
    /// A configuration that was read again is wrong.
    func configurationStays(_ reason: String) -> String
    /// The password could not be read again, so nothing changes.
    func allStays(_ reason: String) -> String
    /// The configuration was read again. `live`: keys that changed; `later`: keys that wait for a restart.
    func readAgain(withPassword: Bool, live: [String], later: [String]) -> String
}
