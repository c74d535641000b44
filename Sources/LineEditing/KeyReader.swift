/// Cuts what a terminal sends into whole keys.
///
/// libedit waits inside for the rest of an escape sequence or of a UTF-8 character. The connection lives on the same
/// thread and must not wait with it, so only whole keys reach libedit, and only those that it handles without asking
/// for another. The sequences of arrows and the like become the control keys of the same meaning.
package struct KeyReader: Sendable {
    /// The longest escape sequence that is waited for, in bytes.
    private static let sequenceLimit = 32

    /// Stands for the Delete key; CEdit binds it.
    package static let deleteKey: Int32 = 0x1f

    // Keys that the line editor acts on itself, where libedit would wait for further keys. No scalar is negative.

    /// Tab and Shift-Tab.
    package static let tab: Int32 = -1
    package static let backTab: Int32 = -2
    /// Ctrl-R.
    package static let search: Int32 = -3
    /// Ctrl-G.
    package static let cancel: Int32 = -4
    /// What follows is pasted, until the terminal says that it ends.
    package static let paste: Int32 = -5
    /// Ctrl-L.
    package static let clear: Int32 = -6

    private var waiting: [UInt8] = []

    private enum Verdict {
        case incomplete
        case drop
        case key([Int32])
        /// The last byte begins something of its own.
        case again
    }

    package init() {}

    /// Takes bytes and returns the keys they completed, each as the scalars that libedit gets.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [[Int32]] {
        var keys: [[Int32]] = []
        for byte in bytes {
            waiting.append(byte)
            var verdict = Self.judge(waiting)
            if case .again = verdict {
                waiting = [byte]
                verdict = Self.judge(waiting)
            }
            switch verdict {
            case .incomplete: continue
            case .key(let key): keys.append(key)
            case .drop, .again: break
            }
            waiting.removeAll(keepingCapacity: true)
        }
        return keys
    }

    private static func judge(_ bytes: [UInt8]) -> Verdict {
        guard let first = bytes.first else { return .drop }
        switch first {
        case 0x1b: return judgeSequence(bytes)
        case ..<0x20, 0x7f: return judge(control: first)
        case ..<0x80: return .key([Int32(first)])
        default: return judgeCharacter(bytes)
        }
    }

    /// Ctrl-A B D E F H J K M N P T U W Y and Backspace are libedit's; the others would ask for a second key or do
    /// nothing, but for those that are ours.
    private static func judge(control: UInt8) -> Verdict {
        switch control {
        case 0x01, 0x02, 0x04...0x06, 0x08, 0x0a, 0x0b, 0x0d, 0x0e, 0x10, 0x14, 0x15, 0x17, 0x19, 0x7f:
            .key([Int32(control)])
        case 0x07: .key([cancel])
        case 0x09: .key([tab])
        case 0x0c: .key([clear])
        case 0x12: .key([search])
        default: .drop
        }
    }

    private static func judgeSequence(_ bytes: [UInt8]) -> Verdict {
        guard bytes.count > 1, let last = bytes.last else { return .incomplete }
        switch bytes[1] {
        // CSI (ECMA-48, section 5.4): parameters and intermediates, then one final byte.
        case UInt8(ascii: "["):
            guard bytes.count > 2 else { return .incomplete }
            switch last {
            case 0x20...0x3f: return bytes.count < sequenceLimit ? .incomplete : .drop
            case 0x40...0x7e: return cursorKey(bytes.dropFirst(2)).map { .key($0) } ?? .drop
            default: return .again
            }
        // SS3: one byte follows.
        case UInt8(ascii: "O"):
            guard bytes.count > 2 else { return .incomplete }
            if last == UInt8(ascii: "M") { return .key([0x0d]) }
            return cursorKey(bytes.dropFirst(2)).map { .key($0) } ?? .drop
        // Meta with a key of libedit's emacs map that works on words, the history or the case.
        case let key where "bBfFdDuUlLcCpPnN\u{8}\u{7f}".utf8.contains(key): return .key([0x1b, Int32(key)])
        case 0x20...0x7e: return .drop
        default: return .again
        }
    }

    private static func cursorKey(_ sequence: ArraySlice<UInt8>) -> [Int32]? {
        switch String(decoding: sequence, as: UTF8.self) {
        case "A": [0x10]  // up: Ctrl-P
        case "B": [0x0e]  // down: Ctrl-N
        case "C": [0x06]  // right: Ctrl-F
        case "D": [0x02]  // left: Ctrl-B
        case "H", "1~", "7~": [0x01]  // home: Ctrl-A
        case "F", "4~", "8~": [0x05]  // end: Ctrl-E
        case "3~": [deleteKey]
        case "Z": [backTab]
        case "200~": [paste]
        case "1;5C", "1;3C", "5C": [0x1b, 0x66]  // a word right: Meta-F
        case "1;5D", "1;3D", "5D": [0x1b, 0x62]  // a word left: Meta-B
        default: nil
        }
    }

    /// A character beyond ASCII (RFC 3629); what is malformed is dropped, and so are C1 controls.
    private static func judgeCharacter(_ bytes: [UInt8]) -> Verdict {
        let length =
            switch bytes[0] {
            case 0xc2...0xdf: 2
            case 0xe0...0xef: 3
            case 0xf0...0xf4: 4
            default: 0
            }
        guard length > 0 else { return .drop }
        if bytes.count > 1, let last = bytes.last, last & 0xc0 != 0x80 { return .again }
        guard bytes.count == length else { return .incomplete }
        guard let text = String(validating: bytes, as: UTF8.self), let scalar = text.unicodeScalars.first,
            scalar.value >= 0xa0
        else { return .drop }
        return .key([Int32(truncatingIfNeeded: scalar.value)])
    }
}
