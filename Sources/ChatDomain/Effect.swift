package import Basics
package import ChatProtocol

/// What the surroundings of the chat must do after an input.
package enum Effect: Hashable, Sendable {
    /// The log now reaches to `through`: whoever follows it can be fed.
    case appended(LogID, through: EntryNumber)
    /// This event goes to this member alone.
    case send(ServerEvent, to: MemberID)
    /// The member's session was taken over by a newer one of the same device: its connection is to be closed, and no
    /// `leave` follows from it (one that comes is ignored).
    case replaced(MemberID)
    /// The member is to be fed a log under an alias, after a number. The announcement was sent before.
    case feed(LogID, alias: UInt64, after: EntryNumber, to: MemberID)
    /// The member is to be fed the log under that alias no longer.
    case stopFeeding(alias: UInt64, to: MemberID)
    /// The member is put out: the connection is closed at once, with that reason, and nothing more is sent to it. No
    /// `leave` follows from it.
    case expel(MemberID, LeaveReason)
    /// Something is to be read from the store.
    case read(Reading)
    /// Something for the server's own output.
    case observed(RoomObservation)
}

/// What is to be read from the store.
package enum Reading: Hashable, Sendable {
    /// Entries of a log after a number, about so many bytes; answered by `fetched` or `fetchFailed`.
    case page(LogID, after: EntryNumber, byteLimit: Int)
    /// The newest messages of a log before a number (0: of all); answered by `found`.
    case before(LogID, number: EntryNumber, limit: Int, question: UInt64)
    /// The newest messages of a log that have all these words; answered by `found`.
    case search(LogID, words: String, limit: Int, question: UInt64)
}

/// What happened in the room, for the server's console and its events.
package enum RoomObservation: Hashable, Sendable {
    /// A line was appended, the operator's included.
    case message(id: EntryNumber, from: String, text: String, time: WallTime)
    /// A line was appended to a group's log.
    case group(id: EntryNumber, group: String, from: String, text: String, time: WallTime)
    /// Somebody said something to one person; what, is nobody else's business.
    case personal(id: EntryNumber, from: String, to: String, time: WallTime)
    /// Somebody came in from this address.
    case joined(name: String, address: SocketAddress)
    /// Somebody is gone.
    case left(name: String, reason: LeaveReason)
    /// Somebody goes by another name.
    case renamed(from: String, to: String)
    /// An operator among the members did something; about the room where `name` is empty.
    case moderated(Moderation, by: String, name: String, seconds: UInt32, text: String)
    /// An operator among the members set the room's topic, or took it away.
    case topic(by: String, text: String)
    /// Somebody with the right password was not let in.
    case refused(name: String, address: SocketAddress, reason: ErrorCode)
}

/// The answer to a login.
package enum LoginOutcome: Hashable, Sendable {
    /// The person is in; the member list follows as an effect, the log from the welcome's cursor.
    case welcome(Welcome)
    /// The person is not in, and why.
    case refused(Refusal)
    /// Nobody new can be let in before the store has stored something: who asks again later may be.
    case unavailable
}

/// One person who is present, as the console lists them.
package struct Member: Hashable, Sendable {
    /// The session's number.
    package let id: MemberID
    /// The name as shown.
    package let name: String
    /// Where the session comes from.
    package let address: SocketAddress
    /// When the person last came in.
    package let since: WallTime
    package let isOperator: Bool
    package let isMuted: Bool
}
