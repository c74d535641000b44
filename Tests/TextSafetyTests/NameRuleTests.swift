import Basics
import Testing
import TextSafety

private func fault(_ text: String) -> NameError? {
    do {
        _ = try NameRule.prepare(text)
        return nil
    } catch {
        return error
    }
}

private func key(_ text: String) throws -> String { try NameRule.prepare(text).key }

private func forbids(_ text: String, _ expected: NameFault) -> Bool {
    if case .forbidden(_, let kind) = fault(text) { kind == expected } else { false }
}

@Suite("names: what is refused (row 35)")
struct RefusedNameTests {
    @Test("controls and line ends are refused", arguments: ["a\u{0}b", "a\u{7}", "a\u{7f}b", "\u{80}a", "a\u{9b}31m"])
    func controls(name: String) { #expect(forbids(name, .control)) }

    @Test("ESC sequences are refused", arguments: ["\u{1b}[31mred", "a\u{1b}]0;t\u{7}"])
    func escapes(name: String) { #expect(forbids(name, .control)) }

    @Test(
        "white space of any kind is refused",
        arguments: [" a", "a b", "a ", "a\tb", "a\nb", "a\rb", "a\u{a0}b", "a\u{3000}b", "a\u{2028}b", "a\u{85}b"])
    func whiteSpace(name: String) { #expect(forbids(name, .whiteSpace)) }

    @Test(
        "direction marks are refused",
        arguments: [
            "a\u{200e}", "\u{200f}a", "a\u{202a}b", "a\u{202e}b", "a\u{2066}b", "a\u{2069}", "a\u{61c}b",
        ])
    func direction(name: String) { #expect(forbids(name, .direction)) }

    @Test(
        "zero-width characters, joiners, variation selectors, tags and fillers are refused",
        arguments: [
            "a\u{200b}b", "a\u{200c}b", "a\u{200d}b", "a\u{2060}b", "\u{feff}a", "a\u{ad}b", "a\u{34f}b",
            "a\u{fe0f}", "a\u{e0100}", "a\u{180b}", "a\u{e0041}", "a\u{115f}", "a\u{1160}", "\u{3164}", "a\u{ffa0}",
        ])
    func invisible(name: String) { #expect(forbids(name, .invisible)) }

    @Test(
        "signs, keycaps, flags, skin tones and numbers that are no digits are refused",
        arguments: [
            "a@b", "a:b", "a/b", "#a", "a\\b", "a!b", "<a>", "a|b", "a$", "½", "Ⅷ", "a\u{20e3}", "1\u{20e3}",
            "\u{1f1ee}\u{1f1e9}", "\u{1f44d}\u{1f3fd}", "\u{2764}", "\u{2800}", "\u{ff0d}a",
        ])
    func signs(name: String) { #expect(forbids(name, .symbol)) }

    @Test("private use and unassigned characters are refused", arguments: ["a\u{e000}", "a\u{378}", "\u{f8ff}"])
    func unknown(name: String) { #expect(forbids(name, .unknown)) }

    @Test("overlong UTF-8 never becomes a name", arguments: [[0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80]])
    func overlong(bytes: [UInt8]) {
        var message: [UInt8] = []
        message.putBlock(bytes)
        #expect(throws: WireError.invalid(field: "name")) {
            var span = message.span
            _ = try span.takeText(limit: NameRule.byteLimit, field: "name")
        }
    }

    @Test("no characters are refused")
    func empty() { #expect(fault("") == .empty) }

    @Test("32 scalars are a name, 33 are not")
    func scalars() throws {
        #expect(try NameRule.prepare(String(repeating: "a", count: 32)).display.count == 32)
        #expect(fault(String(repeating: "a", count: 33)) == .tooLong)
    }

    @Test("64 bytes are a name, 65 are not")
    func bytes() throws {
        let sixtyFour = String(repeating: "語", count: 21) + "a"
        #expect(try NameRule.prepare(sixtyFour).display.utf8.count == 64)
        #expect(fault(sixtyFour + "a") == .tooLong)
    }

    @Test("the length counts after composition")
    func composedLength() throws {
        let name = try NameRule.prepare(String(repeating: "e\u{301}", count: 32))
        #expect(name.display.unicodeScalars.count == 32)
    }

    @Test("a huge text is refused before any work is done on it")
    func huge() { #expect(fault(String(repeating: "a\u{301}", count: 1_000_000)) == .tooLong) }

    @Test("piles of marks are refused, two in a row are not")
    func marks() throws {
        #expect(try NameRule.prepare("x\u{301}\u{302}y").display == "x\u{301}\u{302}y")
        #expect(fault("x\u{301}\u{302}\u{303}y") == .tooManyMarks)
    }
}

@Suite("names: what is the same name (row 36)")
struct SameNameTests {
    @Test("NFC and NFD are one name, shown composed")
    func composition() throws {
        let composed = try NameRule.prepare("Jos\u{e9}")
        let decomposed = try NameRule.prepare("Jose\u{301}")
        #expect(composed == decomposed)
        #expect(Array(decomposed.display.unicodeScalars) == Array("Jos\u{e9}".unicodeScalars))
    }

    @Test(
        "names that differ in case are the same",
        arguments: [
            ("Bob", "bOB"), ("STRASSE", "straße"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Вова", "вОВА"), ("ÉMILE", "émile"),
            ("Ian", "IAN"), ("lily", "LILY"), ("ǅ", "ǆ"), ("Հայկ", "ՀԱՅԿ"), ("ნინო", "ᲜᲘᲜᲝ"),
        ])
    func letterCase(one: String, other: String) throws { #expect(try key(one) == key(other)) }

    @Test(
        "Cyrillic and Greek look-alikes are the same",
        arguments: [
            ("alice", "\u{430}lice"), ("SERVER", "\u{405}\u{415}RV\u{415}R"), ("server", "s\u{435}rv\u{435}r"),
            ("BOB", "\u{412}\u{41e}\u{412}"), ("TOM", "\u{422}\u{41e}\u{41c}"), ("HEX", "\u{41d}\u{415}\u{425}"),
            ("paypal", "\u{440}\u{430}\u{443}\u{440}\u{430}l"), ("NINA", "\u{39d}\u{399}\u{39d}\u{391}"),
            ("dodo", "\u{501}od\u{43e}"), ("ijs", "\u{456}\u{458}\u{455}"),
        ])
    func lookAlikes(one: String, other: String) throws { #expect(try key(one) == key(other)) }

    @Test(
        "Latin look-alikes are the same",
        arguments: [
            ("Alice", "AIice"), ("alice", "a1ice"), ("bob", "b0b"), ("BOB", "B0B"), ("modern", "modem"), ("ill", "Ill"),
        ])
    func latinLookAlikes(one: String, other: String) throws { #expect(try key(one) == key(other)) }

    @Test(
        "full-width and mathematical forms are the same",
        arguments: [("bob", "\u{ff42}\u{ff4f}\u{ff42}"), ("SERVER", "ＳＥＲＶＥＲ"), ("bob", "𝐛𝐨𝐛"), ("bob", "ⓑⓞⓑ")])
    func width(one: String, other: String) throws {
        guard fault(other) == nil else { return #expect(forbids(other, .symbol)) }
        #expect(try key(one) == key(other))
    }

    @Test(
        "different names stay different",
        arguments: [
            ("ana", "bo"), ("bob", "bobb"), ("user2", "user3"), ("Ane", "Ana"), ("a.b", "a_b"), ("a-b", "ab"),
            ("josé", "jose"), ("вова", "бобa"), ("王", "玉"), ("😀", "😁"), ("nan", "van"),
        ])
    func different(one: String, other: String) throws { #expect(try key(one) != key(other)) }

    @Test("a thousand numbered names have a thousand keys")
    func numbered() throws {
        let keys = try Set((0..<1000).map { try key("user\($0)") })
        #expect(keys.count == 1000)
    }

    @Test("many threads get the same keys from the one checker")
    func threads() async throws {
        let expected = try key("\u{405}\u{415}RV\u{415}R")
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<200).allSatisfy { _ in (try? key("server")) == expected } }
            }
            for await same in group { #expect(same) }
        }
    }
}

@Suite("names: what is allowed (row 37)")
struct AllowedNameTests {
    @Test(
        "letters, digits and marks of any script, _ - . and lone emoji are names",
        arguments: [
            "a", "bob", "Ana-Lucía", "o.k._9", "_", "王小明", "김철수", "नमस्ते", "สมชาย", "אברהם", "محمد", "Zoë7",
            "😀", "cat🐱", "٣", "ʻokina", "ñandú",
        ])
    func allowed(name: String) { #expect(fault(name) == nil) }

    @Test("the first character is none of : / # - .", arguments: [":a", "/a", "#a", "-a", ".a"])
    func first(name: String) { #expect(fault(name) != nil) }

    @Test("a name can't begin with a mark that would join what stands before it")
    func leadingMark() { #expect(fault("\u{301}a") == .badStart("\u{301}")) }

    @Test("- and . may stand inside and at the end", arguments: ["a-", "a.", "a-.b"])
    func inside(name: String) { #expect(fault(name) == nil) }

    @Test("no random text of allowed and harmful scalars breaks the limits or shows a control")
    func random() {
        var random = SeededGenerator(seed: 35)
        let pool: [Unicode.Scalar] = [
            "a", "Z", "9", "é", "\u{301}", "\u{200d}", "\u{202e}", "😀", "-", "语", "\u{1b}", "ß",
        ]
        for _ in 0..<5_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                text.unicodeScalars.append(pool[Int.random(in: 0..<pool.count, using: &random)])
            }
            guard let name = try? NameRule.prepare(text) else { continue }
            #expect((1...32).contains(name.display.unicodeScalars.count) && name.display.utf8.count <= 64)
            #expect(VisibleText.forTerminal(name.display) == name.display)
            #expect(!name.key.isEmpty)
        }
    }
}
