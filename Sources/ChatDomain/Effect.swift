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
    /// Something for the server's own output.
    case observed(RoomObservation)
}

/// What happened in the room, for the server's console and its events.
package enum RoomObservation: Hashable, Sendable {
    /// A line was appended, the operator's included.
    case message(id: EntryNumber, from: String, text: String, time: WallTime)
    /// Somebody came in from this address.
    case joined(name: String, address: SocketAddress)
    /// Somebody is gone.
    case left(name: String, reason: LeaveReason)
    /// Somebody goes by another name.
    case renamed(from: String, to: String)
    /// Somebody with the right password was not let in.
    case refused(name: String, address: SocketAddress, reason: ErrorCode)
}

/// The answer to a login.
package enum LoginOutcome: Hashable, Sendable {
    /// The person is in; the member list follows as an effect, the log from the welcome's cursor.
    case welcome(Welcome)
    /// The person is not in, and why.
    case refused(Refusal)
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
}
