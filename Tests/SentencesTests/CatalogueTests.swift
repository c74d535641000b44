import ChatClient
import ChatProtocol
import Foundation
import Testing
import TextSafety

@testable import Sentences

@Suite("the catalogue")
struct CatalogueTests {
    /// What is the same in both languages: names, signs, and words that Indonesian took over.
    private static let same: Set = [
        "operator", "port ", "! ", "auto", "topic off", "topic (", "CLOCK", "x",
        "port", "loopback", "server", "firewall", "password",
    ]

    @Test("has the same sentences in both languages, each about the same facts", arguments: Catalogue.areas)
    func complete(area: String) throws {
        let english = try Catalogue("English", area).entries
        let indonesian = try Catalogue("Indonesian", area).entries
        #expect(english.count > 10)
        #expect(english.map(\.declaration) == indonesian.map(\.declaration))
        for (left, right) in zip(english, indonesian) {
            // The system's own words are English.
            if !left.texts.isEmpty { #expect(left.parameters == right.parameters, "\(left.declaration)") }
        }
    }

    @Test("has no sentence that was only copied", arguments: Catalogue.areas)
    func translated(area: String) throws {
        let english = try Catalogue("English", area).entries
        let indonesian = Dictionary(
            try Catalogue("Indonesian", area).entries.map { ($0.declaration, $0) },
            uniquingKeysWith: { first, _ in first })
        for entry in english {
            let copies = Set(entry.texts).intersection(indonesian[entry.declaration]?.texts ?? [])
            let words = copies.filter { text in text.contains(where: \.isLetter) && !Self.isSame(text) }
            #expect(words.isEmpty, "\(entry.declaration): \(words)")
        }
    }

    /// Whether a text may stand in both languages: no word of English is in it.
    private static func isSame(_ text: String) -> Bool {
        if same.contains(text) { return true }
        // Commands, options, units, words of protocols, keys of tables.
        let words = text.split { $0 == " " || $0 == "\n" }.filter { word in
            !word.hasPrefix(":") && !word.hasPrefix("-") && !word.hasPrefix("(")
                && word.contains { $0.isLetter && $0.isLowercase }
        }
        return words.allSatisfy { neutral.contains($0.trimmingCharacters(in: .punctuationCharacters)) }
    }

    private static let neutral = Set(
        [
            "ms", "SQLite", "libsodium", "shutdown", "timeout", "replaced", "restarted", "rename", "bans", "audit",
            "reload",
        ]
            + CommandTable.rows.map(\.name))

    // MARK: What the server says

    /// What may leave out a fact, since the wording is given.
    private static let wordingIsGiven: Set<ServerSentence.Word> = [.nameTaken]

    @Test("says every fact of the server in both languages", arguments: ServerSentence.Word.allCases)
    func serverWords(word: ServerSentence.Word) {
        let english = Language.english.template(for: word)
        let indonesian = Language.indonesian.template(for: word)
        #expect(!english.isEmpty && !indonesian.isEmpty && english != indonesian)
        let wanted = Set(0..<word.factCount)
        #expect(Self.places(english) == wanted)
        #expect(Self.places(indonesian) == (Self.wordingIsGiven.contains(word) ? [] : wanted))
        #expect(Self.spans(english) == Self.spans(indonesian) || word == .slowMode)
    }

    private static func places(_ template: String) -> Set<Int> {
        Set(template.components(separatedBy: "{").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) })
    }

    private static func spans(_ template: String) -> Int { template.components(separatedBy: " span}").count - 1 }

    @Test("has each table once: nothing is in one language only")
    func tables() {
        #expect(EnglishServerWords.templates.count == ServerSentence.Word.allCases.count)
        #expect(IndonesianServerWords.templates.count == ServerSentence.Word.allCases.count)
        for language in Language.allCases {
            #expect(Set(language.chat.commandHelp.keys) == Set(CommandTable.rows.map(\.name)), "\(language)")
            #expect(language.chat.commandHelp.values.allSatisfy { !$0.isEmpty })
            #expect(language.console.commandHelp.values.allSatisfy { !$0.isEmpty })
        }
        #expect(Set(Language.english.console.commandHelp.keys) == Set(Language.indonesian.console.commandHelp.keys))
        for (name, help) in Language.english.chat.commandHelp {
            #expect(Language.indonesian.chat.commandHelp[name] != help, "\(name)")
        }
        for (name, help) in Language.english.console.commandHelp {
            #expect(Language.indonesian.console.commandHelp[name] != help, "\(name)")
        }
    }

    @Test("fills in facts as they are, in the order that the language wants")
    func filling() {
        let fill = { (template: String, facts: [String]) in Language.fill(template, with: facts) { "\($0) s" } }
        #expect(fill("{1} of {0}", ["a", "b"]) == "b of a")
        #expect(fill("{0} {0 span}", ["{1}", "b"]) == "{1} {1} s")
        #expect(fill("no {place", ["a"]) == "no {place" && fill("{2}{}", ["a"]) == "")
    }

    @Test("the seeds' own sentences are said in Indonesian")
    func seeds() {
        let id = Language.indonesian
        #expect(id.room.greeting(name: "bob", server: "s", room: "r").first == "Terkoneksi dengan Server!")
        #expect(id.room.joined("bob") == "bob Bergabung!")
        #expect(id.room.left("bob", .quit) == "bob keluar!")
        #expect(id.text(.nameTaken("bob")) == "Username sudah dipakai. Gunakan yang lain.")
        #expect(id.link.wrongPassword == "Password salah. Silahkan coba lagi.")
        #expect(id.client.askName == "Masukkan username: ")
        #expect(id.text(.noSuchUser("bob")) == "Pengguna bob tidak ditemukan.")
    }

    @Test("counts and measures as the language does")
    func counting() {
        #expect(English.count(1, "member", "members") == "1 member" && English.count(0, "a", "as") == "0 as")
        #expect(Language.english.room.resumed(missed: 1).contains("1 message was"))
        #expect(Language.english.room.resumed(missed: 2).contains("2 messages were"))
        #expect(Language.indonesian.room.resumed(missed: 1).contains("1 pesan"))
        #expect(Language.indonesian.room.resumed(missed: 2).contains("2 pesan"))
        #expect(Language.english.link.roundTrip(tenths: 15) == "round trip 1.5 ms")
        #expect(Language.indonesian.link.roundTrip(tenths: 15) == "pulang-pergi 1,5 ms")
        #expect(Language.english.text(.stopsIn(seconds: 600)) == "The server stops in 10 min.")
        #expect(Language.english.text(.stopsIn(seconds: 30)) == "The server stops in 30 s.")
        #expect(Language.indonesian.text(.stopsIn(seconds: 600)) == "Server berhenti 10 menit lagi.")
        #expect(Language.english.text(.muted(seconds: 121)) == "You are muted for another 3 min.")
        #expect(Language.indonesian.text(.muted(seconds: 45)) == "Kamu masih dibisukan selama 45 detik lagi.")
    }

    @Test("a text of the server that is no fact stays as it is")
    func plainTexts() {
        for language in Language.allCases {
            #expect(language.text(ofServer: "What you see.") == "What you see.")
            #expect(language.text(ofServer: "") == "")
            #expect(language.text(ofServer: "kicked") == "kicked")
            #expect(language.text(ofServer: "\u{1f}dance\u{1f}bob") == "dance bob")
        }
        #expect(Language.indonesian.text(ofServer: ServerSentence.kicked.wireText).hasPrefix("Kamu dikeluarkan"))
    }

    @Test("every reason against a name or password is a sentence without the harmful character")
    func reasons() {
        let names: [NameError] = [
            .empty, .tooLong, .badStart("\u{301}"), .tooManyMarks, .libraryFailed,
            .forbidden("\u{1b}", .control), .forbidden("\u{202e}", .direction), .forbidden(" ", .whiteSpace),
            .forbidden("\u{200b}", .invisible), .forbidden("*", .symbol), .forbidden("\u{e000}", .unknown),
        ]
        let passwords: [PasswordError] = [.empty, .tooLong, .notUTF8, .forbidden, .libraryFailed]
        for language in Language.allCases {
            let reasons = names.map { language.program.reason($0) } + passwords.map { language.program.reason($0) }
            for reason in reasons {
                #expect(reason.hasSuffix(".") && reason.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "\(reason)")
            }
            #expect(Set(reasons).count == names.count + passwords.count)
        }
    }
}
