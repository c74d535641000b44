import Basics
import Testing
import TextSafety

@Suite("text on a terminal (row 38)")
struct TerminalTextTests {
    @Test("plain text of any script is shown as it is", arguments: ["hello", "100 % C:\\n", "größe 漢字 😀", "สวัสดี", ""])
    func plain(text: String) { #expect(VisibleText.forTerminal(text) == text) }

    @Test(
        "control sequences become visible escapes",
        arguments: [
            ("\u{1b}[2J", "\\x1b[2J"), ("\u{1b}]8;;http://x\u{7}y", "\\x1b]8;;http://x\\x07y"),
            ("\u{1b}]52;c;QQ==\u{1b}\\", "\\x1b]52;c;QQ==\\x1b\\"), ("\u{9b}31m", "\\x9b31m"), ("a\rb", "a\\rb"),
            ("a\r\nb", "a\\r\\nb"), ("\u{8}\u{7f}\u{0}", "\\x08\\x7f\\x00"), ("a\u{2028}b", "a\\u{2028}b"),
        ])
    func controls(text: String, shown: String) { #expect(VisibleText.forTerminal(text) == shown) }

    @Test(
        "direction controls become visible escapes",
        arguments: Array(0x202a...0x202e) + Array(0x2066...0x2069) + [0x200e, 0x200f, 0x61c])
    func direction(value: Int) throws {
        let scalar = try #require(Unicode.Scalar(UInt32(value)))
        #expect(VisibleText.forTerminal("a\(scalar)b") == "a\\u{\(String(value, radix: 16))}b")
    }

    @Test("invisible characters become visible escapes, joiners stay")
    func invisible() {
        #expect(VisibleText.forTerminal("a\u{200b}b\u{feff}\u{e0041}") == "a\\u{200b}b\\u{feff}\\u{e0041}")
        #expect(VisibleText.forTerminal("👩\u{200d}🚀 \u{2764}\u{fe0f}") == "👩\u{200d}🚀 \u{2764}\u{fe0f}")
    }

    @Test("text from right to left is isolated, other text is not")
    func isolation() {
        #expect(VisibleText.forTerminal("שלום") == "\u{2068}שלום\u{2069}")
        #expect(VisibleText.forTerminal("abc مرحبا") == "\u{2068}abc مرحبا\u{2069}")
        #expect(VisibleText.forTerminal("\u{2069}א") == "\u{2068}\\u{2069}א\u{2069}")
    }

    @Test("a tab becomes four spaces")
    func tab() { #expect(VisibleText.forTerminal("a\tb") == "a    b") }

    @Test("text with several lines is safe line by line")
    func lines() {
        #expect(VisibleText.linesForTerminal("one\ntwo\r\n\nfour\r") == ["one", "two", "", "four\\r"])
        #expect(VisibleText.linesForTerminal("א\nb") == ["\u{2068}א\u{2069}", "b"])
        #expect(VisibleText.linesForTerminal("") == [""])
    }

    @Test("no random text leaves a control or an open isolate")
    func random() {
        var random = SeededGenerator(seed: 38)
        for _ in 0..<2_000 {
            let text =
                String(decoding: random.bytes(Int.random(in: 0...60, using: &random)), as: UTF8.self)
                + "א\u{202e}\u{2067}"
            let shown = VisibleText.forTerminal(text)
            #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) })
            #expect(shown.unicodeScalars.count { (0x2066...0x2068).contains($0.value) } == 1)
            #expect(shown.hasSuffix("\u{2069}") && !shown.unicodeScalars.contains("\u{202e}"))
        }
    }
}

@Suite("text in a log (row 39)")
struct LogTextTests {
    @Test(
        "newline, ESC and format directives stay one line",
        arguments: [
            ("ok\n2026-01-01 admin: forged", "ok\\n2026-01-01 admin: forged"), ("\u{1b}[1A", "\\x1b[1A"),
            ("%s%n%x", "%s%n%x"), ("a\tb\r", "a\\tb\\r"), ("a\u{85}b\u{2029}", "a\\x85b\\u{2029}"),
            ("a\u{200d}b\u{ad}\u{202e}", "a\\u{200d}b\\xad\\u{202e}"), ("\u{3164}", "\\u{3164}"),
        ])
    func escaped(text: String, logged: String) { #expect(VisibleText.forLog(text) == logged) }

    @Test("an escape can't be forged")
    func forged() { #expect(VisibleText.forLog("a\\nb") != VisibleText.forLog("a\nb")) }

    @Test("no isolates are added to a log")
    func bidi() { #expect(VisibleText.forLog("שלום") == "שלום") }
}

@Suite("columns of a terminal")
struct WidthTests {
    @Test(
        "text takes the columns that terminals give it",
        arguments: [
            ("", 0), ("hello", 5), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("ｱ", 1), ("Ａ", 2), ("😀", 2), ("한", 2),
            ("\u{1112}\u{1161}\u{11ab}", 2), ("\u{2068}א\u{2069}", 1), ("नि", 2), ("a\u{200d}b", 2),
        ])
    func width(text: String, columns: Int) { #expect(VisibleText.width(text) == columns) }
}
