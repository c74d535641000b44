import Basics
import ChatProtocol

/// What makes two logins the same session: the device that proved its key, and the run of its program. Not the name: who
/// was renamed and did not hear of it comes back under the old one, with lines that were said already.
struct SessionKey: Hashable, Sendable {
    let device: DeviceID
    let incarnation: UInt64
}

/// One run of one person's program, present or away.
struct Session: Sendable {
    let id: MemberID
    /// Set anew at each login: that of the device.
    var account: AccountID
    let device: DeviceID
    let incarnation: UInt64
    var name: PreparedName
    var address: SocketAddress
    var since: WallTime
    /// How many earlier messages the client wants to see of a log that is new to it.
    var history = 0
    /// The last request of the client's outbox that was dealt with: what is not above it is a duplicate.
    var acceptedOutbox: OutboxNumber = 0
    /// The last one whose outcome is stored: what is above it is lost if the server is killed now.
    var storedOutbox: OutboxNumber = 0
    /// Why the person was put out, where the program was never heard to confirm it: it is told once more.
    var untold: LeaveReason?
    /// The server was restarted and the member has not come back yet; nobody was told that the member is gone.
    var isReturning = false

    var key: SessionKey {
        SessionKey(device: device, incarnation: incarnation)
    }
}
