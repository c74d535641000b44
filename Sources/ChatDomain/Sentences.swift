import ChatProtocol

/// What the chat itself says to people, all in one place, so that a catalogue of languages can stand in for it.
enum Sentence {
    /// Somebody else has that name.
    case nameTaken(String)
    /// The room has as many members as it may.
    case roomFull(limit: Int)
    /// A text that can't be a line.
    case unfitText(TextFault)

    /// The English sentence.
    var english: String {
        switch self {
        case .nameTaken(let name): "The name \(name) is taken."
        case .roomFull(let limit): "The room is full: it holds \(limit) members."
        case .unfitText(.empty): "There is nothing to say in an empty line."
        case .unfitText(.tooLong): "The text is longer than \(ChatLimits.textBytes) bytes."
        case .unfitText(.containsNUL): "The text contains a NUL character."
        }
    }
}
