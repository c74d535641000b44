import Basics
import ChatProtocol

/// What makes two logins the same session: the device that proved its key, the run of its program, and the name.
struct SessionKey: Hashable, Sendable {
    let device: DeviceID
    let incarnation: UInt64
    let nameKey: String
}

/// One run of one person's program, present or away.
struct Session: Sendable {
    let id: MemberID
    let device: DeviceID
    let incarnation: UInt64
    var name: PreparedName
    var address: SocketAddress
    var since: WallTime
    /// The last line of the client's outbox that was dealt with: what is not above it is a duplicate.
    var storedOutbox: OutboxNumber = 0

    var key: SessionKey {
        SessionKey(device: device, incarnation: incarnation, nameKey: name.key)
    }
}
