import ChatProtocol

/// What the chat itself says to people, all in one place, so that a catalogue of languages can stand in for it.
enum Sentence {
    case nameTaken(String)
    case nameRegistered(String)
    case nameInvalid(String)
    case roomFull(limit: Int)
    case registeredOnly
    case tooManyAccounts
    case banned(reason: String)
    case kicked
    case unfitText(TextFault)
    case storage
    case storageWaits
    case linesRemoved(group: String?)
    case noSuchUser(String)
    case noSuchGroup(String)
    case noSuchLine
    case notYourLine
    case notAMember(String)
    case alreadyMember(String)
    case isMember(String)
    case notInGroup(String)
    case invited(String, String)
    case invitedOnly(String)
    case leftGroup(String)
    case removed(String, String)
    case sameName(String)
    case groupTaken(String)
    case tooManyGroups
    case tooManyOwnGroups
    case tooManyBans
    case tooManyQuestions
    case ownerOnly
    case operatorsOnly
    case notYourself
    case notBanned(String)
    case notMuted(String)
    /// The seconds left; nil where it does not end by itself.
    case muted(seconds: Int?)
    case slowMode(seconds: Int)
    case isOperator(String)
    case isNoOperator(String)
    case notTheConsole
    case topicTooLong
    case groupIsFull(String)
    case tooManyInvited(String)
    case tooManyPeople
    // What is said to whom something is done.
    case mutedBy(String, seconds: UInt32, reason: String)
    case unmutedBy(String)
    case muteIsOver
    case madeOperatorBy(String)
    case noOperatorBy(String)
    case renamedBy(String, to: String)
    case noTopicThere
    case noMembersThere

    /// The English sentence.
    var english: String {
        switch self {
        case .nameTaken(let name): "The name \(name) is taken."
        case .nameRegistered(let name): "The name \(name) is registered: who knows its personal password may have it."
        case .nameInvalid(let name): "\(name) can't be a name: 1 to 32 letters, digits, or the signs _ - and . within."
        case .roomFull(let limit): "The room is full: it holds \(limit) members."
        case .registeredOnly: "Only people with a registered name come in here."
        case .tooManyAccounts: "The server has too many registered names."
        case .kicked: "You were put out; start again to come back."
        case .banned(""): "You are banned here."
        case .banned(let reason): "You are banned here: \(reason)"
        case .unfitText(.empty): "There is nothing to say in an empty line."
        case .unfitText(.tooLong): "The text is longer than \(ChatLimits.textBytes) bytes."
        case .unfitText(.containsNUL): "The text contains a NUL character."
        case .storage: "The server can't store anything at present; try again later."
        case .storageWaits: "The server can't store at present. What you said waits and is stored when it can."
        case .linesRemoved(nil): "Lines that you have not seen were removed, because they were too old or too many."
        case .linesRemoved(let group?): "Lines of \(group) that you have not seen were removed."
        case .noSuchUser(let name): "Nobody is called \(name)."
        case .sameName(let name): "You are called \(name) already."
        case .noSuchLine: "There is no such line, or it is too old to be meant."
        case .notYourLine: "Only your own lines can be changed."
        case .tooManyPeople: "The server remembers as many people as it can."
        case .tooManyQuestions: "The server has too many questions open; ask again in a moment."
        case .noTopicThere: "Only the room and groups have a topic."
        case .noMembersThere: "Only the room and groups have members."
        case .noSuchGroup, .notAMember, .alreadyMember, .isMember, .notInGroup, .invited, .invitedOnly, .leftGroup,
            .removed, .groupTaken, .groupIsFull, .tooManyInvited, .tooManyGroups, .tooManyOwnGroups, .ownerOnly:
            aboutGroups
        case .muted, .slowMode, .isOperator, .isNoOperator, .notTheConsole, .topicTooLong, .operatorsOnly,
            .notYourself, .notBanned, .notMuted, .tooManyBans:
            aboutOrder
        case .mutedBy, .unmutedBy, .muteIsOver, .madeOperatorBy, .noOperatorBy, .renamedBy: toThePersonConcerned
        }
    }

    private var aboutOrder: String {
        switch self {
        case .muted(nil): "You are muted."
        case .muted(let seconds?): "You are muted for another \(Self.span(seconds))."
        case .slowMode(let seconds): "Slow mode: wait \(seconds) s before the next line."
        case .operatorsOnly: "Only operators may do that."
        case .isOperator(let name): "\(name) is an operator already."
        case .isNoOperator(let name): "\(name) is no operator."
        case .notYourself: "You can't do that to yourself."
        case .notTheConsole: "Nobody can ban the console."
        case .notBanned(let name): "\(name) is not banned."
        case .notMuted(let name): "\(name) is not muted."
        case .tooManyBans: "The list is full; take back an old entry first."
        case .topicTooLong: "A topic has at most \(ChatLimits.topicBytes) bytes."
        default: ""
        }
    }

    private var toThePersonConcerned: String {
        switch self {
        case .mutedBy(let actor, let seconds, let reason):
            "\(actor) muted you" + (seconds == 0 ? "" : " for \(Self.span(Int(seconds)))")
                + (reason.isEmpty ? "." : ": \(reason)")
        case .unmutedBy(let actor): "\(actor) gave you the word back."
        case .muteIsOver: "You may write again."
        case .madeOperatorBy(let actor): "\(actor) made you an operator; :help lists what operators can do."
        case .noOperatorBy(let actor): "\(actor) made you an ordinary member again."
        case .renamedBy(let actor, let name): "\(actor) renamed you to \(name)."
        default: ""
        }
    }

    /// `45 s`, `10 min`; minutes are rounded up.
    private static func span(_ seconds: Int) -> String {
        seconds < 120 && seconds % 60 != 0 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
    }

    private var aboutGroups: String {
        switch self {
        case .noSuchGroup(let name): "There is no group called \(name)."
        case .notAMember(let group): "You are not a member of \(group); join it first: :group join \(group)"
        case .alreadyMember(let group): "You are a member of \(group) already."
        case .isMember(let name): "\(name) is a member already."
        case .notInGroup(let name): "\(name) is not a member of the group."
        case .invited(let name, let group): "\(name) invites you to the group \(group): :group join \(group)"
        case .invitedOnly(let group): "\(group) is private: its owner must invite you first."
        case .leftGroup(let group): "You left \(group)."
        case .removed(let name, let group): "\(name) put you out of the group \(group)."
        case .groupTaken(let name): "There is a group called \(name) already."
        case .tooManyGroups: "There are too many groups on this server."
        case .groupIsFull(let name): "The group \(name) has as many members as one can have."
        case .tooManyInvited(let name): "As many people are invited to \(name) as can be."
        case .tooManyOwnGroups: "You belong to as many groups as one can; leave one first."
        case .ownerOnly: "Only the owner of the group may do that."
        default: ""
        }
    }
}
