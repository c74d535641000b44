import CICU

/// What Unicode says of a scalar, by ICU's tables, so that every rule here speaks of the same version of Unicode.
extension Unicode.Scalar {
    private var code: Int32 { Int32(truncatingIfNeeded: value) }

    /// General category; unassigned for what this version of Unicode does not know.
    var category: Category { Category(rawValue: cicu_category(code)) ?? .unassigned }

    var isDefaultIgnorable: Bool { has(cicu_default_ignorable) }
    var isBidiControl: Bool { has(cicu_bidi_control) }
    var isNoncharacter: Bool { has(cicu_noncharacter) }
    var isWhiteSpace: Bool { has(cicu_white_space) }

    /// Marks that stand before digits in Arabic, Syriac and Kaithi: format characters with a shape of their own.
    var isPrependedMark: Bool { has(cicu_prepended_mark) }

    /// Shown as a picture all by itself: neither half a flag nor a skin tone, which melt into their neighbour.
    var isLoneEmoji: Bool {
        has(cicu_emoji_presentation) && !has(cicu_regional_indicator) && !has(cicu_emoji_modifier)
    }

    /// Written from right to left (bidirectional classes R and AL), or reordered there as Arabic digits are (AN).
    var isRightToLeft: Bool {
        let direction = cicu_direction(code)
        return direction == 1 || direction == 13 || direction == 5
    }

    /// East Asian Width (Unicode Standard Annex #11) is wide or full-width: two columns in a terminal.
    var isWide: Bool {
        let width = value(of: cicu_east_asian_width)
        return width == 5 || width == 3
    }

    /// Canonical combining class; 9 is a virama.
    var combiningClass: Int32 { value(of: cicu_combining_class) }

    /// How an Arabic or Syriac letter joins its neighbours; nil for joining types that no rule asks for.
    var joiningType: JoiningType? { JoiningType(rawValue: value(of: cicu_joining_type)) }

    /// A leading, vowel or trailing jamo, from which syllables of old Hangul are put together.
    var isConjoiningJamo: Bool { (1...3).contains(value(of: cicu_hangul_type)) }

    func isOf(_ script: cicu_script) -> Bool { cicu_script_of(code) == Int32(script.rawValue) }

    /// `U+202E`, for messages about characters that can't be shown.
    package var codeName: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private func has(_ property: cicu_binary) -> Bool { cicu_has(code, Int32(property.rawValue)) != 0 }
    private func value(of property: cicu_enumerated) -> Int32 { cicu_value(code, Int32(property.rawValue)) }
}

/// Joining types (Unicode Standard, section 9.2), numbered as ICU's UJoiningType.
enum JoiningType: Int32 {
    case dual = 2
    case left, right, transparent
}

/// The general category of a scalar (Unicode Standard, section 4.5), numbered as ICU's UCharCategory.
enum Category: Int32 {
    case unassigned = 0
    case upper, lower, title, modifierLetter, otherLetter
    case nonspacingMark, enclosingMark, spacingMark
    case decimalDigit, letterNumber, otherNumber
    case space, lineSeparator, paragraphSeparator
    case control, format, privateUse, surrogate
    case dash, open, close, connector, otherPunctuation
    case mathSymbol, currencySymbol, modifierSymbol, otherSymbol
    case initialQuote, finalQuote
}
