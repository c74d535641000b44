import ChatProtocol
import ProgramFrame

extension ClientOptionTable {
    /// What the manual page of the client has besides its options.
    static let manual = ProgramManual(
        section: 1, summary: "a client for a chat room over UDP",
        operands: [
            .init("<server-ip> <server-port>", "The server's address or name, and its UDP port."),
            .init("<invite>", "What the server prints at its start: address, port and key in one word."),
            .init(
                "<client-port>",
                "The UDP port to use on this machine; auto: the first free one of 5000-5010; 0: any."),
        ],
        description: [
            "udp-client joins the room of udp-server(8) with a name and the room's password. All traffic is encrypted;"
                + " the password never crosses the wire. Without arguments, at a terminal, it asks for everything.",
            "A line that is typed goes to the room. QUIT, or the end of the input, leaves once everything is confirmed."
                + " A line that begins with : or / is a command: :help lists the commands, :help pm explains one. :: or //"
                + " begin a message with the sign itself.",
            "SIGTERM, SIGINT (Ctrl-C) and SIGHUP leave politely, with status 0 when everything is confirmed. SIGTERM and"
                + " SIGHUP wait for that no longer than a second; what is not confirmed then is named, and said at the"
                + " next start.",
            "At the first contact the server's key is remembered. If another key answers at that address later, the client"
                + " stops before it says anything.",
        ],
        environment: [
            .init(
                "GAS_PASSWORD",
                "The room password, where --password-file names no file. With neither it is asked for, unless this device"
                    + " was let in during the last two weeks."),
            .init("GAS_ACCOUNT_PASSWORD", "The personal password of a registered name."),
            .init("NO_COLOR", "No colours, whatever else is said."),
            .init("XDG_CONFIG_HOME, XDG_CONFIG_DIRS, XDG_DATA_HOME, HOME", "Where the client's files lie."),
        ],
        configuration: "client.json5",
        files: [
            .init("~/.config/gaschat/client.json5", "The configuration."),
            .init("~/.local/share/gaschat", "Keys, remembered servers, and what was not confirmed yet."),
        ],
        statuses: [
            .init("0", "Fine; with --send: the line is stored."), .init("64", "Wrong usage."),
            .init(
                "69", "The server was not reached, or lost for longer than --reconnect; lines not confirmed are named."),
            .init("71", "The port can't be bound; a free one is named."),
            .init("74", "The data folder or a file in it can't be used."),
            .init("76", "The server's key is not the one remembered, or not the one of the invite."),
            .init("77", "Not let in: password, name, ban, room full; or put out."),
            .init("78", "The configuration or the password can't be used; file, line and key are named."),
        ],
        examples: [
            .init("udp-client 192.0.2.7 8080 auto --name ana", "Join a room as ana:"),
            .init(
                "echo hello | udp-client 192.0.2.7 8080 auto --name bot --password-file room.txt --json",
                "Say a line from a script, and print what happens as JSON:"),
            .init(
                "udp-client 192.0.2.7 8080 auto --name bot --password-file room.txt --send 'the build is done'",
                "Say one line; the status is 0 only if it is stored:"),
        ], seeAlso: "udp-server(8)")
}

/// Sentences of the manual page and of the configuration file, which are in English as all documentation is.
enum Manual {
    static let manualServer =
        "The server to join where the command line names none: an address, a name, or an invite."
    static let manualServerPort = "The port of that server; 8080 where nothing is said."
    static let manualClientPort =
        "The UDP port to use on this machine: a number, \"auto\" (the first free one of 5000-5010) or 0 (any);"
        + " \"auto\" where nothing is said."
    static let manualName = "The name to chat under. Without it the name is asked for, at a terminal."
    static let manualPasswordFile =
        "The first line of this file is the room password; other users must not be able to read it (chmod 600)."
    static let manualConfig = "Read this configuration file and look for no other."
    static let manualReconnect =
        "For how many seconds to keep trying when the server is away, at the first connection too; 0: one attempt."
    static let manualJSON =
        "Print events as one JSON object a line, and nothing else, on standard output; the input is as a person types it."
    static let manualSend =
        "Send this line, wait until it is stored, and leave. The status is 0 only then. The input is not read."
    static let manualFollow = "Print what is said and never read the input."
    static let manualHistory =
        "How many earlier messages of the room to show on joining, 0 to \(ChatLimits.historyOnLogin); with --send, 0"
        + " unless it is said."
    static let manualTyping = "Tell others that you are writing, and show when they are."
    static let manualNoColour =
        "Show colours at a terminal, unless NO_COLOR is set or TERM is dumb; --no-color shows none."
    static let manualNoBell =
        "Ring the terminal's bell for a private message and a line that names you; --no-bell does not."
    static let manualTimestamps = "How the time of a message is shown: with its date, without it, or not at all."
    static let doctor =
        "Look whether a server can be reached and joined from here: one line for each thing that is wrong, with its cure."
        + " An invite may stand in the place of address and port. The status is 0 only if all is well."
}
