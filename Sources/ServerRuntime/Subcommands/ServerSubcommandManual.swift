/// Sentences of the manual page about the subcommands, which are in English as all documentation is.
enum ServerSubcommandManual {
    static let doctor =
        "Look whether a server can work at this address and port: one line for each thing that is wrong, with its cure."
        + " The status is 0 only if all is well."
    static let backup =
        "Copy history, registered names and keys into FILE, which only its owner can read. The room may go on meanwhile."
    static let restore =
        "Put what backup wrote into the data folder, which no server may use then. What was there is kept beside it."
    static let export =
        "Write what was said, as one JSON object a line, to FILE or standard output. The room may go on meanwhile."
    static let check =
        "Look whether the data folder, DIR or that of --data, is whole: one line for each thing that is wrong. The status"
        + " is 0 only if all is well."
    static let password =
        "Make a strong room password (100 bits) and put it into FILE, which only its owner can read: else into that of"
        + " --password-file, that of the configuration, or ~/.config/gaschat/password, where the server finds it by"
        + " itself; for root, where the service is installed, into /etc/gaschat/password. At a terminal it is shown, too. A file that is there already stays as it is."
}
