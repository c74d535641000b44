import ChatProtocol

/// The client's arguments, questions and ends. What comes from elsewhere is made harmless here.
struct EnglishClient: ClientSentences {
    // MARK: Help

    var helpOperands: String { "(<server-ip> <server-port> | <invite>) <client-port> [options]" }
    var helpBegin: String {
        """
        Joins the chat room of a udp-server. QUIT leaves; :help lists the commands.
        <invite> is what the server prints. <client-port> is a UDP port here: a number,
        auto (the first free one of 5000-5010) or 0 (any). Without arguments, it asks.
        """
    }
    var helpEnd: String {
        """
        The room password: --password-file, else GAS_PASSWORD, else it is asked for; a
        name's own: GAS_ACCOUNT_PASSWORD. Exit statuses and the rest: udp-client(1).
        """
    }
    var helpName: String { "the name to chat under; else it is asked for" }
    var helpPasswordFile: String { "its first line is the room password; chmod 600" }
    var helpJSON: String { "print events as one JSON object a line" }
    func helpHistory(usual: Int) -> String { "earlier messages to show on joining, default \(usual)" }
    var helpReconnect: String { "how long to try to reach the server, default 120" }
    var helpSend: String { "send one line and leave; status 0 only if stored" }
    var helpFollow: String { "print what is said and never read the input" }
    var helpNoColour: String { "no colours; NO_COLOR in the environment likewise" }
    var helpTyping: String { "tell others that you are writing, and be told" }
    var helpNoBell: String { "no bell for what is meant for you" }
    var helpTimestamps: String { "times of messages: long (default), short or off" }

    // MARK: Usage

    var expectsText: String { "a text" }
    var expectsHistory: String { "a number of 0 to \(ChatLimits.historyOnLogin)" }
    var expectsSeconds: String { "a whole number of seconds" }
    var expectsTimestamps: String { "long, short or off" }
    var sendAndFollow: String { "--send leaves when the line is stored and --follow stays: give one of them" }
    var emptyServer: String { "the address of the server is empty" }
    var needsPositions: String {
        "give the server's address, its port and this machine's port, or an invite and this machine's port"
    }
    var needsName: String { "give a name with --name NAME" }
    var needsPassword: String { "give the room password with --password-file FILE or in GAS_PASSWORD" }
    var noAnswer: String { "the questions were not answered" }
    func wrongPositionCount(_ count: Int) -> String { "\(needsPositions); these are \(count)" }
    func wrongCountWithInvite(_ count: Int) -> String {
        "give this machine's port after the invite and nothing else, 2 arguments, not \(count)"
    }
    func badInvite(_ text: String, _ reason: String) -> String {
        "the invite '\(shown(text))' can't be used: \(reason)"
    }
    var inviteAddress: String { "before the # stands host:port, an IPv6 address in brackets" }
    var invitePort: String { "its port is no number of 1 to 65535" }
    var inviteFingerprint: String { "after the # stand the 24 letters and digits of the server's key" }
    func wrongServerPort(_ value: String) -> String {
        "the server's port is a number of 1 to 65535, not '\(shown(value))'"
    }
    func wrongClientPort(_ value: String) -> String {
        "this machine's port is a number of 0 to 65535 or auto, not '\(shown(value))'"
    }

    // MARK: Questions

    var askServer: String { "Server address or invite [127.0.0.1]: " }
    var askServerPort: String { "Server port [8080]: " }
    var askClientPort: String { "Port of this machine, or auto [auto]: " }
    var askName: String { "Your name: " }
    var askPassword: String { "Room password: " }
    var tryPasswordAgain: String { "The room password is wrong. Try again." }
    func askPersonalPassword(_ name: String) -> String { "Personal password of \(shown(name)): " }
    var choosePassword: String { "New personal password: " }
    var choosePasswordAgain: String { "The same once more: " }
    var passwordsDiffer: String { "The two passwords differ; use :register again." }
    var notRegistered: String { "Nothing was registered." }
    func thisMachine(_ addresses: [String]) -> String { "This machine: \(addresses.joined(separator: ", "))" }

    // MARK: Ends and failures

    var noDataFolder: String { "no place for the client's keys: set HOME or XDG_DATA_HOME" }
    var outputFailed: String { "standard output can't be written" }
    var leftUnconfirmed: String { "left before the server confirmed everything" }
    var restNotRead: String { "the rest of the input was not read" }
    var notStored: String { "the line was not stored" }
    func badName(_ name: String, _ reason: String) -> String { "the name '\(shown(name))' can't be used: \(reason)" }
    func damaged(_ path: String) -> String { "\(shown(path)): damaged; restore it, or remove it to begin anew" }
    func portInUse(_ port: UInt16, free: UInt16?) -> String {
        guard let free else { return "UDP port \(port) is in use, and so are 5000-5010" }
        return "UDP port \(port) is in use; \(free) is free"
    }
    var noPortFree: String { "all UDP ports of 5000-5010 are in use" }
    func removePin(_ path: String) -> String { "The remembered key is in \(shown(path))" }
    func notConfirmed(_ line: String) -> String { "not confirmed: \(shown(line))" }
    func noServer(_ reason: String) -> String { "no server: \(reason)" }
    func damagedState(_ path: String) -> String {
        "What this client kept was damaged and lies in \(shown(path)) now; everything begins anew."
    }
    func stateNotKept(_ reason: String) -> String {
        "What you type can't be kept for the next time: \(shown(reason))"
    }
}
