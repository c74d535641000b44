package import ChatProtocol

/// What the server says, in the reader's language.
extension Language {
    /// A text of the server as a person reads it: a fact is put into words, a sentence stays as it is. Of a fact that is
    /// not known here, as a newer server may have it, the parts are shown.
    ///
    /// - Parameter wireText: as it came. Total: any text may be given. It is not made harmless for a terminal.
    package func text(ofServer wireText: String) -> String {
        if let sentence = ServerSentence(wireText: wireText) { return text(sentence) }
        return wireText.first == "\u{1f}" ? wireText.split(separator: "\u{1f}").joined(separator: " ") : wireText
    }

    /// A fact in words.
    package func text(_ sentence: ServerSentence) -> String {
        Self.fill(template(for: sentence.word), with: sentence.facts) { span(seconds: $0) }
    }

    func template(for word: ServerSentence.Word) -> String {
        switch self {
        case .english: EnglishServerWords.templates[word] ?? ""
        case .indonesian: IndonesianServerWords.templates[word] ?? ""
        }
    }

    private func span(seconds: String) -> String {
        guard let number = Int64(seconds) else { return seconds }
        return switch self {
        case .english: English.span(number)
        case .indonesian: Indonesian.span(number)
        }
    }

    /// Puts facts where a template wants them: `{0}` is the first, `{1 span}` the second as a span of so many seconds.
    /// What is filled in is not looked at again.
    static func fill(_ template: String, with facts: [String], span: (String) -> String) -> String {
        var text = ""
        var rest = template[...]
        while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
            text += rest[..<start]
            let words = rest[rest.index(after: start)..<end].split(separator: " ")
            if let index = words.first.flatMap({ Int($0) }), facts.indices.contains(index) {
                text += words.count > 1 ? span(facts[index]) : facts[index]
            }
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }
}
