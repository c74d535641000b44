package import Basics

/// The sentences, each with what it speaks of.
extension ServerSentence {
    /// Only registered names come in.
    package static var registeredOnly: Self { Self(.registeredOnly) }
    /// No further name can be registered.
    package static var tooManyAccounts: Self { Self(.tooManyAccounts) }
    /// The server remembers as many people as it can.
    package static var tooManyPeople: Self { Self(.tooManyPeople) }
    /// The person was put out.
    package static var kicked: Self { Self(.kicked) }
    /// The login can't be read.
    package static var loginUnfit: Self { Self(.loginUnfit) }
    /// This server registers no names.
    package static var noRegistering: Self { Self(.noRegistering) }
    /// Nothing can be stored at present.
    package static var storage: Self { Self(.storage) }
    /// What was said waits until it can be stored.
    package static var storageWaits: Self { Self(.storageWaits) }
    /// There is no such line, or it is too old.
    package static var noSuchLine: Self { Self(.noSuchLine) }
    /// Only one's own lines can be changed.
    package static var notYourLine: Self { Self(.notYourLine) }
    /// The server has too many questions open.
    package static var tooManyQuestions: Self { Self(.tooManyQuestions) }
    /// Only the room and groups have a topic.
    package static var noTopicThere: Self { Self(.noTopicThere) }
    /// Only the room and groups have members.
    package static var noMembersThere: Self { Self(.noMembersThere) }
    /// The server has as many groups as it can.
    package static var tooManyGroups: Self { Self(.tooManyGroups) }
    /// The person belongs to as many groups as one can.
    package static var tooManyOwnGroups: Self { Self(.tooManyOwnGroups) }
    /// Only the group's owner may do that.
    package static var ownerOnly: Self { Self(.ownerOnly) }
    /// Only operators may do that.
    package static var operatorsOnly: Self { Self(.operatorsOnly) }
    /// Nobody may do that to themselves.
    package static var notYourself: Self { Self(.notYourself) }
    /// The list of bans and mutes is full.
    package static var tooManyBans: Self { Self(.tooManyBans) }
    /// The console can't be banned.
    package static var notTheConsole: Self { Self(.notTheConsole) }
    /// The mute has ended by itself.
    package static var muteIsOver: Self { Self(.muteIsOver) }
    /// The server does not stop after all.
    package static var goesOn: Self { Self(.goesOn) }
    /// What the clock of the server says, to a login that names nobody.
    package static func serverTime(_ time: WallTime) -> Self { Self(.serverTime, String(time.milliseconds)) }
    /// Somebody has the name.
    package static func nameTaken(_ name: String) -> Self { Self(.nameTaken, name) }
    /// The name is registered.
    package static func nameRegistered(_ name: String) -> Self { Self(.nameRegistered, name) }
    /// That can't be a name.
    package static func nameInvalid(_ name: String) -> Self { Self(.nameInvalid, name) }
    /// The personal password of the name is wrong.
    package static func personalPasswordWrong(_ name: String) -> Self { Self(.personalPasswordWrong, name) }
    /// Nobody is called so.
    package static func noSuchUser(_ name: String) -> Self { Self(.noSuchUser, name) }
    /// The person is called so already.
    package static func sameName(_ name: String) -> Self { Self(.sameName, name) }
    /// No group is called so.
    package static func noSuchGroup(_ name: String) -> Self { Self(.noSuchGroup, name) }
    /// The person is not in the group.
    package static func notAMember(_ name: String) -> Self { Self(.notAMember, name) }
    /// The person is in the group already.
    package static func alreadyMember(_ name: String) -> Self { Self(.alreadyMember, name) }
    /// Somebody else is in the group already.
    package static func isMember(_ name: String) -> Self { Self(.isMember, name) }
    /// Somebody else is not in the group.
    package static func notInGroup(_ name: String) -> Self { Self(.notInGroup, name) }
    /// The group is private.
    package static func invitedOnly(_ name: String) -> Self { Self(.invitedOnly, name) }
    /// The person left the group.
    package static func leftGroup(_ name: String) -> Self { Self(.leftGroup, name) }
    /// A group is called so already.
    package static func groupTaken(_ name: String) -> Self { Self(.groupTaken, name) }
    /// The group takes nobody else.
    package static func groupIsFull(_ name: String) -> Self { Self(.groupIsFull, name) }
    /// Too many people are invited to the group.
    package static func tooManyInvited(_ name: String) -> Self { Self(.tooManyInvited, name) }
    /// The name is not banned.
    package static func notBanned(_ name: String) -> Self { Self(.notBanned, name) }
    /// The person is not muted.
    package static func notMuted(_ name: String) -> Self { Self(.notMuted, name) }
    /// The person is an operator already.
    package static func isOperator(_ name: String) -> Self { Self(.isOperator, name) }
    /// The person is no operator.
    package static func isNoOperator(_ name: String) -> Self { Self(.isNoOperator, name) }
    /// An operator lets the reader write again.
    package static func unmutedBy(_ name: String) -> Self { Self(.unmutedBy, name) }
    /// An operator made the reader one.
    package static func madeOperatorBy(_ name: String) -> Self { Self(.madeOperatorBy, name) }
    /// An operator made the reader an ordinary member.
    package static func noOperatorBy(_ name: String) -> Self { Self(.noOperatorBy, name) }

    /// A text that can't be a line.
    package static func unfitText(_ fault: TextFault) -> Self {
        switch fault {
        case .empty: Self(.emptyText)
        case .tooLong: Self(.longText, "\(ChatLimits.textBytes)")
        case .containsNUL: Self(.textWithNUL)
        }
    }
    /// The room holds as many members as it may.
    package static func roomFull(limit: Int) -> Self { Self(.roomFull, "\(limit)") }
    /// A topic has at most `ChatLimits.topicBytes`.
    package static var topicTooLong: Self { Self(.topicTooLong, "\(ChatLimits.topicBytes)") }
    /// The person is banned; the reason may be empty.
    package static func banned(reason: String) -> Self {
        reason.isEmpty ? Self(.banned) : Self(.bannedBecause, reason)
    }
    /// Wrong personal passwords of the name were tried too often.
    package static func tooManyPersonalPasswords(_ name: String, seconds: Int64) -> Self {
        Self(.tooManyPersonalPasswords, name, "\(seconds)")
    }
    /// Lines that the reader did not see were removed: the room's (nil), a group's, or private ones (empty).
    package static func linesRemoved(group: String?) -> Self {
        guard let group else { return Self(.linesRemoved) }
        return group.isEmpty ? Self(.privateLinesRemoved) : Self(.groupLinesRemoved, group)
    }
    /// Lines that the reader has seen are no longer there: the room's (nil), a group's, or private ones (empty).
    package static func linesLost(group: String?) -> Self {
        guard let group else { return Self(.linesLost) }
        return group.isEmpty ? Self(.privateLinesLost) : Self(.groupLinesLost, group)
    }
    /// Somebody invites the reader to a group.
    package static func invited(_ name: String, _ group: String) -> Self { Self(.invited, name, group) }
    /// Somebody put the reader out of a group.
    package static func removed(_ name: String, _ group: String) -> Self { Self(.removed, name, group) }
    /// The reader may not write: for so many seconds, or until somebody ends it.
    package static func muted(seconds: Int?) -> Self {
        seconds.map { Self(.mutedFor, "\($0)") } ?? Self(.muted)
    }
    /// The reader wrote too soon; the seconds to wait.
    package static func slowMode(seconds: Int) -> Self { Self(.slowMode, "\(seconds)") }
    /// An operator muted the reader, for so many seconds or (0) until somebody ends it.
    package static func mutedBy(_ name: String, seconds: UInt32, reason: String) -> Self {
        switch (seconds, reason.isEmpty) {
        case (0, true): Self(.mutedBy, name)
        case (0, false): Self(.mutedByBecause, name, reason)
        case (_, true): Self(.mutedByFor, name, "\(seconds)")
        case (_, false): Self(.mutedByForBecause, name, "\(seconds)", reason)
        }
    }
    /// An operator gave the reader another name.
    package static func renamedBy(_ name: String, to newName: String) -> Self { Self(.renamedBy, name, newName) }
    /// The server stops in so many seconds.
    package static func stopsIn(seconds: Int) -> Self { Self(.stopsIn, "\(seconds)") }
}
