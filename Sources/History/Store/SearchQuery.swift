import ChatProtocol

/// What a person searches for, as FTS5 understands it: every word must occur, the last one at least with its beginning.
///
/// Each word stands in double quotes, so nothing in it is syntax: no operator, no column, no parenthesis.
struct SearchQuery {
    /// nil when there is no word.
    let expression: String?

    init(_ text: String) {
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains("\0") }.prefix(HistoryLimits.searchWords)
        let quoted = words.map { word in
            var text = "\""
            for scalar in word.unicodeScalars.prefix(HistoryLimits.searchWordScalars) {
                text.unicodeScalars.append(scalar)
                if scalar == "\"" { text.unicodeScalars.append(scalar) }
            }
            return text + "\""
        }
        expression = quoted.isEmpty ? nil : quoted.joined(separator: " ") + "*"
    }
}
