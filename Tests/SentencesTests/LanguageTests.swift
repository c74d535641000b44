import Sentences
import Testing

@Suite("the language")
struct LanguageTests {
    @Test(
        "is a locale's, English where neither fits",
        arguments: [
            ("id_ID.UTF-8", Language.indonesian), ("id", .indonesian), ("ID", .indonesian), ("id@latin", .indonesian),
            ("id-ID", .indonesian), ("in_ID", .indonesian), ("ind", .indonesian), ("C", .english), ("POSIX", .english),
            ("C.UTF-8", .english), ("en_US", .english), ("en", .english), ("", .english), ("_", .english),
            ("idd", .english), ("fr_FR.UTF-8", .english), ("\u{1b}[2J", .english),
        ])
    func locales(locale: String, language: Language) {
        #expect(Language(locale: locale) == language)
    }

    @Test("is that of the first variable that says something")
    func precedence() {
        #expect(Language(environment: "id_ID", "en_US", "en_US") == .indonesian)
        #expect(Language(environment: nil, "id_ID", "en_US") == .indonesian)
        #expect(Language(environment: "", nil, "id") == .indonesian)
        // Whoever says French does not mean what a weaker variable says.
        #expect(Language(environment: "fr_FR", "id_ID", "id_ID") == .english)
        #expect(Language(environment: "C", nil, "id_ID.UTF-8") == .english)
        #expect(Language(environment: nil, nil, nil) == .english)
        #expect(Language(environment: "", "", "") == .english)
    }

    @Test("has a code that --lang takes")
    func codes() {
        #expect(Language.codes == ["id", "en"])
        #expect(Language(rawValue: "id") == .indonesian && Language(rawValue: "fr") == nil)
    }

    @Test("a phrase is said in whichever is wanted, and is the same where it says the same")
    func phrases() {
        let phrase = Phrase { $0.room.bye }
        #expect(phrase.text(in: .english) == "You left the room.")
        #expect(phrase.text(in: .indonesian) == "Kamu keluar dari ruang.")
        #expect(phrase == Phrase { $0.room.bye } && phrase.hashValue == Phrase { $0.room.bye }.hashValue)
        #expect(phrase != Phrase { $0.room.you })
    }
}
