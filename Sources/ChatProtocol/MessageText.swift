/// What is wrong with a text that should become a line of the room.
package enum TextFault: Error, Hashable, Sendable {
    /// There is nothing in it.
    case empty
    /// It has more than `ChatLimits.textBytes`.
    case tooLong
    /// It holds U+0000, which ends a text in many programs and so hides what follows.
    case containsNUL

    /// The word for it.
    package var code: ErrorCode {
        switch self {
        case .empty: .usage
        case .tooLong: .tooLong
        case .containsNUL: .textInvalid
        }
    }
}

/// The rule for texts of lines; every place that makes or reads one asks here.
package enum MessageText {
    /// - Returns: nil when `text` may be a line. O(bytes).
    package static func fault(in text: String) -> TextFault? {
        let bytes = text.utf8
        if bytes.isEmpty { return .empty }
        if bytes.count > ChatLimits.textBytes { return .tooLong }
        return bytes.contains(0) ? .containsNUL : nil
    }
}

extension String {
    /// The longest beginning that has at most `limit` bytes of UTF-8 and no half scalar.
    package func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: max(0, limit))
        while end > startIndex, UTF8.isContinuation(utf8[end]) { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
