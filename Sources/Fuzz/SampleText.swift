import Basics

/// Texts that people and attackers write.
enum SampleText {
    private static let words = [
        "hello", "ana", "Zoë", "SERVER", ":quit", "/list", "привет", "你好", "שלום", "مرحبا", "e\u{301}", "한국",
        "\u{1f600}",
        "👩‍👩‍👧", "x", "paypal", "раураl", " ", "a_b-c.d", "Straße", "İ", "ﬁ", "ǆ",
    ]

    /// Scalars that have bitten other programs: controls, direction marks, joiners, fillers, marks, ends of ranges.
    private static let odd: [UInt32] = [
        0x00, 0x07, 0x09, 0x0a, 0x0d, 0x1b, 0x20, 0x5c, 0x7f, 0x85, 0x9b, 0xa0, 0xad, 0x300, 0x345, 0x34f, 0x61c, 0x600,
        0x115f, 0x1680, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202e, 0x2066, 0x2069, 0x20dd,
        0x3000, 0x3164, 0xd7ff, 0xe000, 0xfe0f, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1_0000, 0x1_f1e6, 0x1_f3fb, 0xe_0001,
        0xe_0041, 0xf_0000, 0x10_ffff,
    ]

    /// - Parameter limit: the most bytes of UTF-8; what is longer is cut between scalars.
    static func make(limit: Int, using random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        repeat {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6: text.append(contentsOf: (words.randomElement(using: &random) ?? "").unicodeScalars)
            case 6..<8: append(odd.randomElement(using: &random), to: &text)
            case 8: append(UInt32.random(in: 0...0x10_ffff, using: &random), to: &text)
            default:
                text.append(
                    contentsOf: String(repeating: "a", count: .random(in: 1...80, using: &random)).unicodeScalars)
            }
        } while random.chance(0.6)
        while String(text).utf8.count > limit { text.removeLast() }
        return String(text)
    }

    /// A text that is not empty and has no NUL.
    static func line(limit: Int, using random: inout SeededGenerator) -> String {
        let scalars = make(limit: limit, using: &random).unicodeScalars.filter { $0.value != 0 }
        return scalars.isEmpty ? "line" : String(String.UnicodeScalarView(scalars))
    }

    /// A name that the rule for names takes, or nearly.
    static func name(using random: inout SeededGenerator) -> String {
        let names = ["ana", "Zoë", "bo_2", "мария", "李雷", "e\u{301}t", "\u{1f600}", "x", "Ünal", "Δ", "ＡＢ"]
        if random.chance(0.5) { return names.randomElement(using: &random) ?? "ana" }
        return line(limit: 64, using: &random)
    }

    private static func append(_ value: UInt32?, to text: inout String.UnicodeScalarView) {
        if let value, let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }
}
