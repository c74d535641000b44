import ProgramFrame

extension ServerOptionTable {
    /// What the manual page of the server has besides its options.
    static let manual = ProgramManual(
        section: 8, summary: "the server of a chat room over UDP",
        operands: [.init("<ip>", "The address to listen at: IPv4, IPv6 or a name; 0.0.0.0 or :: for all interfaces.")],
        description: [
            "udp-server opens a chat room at a UDP port and keeps what is said in it. Everybody who knows the room's"
                + " password joins with udp-client(1). All traffic is encrypted; the password never crosses the wire.",
            "At a terminal it shows the room as it happens and reads the operator's lines: a line goes to the room, a"
                + " line that begins with a colon is a command, and :help lists the commands.",
            "SIGINT and SIGTERM tell everybody and stop. SIGHUP, and :reload at the console, read the configuration and"
                + " the password file again: what can change without putting anybody out does so, and what needs a restart"
                + " is named. A configuration that can't be used changes nothing.",
            "The room password is looked for in --password-file, GAS_PASSWORD, the credential named password, the"
                + " configuration and the file that udp-server password made, in this order; where none is there, it is"
                + " GAS1, which everybody knows. Files with secrets that other users can read are refused. There is no"
                + " option that takes a password itself.",
            "Under systemd(1) the server tells when it is ready, reads again and stops, and gives a sign of life while its"
                + " loop is alive (sd_notify(3)); it takes the room password as a credential named password, and a socket"
                + " that is kept for it counts before the address. Its log then tells who comes, goes and is refused, and"
                + " never what is said.",
            "With --metrics it gives figures over HTTP: /metrics for Prometheus, and /healthz, which is 200 and ok, or 503"
                + " and store-stalled or stopping.",
        ],
        environment: [
            .init("GAS_PASSWORD", "The room password, where --password-file does not name a file."),
            .init("CREDENTIALS_DIRECTORY", "The folder with the room password as the service manager gives it."),
            .init("NOTIFY_SOCKET, WATCHDOG_USEC", "Where the service manager hears how the server is, and how often."),
            .init("LISTEN_FDS, LISTEN_PID", "Sockets that the service manager keeps; the server uses the first."),
            .init(
                "XDG_CONFIG_HOME, XDG_CONFIG_DIRS, XDG_DATA_HOME, XDG_STATE_HOME, HOME",
                "Where the server's files lie."),
        ],
        configuration: "server.json5",
        files: [
            .init("~/.config/gaschat/server.json5", "The configuration."),
            .init("~/.config/gaschat/password", "The room password that udp-server password made."),
            .init("/etc/gaschat/server.json5, /etc/gaschat/password", "The same for the service udp-server."),
            .init("~/.local/share/gaschat", "History, registered names and the server's key; see --data."),
        ],
        statuses: [
            .init("0", "The server was told to stop."), .init("64", "Wrong usage."),
            .init("71", "The address can't be bound, or another error of the system."),
            .init("74", "The data folder or a file in it can't be used."),
            .init("78", "The configuration or the password can't be used; file, line and key are named."),
        ],
        examples: [
            .init("udp-server 127.0.0.1", "A room on this machine alone, to try it out:"),
            .init(
                "udp-server 0.0.0.0 -p 8080 --password-file room.txt --name lab",
                "A room for a computer lab, whose password is the first line of room.txt:"),
            .init("udp-server password", "Make a strong room password, once:"),
            .init("echo ':list' | udp-server 127.0.0.1 --console --json", "A console for a script:"),
        ], seeAlso: "udp-client(1), systemd.exec(5), sd_notify(3)")
}
