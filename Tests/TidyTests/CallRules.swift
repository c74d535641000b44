/// What code may not do. All of it is read from the code alone, so that a comment or a literal may name it.
enum CallRules {
    /// What stops the program when a peer, a user or the system does something unforeseen.
    static func traps(in file: SwiftFile) -> [Finding] {
        let calls: Set = ["fatalError", "preconditionFailure"]
        return file.words.compactMap { word in
            let next = file.byte(at: word.end)
            switch word.text {
            case "try" where next == UInt8(ascii: "!"), "as" where next == UInt8(ascii: "!"):
                return file.finding(at: word.start, "\(word.text)!")
            case let text where calls.contains(text): return file.finding(at: word.start, text)
            case "unowned" where file.code[word.end...].starts(with: Array("(unsafe)".utf8)):
                return file.finding(at: word.start, "unowned(unsafe)")
            default: return nil
            }
        }
    }

    /// `x!`, and with it the types that unwrap themselves; not `!x`, `x != y`, `try!` and `as!`.
    static func forceUnwraps(in file: SwiftFile) -> [Finding] {
        let before = Array(")]}\"?`>/".utf8)
        return file.code.indices.compactMap { offset in
            guard file.code[offset] == UInt8(ascii: "!") else { return nil }
            let previous = file.byte(at: offset - 1)
            guard SwiftFile.isWordByte(previous) || before.contains(previous) else { return nil }
            guard file.byte(at: offset + 1) != UInt8(ascii: "=") else { return nil }
            let keyword = file.words.contains { $0.end == offset && ($0.text == "try" || $0.text == "as") }
            return keyword ? nil : file.finding(at: offset, "force unwrap")
        }
    }

    /// Tests wait for what happens, never for time: a sleep is either too short or too long.
    static func sleeps(in file: SwiftFile) -> [Finding] {
        let calls: Set = ["sleep", "usleep", "nanosleep", "clock_nanosleep"]
        return file.words.filter {
            calls.contains($0.text) && file.byte(at: file.skippingBlanks(from: $0.end)) == UInt8(ascii: "(")
        }
        .map { file.finding(at: $0.start, "\($0.text) in a test") }
    }

    /// Where C is talked to: all unsafe code lives there, in small types.
    static let unsafePlaces = [
        "Sources/Crypto/", "Sources/TextSafety/", "Sources/SocketIO/", "Sources/History/",
        "Sources/LineEditing/", "Sources/Metrics/",
    ]

    /// The word `unsafe`, as an expression, an attribute or an argument, outside of those places.
    static func unsafeCode(in file: SwiftFile) -> [Finding] {
        guard !unsafePlaces.contains(where: { file.path.hasPrefix($0) }) else { return [] }
        return file.words.filter { $0.text == "unsafe" }.map { file.finding(at: $0.start, "unsafe code") }
    }
}
