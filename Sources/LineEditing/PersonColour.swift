/// The colours of people: the same person has the same one in every session, on every machine.
package enum PersonColour: Hashable, Sendable {
    case none
    /// A terminal of 16 colours: the four that are neither hard to read on black nor on white.
    case sixteen
    /// A terminal of 256 colours.
    case many

    private static let ofSixteen: [UInt32] = [31, 32, 35, 36]

    /// Of the 6x6x6 cube of xterm's 256 colours those that have a contrast of at least 3.6 : 1 to black and to white
    /// alike (WCAG 2.1, relative luminance), one for each step of the hue that the eye tells from the next.
    package static let ofMany: [UInt32] = [160, 166, 130, 100, 64, 28, 30, 32, 63, 99, 164, 162]

    /// - Parameters:
    ///   - terminal: the value of `TERM`.
    ///   - colours: the value of `COLORTERM`.
    package init(terminal: String?, colours: String?) {
        let knows = terminal?.contains("256") == true || terminal?.contains("direct") == true
        let isModern = ["truecolor", "24bit"].contains(colours ?? "")
        self = knows || isModern ? .many : .sixteen
    }

    /// - Parameters:
    ///   - shown: the name as it is safe to show.
    ///   - name: the name; capital letters make no other person.
    package func paint(_ shown: String, name: String) -> String {
        // FNV-1a (draft-eastlake-fnv, 32 bits).
        let hash = name.lowercased().utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        switch self {
        case .none: return shown
        case .sixteen: return "\u{1b}[\(Self.pick(Self.ofSixteen, hash))m\(shown)\u{1b}[39m"
        case .many: return "\u{1b}[38;5;\(Self.pick(Self.ofMany, hash))m\(shown)\u{1b}[39m"
        }
    }

    private static func pick(_ colours: [UInt32], _ hash: UInt32) -> UInt32 {
        colours[Int(hash % UInt32(colours.count))]
    }
}
