/// Something that is said in whichever language is wanted in the end: what an error carries from where it happened to
/// where it is told. Two are equal when they say the same in every language.
package struct Phrase: Hashable, Sendable {
    private let say: @Sendable (Language) -> String

    package init(_ say: @escaping @Sendable (Language) -> String) {
        self.say = say
    }

    package func text(in language: Language) -> String { say(language) }

    package static func == (left: Phrase, right: Phrase) -> Bool {
        Language.allCases.allSatisfy { left.say($0) == right.say($0) }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(say(.english))
    }
}
