/// What an operator does about a person or the room. The raw values are on the wire; the words are for scripts.
package enum Moderation: UInt8, CaseIterable, Sendable {
    /// Makes the person an operator among the members.
    case op = 1
    /// Makes the person an ordinary member again.
    case deop
    /// Puts the person out; they may come back.
    case kick
    /// Puts the person out for good: name and device, or an address or block of addresses.
    case ban
    case unban
    /// Takes the word from the person, for the seconds given or, with 0, until `unmute`.
    case mute
    case unmute
    /// Lets each member say one line in so many seconds; 0 ends it.
    case slow

    /// The word that is typed, and that stands in notices.
    package var word: String {
        switch self {
        case .op: "op"
        case .deop: "deop"
        case .kick: "kick"
        case .ban: "ban"
        case .unban: "unban"
        case .mute: "mute"
        case .unmute: "unmute"
        case .slow: "slow"
        }
    }
}

/// What happens to a group and who belongs to it. The raw values are on the wire.
package enum GroupAction: UInt8, CaseIterable, Sendable {
    /// Makes the group; who does it owns it.
    case create = 1
    case join
    case leave
    /// Lets a person in who may not join by themselves.
    case invite
    /// Puts a person out of the group.
    case remove
    /// From now on only invited people may join, and only members see that the group exists.
    case makePrivate
    case makePublic
    /// Makes another member the owner.
    case handOver

    /// The word that is typed.
    package var word: String {
        switch self {
        case .create: "create"
        case .join: "join"
        case .leave: "leave"
        case .invite: "invite"
        case .remove: "remove"
        case .makePrivate: "private"
        case .makePublic: "public"
        case .handOver: "hand-over"
        }
    }

    /// Whether it is about another person.
    package var needsPerson: Bool {
        switch self {
        case .invite, .remove, .handOver: true
        case .create, .join, .leave, .makePrivate, .makePublic: false
        }
    }
}
