import ChatProtocol
import ProgramFrame
import TextSafety

/// What the program itself says to people, in English and all in one place, so that a catalogue can stand in for it.
///
/// What comes from elsewhere (arguments, paths, peers) passes `VisibleText` here.
enum Sentences {
    // MARK: Help

    static let program = "udp-client"

    static let helpOperands = "(<server-ip> <server-port> | <invite>) <client-port> [options]"

    static let helpBegin = """
        Joins the chat room of a udp-server. QUIT leaves; :help lists the commands.
        <invite> is what the server prints. <client-port> is a UDP port here: a number,
        auto (the first free one of 5000-5010) or 0 (any). Without arguments, it asks.
        """
    static let helpEnd = """
        The room password: --password-file, else GAS_PASSWORD, else asked for; a device
        let in before needs none for two weeks. A name's own: GAS_ACCOUNT_PASSWORD.
        Exit status: 0 fine, 64 usage, 69 server not reachable or lines not confirmed,
        71 port, 74 files, 76 the server's key is another, 77 refused, 78 password.
        """
    static let helpName = "the name to chat under; else it is asked for"
    static let helpPasswordFile = "its first line is the room password; chmod 600"
    static let helpJSON = "print events as one JSON object a line"
    static let helpHistory = "earlier messages to show on joining, default \(ClientOptions.defaultHistory)"
    static let helpReconnect = "how long to try to reach the server, default 120"
    static let helpSend = "send one line and leave; status 0 only if stored"
    static let helpFollow = "print what is said and never read the input"
    static let helpNoColour = "no colours; NO_COLOR in the environment likewise"
    static let helpTyping = "tell others that you are writing, and be told"
    static let helpTimestamps = "times of messages: long (default), short or off"

    // MARK: Usage

    static let expectsText = "a text"
    static let expectsHistory = "a number of 0 to \(ChatLimits.historyOnLogin)"
    static let expectsSeconds = "a whole number of seconds"
    static let expectsTimestamps = "long, short or off"
    static let sendAndFollow = "--send leaves when the line is stored and --follow stays: give one of them"
    static let emptyServer = "the address of the server is empty"
    static let needsPositions =
        "give the server's address, its port and this machine's port, or an invite and this machine's port"
    static let needsName = "give a name with --name NAME"
    static let needsPassword = "give the room password with --password-file FILE or in GAS_PASSWORD"
    static let noAnswer = "the questions were not answered"

    static func wrongPositionCount(_ count: Int) -> String {
        "\(needsPositions); these are \(count)"
    }
    static func wrongCountWithInvite(_ count: Int) -> String {
        "give this machine's port after the invite and nothing else, 2 arguments, not \(count)"
    }
    static func badInvite(_ text: String, _ fault: Invite.Fault) -> String {
        let reason =
            switch fault {
            case .address: "before the # stands host:port, an IPv6 address in brackets"
            case .port: "its port is no number of 1 to 65535"
            case .fingerprint: "after the # stand the 24 letters and digits of the server's key"
            }
        return "the invite '\(shown(text))' can't be used: \(reason)"
    }
    static func wrongServerPort(_ value: String) -> String {
        "the server's port is a number of 1 to 65535, not '\(shown(value))'"
    }
    static func wrongClientPort(_ value: String) -> String {
        "this machine's port is a number of 0 to 65535 or auto, not '\(shown(value))'"
    }

    // MARK: Questions

    static let askServer = "Server address or invite [127.0.0.1]: "
    static let askServerPort = "Server port [8080]: "
    static let askClientPort = "Port of this machine, or auto [auto]: "
    static let askName = "Your name: "
    static let askPassword = "Room password: "
    static let tryPasswordAgain = "The room password is wrong. Try again."
    static func askPersonalPassword(_ name: String) -> String { "Personal password of \(name): " }
    static let choosePassword = "New personal password: "
    static let choosePasswordAgain = "The same once more: "
    static let passwordsDiffer = "The two passwords differ; use :register again."
    static let notRegistered = "Nothing was registered."

    static func thisMachine(_ addresses: [String]) -> String {
        "This machine: \(addresses.joined(separator: ", "))"
    }

    // MARK: Failures

    static let noDataFolder = "no place for the client's keys: set HOME or XDG_DATA_HOME"
    static let outputFailed = "standard output can't be written"
    static let leftUnconfirmed = "left before the server confirmed everything"
    static let restNotRead = "the rest of the input was not read"
    static let notStored = "the line was not stored"

    static func badName(_ name: String, _ reason: String) -> String {
        "the name '\(shown(name))' can't be used: \(reason)"
    }
    static func damaged(_ path: String) -> String {
        "\(shown(path)): damaged; restore it, or remove it to begin anew"
    }
    static func portInUse(_ port: UInt16, free: UInt16?) -> String {
        guard let free else { return "UDP port \(port) is in use, and so are 5000-5010" }
        return "UDP port \(port) is in use; \(free) is free"
    }
    static let noPortFree = "all UDP ports of 5000-5010 are in use"
    static func removePin(_ path: String) -> String { "The remembered key is in \(shown(path))" }
    static func notConfirmed(_ line: String) -> String { "not confirmed: \(shown(line))" }
    static func noServer(_ reason: String) -> String { "no server: \(shown(reason))" }

    // MARK: The room

    static let greetingHint = "Type a line to say it; QUIT leaves, :help lists the commands."
    static let earlier = "-- earlier --"
    static let now = "-- now --"
    static let tooLongLine = "The line was not sent: it is too long."
    static let bye = "You left the room."

    static func connecting(_ server: String) -> String { "Connecting to \(shown(server)) ..." }
    static func greeting(name: String, server: String, room: String) -> String {
        "Connected to \(shown(server)) as \(shown(name)). You are in \(shown(room))."
    }
    static func here(_ names: [String]) -> String { "Here (\(names.count)): \(list(names))" }
    static func members(_ names: [String], room: String) -> String {
        "In \(shown(room)) (\(names.count)): \(list(names))"
    }
    static func joined(_ name: String) -> String { "\(name) joined" }
    static func left(_ name: String, _ reason: LeaveReason) -> String {
        switch reason {
        case .quit: "\(name) left"
        case .timeout: "\(name) left (connection lost)"
        case .kicked: "\(name) left (put out)"
        case .banned: "\(name) left (banned)"
        case .shutdown: "\(name) left (the server stops)"
        }
    }
    static func renamed(_ old: String, _ new: String) -> String { "\(old) is now \(new)" }
    static func error(_ line: String) -> String { "! \(line)" }
    static func disconnected(_ reason: String) -> String {
        switch reason {
        case "shutdown": "-- the server stops --"
        case "timeout": "-- the server is not heard any more --"
        case "replaced": "-- signed in elsewhere --"
        default: "-- disconnected (\(shown(reason))) --"
        }
    }
    static func reconnecting(_ seconds: Int64) -> String {
        "-- trying to reach the server for up to \(seconds) s; what you type is sent then --"
    }
    static func resumed(_ missed: Int) -> String {
        switch missed {
        case 0: "-- back; nothing was missed --"
        case 1: "-- back; 1 message was missed, it is above --"
        default: "-- back; \(missed) messages were missed, they are above --"
        }
    }

    static func damagedState(_ path: String) -> String {
        "What this client kept was damaged and lies in \(shown(path)) now; everything begins anew."
    }
    static func stateNotKept(_ reason: String) -> String {
        "What you type can't be kept for the next time: \(shown(reason))"
    }

    // MARK: The prompt

    static let promptConnecting = "connecting> "
    static let promptLeaving = "leaving> "

    static func prompt(room: String, isAway: Bool, unsent: Int) -> String {
        var notes: [String] = []
        if isAway { notes.append("reconnecting") }
        if unsent > 0 { notes.append("\(unsent) unsent") }
        return notes.isEmpty ? "\(shown(room))> " : "\(shown(room)) (\(notes.joined(separator: ", ")))> "
    }

    // MARK: Text of others

    static func shown(_ text: String) -> String { VisibleText.forTerminal(text) }
    private static func list(_ names: [String]) -> String { names.map(shown).joined(separator: ", ") }
}
