/// What stands around the line being typed, in both programs. What comes from elsewhere is made harmless here, but for
/// the pattern of a search, which comes harmless.
package protocol ScreenSentences: Sendable {
    // MARK: The status

    /// The first login is tried, for so much longer.
    func connecting(seconds: Int64?) -> String
    /// The server is away, and looked for that much longer.
    func reconnecting(seconds: Int64?) -> String
    /// The server hears no password for so long.
    func passwordWait(seconds: Int64) -> String
    /// The program ends.
    var leaving: String { get }
    /// How many are in the room.
    func here(count: Int, in room: String) -> String
    /// Lines without a receipt.
    func unsent(_ count: Int) -> String
    /// The server was heard last so long ago.
    func lastHeard(seconds: Int64) -> String
    /// A round trip, in tenths of a millisecond.
    func milliseconds(tenths: Int64) -> String
    /// Lost packets, in tenths of a per cent.
    func loss(tenths: Int64) -> String
    /// One's own last line: the server has it, and nobody else is there.
    var stored: String { get }
    /// One's own last line has reached everybody.
    var allHaveIt: String { get }
    /// One's own last line has reached some.
    func haveIt(_ count: Int64, of total: Int64) -> String
    /// The countdown of `:shutdown`.
    func stops(seconds: Int64) -> String
    /// The server stops, and waits until everybody knows.
    var stopping: String { get }

    // MARK: Lines

    /// More of one's own lines are under way than are shown.
    func sendingMore(_ count: Int) -> String
    /// Stands behind a line that names the reader.
    var forYou: String { get }
    /// The server's key at the first contact.
    func firstContact(_ fingerprint: String) -> String
    /// Where history and accounts lie; nil where nothing is kept.
    func data(_ path: String?) -> String

    // MARK: Typing

    /// The prompt while the history of lines is searched.
    func search(_ pattern: String, isFound: Bool) -> String
    /// Asks whether a pasted text is to be sent.
    func paste(lines: Int) -> String
}
