package import ChatProtocol

/// What is seen of the room. Names in `joined`, `left`, `renamed`, `typing` and the marks may be coloured: they come
/// harmless. Lines of `topic`, `away`, `moderated` and `membership` are made harmless as a whole by whoever shows them;
/// all else is made harmless here.
package protocol RoomSentences: Sendable {
    // MARK: Coming and going

    /// What a person can do next.
    var greetingHint: String { get }
    /// Before messages of history.
    var earlier: String { get }
    /// After messages of history.
    var now: String { get }
    /// A typed line is beyond every bound.
    var tooLongLine: String { get }
    /// The last word.
    var bye: String { get }
    /// The first word.
    func connecting(_ server: String) -> String
    /// The lines that greet.
    func greeting(name: String, server: String, room: String) -> [String]
    /// Who is here.
    func here(_ names: [String]) -> String
    /// Who belongs to a room or group.
    func members(_ names: [String], room: String) -> String
    /// Somebody came.
    func joined(_ name: String) -> String
    /// Somebody went.
    func left(_ name: String, _ reason: LeaveReason) -> String
    /// Somebody has another name.
    func renamed(_ old: String, _ new: String) -> String
    /// A line that tells of something that went wrong.
    func error(_ line: String) -> String
    /// The server is gone; the reason is the stable word.
    func disconnected(_ reason: String) -> String
    /// The server is looked for.
    func reconnecting(seconds: Int64) -> String
    /// The server is back.
    func resumed(missed: Int) -> String

    // MARK: The prompt

    /// The prompt before the first welcome.
    var promptConnecting: String { get }
    /// The prompt while the program ends.
    var promptLeaving: String { get }

    // MARK: Lines

    /// Stands for the reader's name.
    var you: String { get }
    /// Stands behind an answer: which line it answers.
    func answers(_ target: EntryNumber, _ quote: String) -> String
    /// The line that is meant: how it begins, else its number.
    func line(_ target: EntryNumber, _ quote: String) -> String
    /// A line has another text.
    func edited(_ name: String, _ line: String, _ text: String) -> String
    /// A line was taken back.
    func deleted(_ name: String, _ line: String) -> String
    /// A line was marked, or a mark was taken off (empty).
    func reaction(_ name: String, _ line: String, _ sign: String) -> String
    /// Somebody is writing.
    func typing(_ name: String) -> String
    /// The topic as it is (nobody set it now), or was set or taken away (empty).
    func topic(_ text: String, by name: String?, in place: String) -> String
    /// Somebody is away, or back (empty).
    func away(_ name: String, _ text: String) -> String
    /// What an operator did; seconds are 0 and the text is empty where there are none.
    func moderated(_ action: Moderation, by: String, name: String, seconds: UInt32, text: String) -> String
    /// What happened to a group.
    func membership(group: String, _ action: GroupAction, by name: String, person: String) -> String

    // MARK: Lists

    /// There are no groups.
    var noGroups: String { get }
    /// A line of the list of groups.
    func group(_ group: GroupSummary) -> String
    /// A line of the list of people and their links.
    func person(_ person: Presence) -> String
    /// Nobody could have the line.
    var seenByNobody: String { get }
    /// How many have a line, and who has not; `more` are not named.
    func seen(_ have: Int64, of total: Int64, missing: [String], more: Int64) -> String
}
