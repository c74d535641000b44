package import Basics
package import ChatProtocol

/// What a client shows, one case per event of its output.
package enum ClientEvent: Hashable, Sendable {
    /// In the room, as `name`; `members` are all who are there, the client included.
    case connected(name: String, server: String, room: String, members: [String])
    /// Somebody said a line. `isHistory`: it is older than the joining.
    case message(id: EntryNumber, from: String, text: String, time: WallTime, room: String, isHistory: Bool)
    /// The server's receipt for a line of one's own, once for each line. `id` and `time` are nil when the line is
    /// stored but its entry is no longer kept.
    case sent(id: EntryNumber?, text: String, time: WallTime?, room: String)
    /// Somebody else came in.
    case joined(name: String)
    /// Somebody else is gone.
    case left(name: String, reason: LeaveReason)
    /// Somebody goes by another name.
    case renamed(from: String, to: String)
    /// The answer to `:list`.
    case members(names: [String])
    /// A sentence from the server or the client.
    case notice(text: String)
    /// Something that was asked for did not happen.
    case error(code: ErrorCode, text: String)
    /// The server is away.
    case disconnected(reason: String)
    /// Attempt number `attempt` (from 1) to reach the server; `remaining` is how long it will be tried.
    case reconnecting(attempt: Int, remaining: Duration)
    /// Back, and everything that was missed has been shown: `missed` messages of others.
    case resumed(missed: Int)
    /// The last event.
    case bye(reason: String)
}
