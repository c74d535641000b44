package import Basics
import ChatProtocol
package import Transport

/// What a server is told when it begins.
package struct ServerCoreConfiguration: Sendable {
    /// What the server is called.
    package var server: String
    /// What the room is called.
    package var room: String
    /// The name under which the operator speaks.
    package var operatorName: String
    /// How many members may be present.
    package var memberLimit: Int
    /// What is granted to who has not proved the password.
    package var strangers = StrangerLimits()

    package init(
        server: String, room: String = "main", operatorName: String = "SERVER", memberLimit: Int = ChatLimits.members
    ) {
        self.server = server
        self.room = room
        self.operatorName = operatorName
        self.memberLimit = memberLimit
    }
}

/// A member as the server's console lists them.
package struct MemberSummary: Hashable, Sendable {
    package let name: String
    package let address: SocketAddress
    /// When the person came in.
    package let since: WallTime
    /// Smoothed round trip; nil before anything was measured.
    package let roundTrip: Duration?
    /// When something was last heard; nil while the connection is being replaced.
    package let lastHeard: Instant?
}
