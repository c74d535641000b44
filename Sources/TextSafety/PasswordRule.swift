/// Why bytes can't be a password.
package enum PasswordError: Error, Hashable, Sendable {
    /// No bytes.
    case empty
    /// More than `PasswordRule.byteLimit` bytes, as given or as prepared.
    case tooLong
    /// No well-formed UTF-8 (RFC 3629).
    case notUTF8
    /// A character that RFC 8265 does not allow there. It is not named: a message must not tell a part of a password.
    case forbidden
    /// ICU failed: its data is missing or memory ran out.
    case libraryFailed
}

/// Passwords by the profile OpaqueString (RFC 8265, section 4.2), so that the same password typed on another keyboard or
/// system is the same bytes.
package enum PasswordRule {
    /// The most bytes of a password, as given and as prepared.
    package static let byteLimit = 1024

    /// Checks a password and brings it into its one form: other spaces become U+0020, then NFC; case and width stay.
    ///
    /// - Parameter utf8: 1...`byteLimit` bytes of UTF-8.
    /// - Returns: 1...`byteLimit` bytes of UTF-8. The caller wipes them; what was needed on the way is wiped here, and no
    ///   `String` is made of them.
    /// - Throws: `PasswordError`.
    package static func prepare(_ utf8: Span<UInt8>) throws(PasswordError) -> [UInt8] {
        guard !utf8.isEmpty else { throw .empty }
        guard utf8.count <= byteLimit else { throw .tooLong }
        guard var text = Transform.utf16(utf8) else { throw .notUTF8 }
        defer { Transform.wipe(&text) }
        try check(text)
        // All spaces of Unicode lie in the Basic Multilingual Plane: one unit each.
        for index in text.indices {
            if let scalar = Unicode.Scalar(text[index]), scalar.category == .space { text[index] = 0x20 }
        }
        guard var composed = Transform.nfc(text) else { throw .libraryFailed }
        defer { Transform.wipe(&composed) }
        // Composing can make a character that stands only in some places (U+0387 becomes U+00B7): RFC 8264, section 7
        // has the rules for characters applied last, and only so a prepared password is prepared already.
        try check(composed)
        guard var prepared = Transform.utf8(composed) else { throw .libraryFailed }
        guard prepared.count <= byteLimit else {
            Transform.wipe(&prepared)
            throw .tooLong
        }
        return prepared
    }

    private static func check(_ text: [UInt16]) throws(PasswordError) {
        guard var values = Transform.scalars(text) else { throw .libraryFailed }
        defer { Transform.wipe(&values) }
        for index in values.indices {
            guard FreeformClass.allows(values, at: index) else { throw .forbidden }
        }
    }
}
