import CEdit
import TextSafety

/// An answer to a question while it is typed, byte by byte, with the keys that edit it: Backspace, Ctrl-U, Ctrl-W (which
/// takes everything, as Ctrl-U). Escape sequences are skipped.
struct TypedAnswer {
    enum Step: Hashable {
        case nothing
        /// What to show for the byte.
        case echo(String)
        case entered
        case interrupted
        case endOfInput
    }

    private enum Sequence { case none, begun, control }

    private(set) var bytes: [UInt8] = []
    private let limit: Int
    private let isSecret: Bool
    private var sequence = Sequence.none

    /// - Parameters:
    ///   - limit: the most bytes; room for all is made at once, since growing would leave copies of a secret behind.
    ///   - isSecret: nothing is echoed.
    init(limit: Int, isSecret: Bool) {
        self.limit = limit
        self.isSecret = isSecret
        bytes.reserveCapacity(limit)
    }

    mutating func take(_ byte: UInt8) -> Step {
        switch (sequence, byte) {
        case (.begun, UInt8(ascii: "[")), (.begun, UInt8(ascii: "O")): sequence = .control
        case (.begun, _), (.control, 0x40...0x7e): sequence = .none
        case (.control, 0x20...0x3f): break
        case (.control, _), (.none, _):
            sequence = .none
            return edit(byte)
        }
        return .nothing
    }

    /// Overwrites what was typed.
    mutating func wipe() {
        unsafe bytes.withUnsafeMutableBytes { memory in
            guard let start = memory.baseAddress else { return }
            unsafe cedit_wipe(start, memory.count)
        }
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func edit(_ byte: UInt8) -> Step {
        switch byte {
        case 0x0d, 0x0a: return .entered
        case 0x03: return .interrupted
        case 0x04: return bytes.isEmpty ? .endOfInput : .nothing
        case 0x08, 0x7f: return erase(all: false)
        case 0x15, 0x17: return erase(all: true)
        case 0x1b: sequence = .begun
        case ..<0x20: break
        default: return append(byte)
        }
        return .nothing
    }

    private mutating func append(_ byte: UInt8) -> Step {
        guard bytes.count < limit else { return .nothing }
        bytes.append(byte)
        guard !isSecret else { return .nothing }
        let start = bytes.lastIndex { $0 & 0xc0 != 0x80 } ?? 0
        guard let character = String(validating: bytes[start...], as: UTF8.self) else { return .nothing }
        return .echo(VisibleText.forTerminal(character))
    }

    private mutating func erase(all: Bool) -> Step {
        var columns = 0
        while !bytes.isEmpty {
            let start = bytes.lastIndex { $0 & 0xc0 != 0x80 } ?? 0
            if !isSecret {
                columns += VisibleText.width(VisibleText.forTerminal(String(decoding: bytes[start...], as: UTF8.self)))
            }
            for index in bytes[start...].indices { bytes[index] = 0 }
            bytes.removeSubrange(start...)
            if !all { break }
        }
        return columns > 0 ? .echo(String(repeating: "\u{8} \u{8}", count: columns)) : .nothing
    }
}
