import CICU

/// The string class FreeformClass (RFC 8264, section 4.3), decided in the order of RFC 8264, section 8.
enum FreeformClass {
    /// Whether the scalar at `index` may stand there.
    ///
    /// - Parameter values: the whole text as scalar values; the contextual rules look at the neighbours.
    static func allows(_ values: [Int32], at index: Int) -> Bool {
        guard let scalar = scalar(values, index) else { return false }
        if let decided = exception(values, index, scalar) { return decided }
        let category = scalar.category
        if category == .unassigned { return false }
        if scalar.value == 0x200c || scalar.value == 0x200d { return joinerIsAllowed(values, index, scalar) }
        if scalar.isConjoiningJamo || scalar.isDefaultIgnorable || scalar.isNoncharacter { return false }
        switch category {
        case .upper, .lower, .title, .modifierLetter, .otherLetter, .nonspacingMark, .enclosingMark, .spacingMark,
            .decimalDigit, .letterNumber, .otherNumber, .space, .dash, .open, .close, .connector, .otherPunctuation,
            .initialQuote, .finalQuote, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return true
        case .control, .format, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned:
            return false
        }
    }

    /// The exceptions of RFC 5892, section 2.6, with the rules of its appendix A.3 to A.9; nil for all other scalars.
    private static func exception(_ values: [Int32], _ index: Int, _ scalar: Unicode.Scalar) -> Bool? {
        switch scalar.value {
        case 0x00df, 0x03c2, 0x06fd, 0x06fe, 0x0f0b, 0x3007: true
        case 0x0640, 0x07fa, 0x302e, 0x302f, 0x3031...0x3035, 0x303b: false
        // Middle dot between two l, as in Catalan.
        case 0x00b7: value(values, index - 1) == 0x6c && value(values, index + 1) == 0x6c
        // Greek keraia before Greek, Hebrew geresh and gershayim after Hebrew.
        case 0x0375: self.scalar(values, index + 1)?.isOf(cicu_greek) ?? false
        case 0x05f3, 0x05f4: self.scalar(values, index - 1)?.isOf(cicu_hebrew) ?? false
        // Katakana middle dot in a text with kana or Han.
        case 0x30fb: values.contains(where: isKanaOrHan)
        // The two rows of Arabic digits don't mix.
        case 0x0660...0x0669: !values.contains { (0x06f0...0x06f9).contains($0) }
        case 0x06f0...0x06f9: !values.contains { (0x0660...0x0669).contains($0) }
        default: nil
        }
    }

    private static func isKanaOrHan(_ value: Int32) -> Bool {
        guard let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value)) else { return false }
        return scalar.isOf(cicu_hiragana) || scalar.isOf(cicu_katakana) || scalar.isOf(cicu_han)
    }

    /// Joiners (RFC 5892, appendix A.1 and A.2): after a virama; the non-joiner also between letters that would join.
    private static func joinerIsAllowed(_ values: [Int32], _ index: Int, _ joiner: Unicode.Scalar) -> Bool {
        if let before = scalar(values, index - 1), before.combiningClass == 9 { return true }
        guard joiner.value == 0x200c else { return false }
        let before = nearest(values, from: index, step: -1)
        let after = nearest(values, from: index, step: 1)
        return (before == .left || before == .dual)
            && (after == .right || after == .dual)
    }

    /// The joining type of the next scalar in one direction that is not transparent to joining.
    private static func nearest(_ values: [Int32], from index: Int, step: Int) -> JoiningType? {
        var position = index + step
        while let scalar = scalar(values, position) {
            let type = scalar.joiningType
            if type != .transparent { return type }
            position += step
        }
        return nil
    }

    private static func value(_ values: [Int32], _ index: Int) -> Int32? {
        values.indices.contains(index) ? values[index] : nil
    }

    private static func scalar(_ values: [Int32], _ index: Int) -> Unicode.Scalar? {
        value(values, index).flatMap { Unicode.Scalar(UInt32(truncatingIfNeeded: $0)) }
    }
}
