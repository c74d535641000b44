import SocketIO

/// The lines that a person entered, oldest first, for the arrows and for searching. It may be kept in a file between
/// sessions. Secrets never come here: they are not lines.
///
/// Bound: `linesAtMost`, each of at most `lineBytes`.
package struct LineHistory: Sendable {
    package static let linesAtMost = 500
    package static let lineBytes = 1_000
    private static let fileBytes = linesAtMost * (lineBytes + 1)

    package private(set) var lines: [String] = []
    /// Whether something was added since it was read or kept.
    package private(set) var isChanged = false

    package init(_ lines: [String] = []) {
        for line in lines { add(line) }
        isChanged = false
    }

    /// Adds a line, unless it is blank, too long, of several lines or the same as the one before.
    ///
    /// - Returns: whether it was added.
    @discardableResult
    package mutating func add(_ line: String) -> Bool {
        guard line != lines.last, line.utf8.count <= Self.lineBytes, line.contains(where: { !$0.isWhitespace }),
            !line.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) })
        else { return false }
        if lines.count >= Self.linesAtMost { lines.removeFirst() }
        lines.append(line)
        isChanged = true
        return true
    }

    /// The newest line with the pattern in it that is older than the line at `index`.
    ///
    /// - Parameter shown: a line that is not meant, though it stands there more than once.
    /// - Returns: its index; nil when there is none.
    package func find(_ pattern: String, before index: Int, unlike shown: String? = nil) -> Int? {
        guard !pattern.isEmpty else { return nil }
        return lines[..<min(index, lines.count)].lastIndex { $0 != shown && $0.contains(pattern) }
    }

    // MARK: In a file

    /// Reads what an earlier session kept. What can't be read is as good as nothing: nobody needs it to chat.
    package init(path: String) {
        let bytes = (try? SmallFile.read(path, limit: Self.fileBytes, audience: .ownerOnly)) ?? []
        // A damaged file must not bring controls to the terminal: such lines are not taken.
        self.init(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    /// Keeps the lines, readable for their owner alone (0600).
    package mutating func write(to path: String) {
        guard isChanged else { return }
        isChanged = false
        let text = lines.map { $0 + "\n" }.joined()
        // Losing it to a full disk is no reason to disturb a chat.
        try? SmallFile.write(Array(text.utf8), to: path, survivesPowerCut: false)
    }
}
