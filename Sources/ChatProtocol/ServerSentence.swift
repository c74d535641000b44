/// Something that the server has to say to a person, as a fact: which sentence it is, and what it speaks of. Whoever
/// reads it puts it into the reader's language, so nobody depends on the server's.
///
/// On the wire and in the store it stands where a sentence stands, as text: U+001F, the stable word, then each fact
/// behind another U+001F. A text that begins otherwise is a sentence already.
package struct ServerSentence: Hashable, Sendable {
    /// The stable word of a sentence.
    package let word: Word
    /// What it speaks of, as many as `Word.factCount`.
    package let facts: [String]

    /// What stands before each part: "information separator one" of ASCII, which nobody types.
    private static let sign: Character = "\u{1f}"

    init(_ word: Word, _ facts: String...) {
        self.word = word
        self.facts = facts
    }

    /// The form on the wire and in the store.
    package var wireText: String {
        let parts = facts.enumerated().map { index, fact in
            // The last part goes to the end of the text, so it alone may have the sign in it.
            index == facts.count - 1 ? fact : String(fact.map { $0 == Self.sign ? "\u{fffd}" : $0 })
        }
        return ([word.rawValue] + parts).map { "\(Self.sign)\($0)" }.joined()
    }

    /// Reads the form on the wire. Total: any text may be given.
    ///
    /// - Returns: nil for a text that is a sentence already, or whose word or facts are not known here.
    package init?(wireText: String) {
        guard let first = wireText.unicodeScalars.first, Character(first) == Self.sign else { return nil }
        let scalars = wireText.unicodeScalars.dropFirst()
        let end = scalars.firstIndex { Character($0) == Self.sign } ?? scalars.endIndex
        guard let word = Word(rawValue: String(scalars[..<end])) else { return nil }
        var facts: [String] = []
        if end < scalars.endIndex {
            let rest = scalars[scalars.index(after: end)...]
            facts = rest.split(
                maxSplits: max(0, word.factCount - 1), omittingEmptySubsequences: false,
                whereSeparator: { Character($0) == Self.sign }
            ).map { String($0) }
        }
        guard facts.count == word.factCount else { return nil }
        self.word = word
        self.facts = facts
    }
}

extension ServerSentence {
    /// Which sentence it is.
    package enum Word: String, CaseIterable, Sendable {
        // Coming in.
        case nameTaken = "name-taken"
        case nameRegistered = "name-registered"
        case nameInvalid = "name-invalid"
        case roomFull = "room-full"
        case registeredOnly = "registered-only"
        case tooManyAccounts = "too-many-accounts"
        case tooManyPeople = "too-many-people"
        case banned
        case bannedBecause = "banned-because"
        case kicked
        case loginUnfit = "login-unfit"
        case serverTime = "server-time"
        case personalPasswordWrong = "personal-password-wrong"
        case tooManyPersonalPasswords = "too-many-personal-passwords"
        case noRegistering = "no-registering"
        // Lines and people.
        case emptyText = "empty-text"
        case longText = "long-text"
        case textWithNUL = "text-with-nul"
        case storage
        case storageWaits = "storage-waits"
        case linesRemoved = "lines-removed"
        case groupLinesRemoved = "group-lines-removed"
        case privateLinesRemoved = "private-lines-removed"
        case linesLost = "lines-lost"
        case groupLinesLost = "group-lines-lost"
        case privateLinesLost = "private-lines-lost"
        case noSuchUser = "no-such-user"
        case noSuchLine = "no-such-line"
        case notYourLine = "not-your-line"
        case sameName = "same-name"
        case tooManyQuestions = "too-many-questions"
        case noTopicThere = "no-topic-there"
        case noMembersThere = "no-members-there"
        case topicTooLong = "topic-too-long"
        // Groups.
        case noSuchGroup = "no-such-group"
        case notAMember = "not-a-member"
        case alreadyMember = "already-member"
        case isMember = "is-member"
        case notInGroup = "not-in-group"
        case invited
        case invitedOnly = "invited-only"
        case leftGroup = "left-group"
        case removed
        case groupTaken = "group-taken"
        case tooManyGroups = "too-many-groups"
        case tooManyOwnGroups = "too-many-own-groups"
        case groupIsFull = "group-is-full"
        case tooManyInvited = "too-many-invited"
        case ownerOnly = "owner-only"
        // Order.
        case operatorsOnly = "operators-only"
        case notYourself = "not-yourself"
        case notBanned = "not-banned"
        case notMuted = "not-muted"
        case tooManyBans = "too-many-bans"
        case muted
        case mutedFor = "muted-for"
        case slowMode = "slow-mode"
        case isOperator = "is-operator"
        case isNoOperator = "is-no-operator"
        case notTheConsole = "not-the-console"
        // What is done to the reader.
        case mutedBy = "muted-by"
        case mutedByBecause = "muted-by-because"
        case mutedByFor = "muted-by-for"
        case mutedByForBecause = "muted-by-for-because"
        case unmutedBy = "unmuted-by"
        case muteIsOver = "mute-is-over"
        case madeOperatorBy = "made-operator-by"
        case noOperatorBy = "no-operator-by"
        case renamedBy = "renamed-by"
        case stopsIn = "stops-in"
        case goesOn = "goes-on"
    }
}

extension ServerSentence.Word {
    /// How many facts the sentence speaks of.
    package var factCount: Int {
        switch self {
        case .registeredOnly, .tooManyAccounts, .tooManyPeople, .banned, .kicked, .loginUnfit, .noRegistering,
            .emptyText, .textWithNUL, .storage, .storageWaits, .linesRemoved, .privateLinesRemoved, .linesLost,
            .privateLinesLost, .noSuchLine, .notYourLine, .tooManyQuestions, .noTopicThere, .noMembersThere,
            .tooManyGroups, .tooManyOwnGroups, .ownerOnly,
            .operatorsOnly, .notYourself, .tooManyBans, .muted, .notTheConsole, .muteIsOver, .goesOn:
            0
        case .serverTime, .nameTaken, .nameRegistered, .nameInvalid, .roomFull, .bannedBecause, .personalPasswordWrong,
            .longText,
            .groupLinesRemoved, .groupLinesLost, .noSuchUser, .sameName, .topicTooLong, .noSuchGroup, .notAMember,
            .alreadyMember,
            .isMember, .notInGroup, .invitedOnly, .leftGroup, .groupTaken, .groupIsFull, .tooManyInvited, .notBanned,
            .notMuted, .mutedFor, .slowMode, .isOperator, .isNoOperator, .mutedBy, .unmutedBy, .madeOperatorBy,
            .noOperatorBy, .stopsIn:
            1
        case .tooManyPersonalPasswords, .invited, .removed, .mutedByBecause, .mutedByFor, .renamedBy: 2
        case .mutedByForBecause: 3
        }
    }
}
