/// Cuts a stream of bytes into lines, with a bound on the length of a line.
package struct LineSplitter: Sendable {
    /// A line, or that there was one that is too long to look at.
    package enum Line: Hashable, Sendable {
        /// Without its line end; bytes that are no UTF-8 are repaired to U+FFFD.
        case text(String)
        case tooLong
    }

    /// The usual bound in bytes; it is beyond what can be said, so that the refusal names the true limit.
    package static let usualLimit = 64 * 1_024

    /// What a line may leave reserved for the next one, in bytes.
    private static let keptCapacity = 4_096

    private let limit: Int
    private var line: [UInt8] = []
    /// The line at hand is too long: it is left out up to its end.
    private var isSkipping = false

    /// - Parameter limit: the most bytes of a line without its line end.
    package init(limit: Int = usualLimit) {
        self.limit = limit
    }

    /// Takes bytes.
    ///
    /// - Returns: the lines that are complete now. A CR before the line end belongs to it.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [Line] {
        var lines: [Line] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(cut())
            } else if line.count < limit {
                line.append(byte)
            } else {
                // A CR may follow the last byte that fits: it is only too much when the line does not end there.
                isSkipping = isSkipping || byte != UInt8(ascii: "\r")
            }
        }
        return lines
    }

    /// The end of the stream.
    ///
    /// - Returns: the last line where it had no end.
    package mutating func finish() -> Line? {
        line.isEmpty && !isSkipping ? nil : cut()
    }

    private mutating func cut() -> Line {
        defer {
            line.removeAll(keepingCapacity: line.capacity <= Self.keptCapacity)
            isSkipping = false
        }
        if isSkipping { return .tooLong }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return .text(String(decoding: line, as: UTF8.self))
    }
}
