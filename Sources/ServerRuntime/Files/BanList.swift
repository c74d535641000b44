import ChatProtocol

/// A file of bans: a name, an address or a block of addresses in each line, and the reason behind it.
enum BanList {
    struct Line: Hashable {
        /// Counted from 1.
        let number: Int
        let subject: String
        /// Empty where there is none.
        let reason: String
    }

    /// The longest file.
    static let byteLimit = 256 * 1_024
    /// How many bans are taken from it: `:ban` needs some room, too.
    static let linesAtMost = ChatLimits.bans / 2

    /// Reads a file. Total: any bytes may be given.
    static func lines(in bytes: [UInt8]) -> [Line] {
        let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
        return zip(1..., lines).compactMap { number, line in
            // A name can't begin with this sign, and a reason needs none.
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let subject = words.first else { return nil }
            let reason = words.dropFirst().joined(separator: " ")
            return Line(number: number, subject: String(subject), reason: reason)
        }
    }
}
