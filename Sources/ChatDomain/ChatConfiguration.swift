package import Basics
package import ChatProtocol

/// What a chat is told when it begins.
package struct ChatConfiguration: Sendable {
    /// The server's name, as clients see it.
    package var server: String
    /// The room's name.
    package var room: String
    /// The name under which the operator speaks; nobody can take it, nor one that looks like it.
    package var operatorName: PreparedName
    /// How many members may be present, 1...`ChatLimits.membersAtMost`.
    package private(set) var memberLimit: Int
    /// How many people are kept, present or not, 1...`ChatLimits.accounts`.
    package var accountLimit = ChatLimits.accounts
    /// How much of the room's log is kept in memory.
    package var roomTail: TailBounds
    /// Whether there is a store that has what memory no longer keeps.
    package var hasStore = true
    /// Whether people come in who have no registered name.
    package var admitsGuests = true
    /// How names of people and groups are prepared; nil for what can't be a name.
    package var prepareName: @Sendable (String) -> PreparedName?
    /// Reads an Internet address without a port; nil for what is none.
    package var readAddress: @Sendable (String) -> SocketAddress?

    /// Numbers outside their range are moved to the nearer end.
    ///
    /// - Parameters:
    ///   - prepareName: pure; the same text always gives the same name.
    ///   - readAddress: pure too; without it nobody can be banned by address.
    package init(
        server: String, room: String, operatorName: PreparedName, memberLimit: Int = ChatLimits.members,
        roomTail: TailBounds = TailBounds(entries: ChatLimits.roomTailEntries, bytes: ChatLimits.roomTailBytes),
        prepareName: @escaping @Sendable (String) -> PreparedName?,
        readAddress: @escaping @Sendable (String) -> SocketAddress? = { _ in nil }
    ) {
        self.server = server
        self.room = room
        self.operatorName = operatorName
        self.memberLimit = Self.bounded(memberLimit)
        self.roomTail = TailBounds(
            entries: min(max(1, roomTail.entries), ChatLimits.roomTailEntries),
            bytes: min(max(0, roomTail.bytes), ChatLimits.roomTailBytes))
        self.prepareName = prepareName
        self.readAddress = readAddress
    }

    /// What can change while people are in the room; it holds for who comes in from then on.
    ///
    /// - Parameter memberLimit: outside its range it is moved to the nearer end.
    mutating func change(server: String, memberLimit: Int, admitsGuests: Bool) {
        self.server = server
        self.memberLimit = Self.bounded(memberLimit)
        self.admitsGuests = admitsGuests
    }

    private static func bounded(_ memberLimit: Int) -> Int { min(max(1, memberLimit), ChatLimits.membersAtMost) }

    /// How much of a log of that kind is kept in memory.
    func bounds(of kind: LogKind) -> TailBounds {
        switch kind {
        case .room: roomTail
        case .group: TailBounds(entries: ChatLimits.groupTailEntries, bytes: ChatLimits.groupTailBytes)
        case .inbox: TailBounds(entries: ChatLimits.inboxTailEntries, bytes: ChatLimits.inboxTailBytes)
        }
    }
}
