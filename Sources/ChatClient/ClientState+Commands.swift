import ChatProtocol
import Sentences

/// What the commands about lines do.
extension ClientState {
    /// `:pm <user> <message>`
    mutating func pm(_ arguments: String) throws(CommandFault) {
        let (user, text) = arguments.firstWord()
        try post(.text(try words(text)), in: .person(try name(user)))
    }

    /// `:reply <message>`
    mutating func reply(_ arguments: String) throws(CommandFault) {
        let text = try words(arguments)
        guard let partner else { throw .refused(.noSuchUser, Phrase { $0.chat.nobodyToReplyTo }) }
        try post(.text(text), in: .person(partner))
    }

    /// `:me <action>`
    mutating func act(_ arguments: String) throws(CommandFault) {
        try post(.action(try words(arguments)), in: .room)
    }

    /// `:re [place] -n <text>`
    mutating func answerLine(_ arguments: String) throws(CommandFault) {
        let (place, number, rest) = try target(arguments)
        try post(.reply(to: number, try words(rest)), in: place)
    }

    /// `:react [place] -n <emoji>`; `-` takes the mark back.
    mutating func react(_ arguments: String) throws(CommandFault) {
        let (place, number, sign) = try target(arguments)
        guard !sign.isEmpty, !sign.contains(where: \.isWhitespace) else { throw .usage }
        guard sign.utf8.count <= ChatLimits.reactionBytes else {
            throw .refused(.tooLong, Phrase { $0.chat.signTooLong })
        }
        guard !sign.utf8.contains(0) else { throw .refused(.textInvalid, Phrase { $0.chat.unfitText(.containsNUL) }) }
        try post(.react(number, sign == "-" ? "" : sign), in: place)
    }

    /// `:edit <text>`
    mutating func edit(_ arguments: String) throws(CommandFault) {
        let text = try words(arguments)
        let (place, number) = try lastOwnLine()
        try post(.edit(number, text), in: place)
    }

    /// `:delete`
    mutating func delete(_ arguments: String) throws(CommandFault) {
        guard arguments.isEmpty else { throw .usage }
        let (place, number) = try lastOwnLine()
        try post(.delete(number), in: place)
    }

    /// `:seen [place] [-n]`
    mutating func seen(_ arguments: String) throws(CommandFault) {
        let (first, rest) = arguments.firstWord()
        let isPlaceOnly = rest.isEmpty && !first.isEmpty && Int(first) == nil
        let (place, number, more) = try target(first.isEmpty || isPlaceOnly ? arguments + " -1" : arguments)
        try ask(.seen(in: place, number), unless: !more.isEmpty)
    }

    /// `:history [place] [n]`
    mutating func askHistory(_ arguments: String) throws(CommandFault) {
        let words = arguments.split(whereSeparator: \.isWhitespace).map(String.init)
        var place = Place.room
        var count = Self.defaultHistory
        switch words.count {
        case 0: break
        case 1: if let number = Int(words[0]) { count = number } else { place = try self.place(words[0]) }
        case 2:
            place = try self.place(words[0])
            guard let number = Int(words[1]) else { throw .usage }
            count = number
        default: throw .usage
        }
        guard (1...ChatLimits.entriesPerAnswer).contains(count) else { throw .usage }
        try ask(.history(of: place, before: 0, count: count), unless: false)
    }

    private static let defaultHistory = 20
    private static let foundAtMost = 50

    /// `:search <words>`
    mutating func search(_ arguments: String) throws(CommandFault) {
        guard !arguments.isEmpty else { throw .usage }
        guard arguments.utf8.count <= ChatLimits.searchBytes else {
            throw .refused(.tooLong, Phrase { $0.chat.searchTooLong })
        }
        try ask(.search(in: .room, words: arguments, count: Self.foundAtMost), unless: false)
    }

    // MARK: Parts

    private mutating func post(_ line: Line, in place: Place) throws(CommandFault) {
        if case .person(let name) = place { partner = name }
        try send(.post(line, in: place))
    }

    /// A text that can be a line.
    func words(_ text: String) throws(CommandFault) -> String {
        guard !text.isEmpty else { throw .usage }
        if let fault = MessageText.fault(in: text) { throw .refused(fault.code, Phrase { $0.chat.unfitText(fault) }) }
        return text
    }

    /// A word that names somebody or a group, with or without the sign that the hands may put before it: no name begins
    /// with `#` or `@`.
    func name(_ word: String) throws(CommandFault) -> String {
        guard let sign = word.utf8.first, [Self.groupSign, Self.personSign].contains(sign) else {
            return try newName(word)
        }
        return try newName(String(Substring(word.utf8.dropFirst())))
    }

    /// A word that can be a name; what the server makes of it is its own affair.
    func newName(_ word: String) throws(CommandFault) -> String {
        guard !word.isEmpty else { throw .usage }
        guard word.utf8.count <= ChatLimits.requestedNameBytes else {
            throw .refused(.nameInvalid, Phrase { $0.chat.nameTooLong })
        }
        return word
    }

    private static let groupSign: UInt8 = 0x23
    private static let personSign: UInt8 = 0x40

    /// A group that is followed, else a person; with a sign what it says.
    func place(_ word: String) throws(CommandFault) -> Place {
        if word.utf8.first == Self.groupSign { return .group(try name(word)) }
        if word.utf8.first == Self.personSign { return .person(try name(word)) }
        if let group = logs.group(named: word) { return .group(group.title) }
        return .person(try name(word))
    }

    /// A line by its place in what was shown (`-1` is the last) or by its number.
    private func target(
        _ arguments: String
    ) throws(CommandFault) -> (place: Place, number: EntryNumber, rest: String) {
        var (word, rest) = arguments.firstWord()
        var place = Place.room
        if Int(word) == nil {
            place = try self.place(word)
            (word, rest) = rest.firstWord()
        }
        guard let number = Int(word), number != 0 else { throw .usage }
        if number > 0 { return (place, EntryNumber(number), rest) }
        guard number >= -ChatLimits.shownLines, let entry = lines(of: place)?.number(back: -number, with: person(place))
        else {
            let shown = word.cut(toBytes: ChatLimits.nameBytes)
            throw .refused(.noSuchLine, Phrase { $0.chat.noLineThere(shown) })
        }
        return (place, entry, rest)
    }

    private func person(_ place: Place) -> String? {
        if case .person(let name) = place { name } else { nil }
    }

    private func lines(of place: Place) -> ShownLines? {
        switch place {
        case .room: logs.room?.lines
        case .group(let name): logs.group(named: name)?.lines
        case .person: logs.all.first { $0.kind == .inbox }?.lines
        }
    }

    /// The line of one's own that was shown last, wherever it stands.
    func lastOwnLine() throws(CommandFault) -> (place: Place, number: EntryNumber) {
        let own = logs.all.compactMap { log in log.lines.lastOwn.map { (log: log, line: $0) } }
        guard let last = own.max(by: { $0.line.turn < $1.line.turn }) else {
            throw .refused(.noSuchLine, Phrase { $0.chat.noOwnLine })
        }
        switch last.log.kind {
        case .room: return (.room, last.line.number)
        case .group: return (.group(last.log.title), last.line.number)
        case .inbox: return (.person(last.line.partner), last.line.number)
        }
    }
}
