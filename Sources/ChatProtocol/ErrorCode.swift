/// The stable words for what went wrong; scripts rely on them.
package enum ErrorCode: String, CaseIterable, Sendable {
    /// The room password was not the right one.
    case wrongPassword = "wrong-password"
    /// Too many wrong passwords came from there, or altogether, so that no further one is heard for a while.
    case tooManyAttempts = "too-many-attempts"
    /// The name, or one that looks like it, is in use or reserved.
    case nameTaken = "name-taken"
    /// The name breaks the rules for names.
    case nameInvalid = "name-invalid"
    /// The person or address was banned.
    case banned
    /// The person was put out.
    case kicked
    /// The room has as many members as it may.
    case roomFull = "room-full"
    /// Nobody has that name.
    case noSuchUser = "no-such-user"
    /// No group has that name.
    case noSuchGroup = "no-such-group"
    /// A group of that name exists already.
    case groupTaken = "group-taken"
    /// No line has that number, or it is too old to be meant.
    case noSuchLine = "no-such-line"
    /// More groups than one person or the server may have.
    case tooMany = "too-many"
    /// Only members of the group may do that.
    case notAMember = "not-a-member"
    /// The person may not do that.
    case notAllowed = "not-allowed"
    /// The person may not write at present.
    case muted
    /// The person wrote too soon after the last line.
    case slowMode = "slow-mode"
    /// The text is longer than `ChatLimits.textBytes`.
    case tooLong = "too-long"
    /// The text has a character that no text may have.
    case textInvalid = "text-invalid"
    /// More lines wait for their receipt than may.
    case outboxFull = "outbox-full"
    /// There is no such command.
    case unknownCommand = "unknown-command"
    /// The command is used wrongly.
    case usage
    /// The server could not store the line.
    case storage
    /// The server's key is not the one that was pinned.
    case keyChanged = "key-changed"
}

/// Why a member is gone, as everybody is told.
package enum LeaveReason: String, CaseIterable, Sendable {
    /// The member left on their own.
    case quit
    /// Nothing was heard of the member for too long.
    case timeout
    /// The member was put out.
    case kicked
    /// The member was banned.
    case banned
    /// The server stops.
    case shutdown

    /// The value on the wire.
    var code: UInt8 {
        switch self {
        case .quit: 1
        case .timeout: 2
        case .kicked: 3
        case .banned: 4
        case .shutdown: 5
        }
    }

    init?(code: UInt8) {
        guard let reason = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = reason
    }
}
