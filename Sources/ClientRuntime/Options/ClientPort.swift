import ProgramFrame

/// Which port of this machine the client binds.
package enum ClientPort: Hashable, Sendable {
    /// That one; 0 lets the system choose.
    case number(UInt16)
    /// The first free one of `ClientPort.openRange`.
    case firstFree

    /// The ports that firewalls open for clients of this chat.
    package static let openRange: ClosedRange<UInt16> = 5000...5010

    /// Reads `auto` or a number of 0...65535.
    package init?(argument: String) {
        if argument == "auto" {
            self = .firstFree
        } else if let number = UInt16(decimal: argument) {
            self = .number(number)
        } else {
            return nil
        }
    }
}
