package import Basics
package import ChatProtocol
import Sentences

/// What the commands about people, groups and the client itself do.
extension ClientState {
    /// `:group <what> ...`
    mutating func group(_ arguments: String) throws(CommandFault) {
        let (word, rest) = arguments.firstWord()
        switch word.lowercased() {
        case "list": try ask(.groups, unless: !rest.isEmpty)
        case "members":
            let (group, more) = rest.firstWord()
            try ask(.members(of: .group(try name(group))), unless: !more.isEmpty)
        case "send":
            let (group, text) = rest.firstWord()
            try send(.post(.text(try words(text)), in: .group(try name(group))))
        default:
            guard let action = GroupAction.allCases.first(where: { $0.word == word.lowercased() }) else {
                throw .usage
            }
            try actOnGroup(action, rest)
        }
    }

    /// `:group create|join|... <group> [user]`
    mutating func actOnGroup(_ action: GroupAction, _ arguments: String) throws(CommandFault) {
        let (group, rest) = arguments.firstWord()
        let (person, more) = rest.firstWord()
        guard more.isEmpty, person.isEmpty != action.needsPerson else { throw .usage }
        try send(
            .group(action, name: try name(group), person: action.needsPerson ? try name(person) : ""))
    }

    /// `:nick <new name>`
    mutating func nick(_ arguments: String) throws(CommandFault) {
        guard !arguments.contains(where: \.isWhitespace) else { throw .usage }
        try send(.rename(try newName(arguments)))
    }

    /// `:away [text]`: without a text it goes away and comes back by turns.
    mutating func goAway(_ arguments: String) throws(CommandFault) {
        guard arguments.utf8.count <= ChatLimits.awayBytes else {
            throw .refused(.tooLong, Phrase { $0.chat.awayTooLong })
        }
        let text = arguments.isEmpty && !isAway ? language.chat.awayWord : arguments
        try send(.away(text))
        isAway = !text.isEmpty
    }

    /// `:topic [text]`: without a text it tells the topic; `-` takes it away.
    mutating func topic(_ arguments: String) throws(CommandFault) {
        guard arguments.isEmpty else {
            guard arguments.utf8.count <= ChatLimits.topicBytes else {
                throw .refused(.tooLong, Phrase { $0.chat.topicTooLong })
            }
            return try send(.topic(arguments == "-" ? "" : arguments, in: .room))
        }
        guard case .present(let welcome) = link else { throw .refused(.notAllowed, Phrase { $0.chat.notConnected }) }
        emit(.topic(text: facts?.topic ?? "", by: nil, in: .room(welcome.room)))
    }

    /// `:op`, `:kick`, `:mute` and their like.
    mutating func moderate(_ action: Moderation, _ arguments: String) throws(CommandFault) {
        let (word, rest) = arguments.firstWord()
        var name = try name(word)
        var seconds: UInt32 = 0
        var reason = ""
        switch action {
        case .op, .deop, .unban, .unmute: guard rest.isEmpty else { throw .usage }
        case .kick, .ban:
            guard rest.utf8.count <= ChatLimits.explanationBytes else {
                throw .refused(.tooLong, Phrase { $0.chat.reasonTooLong })
            }
            reason = rest
        case .mute:
            guard rest.isEmpty || (UInt32(rest) ?? 0) > 0 else { throw .usage }
            seconds = min(UInt32(rest) ?? 0, Self.longestMinutes) * 60
        case .slow:
            guard rest.isEmpty, let wanted = word == "off" ? 0 : UInt32(word) else { throw .usage }
            seconds = min(wanted, Self.longestMinutes * 60)
            name = ""
        }
        try send(.moderate(action, name: name, seconds: seconds, text: reason))
    }

    /// A year.
    private static let longestMinutes: UInt32 = 366 * 24 * 60

    /// `:ignore [user]`: shows nothing of a person any more, or again; without a name it tells who is ignored.
    mutating func ignore(_ arguments: String) throws(CommandFault) {
        guard !arguments.isEmpty else { return emit(.notice(text: language.chat.ignoring(ignored))) }
        guard !arguments.contains(where: \.isWhitespace) else { throw .usage }
        let name = try name(arguments)
        let key = name.lowercased()
        if let index = ignored.firstIndex(where: { $0.lowercased() == key }) {
            ignored.remove(at: index)
            emit(.notice(text: language.chat.ignoredNoMore(name)))
        } else {
            guard ignored.count < ChatLimits.ignoredNames else {
                throw .refused(.tooMany, Phrase { $0.chat.tooManyIgnored })
            }
            ignored.append(name)
            emit(.notice(text: language.chat.ignoredNow(name)))
        }
        unsaved = max(unsaved, .soon)
    }

    func isIgnored(_ name: String) -> Bool {
        guard !ignored.isEmpty else { return false }
        let key = name.lowercased()
        return ignored.contains { $0.lowercased() == key }
    }

    /// Asks the server; a question of a person waits for its turn.
    mutating func ask(_ question: Question, unless isMisused: Bool) throws(CommandFault) {
        guard !isMisused else { throw .usage }
        guard !questions.isFull else { throw .refused(.outboxFull, Phrase { $0.chat.tooManyQuestions }) }
        questions.ask(question)
    }

    /// Asks the owner of the link.
    mutating func askOwner(_ question: OwnerQuestion, unless arguments: String) throws(CommandFault) {
        guard arguments.isEmpty else { throw .usage }
        ownerQuestions.append(question)
    }

    /// Explains all commands, or the one that is named, with or without its sign.
    mutating func help(_ arguments: String) {
        let word = arguments.firstWord().word
        if word.isEmpty {
            for line in CommandTable.helpLines(in: language) { emit(.notice(text: line)) }
            return
        }
        let bare = word.hasPrefix(":") || word.hasPrefix("/") ? String(word.dropFirst()) : word
        guard let command = CommandTable.command(named: bare) else {
            let shown = word.cut(toBytes: ChatLimits.nameBytes)
            let nearest = CommandTable.suggestion(for: bare)
            return emitError(.unknownCommand, Phrase { $0.chat.unknownCommand(shown, nearest: nearest) })
        }
        let example = command.arguments.isEmpty ? "" : ". " + language.chat.example(command.example)
        emit(.notice(text: command.helpLine(in: language) + example))
    }

    /// The person is writing a line for that place; told to others where that is wanted, and not too often.
    package mutating func isTyping(in place: Place = .room, at now: Instant) {
        guard sharesTyping, case .present = link else { return }
        if let lastTyping, now - lastTyping < ChatLimits.typingInterval { return }
        lastTyping = now
        typingPlace = place
    }
}
