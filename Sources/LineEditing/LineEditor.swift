import CEdit
import TextSafety

/// What the person at the keyboard, or the pipe in their place, said.
package enum TerminalInput: Hashable, Sendable {
    /// A whole line without its line end; bytes that are no UTF-8 are repaired to U+FFFD.
    case line(String)
    /// A line longer than `LineSplitter.usualLimit` was skipped.
    case tooLong
    /// The answer to `Terminal.beginSecret`: raw bytes, which the caller wipes; nil when it was given up.
    case secret([UInt8]?)
    /// Nothing more will come. Told once, as the last.
    case endOfInput
}

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
        case ..<0x20, 0x7f: return isEditing(control: first) ? .key([Int32(first)]) : .drop
        case ..<0x80: return .key([Int32(first)])
        default: return judgeCharacter(bytes)
        }
    }

    /// Ctrl-A B D E F H J K L M N P R T U W Y and Backspace; the others would ask for a second key or do nothing.
    private static func isEditing(control: UInt8) -> Bool {
        switch control {
        case 0x01, 0x02, 0x04...0x06, 0x08, 0x0a...0x0e, 0x10, 0x12, 0x14, 0x15, 0x17, 0x19, 0x7f: true
        default: false
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

/// The line being typed at a terminal, over libedit. There is one in a process.
///
/// A thin layer: strings go to C for the length of a call. The terminal is restored by `close`, in `deinit` and at
/// `exit()`.
struct LineEditor: ~Copyable {
    private var keys = KeyReader()
    private var isOpen = true

    /// Takes the terminal over and shows the prompt.
    ///
    /// - Returns: nil when the terminal can't be taken over; it is unchanged then.
    init?(input: Int32, output: Int32, terminalName: String, prompt: String, historyLimit: Int, erasingEntered: Bool) {
        guard unsafe cedit_open(input, output, terminalName, prompt, Int32(historyLimit)) == 0 else { return nil }
        cedit_erase_entered(erasingEntered ? 1 : 0)
    }

    deinit {
        if isOpen { cedit_close() }
    }

    mutating func close() {
        guard isOpen else { return }
        cedit_close()
        isOpen = false
    }

    /// Takes what the terminal sent and returns what the person entered by it.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [TerminalInput] {
        var inputs: [TerminalInput] = []
        for key in keys.take(bytes) {
            let outcome = unsafe key.withUnsafeBufferPointer { scalars in
                unsafe cedit_key(scalars.baseAddress, Int32(scalars.count))
            }
            switch outcome {
            case cedit_outcome_line: inputs.append(unsafe .line(String(cString: cedit_entered())))
            case cedit_outcome_end: return inputs + [.endOfInput]
            default: continue
            }
        }
        return inputs
    }

    func setPrompt(_ prompt: String) {
        cedit_hide()
        unsafe cedit_set_prompt(prompt)
        _ = cedit_show()
    }

    /// Writes bytes above the line being typed.
    ///
    /// - Parameter text: whole lines, each with CR LF at its end.
    /// - Returns: false when the terminal can't be written to.
    func write(above text: String) -> Bool {
        cedit_hide()
        var text = text
        let written = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { unsafe cedit_write($0.baseAddress, $0.count) }
        }
        return cedit_show() == 0 && written == 0
    }

    func resize() { cedit_resize() }
    func pause() { cedit_pause() }
    func resume() { cedit_resume() }
}

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
