package import Basics
import ChatProtocol
package import Transport

/// How fast a member is heard; what comes faster waits at the member, and only there. Nil: as it comes.
package struct MemberLimits: Hashable, Sendable {
    /// Lines, one for each kilobyte begun.
    package var lines: MessageRate?
    /// Everything else that a member asks for.
    package var requests: MessageRate?

    package static let standard = MemberLimits(
        lines: MessageRate(perSecond: ChatLimits.linesPerSecond, atOnce: ChatLimits.linesAtOnce),
        requests: MessageRate(perSecond: ChatLimits.requestsPerSecond, atOnce: ChatLimits.requestsAtOnce))

    /// Everybody is heard as fast as they speak: for measurements.
    package static let none = MemberLimits(lines: nil, requests: nil)

    package init(lines: MessageRate?, requests: MessageRate?) {
        self.lines = lines
        self.requests = requests
    }
}

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
    /// How many people are remembered, present or not.
    package var accountLimit = ChatLimits.accounts
    /// What is granted to who has not proved the password.
    package var strangers = StrangerLimits()
    /// How fast each member is heard.
    package var members = MemberLimits.standard

    /// Whether people come in who have no registered name.
    package var admitsGuests = true
    /// Reads an Internet address without a port, for bans; nil for what is none.
    package var readAddress: @Sendable (String) -> SocketAddress? = { _ in nil }

    /// What packets may be sealed with, as far as this machine has it.
    package var suites: CipherSuites

    package init(
        server: String, room: String = "main", operatorName: String = "SERVER", memberLimit: Int = ChatLimits.members,
        suites: CipherSuites = .supported
    ) {
        self.server = server
        self.room = room
        self.operatorName = operatorName
        self.memberLimit = memberLimit
        self.suites = suites
    }
}

/// A member as the server's console lists them.
package struct MemberSummary: Hashable, Sendable {
    package let name: String
    package let address: SocketAddress
    /// When the person came in.
    package let since: WallTime
    package let isOperator: Bool
    package let isMuted: Bool
    /// Smoothed round trip; nil before anything was measured.
    package let roundTrip: Duration?
    /// When something was last heard; nil while the connection is being replaced.
    package let lastHeard: Instant?
    /// Lost packets in thousandths of those that were sent to the member.
    package let lossPerMille: Int
    /// How many entries of the room the member does not have yet; nil while the connection is being replaced.
    package let lag: UInt64?

    package init(
        name: String, address: SocketAddress, since: WallTime, isOperator: Bool, isMuted: Bool,
        roundTrip: Duration?, lastHeard: Instant?, lossPerMille: Int = 0, lag: UInt64? = nil
    ) {
        self.name = name
        self.address = address
        self.since = since
        self.isOperator = isOperator
        self.isMuted = isMuted
        self.roundTrip = roundTrip
        self.lastHeard = lastHeard
        self.lossPerMille = lossPerMille
        self.lag = lag
    }
}
