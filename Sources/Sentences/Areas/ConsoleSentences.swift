package import ChatProtocol

/// The server's console. Whatever members chose (names, reasons, topics, groups) is made harmless here.
package protocol ConsoleSentences: Sendable {
    // MARK: Help

    /// What the commands do, by their names.
    var commandHelp: [String: String] { get }
    /// How a line for the room is called in the help.
    var textForm: String { get }
    /// What such a line does.
    var textHelp: String { get }
    /// A command with an example.
    func help(_ form: String, _ help: String, example: String) -> String
    /// A command was used wrongly.
    func usage(_ form: String, example: String) -> String
    /// There is no such command; perhaps one that looks like it.
    func unknownCommand(_ word: String, nearest: String?) -> String
    /// A line is too long.
    func longLine(limit: Int) -> String

    // MARK: What was done

    /// Somebody has another name.
    func renamed(_ old: String, _ new: String) -> String
    /// A private line was sent.
    func told(_ name: String) -> String
    /// The topic was set, or taken away (empty).
    func topic(_ text: String) -> String
    /// An order was carried out.
    func done(_ action: Moderation, _ person: String, seconds: UInt32) -> String
    /// The server stops already.
    var stopsAlready: String { get }
    /// The server stops at once.
    var stopsNow: String { get }
    /// How a countdown is ended; stands behind how long it takes.
    var countdownHint: String { get }
    /// There is nothing to end.
    var noCountdown: String { get }
    /// The countdown has ended.
    var goesOn: String { get }

    // MARK: Lists

    /// The room is empty.
    var nobodyHere: String { get }
    /// The columns of `:list`; the last one holds what follows.
    var listColumns: [String] { get }
    /// A member who is an operator.
    var isOperator: String { get }
    /// A member who may not write.
    var isMuted: String { get }
    /// A time, in tenths of a millisecond.
    func milliseconds(tenths: Int64) -> String
    /// How long ago something was.
    func ago(seconds: Int64) -> String
    /// There are no groups.
    var noGroups: String { get }
    /// The columns of `:group list`; the last one holds what follows.
    var groupColumns: [String] { get }
    /// A group for the invited.
    var isPrivate: String { get }
    /// A group for everybody.
    var isOpen: String { get }
    /// There is no such group.
    func noSuchGroup(_ name: String) -> String
    /// Who belongs to a group.
    func members(_ names: [String], of group: String) -> String
    /// Nobody is kept out or silent.
    var noBans: String { get }
    /// A row of `:bans`.
    var banned: String { get }
    /// A row of `:bans`.
    var muted: String { get }
    /// How long a mute goes on.
    func left(minutes: Int64) -> String
    /// How long a mute goes on.
    var untilUnmute: String { get }
    /// Nothing was done yet.
    var noActs: String { get }

    // MARK: :stats

    /// The rows of `:stats`: what stands before the counts.
    var statsRows: StatsRows { get }
    /// The members, and names that wait for who was lost.
    func members(_ count: Int, reserved: Int) -> String
    /// Slow mode; 0 is off.
    func slow(seconds: UInt32) -> String
    /// A time of running: days, and a clock.
    func uptime(days: Int64, clock: String) -> String
    /// Counts of datagrams.
    func datagrams(received: UInt64, sent: UInt64) -> String
    /// Counts of datagrams that were of no use.
    func dropped(
        foreign: Int, malformed: Int, unknown: Int, unauthenticated: Int, overLimit: Int
    ) -> String
}
