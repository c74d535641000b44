/// A name of a person or a group that passed the rule.
package struct SafeName: Hashable, Sendable {
    /// The name as it is shown: Normalization Form C, at most 32 scalars and 64 bytes of UTF-8.
    package let display: String

    /// What two names are compared by: names that differ only in case, composition, width or by look-alike characters
    /// have the same key. Never shown.
    package let key: String
}

/// Why a text can't be a name.
package enum NameError: Error, Hashable, Sendable {
    /// The text has no characters.
    case empty
    /// More than `NameRule.scalarLimit` scalars or `NameRule.byteLimit` bytes after composition.
    case tooLong
    /// A character that no name may have.
    case forbidden(Unicode.Scalar, NameFault)
    /// A character that a name may have, but not as its first one.
    case badStart(Unicode.Scalar)
    /// More than two marks in a row above or below one letter.
    case tooManyMarks
    /// ICU failed: its data is missing or memory ran out.
    case libraryFailed
}

/// The kind of a character that no name may have.
package enum NameFault: Hashable, Sendable {
    /// Spaces, tabs and line ends.
    case whiteSpace
    /// C0 and C1 controls, ESC among them.
    case control
    /// Direction marks and overrides, which reorder what stands around them.
    case direction
    /// Zero-width characters: joiners, variation selectors, tags, fillers.
    case invisible
    /// Punctuation, symbols, half flags, skin tones, numbers that are no digits, enclosing marks.
    case symbol
    /// Private use, surrogates, and what this version of Unicode does not know.
    case unknown
}

/// The rule for names of people and groups: letters, digits, marks (at most two in a row), `_`, `-`, `.` and emoji of one
/// scalar.
package enum NameRule {
    /// The most scalars of a name in Normalization Form C.
    package static let scalarLimit = 32

    /// The most bytes of a name in Normalization Form C and UTF-8.
    package static let byteLimit = 64

    /// The most combining marks in a row.
    package static let markLimit = 2

    /// The most bytes that are looked at: decomposed, a name of 64 bytes is shorter than this.
    private static let inputLimit = 8 * byteLimit

    /// Checks a text against the rule and prepares it for showing and comparing.
    ///
    /// - Throws: `NameError`; nothing is repaired but composition (NFC).
    package static func prepare(_ text: String) throws(NameError) -> SafeName {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= inputLimit else { throw .tooLong }
        guard let units = Transform.nfc(Array(text.utf16)) else { throw .libraryFailed }
        let display = String(decoding: units, as: UTF16.self)
        try check(display)
        return SafeName(display: display, key: try key(of: units))
    }

    private static func check(_ name: String) throws(NameError) {
        var marks = 0
        for (index, scalar) in name.unicodeScalars.enumerated() {
            guard index < scalarLimit else { throw .tooLong }
            let isMark = try isMark(scalar)
            if index == 0, isMark || scalar == "-" || scalar == "." { throw .badStart(scalar) }
            marks = isMark ? marks + 1 : 0
            guard marks <= markLimit else { throw .tooManyMarks }
        }
        guard name.utf8.count <= byteLimit else { throw .tooLong }
    }

    /// Whether an allowed scalar is a combining mark.
    private static func isMark(_ scalar: Unicode.Scalar) throws(NameError) -> Bool {
        if scalar.isBidiControl { throw .forbidden(scalar, .direction) }
        // Hangul fillers are letters and tags were once format characters: what shows nothing is refused first.
        if scalar.isDefaultIgnorable { throw .forbidden(scalar, .invisible) }
        switch scalar.category {
        case .upper, .lower, .title, .modifierLetter, .otherLetter, .decimalDigit: return false
        case .nonspacingMark, .spacingMark: return true
        case .connector, .dash, .otherPunctuation:
            guard scalar == "_" || scalar == "-" || scalar == "." else { throw .forbidden(scalar, .symbol) }
            return false
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            guard scalar.isLoneEmoji else { throw .forbidden(scalar, .symbol) }
            return false
        // An enclosing mark draws around its neighbours and makes keycaps of digits: the layout would not stay intact.
        case .enclosingMark, .letterNumber, .otherNumber, .open, .close, .initialQuote, .finalQuote:
            throw .forbidden(scalar, .symbol)
        case .space, .lineSeparator, .paragraphSeparator: throw .forbidden(scalar, .whiteSpace)
        case .control: throw .forbidden(scalar, scalar.isWhiteSpace ? .whiteSpace : .control)
        case .format: throw .forbidden(scalar, .invisible)
        case .privateUse, .surrogate, .unassigned: throw .forbidden(scalar, .unknown)
        }
    }

    /// The comparison key.
    ///
    /// Folding alone lets look-alikes of capitals through: Cyrillic В looks like B, but folded в like nothing in Latin.
    /// The skeleton alone knows nothing of case. So the text is folded (case gone), raised (capitals compared by their
    /// looks), and folded again, which brings I, i, l and 1 together; then the small letters are compared by their
    /// looks. Each step maps equal texts to equal texts, so names that differ only in case or form stay equal.
    private static func key(of units: [UInt16]) throws(NameError) -> String {
        let steps = [
            Transform.nfkcCasefold, Transform.upper, Transform.skeleton,
            Transform.nfkcCasefold, Transform.skeleton, Transform.nfkcCasefold,
        ]
        var text = units
        for step in steps {
            guard let next = step(text) else { throw .libraryFailed }
            text = next
        }
        return String(decoding: text, as: UTF16.self)
    }
}
