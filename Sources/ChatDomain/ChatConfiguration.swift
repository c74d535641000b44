package import ChatProtocol

/// What a room is told when it begins.
package struct ChatConfiguration: Sendable {
    /// The server's name, as clients see it.
    package var server: String
    /// The room's name.
    package var room: String
    /// The name under which the operator speaks; nobody can take it, nor one that looks like it.
    package var operatorName: PreparedName
    /// How many members may be present, 1...`ChatLimits.membersAtMost`.
    package let memberLimit: Int
    /// How many entries of the log are kept, at least 1.
    package let logEntries: Int
    /// How many bytes of encoded entries of the log are kept; the newest entry always is.
    package let logBytes: Int

    /// Numbers outside their range are moved to the nearer end.
    package init(
        server: String, room: String, operatorName: PreparedName, memberLimit: Int = ChatLimits.members,
        logEntries: Int = ChatLimits.logEntries, logBytes: Int = ChatLimits.logBytes
    ) {
        self.server = server
        self.room = room
        self.operatorName = operatorName
        self.memberLimit = min(max(1, memberLimit), ChatLimits.membersAtMost)
        self.logEntries = min(max(1, logEntries), ChatLimits.logEntries)
        self.logBytes = min(max(0, logBytes), ChatLimits.logBytes)
    }
}
