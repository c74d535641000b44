import TextSafety

/// A text of others, made harmless for a terminal.
func shown(_ text: String) -> String { VisibleText.forTerminal(text) }

/// The same for a name, a path or a word that must stay in one line.
func logged(_ text: String) -> String { VisibleText.forLog(text) }

/// Names, one after the other.
func list(_ names: [String]) -> String { names.map(shown).joined(separator: ", ") }
