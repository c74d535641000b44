/// What a word that follows a command may be: what Tab offers there.
package indirect enum CommandArgument: Hashable, Sendable {
    /// Somebody who is here.
    case person
    case group
    /// A group or a person; it may be left out where a number follows it.
    case place
    /// The name of a command.
    case command
    /// A file or folder.
    case path
    /// One of these words.
    case word([String])
    /// One of these words, each with what may follow it.
    case choice([CommandChoice])
    /// Free text to the end of the line, in which people may be named.
    case text
    /// Something that nothing is known of: a number, a new name.
    case other
}

/// A word that decides about what follows it.
package struct CommandChoice: Hashable, Sendable {
    package let word: String
    package let arguments: [CommandArgument]

    package init(_ word: String, _ arguments: [CommandArgument] = []) {
        self.word = word
        self.arguments = arguments
    }
}
