import Testing
import TextSafety

private func prepare(_ text: String) throws(PasswordError) -> [UInt8] {
    try PasswordRule.prepare(Array(text.utf8).span)
}

private func fault(_ bytes: [UInt8]) -> PasswordError? {
    do {
        _ = try PasswordRule.prepare(bytes.span)
        return nil
    } catch {
        return error
    }
}

private func fault(_ text: String) -> PasswordError? { fault(Array(text.utf8)) }

@Suite("passwords: OpaqueString (RFC 8265, section 4.2)")
struct PasswordRuleTests {
    @Test(
        "the examples of RFC 8265, section 4.3, that are allowed",
        arguments: [
            "correct horse battery staple", "Correct Horse Battery Staple", "\u{3c0}\u{df}\u{e5}",
            "Jack of \u{2666}s",
        ])
    func examples(password: String) throws { #expect(try prepare(password) == Array(password.utf8)) }

    @Test(
        "other spaces become U+0020", arguments: ["foo\u{1680}bar", "foo\u{a0}bar", "foo\u{3000}bar", "foo\u{202f}bar"])
    func spaces(password: String) throws { #expect(try prepare(password) == Array("foo bar".utf8)) }

    @Test("the empty password and controls are refused, as in RFC 8265")
    func refused() {
        #expect(fault("") == .empty)
        #expect(fault("my cat is a \u{9}by") == .forbidden)
    }

    @Test("what composes to a character that is not allowed there is refused as that character is")
    func composesToForbidden() throws {
        #expect(fault("\u{387}") == .forbidden)
        #expect(try prepare("l\u{387}l") == Array("l\u{b7}l".utf8))
    }

    @Test("NFD becomes NFC; case and width stay")
    func composition() throws {
        #expect(try prepare("e\u{301}") == Array("\u{e9}".utf8))
        #expect(try prepare("Ｂob") == Array("Ｂob".utf8))
    }

    @Test("the default password and any printable ASCII stay as they are")
    func ascii() throws {
        let all = String(String.UnicodeScalarView((0x20...0x7e).map { Unicode.Scalar(UInt8($0)) }))
        #expect(try prepare("GAS1") == Array("GAS1".utf8))
        #expect(try prepare(all) == Array(all.utf8))
    }

    @Test(
        "controls, format and ignorable characters, old jamo, private use and unassigned are refused",
        arguments: [
            "a\u{0}", "a\nb", "\u{7f}", "a\u{85}", "a\u{ad}", "a\u{200b}", "a\u{202e}", "a\u{fe0f}", "a\u{e0041}",
            "\u{1100}\u{1161}", "\u{e000}", "\u{378}", "a\u{2028}", "\u{600}", "\u{640}",
        ])
    func harmful(password: String) { #expect(fault(password) == .forbidden) }

    @Test("noncharacters are refused")
    func noncharacter() { #expect(fault([0xef, 0xb7, 0x90]) == .forbidden) }

    @Test(
        "characters with a contextual rule are allowed in their context only (RFC 5892, appendix A)",
        arguments: [
            ("l\u{b7}l", "a\u{b7}l"), ("\u{375}\u{3b1}", "\u{375}a"), ("\u{5d0}\u{5f3}", "a\u{5f3}"),
            ("\u{5d0}\u{5f4}", "\u{5f4}"), ("\u{30ab}\u{30fb}", "a\u{30fb}"), ("\u{661}\u{662}", "\u{661}\u{6f1}"),
            ("\u{6f1}", "\u{6f1}\u{661}"), ("\u{915}\u{94d}\u{200d}", "a\u{200d}"),
            ("\u{628}\u{200c}\u{628}", "a\u{200c}b"), ("\u{915}\u{94d}\u{200c}", "\u{200c}"),
            ("\u{628}\u{64e}\u{200c}\u{64e}\u{628}", "\u{628}\u{200c}"),
        ])
    func context(allowed: String, refused: String) {
        #expect(fault(allowed) == nil)
        #expect(fault(refused) == .forbidden)
    }

    @Test(
        "bytes that are no UTF-8 are refused, overlong forms and surrogates too",
        arguments: [
            [0xff], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0x61, 0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80],
        ])
    func malformed(bytes: [UInt8]) { #expect(fault(bytes) == .notUTF8) }

    @Test("1024 bytes are a password, 1025 are not")
    func length() {
        #expect(fault([UInt8](repeating: 0x61, count: 1024)) == nil)
        #expect(fault([UInt8](repeating: 0x61, count: 1025)) == .tooLong)
    }

    @Test("a password that grows past the limit by composition is refused")
    func growth() {
        // U+0958 is excluded from composition: 3 bytes become 6.
        #expect(fault(String(repeating: "\u{958}", count: 341)) == .tooLong)
    }

    @Test("the prepared form is stable")
    func stable() throws {
        for password in ["a\u{a0}e\u{301}", "Å\u{3000}x", "\u{958}"] {
            let once = try prepare(password)
            #expect(try PasswordRule.prepare(once.span) == once)
        }
    }
}
