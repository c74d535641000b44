package import ChatProtocol

/// What the client itself says to people, all in one place, so that a catalogue of languages can stand in for it.
package enum Sentence: Hashable, Sendable {
    /// What the command of that name does.
    case help(String)
    /// Stands behind the commands that only operators may use.
    case forOperators
    /// How to say a line that begins with a sign of commands.
    case helpEscape
    /// A good use of a command.
    case example(String)
    /// There is no such command; perhaps one that looks like it.
    case unknownCommand(String, nearest: String?)
    /// The command was used wrongly.
    case usage(String, example: String)
    /// A text that can't be a line.
    case unfitText(TextFault)
    /// More lines wait for their receipt than may.
    case outboxFull
    /// More questions wait for their answer than may.
    case tooManyQuestions
    /// The room's log is another one than before.
    case historyBeganAnew
    /// A line of an earlier run goes out now.
    case sentFromLastTime(String)
    /// The server has a request whose entry can't be seen any more.
    case doneEarlier(String)
    /// The server has dealt with a request, and nobody knows any more how.
    case fateUnknown(String)
    /// Retention removed lines of the room (nil), of a group, or private ones (empty) before they were seen.
    case linesRemoved(group: String?)
    /// Nobody wrote privately, and nobody was written to.
    case nobodyToReplyTo
    /// No line was shown so far back.
    case noLineThere(String)
    /// No line of one's own was shown.
    case noOwnLine
    /// Something is longer than it may be.
    case signTooLong
    case searchTooLong
    case nameTooLong
    case awayTooLong
    case topicTooLong
    case reasonTooLong
    /// The word about being away when none was given.
    case awayWord
    /// It needs the server.
    case notConnected
    /// Who is ignored.
    case ignoring([String])
    case ignoredNow(String)
    case ignoredNoMore(String)
    case tooManyIgnored
    /// `:search` found nothing.
    case nothingFound
    /// `:history` found nothing.
    case nothingSaid

    /// The English sentence.
    package var english: String {
        switch self {
        case .help(let name): Self.help[name] ?? ""
        case .forOperators: "(for operators)"
        case .helpEscape: "::text and //text say a text that begins with : or /"
        case .example(let example): "For example: \(example)"
        case .unknownCommand(let word, let nearest):
            "There is no command \(word)." + (nearest.map { " Did you mean :\($0)?" } ?? "")
                + " :help shows the commands; to say a text that begins with : or /, type the sign twice."
        case .usage(let usage, let example):
            usage == example ? "It is used so: \(usage)" : "It is used so: \(usage) - for example: \(example)"
        case .unfitText(.empty): "There is nothing to say in an empty line."
        case .unfitText(.tooLong): "The line was not sent: it is longer than \(ChatLimits.textBytes) bytes."
        case .unfitText(.containsNUL): "The line was not sent: it contains a NUL character."
        case .outboxFull: "The line was not sent: too much still waits for the server."
        case .tooManyQuestions: "\(ChatLimits.pendingQuestions) answers are still awaited."
        case .historyBeganAnew: "The room's history began anew: the server no longer has what was said before."
        case .sentFromLastTime(let line): "Not confirmed when you were last here, and sent now: \(line)"
        case .doneEarlier(let line): "The server has it: \(line)"
        case .fateUnknown(let line): "The server dealt with this, and what became of it is no longer kept: \(line)"
        case .linesRemoved(nil): "Lines that you have not seen were removed: they were too old, or too many."
        case .linesRemoved(""): "Private lines that you have not seen were removed: they were too old, or too many."
        case .linesRemoved(let group?): "Lines of \(group) that you have not seen were removed."
        case .nobodyToReplyTo: "Nobody to reply to: no private message has come or gone yet."
        case .noLineThere(let word): "There is no line \(word) here; -1 is the last one that was shown."
        case .noOwnLine: "There is no line of your own here."
        case .signTooLong: "A reaction has at most \(ChatLimits.reactionBytes) bytes: one emoji or a short word."
        case .searchTooLong: "One can search for at most \(ChatLimits.searchBytes) bytes."
        case .nameTooLong: "No name is so long."
        case .awayTooLong: "The word about being away has at most \(ChatLimits.awayBytes) bytes."
        case .topicTooLong: "A topic has at most \(ChatLimits.topicBytes) bytes."
        case .reasonTooLong: "A reason has at most \(ChatLimits.explanationBytes) bytes."
        case .awayWord: "away"
        case .notConnected: "The server is not connected."
        case .ignoring(let names): names.isEmpty ? "Nobody is ignored." : "Ignored: \(names.joined(separator: ", "))"
        case .ignoredNow(let name): "Nothing of \(name) is shown from here on; :ignore \(name) ends it."
        case .ignoredNoMore(let name): "\(name) is ignored no more."
        case .tooManyIgnored: "At most \(ChatLimits.ignoredNames) people can be ignored."
        case .nothingFound: "Nothing was found."
        case .nothingSaid: "Nothing was said there."
        }
    }

    private static let help: [String: String] = [
        "pm": "says something to one person, who may be absent",
        "reply": "answers the latest private message",
        "group": "makes, joins, leaves, lists and runs groups, and says something in one",
        "join": "joins a group",
        "part": "leaves a group",
        "me": "tells what you do",
        "re": "answers a line: -1 is the last one shown",
        "react": "marks a line with a sign; - as the sign takes it back",
        "edit": "gives your last line another text",
        "delete": "takes your last line back",
        "list": "shows who is in the room",
        "who": "shows who is in the room and how their links are",
        "seen": "tells who has a line",
        "nick": "gives you another name",
        "away": "says that you are away; without a text once more, that you are back",
        "history": "shows earlier messages of the room, a group, or with a person",
        "search": "finds messages of the room with all these words",
        "topic": "tells the topic, or sets it; - takes it away",
        "ignore": "shows nothing of a person any more, or again; without a name, who is ignored",
        "register": "sets a password of your own, so that your name is yours on other devices too",
        "op": "makes somebody an operator",
        "deop": "makes an operator an ordinary member",
        "kick": "puts somebody out, who may come back",
        "mute": "takes the word from somebody, for so many minutes or until :unmute",
        "unmute": "gives the word back",
        "ban": "puts somebody out for good: name and device, or an address or block of addresses",
        "unban": "lets somebody in again",
        "slow": "lets each member say one line in so many seconds",
        "stats": "tells how the link to the server is",
        "clear": "clears the screen",
        "help": "shows the commands, or what one of them does",
        "quit": "leaves the room, as QUIT alone on a line does",
    ]
}
