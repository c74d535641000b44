import ChatProtocol

/// What the client answers to what is typed. Texts of others stay as they came: whoever shows the line makes it harmless.
struct EnglishChat: ChatSentences {
    // MARK: Help

    var forOperators: String { "(for operators)" }
    func also(_ words: String) -> String { "(also \(words))" }
    var helpEscape: String { "::text and //text say a text that begins with : or /" }
    func example(_ example: String) -> String { "For example: \(example)" }
    func unknownCommand(_ word: String, nearest: String?) -> String {
        "There is no command \(word)." + (nearest.map { " Did you mean :\($0)?" } ?? "")
            + " :help shows the commands; to say a text that begins with : or /, type the sign twice."
    }
    func usage(_ usage: String, example: String) -> String {
        usage == example ? "It is used so: \(usage)" : "It is used so: \(usage) - for example: \(example)"
    }

    // MARK: Lines

    func unfitText(_ fault: TextFault) -> String {
        switch fault {
        case .empty: "There is nothing to say in an empty line."
        case .tooLong: "The line was not sent: it is longer than \(ChatLimits.textBytes) bytes."
        case .containsNUL: "The line was not sent: it contains a NUL character."
        }
    }
    var outboxFull: String { "The line was not sent: too much still waits for the server." }
    var tooManyQuestions: String { "\(ChatLimits.pendingQuestions) answers are still awaited." }
    var historyBeganAnew: String {
        "The room's history began anew: the server no longer has what was said before."
    }
    func sentFromLastTime(_ line: String) -> String { "Not confirmed when you were last here, and sent now: \(line)" }
    func doneEarlier(_ line: String) -> String { "The server has it: \(line)" }
    func fateUnknown(_ line: String) -> String {
        "The server dealt with this, and what became of it is no longer kept: \(line)"
    }
    func linesRemoved(group: String?) -> String {
        switch group {
        case nil: "Lines that you have not seen were removed: they were too old, or too many."
        case "": "Private lines that you have not seen were removed: they were too old, or too many."
        case let group?: "Lines of \(group) that you have not seen were removed."
        }
    }
    var nobodyToReplyTo: String { "Nobody to reply to: no private message has come or gone yet." }
    func noLineThere(_ word: String) -> String {
        "There is no line \(word) here; -1 is the last one that was shown."
    }
    var noOwnLine: String { "There is no line of your own here." }
    var signTooLong: String {
        "A reaction has at most \(ChatLimits.reactionBytes) bytes: one emoji or a short word."
    }
    var searchTooLong: String { "One can search for at most \(ChatLimits.searchBytes) bytes." }
    var nameTooLong: String { "No name is so long." }
    var awayTooLong: String { "The word about being away has at most \(ChatLimits.awayBytes) bytes." }
    var topicTooLong: String { "A topic has at most \(ChatLimits.topicBytes) bytes." }
    var reasonTooLong: String { "A reason has at most \(ChatLimits.explanationBytes) bytes." }
    var awayWord: String { "away" }
    var notConnected: String { "The server is not connected." }
    func ignoring(_ names: [String]) -> String {
        names.isEmpty ? "Nobody is ignored." : "Ignored: \(names.joined(separator: ", "))"
    }
    func ignoredNow(_ name: String) -> String {
        "Nothing of \(name) is shown from here on; :ignore \(name) ends it."
    }
    func ignoredNoMore(_ name: String) -> String { "\(name) is ignored no more." }
    var tooManyIgnored: String { "At most \(ChatLimits.ignoredNames) people can be ignored." }
    var nothingFound: String { "Nothing was found." }
    var nothingSaid: String { "Nothing was said there." }

    // MARK: Commands

    var commandHelp: [String: String] {
        [
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
}
