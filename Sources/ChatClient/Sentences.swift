package import ChatProtocol

/// What the client itself says to people, all in one place, so that a catalogue of languages can stand in for it.
package enum Sentence: Hashable, Sendable {
    /// What `:help` does.
    case helpHelp
    /// What `:list` does.
    case helpList
    /// What `:quit` does.
    case helpQuit
    /// How to say a line that begins with a sign of commands.
    case helpEscape
    /// There is no such command.
    case unknownCommand(String)
    /// The command takes no argument.
    case noArgument(String)
    /// A text that can't be a line.
    case unfitText(TextFault)
    /// More lines wait for their receipt than may.
    case outboxFull
    /// More member lists were asked for than may be.
    case tooManyLists
    /// The room's log is another one than before.
    case historyBeganAnew

    /// The English sentence.
    package var english: String {
        switch self {
        case .helpHelp: "shows the commands, or what one of them does"
        case .helpList: "shows who is in the room"
        case .helpQuit: "leaves the room, as QUIT alone on a line does"
        case .helpEscape: "::text and //text say a text that begins with : or /"
        case .unknownCommand(let word):
            "There is no command \(word). :help shows the commands; to say a text that begins with : or /, "
                + "type the sign twice."
        case .noArgument(let name): "The command :\(name) takes nothing after it."
        case .unfitText(.empty): "There is nothing to say in an empty line."
        case .unfitText(.tooLong): "The line was not sent: it is longer than \(ChatLimits.textBytes) bytes."
        case .unfitText(.containsNUL): "The line was not sent: it contains a NUL character."
        case .outboxFull: "The line was not sent: \(ChatLimits.outboxEntries) lines still wait for the server."
        case .tooManyLists: "\(ChatLimits.pendingMemberLists) member lists are still awaited."
        case .historyBeganAnew: "The room's history began anew: the server no longer has what was said before."
        }
    }
}
