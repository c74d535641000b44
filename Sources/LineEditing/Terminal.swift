import CEdit
import Crypto
import Glibc
import ProgramFrame
import SocketIO
import TextSafety

/// The answer to a question asked at a terminal.
package enum Answer<Value: Sendable>: Sendable {
    /// The person pressed Enter.
    case entered(Value)
    /// Ctrl-C was typed, or a signal that ends the process arrived.
    case interrupted
    /// Ctrl-D on an empty answer, the terminal is gone, or the input is no terminal.
    case endOfInput
}

/// Standard input and output as the client sees them: a terminal with a line being typed, or plain streams of lines.
///
/// The states: idle, then reading (`enter`), then left (`leave`, for good). While reading, either a line editor holds
/// the terminal, or lines are cut from a plain stream: from a pipe or file, at a terminal that can't move its cursor
/// (`TERM=dumb`), or where the caller wants no editing. Nothing in here blocks but the questions, which are asked before
/// the loop runs, and output that the system does not take.
package struct Terminal: ~Copyable {
    /// The most bytes of an answer to a question; more are not taken.
    package static let answerLimitBytes = 1024

    /// How much may wait for a terminal that takes nothing, in bytes; what is printed beyond that is left out.
    package static let pendingLimit = 256 << 10

    /// Readable when `receive` has something to do.
    package let inputDescriptor: Int32
    package let inputIsTerminal: Bool
    package let outputIsTerminal: Bool

    /// False for a regular file, which epoll refuses with EPERM: `receive` is called until the end without waiting.
    package let inputCanBePolled: Bool

    /// Whether `enter` edits lines at a terminal rather than reading a plain stream.
    package let editsLines: Bool

    /// A write failed for good: nobody sees what is printed from here on.
    package private(set) var outputFailed = false

    private let output: Int32
    private let questions: Int32
    private let name: String
    private var editor: LineEditor?
    /// A secret that is being typed instead of a line.
    private var secret: TypedAnswer?
    private var splitter = LineSplitter()
    private var isReading = false
    private var hasEnded = false
    /// What entered lines leave behind; the editor has it while it is there.
    private var formerHistory = LineHistory()
    /// How many bytes the terminal has not taken.
    private var pending = 0
    private var skippedCount = 0

    /// Looks at the descriptors and sets the character type locale to a UTF-8 one. The terminal stays as it is.
    ///
    /// - Parameters:
    ///   - questions: where questions go when `output` is no terminal, or is not for them.
    ///   - name: the value of the environment's `TERM`.
    ///   - editing: false where plain lines are wanted even at a terminal.
    ///   - isForPrograms: programs read the output, though it may be a terminal: no question stands there.
    package init(
        input: Int32 = StandardStream.input, output: Int32 = StandardStream.output,
        questions: Int32 = StandardStream.errors, name: String?, editing: Bool = true, isForPrograms: Bool = false
    ) {
        _ = cedit_use_utf8()
        inputDescriptor = input
        self.output = output
        inputIsTerminal = StandardStream.isTerminal(input)
        outputIsTerminal = StandardStream.isTerminal(output)
        self.questions = outputIsTerminal && !isForPrograms ? output : questions
        self.name = name ?? ""
        editsLines = editing && inputIsTerminal && outputIsTerminal && !["", "dumb", "unknown"].contains(self.name)
        inputCanBePolled = !StandardStream.isRegularFile(input)
    }

    /// The width of the terminal now; 80 when it is unknown.
    package var columns: Int {
        let columns = cedit_columns(output)
        return columns > 0 ? Int(columns) : 80
    }

    /// Whether something was given to the input that was not read.
    package var inputHasMore: Bool { StandardStream.hasUnread(inputDescriptor) }

    /// Begins to read. Where lines are edited the prompt is shown; in a plain stream nothing is.
    ///
    /// - Parameters:
    ///   - prompt: printable text without escapes.
    ///   - history: what the arrows and the search find.
    package mutating func enter(prompt: String, style: EditingStyle, history: LineHistory = LineHistory()) {
        guard !isReading, !hasEnded else { return }
        isReading = true
        formerHistory = history
        guard editsLines else { return }
        editor = LineEditor(
            input: inputDescriptor, output: output, terminalName: name, prompt: prompt, style: style, history: history)
        flush()
    }

    /// Shows another prompt before the line being typed, and other rows above it.
    ///
    /// - Parameter rows: safe to show, each narrower than `columns`; they may carry colours of ours.
    package mutating func set(prompt: String, rows: [String]) {
        guard secret == nil else { return }
        editor?.set(prompt: prompt, area: rows)
        flush()
    }

    /// The line being typed, up to the cursor; empty where no line is edited.
    package var typed: String { mutating get { editor?.typed.before ?? "" } }

    /// The lines that were entered, with those of before.
    package var history: LineHistory {
        mutating get { editor?.history ?? formerHistory }
    }

    /// Gives up what goes on beside typing a line: a search of the history, a pasted text that waits to be sent.
    ///
    /// - Returns: whether there was something to give up.
    package mutating func cancel() -> Bool {
        defer { flush() }
        return editor?.cancel() ?? false
    }

    /// Reads what is there, at most 4 KiB, and returns what it completed. Does not wait.
    ///
    /// - Parameter words: what Tab can complete now.
    package mutating func receive(knowing words: CompletionWords = CompletionWords()) -> [TerminalInput] {
        guard isReading, !hasEnded else { return [] }
        switch StandardStream.read(inputDescriptor) {
        case .nothing: return []
        case .bytes(var bytes):
            defer { bytes.wipe() }
            var inputs: [TerminalInput] = []
            let rest = takeSecret(bytes, &inputs)
            inputs += editor?.take(rest, knowing: words) ?? splitter.take(rest).map(TerminalInput.init)
            flush()
            hasEnded = inputs.last == .endOfInput
            return inputs
        case .end:
            hasEnded = true
            return (splitter.finish().map { [TerminalInput($0)] } ?? []) + [.endOfInput]
        }
    }

    // MARK: Secrets

    /// Asks for a secret while the connection goes on: nothing is shown of what is typed, until Enter ends it. Where no
    /// line is edited nothing happens.
    package mutating func beginSecret(prompt: String) {
        guard editor != nil else { return }
        _ = editor?.cancel()
        editor?.set(prompt: prompt, area: [])
        secret = TypedAnswer(limit: Self.answerLimitBytes, isSecret: true)
        flush()
    }

    /// Gives up the secret that is being typed.
    package mutating func cancelSecret() {
        secret?.wipe()
        secret = nil
    }

    /// - Returns: the bytes behind the secret's end.
    private mutating func takeSecret(_ bytes: [UInt8], _ inputs: inout [TerminalInput]) -> ArraySlice<UInt8> {
        guard secret != nil else { return bytes[...] }
        for (index, byte) in bytes.enumerated() {
            switch secret?.take(byte) {
            case .nothing, .echo, nil: continue
            case .entered: inputs.append(.secret(secret?.bytes))
            case .interrupted, .endOfInput: inputs.append(.secret(nil))
            }
            secret?.wipe()
            secret = nil
            return bytes[(index + 1)...]
        }
        return []
    }

    /// Prints one line, above the line being typed.
    ///
    /// - Parameter line: text that is safe to show (`VisibleText`) without a line end; it may carry colours of ours.
    package mutating func print(_ line: String) {
        print(lines: [line])
    }

    /// Prints lines with one redraw.
    package mutating func print(lines: [String]) {
        guard !lines.isEmpty, !outputFailed else { return }
        if editor != nil {
            guard pending <= Self.pendingLimit else { return skippedCount += lines.count }
            let written = editor?.write(above: lines.map { $0 + "\r\n" }.joined())
            outputFailed = written == false
            flush()
        } else {
            outputFailed = !Self.write(lines.map { $0 + "\n" }.joined(), to: output)
        }
    }

    // MARK: A terminal that does not take everything

    /// Whether something waits until the terminal takes it.
    package var isPending: Bool { pending > 0 }

    /// What to wait for room at while `isPending`.
    package var outputDescriptor: Int32 { mutating get { editor?.output ?? output } }

    /// How many lines were left out since the last call.
    package mutating func takeSkippedCount() -> Int {
        defer { skippedCount = 0 }
        return skippedCount
    }

    /// Brings to the terminal what it takes.
    package mutating func flush() {
        switch editor?.flush() {
        case nil: return
        case .whole: pending = 0
        case .partly(let left): pending = left
        case .failed:
            pending = 0
            outputFailed = true
        }
    }

    /// Empties the screen; the line being typed stands at its top then. Where no line is edited nothing happens.
    package mutating func clear() {
        editor?.clear()
        flush()
    }

    /// Takes over a new size of the terminal; to be called on SIGWINCH.
    package mutating func resize() {
        editor?.resize()
        flush()
    }

    /// Gives the terminal back, stops the process and, once it goes on, takes the terminal again with the line that was
    /// being typed; to be called on SIGTSTP.
    package mutating func suspend() {
        editor?.pause()
        kill(getpid(), SIGSTOP)
        editor?.resume()
        flush()
    }

    /// Stops reading and restores the terminal. Further output is plain.
    package mutating func leave() {
        formerHistory = history
        editor?.close()
        editor = nil
        isReading = false
        hasEnded = true
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            switch StandardStream.write(rest, to: descriptor, patience: StandardStream.endlessPatience) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .full: continue
            case .closed, .failed: return false
            }
        }
        return true
    }
}

extension TerminalInput {
    fileprivate init(_ line: LineSplitter.Line) {
        switch line {
        case .text(let text): self = .line(text)
        case .tooLong: self = .tooLong
        }
    }
}

/// Questions, asked before the loop runs. They wait for the person.
extension Terminal {
    /// Asks for a line that is shown while it is typed.
    ///
    /// - Parameter question: shown as it is, with its trailing space.
    package mutating func ask(_ question: String) -> Answer<String> {
        switch readAnswer(question, isSecret: false) {
        case .entered(let bytes): .entered(String(decoding: bytes, as: UTF8.self))
        case .interrupted: .interrupted
        case .endOfInput: .endOfInput
        }
    }

    /// Asks for a password: nothing is shown while it is typed, and it reaches neither a `String` nor the history.
    ///
    /// The terminal is as before when this returns, however it returns.
    ///
    /// - Returns: the raw bytes, at most `answerLimitBytes`; the caller wipes them.
    package mutating func askSecret(_ question: String) -> Answer<[UInt8]> {
        readAnswer(question, isSecret: true)
    }

    private mutating func readAnswer(_ question: String, isSecret: Bool) -> Answer<[UInt8]> {
        guard inputIsTerminal, !isReading, cedit_answer_begin(inputDescriptor) == 0 else { return .endOfInput }
        show(question)
        var typed = TypedAnswer(limit: Self.answerLimitBytes, isSecret: isSecret)
        let end = readKeys(into: &typed)
        show("\n")
        cedit_answer_end_reading()
        guard end == .entered else {
            typed.wipe()
            return end == .interrupted ? .interrupted : .endOfInput
        }
        return .entered(typed.bytes)
    }

    /// - Returns: `.entered`, `.interrupted` or `.endOfInput`.
    private mutating func readKeys(into typed: inout TypedAnswer) -> TypedAnswer.Step {
        while true {
            let byte = cedit_answer_byte()
            if byte == Int32(cedit_answer_signal) { return .interrupted }
            guard let byte = UInt8(exactly: byte) else { return .endOfInput }
            let step = typed.take(byte)
            switch step {
            case .nothing: continue
            case .echo(let text): show(text)
            case .entered, .interrupted, .endOfInput: return step
            }
        }
    }

    /// Says why an answer does not do, where the question stood.
    ///
    /// - Parameter line: safe to show, without a line end.
    package mutating func answer(_ line: String) { show(line + "\n") }

    private mutating func show(_ text: String) {
        outputFailed = !Self.write(text, to: questions) || outputFailed
    }
}
