import CEdit
import TextSafety

/// What the person at the keyboard, or the pipe in their place, said.
package enum TerminalInput: Hashable, Sendable {
    /// A line without its line end, or a pasted text of several lines; bytes that are no UTF-8 are repaired to U+FFFD.
    case line(String)
    /// A line longer than `LineSplitter.usualLimit`, or a pasted text longer than `PastedText.limitBytes`, was skipped.
    case tooLong
    /// The answer to `Terminal.beginSecret`: raw bytes, which the caller wipes; nil when it was given up.
    case secret([UInt8]?)
    /// Nothing more will come. Told once, as the last.
    case endOfInput
}

/// What the line editor itself says to the person, in the language that they read.
package struct EditorWords: Sendable {
    /// The prompt while the history is searched.
    ///
    /// - Parameters:
    ///   - pattern: what is searched for.
    ///   - isFound: whether the line that is shown has it.
    package var search: @Sendable (_ pattern: String, _ isFound: Bool) -> String
    /// Asks whether a pasted text of so many lines is to be sent: Enter sends it.
    package var paste: @Sendable (_ lines: Int) -> String

    package init(
        search: @escaping @Sendable (_ pattern: String, _ isFound: Bool) -> String,
        paste: @escaping @Sendable (_ lines: Int) -> String
    ) {
        self.search = search
        self.paste = paste
    }
}

/// How lines are edited.
package struct EditingStyle: Sendable {
    package var words: EditorWords
    /// What Tab completes.
    package var table: CompletionTable
    /// An entered line disappears: the caller shows it in its own way.
    package var erasesEntered = false
    /// Whether a write waits for a terminal that takes nothing. Else what it does not take waits, and the caller goes on.
    package var isPatient = true

    package init(words: EditorWords, table: CompletionTable) {
        self.words = words
        self.table = table
    }
}

/// The line being typed at a terminal, over libedit. There is one in a process.
///
/// A thin layer: strings go to C for the length of a call. The terminal is restored by `close`, in `deinit` and at
/// `exit()`. Keys that libedit can't do without waiting for further ones are done here, by giving libedit another line:
/// completion, the search of the history, and pasting.
struct LineEditor: ~Copyable {
    /// What is going on beside plain editing.
    private enum Mode {
        case plain
        /// Tab was pressed: the candidates, the one that stands in the line, and how many scalars it has.
        case completing([String], at: Int, length: Int)
        /// Ctrl-R was pressed: the pattern, the line found by it, and what was typed before.
        case searching(String, at: Int?, original: String)
        /// A text is coming in.
        case pasting(PastedText)
        /// A text of several lines waits for the person's word.
        case asking(String)
    }

    private let style: EditingStyle
    private var keys = KeyReader()
    private var mode = Mode.plain
    private var isOpen = true
    private var prompt: String
    private var area: [String] = []
    private(set) var history: LineHistory

    /// Takes the terminal over and shows the prompt.
    ///
    /// - Returns: nil when the terminal can't be taken over; it is unchanged then.
    init?(
        input: Int32, output: Int32, terminalName: String, prompt: String, style: EditingStyle, history: LineHistory
    ) {
        guard
            unsafe cedit_open(
                input, output, terminalName, prompt, Int32(LineHistory.linesAtMost), style.isPatient ? 1 : 0) == 0
        else { return nil }
        cedit_erase_entered(style.erasesEntered ? 1 : 0)
        for line in history.lines { unsafe cedit_remember(line) }
        self.style = style
        self.prompt = prompt
        self.history = history
    }

    deinit {
        if isOpen { cedit_close() }
    }

    mutating func close() {
        guard isOpen else { return }
        cedit_close()
        isOpen = false
    }

    // MARK: Keys

    /// Takes what the terminal sent and returns what the person entered by it.
    ///
    /// - Parameter words: what Tab can complete now.
    mutating func take(_ bytes: some Sequence<UInt8>, knowing words: CompletionWords) -> [TerminalInput] {
        var inputs: [TerminalInput] = []
        for byte in bytes {
            if case .pasting(var paste) = mode {
                mode = .plain  // Else the bytes would be shared, and copied for each.
                let step = paste.take(byte)
                mode = .pasting(paste)
                if step != .open { end(step, &inputs) }
                continue
            }
            for key in keys.take(CollectionOfOne(byte)) {
                guard take(key, words, &inputs) else { return inputs + [.endOfInput] }
            }
        }
        return inputs
    }

    /// - Returns: whether editing goes on.
    private mutating func take(_ key: [Int32], _ words: CompletionWords, _ inputs: inout [TerminalInput]) -> Bool {
        if case .asking(let text) = mode {
            if let input = decide(text, key) { inputs.append(input) }
            return true
        }
        if case .searching(let pattern, let index, let original) = mode,
            search(key, pattern, index, original)
        {
            return true
        }
        switch key {
        case [KeyReader.tab]: complete(words, step: 1)
        case [KeyReader.backTab]: complete(words, step: -1)
        case [KeyReader.search]: beginSearch()
        case [KeyReader.paste]: begin(PastedText())
        case [KeyReader.clear]: cedit_clear_screen()
        case [KeyReader.cancel]: leaveMode()
        default: return edit(key, &inputs)
        }
        return true
    }

    private mutating func edit(_ key: [Int32], _ inputs: inout [TerminalInput]) -> Bool {
        leaveMode()
        let outcome = unsafe key.withUnsafeBufferPointer { scalars in
            unsafe cedit_key(scalars.baseAddress, Int32(scalars.count))
        }
        switch outcome {
        case cedit_outcome_line: inputs.append(.line(remember(unsafe String(cString: cedit_entered()))))
        case cedit_outcome_end: return false
        default: break
        }
        return true
    }

    private mutating func remember(_ line: String) -> String {
        if history.add(line) { unsafe cedit_remember(line) }
        return line
    }

    /// Back to plain editing, with the line as it stands.
    private mutating func leaveMode() {
        if case .plain = mode { return }
        mode = .plain
        redraw()
    }

    /// Gives up what goes on beside plain editing: a search, a pasted text that waits.
    ///
    /// - Returns: whether there was something to give up.
    mutating func cancel() -> Bool {
        switch mode {
        case .plain, .completing: return false
        case .searching(_, _, let original): setLine(original)
        case .pasting, .asking: break
        }
        leaveMode()
        return true
    }

    // MARK: Completion

    /// - Parameter step: 1 for the next candidate, -1 for the one before.
    private mutating func complete(_ words: CompletionWords, step: Int) {
        if case .completing(let candidates, let index, let length) = mode {
            let next = (index + step + candidates.count) % candidates.count
            return put(candidates, at: next, replacing: length)
        }
        guard let completion = style.table.completion(of: typed.before, knowing: words) else { return }
        put(completion.candidates, at: step > 0 ? 0 : completion.candidates.count - 1, replacing: completion.replaced)
    }

    private mutating func put(_ candidates: [String], at index: Int, replacing length: Int) {
        let candidate = candidates[index]
        mode =
            candidates.count == 1
            ? .plain : .completing(candidates, at: index, length: candidate.unicodeScalars.count)
        setArea()
        unsafe cedit_replace(Int32(length), candidate)
    }

    // MARK: Searching

    private mutating func beginSearch() {
        let original = typed.before + typed.behind
        mode = .searching("", at: nil, original: original)
        redraw()
    }

    /// - Returns: whether the key belonged to the search; else it ends the search and goes on.
    private mutating func search(_ key: [Int32], _ pattern: String, _ index: Int?, _ original: String) -> Bool {
        let newest = history.lines.count
        switch key {
        case [KeyReader.search]:
            find(pattern, before: index ?? newest, unlike: index.map { history.lines[$0] }, otherwise: index, original)
        case [0x08], [0x7f]: find(String(pattern.dropLast()), before: newest, otherwise: nil, original)
        case [KeyReader.cancel]: _ = cancel()
        default:
            guard key.count == 1, key[0] >= 0x20, key[0] != 0x7f, pattern.utf8.count < LineHistory.lineBytes,
                let scalar = Unicode.Scalar(UInt32(clamping: key[0]))
            else { return false }
            let longer = pattern + String(Character(scalar))
            find(longer, before: index.map { $0 + 1 } ?? newest, otherwise: nil, original)
        }
        return true
    }

    /// Shows the newest line with the pattern that is older than the one at `end`.
    ///
    /// - Parameters:
    ///   - shown: what is on the screen already.
    ///   - former: what counts as found where there is none.
    private mutating func find(
        _ pattern: String, before end: Int, unlike shown: String? = nil, otherwise former: Int?, _ original: String
    ) {
        let index = history.find(pattern, before: end, unlike: shown)
        mode = .searching(pattern, at: index ?? former, original: original)
        setLine((index ?? former).map { history.lines[$0] } ?? original)
        redraw()
    }

    // MARK: Pasting

    private mutating func begin(_ paste: PastedText) {
        leaveMode()
        mode = .pasting(paste)
    }

    private mutating func end(_ step: PastedText.Step, _ inputs: inout [TerminalInput]) {
        mode = .plain
        switch step {
        case .open: return
        case .tooLong: inputs.append(.tooLong)
        case .text(let text):
            guard text.contains("\n") else { return unsafe cedit_replace(0, text) }
            mode = .asking(text)
            redraw()
        }
    }

    /// Sends the pasted text together with the line, or drops it.
    private mutating func decide(_ text: String, _ key: [Int32]) -> TerminalInput? {
        mode = .plain
        guard [[0x0d], [0x0a], [0x79], [0x59]].contains(key) else {
            redraw()
            return nil
        }
        let (before, behind) = typed
        setLine("")
        redraw()
        // What was pasted is said and not obeyed, though it may begin with the sign of commands.
        let sign = before.isEmpty ? text.first.flatMap { style.table.signs.contains($0) ? String($0) : nil } : nil
        return .line((sign ?? "") + before + text + behind)
    }

    // MARK: The line

    /// The line being typed, cut at the cursor.
    var typed: (before: String, behind: String) {
        var cursor = 0
        let line = unsafe String(cString: cedit_line(&cursor))
        let place = line.utf8.index(line.utf8.startIndex, offsetBy: cursor, limitedBy: line.utf8.endIndex)
        let end = place ?? line.endIndex
        return (String(line[..<end]), String(line[end...]))
    }

    private func setLine(_ line: String) {
        unsafe cedit_set_line(line)
    }

    // MARK: The screen

    /// Shows another prompt, and other rows above it.
    ///
    /// - Parameter rows: each fits the terminal's width; they may carry colours of ours.
    mutating func set(prompt: String, area rows: [String]) {
        guard prompt != self.prompt || rows != area else { return }
        self.prompt = prompt
        area = rows
        redraw()
    }

    private func redraw() {
        cedit_hide()
        setArea()
        if case .searching(let pattern, let index, _) = mode {
            let isFound = index != nil || pattern.isEmpty
            unsafe cedit_set_prompt(style.words.search(VisibleText.forTerminal(pattern), isFound))
        } else {
            unsafe cedit_set_prompt(prompt)
        }
        cedit_show()
    }

    /// The owner's rows, and what goes on beside editing.
    private func setArea() {
        let rows = area + [note].compactMap { $0 }
        unsafe cedit_set_area(rows.map { $0 + "\n" }.joined())
    }

    private var note: String? {
        let columns = Int(cedit_columns(cedit_output()))
        let width = (columns > 0 ? columns : 80) - 1
        switch mode {
        case .plain, .searching, .pasting: return nil
        case .asking(let text):
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
            return VisibleText.cut(style.words.paste(lines), to: width)
        case .completing(let candidates, let index, _):
            let shown = candidates[index...].map { VisibleText.forTerminal($0.trimmedAtEnd) }
            return VisibleText.cut("[\(shown.first ?? "")] " + shown.dropFirst().joined(separator: " "), to: width)
        }
    }

    /// Writes bytes above the line being typed.
    ///
    /// - Parameter text: whole lines, each with CR LF at its end.
    /// - Returns: false when the memory for it is missing.
    func write(above text: String) -> Bool {
        cedit_hide()
        var text = text
        let written = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { unsafe cedit_write($0.baseAddress, $0.count) }
        }
        cedit_show()
        return written == 0
    }

    /// What came of bringing the frame to the terminal.
    enum Flushed {
        case whole
        /// The terminal takes nothing more now.
        case partly(left: Int)
        case failed
    }

    func flush() -> Flushed {
        switch cedit_flush(style.isPatient ? -1 : 0) {
        case 0: .whole
        case let left where left > 0: .partly(left: left)
        default: .failed
        }
    }

    /// Where `flush` writes.
    var output: Int32 { cedit_output() }

    func clear() { cedit_clear_screen() }
    func resize() { cedit_resize() }
    func pause() { cedit_pause() }
    func resume() { cedit_resume() }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
