package import ChatProtocol

/// What the client answers to what is typed. Texts of others stay as they came: whoever shows the line makes it harmless.
package protocol ChatSentences: Sendable {
    // MARK: Help

    /// Stands behind the commands that only operators may use.
    var forOperators: String { get }
    /// Other words for a command.
    func also(_ words: String) -> String
    /// How to say a line that begins with a sign of commands.
    var helpEscape: String { get }
    /// A good use of a command.
    func example(_ example: String) -> String
    /// There is no such command; perhaps one that looks like it.
    func unknownCommand(_ word: String, nearest: String?) -> String
    /// The command was used wrongly.
    func usage(_ usage: String, example: String) -> String

    // MARK: Lines

    /// A text that can't be a line.
    func unfitText(_ fault: TextFault) -> String
    /// More lines wait for their receipt than may.
    var outboxFull: String { get }
    /// More questions wait for their answer than may.
    var tooManyQuestions: String { get }
    /// The room's log is another one than before.
    var historyBeganAnew: String { get }
    /// A line of an earlier run goes out now.
    func sentFromLastTime(_ line: String) -> String
    /// The server has a request whose entry can't be seen any more.
    func doneEarlier(_ line: String) -> String
    /// The server has dealt with a request, and nobody knows any more how.
    func fateUnknown(_ line: String) -> String
    /// Retention removed lines of the room (nil), of a group, or private ones (empty) before they were seen.
    func linesRemoved(group: String?) -> String
    /// Nobody wrote privately, and nobody was written to.
    var nobodyToReplyTo: String { get }
    /// No line was shown so far back.
    func noLineThere(_ word: String) -> String
    /// No line of one's own was shown.
    var noOwnLine: String { get }
    /// A reaction is too long.
    var signTooLong: String { get }
    /// The words to search for are too long.
    var searchTooLong: String { get }
    /// A name is too long.
    var nameTooLong: String { get }
    /// The word about being away is too long.
    var awayTooLong: String { get }
    /// A topic is too long.
    var topicTooLong: String { get }
    /// A reason is too long.
    var reasonTooLong: String { get }
    /// The word about being away when none was given.
    var awayWord: String { get }
    /// It needs the server.
    var notConnected: String { get }
    /// Who is ignored.
    func ignoring(_ names: [String]) -> String
    /// Somebody is ignored from now on.
    func ignoredNow(_ name: String) -> String
    /// Somebody is ignored no more.
    func ignoredNoMore(_ name: String) -> String
    /// As many are ignored as can be.
    var tooManyIgnored: String { get }
    /// `:search` found nothing.
    var nothingFound: String { get }
    /// `:history` found nothing.
    var nothingSaid: String { get }

    // MARK: Commands

    /// What the commands do, by their names.
    var commandHelp: [String: String] { get }
}
