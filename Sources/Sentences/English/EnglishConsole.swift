import ChatProtocol

/// The server's console. Whatever members chose (names, reasons, topics, groups) is made harmless here.
struct EnglishConsole: ConsoleSentences {
    // MARK: Help

    var commandHelp: [String: String] {
        [
            "list": "who is here, from where, since when",
            "pm": "says something to one person",
            "rename": "gives a member another name",
            "kick": "puts a member out, who may come back",
            "ban": "keeps out a name with its device, or an address or block",
            "unban": "takes a ban back",
            "bans": "who is banned, and who is muted",
            "mute": "lets a person write nothing, for a while or until :unmute",
            "unmute": "lets a person write again",
            "op": "makes a person an operator in the client",
            "deop": "makes an operator an ordinary member",
            "audit": "what operators did last, at most \(ChatLimits.auditEntries) acts",
            "topic": "sets the room's topic; - takes it away",
            "slow": "lets each member say one line in so many seconds",
            "group": "the groups, or who belongs to one",
            "stats": "counts since the start",
            "reload": "reads configuration and password again",
            "shutdown": "tells everybody and stops, at once or after a countdown",
            "help": "this list, or a command with an example",
        ]
    }
    var textForm: String { "text" }
    var textHelp: String { "says it to the room; ::text says :text" }
    func help(_ form: String, _ help: String, example: String) -> String { "\(form): \(help). For example: \(example)" }
    func usage(_ form: String, example: String) -> String { "It is used like this: \(form). For example: \(example)" }
    func unknownCommand(_ word: String, nearest: String?) -> String {
        let hint = nearest.map { "did you mean :\($0)? " } ?? ""
        return "There is no command :\(logged(word)); \(hint):help lists them."
    }
    func longLine(limit: Int) -> String { "This line is longer than \(limit) bytes and was left out." }

    // MARK: What was done

    func renamed(_ old: String, _ new: String) -> String { "\(shown(old)) is now \(shown(new))." }
    func told(_ name: String) -> String { "\(shown(name)) is told." }
    func topic(_ text: String) -> String {
        text.isEmpty ? "The room has no topic any more." : "The room's topic: \(shown(text))"
    }
    func done(_ action: Moderation, _ person: String, seconds: UInt32) -> String {
        let name = shown(person)
        return switch action {
        case .op: "\(name) is an operator."
        case .deop: "\(name) is an ordinary member again."
        case .kick: "\(name) was put out."
        case .ban: "\(name) is banned; :unban \(name) takes it back."
        case .unban: "\(name) is not banned any more."
        case .mute where seconds == 0: "\(name) is muted until :unmute."
        case .mute: "\(name) is muted for \(seconds / 60) min."
        case .unmute: "\(name) may write again."
        case .slow where seconds == 0: "Slow mode is off."
        case .slow: "Slow mode: one line in \(seconds) s for each member."
        }
    }
    var stopsAlready: String { "The server stops already." }
    var stopsNow: String { "The server stops now." }
    var countdownHint: String { ":shutdown cancel ends the countdown." }
    var noCountdown: String { "There is no countdown." }
    var goesOn: String { "The server goes on." }

    // MARK: Lists

    var nobodyHere: String { "Nobody is here." }
    var listColumns: [String] { ["name", "address", "since", "round trip", "loss", "lag", "last heard", ""] }
    var isOperator: String { "operator" }
    var isMuted: String { "muted" }
    func milliseconds(tenths: Int64) -> String {
        tenths < 100 ? "\(English.tenths(tenths)) ms" : "\(tenths / 10) ms"
    }
    func ago(seconds: Int64) -> String { "\(seconds) s ago" }
    var noGroups: String { "There are no groups." }
    var groupColumns: [String] { ["group", "members", ""] }
    var isPrivate: String { "private" }
    var isOpen: String { "open" }
    func noSuchGroup(_ name: String) -> String { "There is no group called \(shown(name))." }
    func members(_ names: [String], of group: String) -> String { "\(shown(group)) (\(names.count)): \(list(names))" }
    var noBans: String { "Nobody is banned or muted." }
    var banned: String { "banned" }
    var muted: String { "muted" }
    func left(minutes: Int64) -> String { "\(minutes) min left" }
    var untilUnmute: String { "until :unmute" }
    var noActs: String { "No operator has done anything." }

    // MARK: :stats

    var statsRows: StatsRows {
        StatsRows(
            uptime: "up", members: "members", people: "known people", groups: "groups", bansAndMutes: "bans, mutes",
            topic: "topic", slowMode: "slow mode", lastEntry: "room's last entry", messages: "messages",
            refusals: "logins refused", datagrams: "datagrams", dropped: "dropped",
            droppedByKernel: "lost by the kernel")
    }
    func members(_ count: Int, reserved: Int) -> String {
        "\(count), and \(reserved) names kept for those who were lost"
    }
    func slow(seconds: UInt32) -> String { seconds == 0 ? "off" : "\(seconds) s" }
    func uptime(days: Int64, clock: String) -> String { days == 0 ? clock : "\(days) d \(clock)" }
    func datagrams(received: UInt64, sent: UInt64) -> String { "\(received) received, \(sent) sent" }
    func dropped(
        foreign: Int, malformed: Int, unknown: Int, unauthenticated: Int, overLimit: Int
    ) -> String {
        "\(foreign) foreign, \(malformed) malformed, \(unknown) of no connection, \(unauthenticated) not authentic, "
            + "\(overLimit) over a limit"
    }
}
