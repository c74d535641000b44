import LineEditing
import ProgramFrame
import Sentences
import SocketIO

/// The operator's lines on their way in, and, where they are edited at a terminal, all that stands around them. A
/// terminal or pipe is waited for; a file is just read.
struct OperatorInput: ~Copyable {
    enum State {
        case closed
        case waitedFor
        /// A regular file, which is always ready.
        case file
    }

    private(set) var state = State.closed
    private(set) var terminal: Terminal
    private let historyPath: String

    /// - Parameters:
    ///   - descriptor: nil reads nothing.
    ///   - terminal: on the same descriptor; it edits lines where they are to be edited.
    ///   - historyPath: where edited lines are kept for the next run.
    init(
        descriptor: Int32?, terminal: consuming Terminal, historyPath: String, token: UInt32, poller: inout Poller
    ) {
        self.historyPath = historyPath
        self.terminal = terminal
        guard let descriptor else { return }
        do throws(SystemError) {
            try poller.add(descriptor, token: token)
            state = .waitedFor
        } catch {
            // What can't be waited for is a file; what can't be read either ends at the first attempt.
            state = .file
        }
    }

    /// Whether the operator sits at a terminal where lines are edited.
    var editsLines: Bool {
        if case .closed = state { false } else { terminal.editsLines }
    }

    /// Begins to read.
    mutating func enter(prompt: String, _ words: any ScreenSentences) {
        if case .closed = state { return }
        var style = EditingStyle(
            words: EditorWords(
                search: { words.search($0, isFound: $1) }, paste: { words.paste(lines: $0) }),
            table: Self.completions)
        style.erasesEntered = true
        // Nobody in the room waits for a terminal that takes nothing.
        style.isPatient = false
        terminal.enter(
            prompt: prompt, style: style, history: editsLines ? LineHistory(path: historyPath) : LineHistory())
    }

    private static let completions = CompletionTable(
        signs: [":"],
        rows: ConsoleCommand.rows.map { CompletionTable.Row(words: [$0.name], arguments: $0.takes) })

    /// Reads one chunk. To be called when the descriptor is ready, or is a file.
    ///
    /// - Parameter words: what Tab can complete now.
    mutating func read(knowing words: CompletionWords, poller: inout Poller) -> [TerminalInput] {
        let inputs = terminal.receive(knowing: words)
        guard inputs.last == .endOfInput else { return inputs }
        if case .waitedFor = state { try? poller.remove(terminal.inputDescriptor) }
        keepHistory()
        terminal.leave()
        state = .closed
        return inputs
    }

    // MARK: The screen

    /// Shows whole lines above the line being typed.
    mutating func show(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        terminal.print(lines: lines)
    }

    /// Shows the row above the line being typed.
    mutating func setStatus(_ text: String, prompt: String) {
        terminal.set(prompt: prompt, rows: [text])
    }

    var columns: Int { terminal.columns }
    var isPending: Bool { terminal.isPending }
    var outputDescriptor: Int32 { mutating get { terminal.outputDescriptor } }
    mutating func flush() { terminal.flush() }
    mutating func takeSkippedCount() -> Int { terminal.takeSkippedCount() }
    mutating func resize() { terminal.resize() }
    mutating func suspend() { terminal.suspend() }
    mutating func cancel() -> Bool { terminal.cancel() }

    /// Gives the terminal back; nothing more is read.
    mutating func leave() {
        guard editsLines else { return }
        keepHistory()
        terminal.set(prompt: "", rows: [])
        terminal.leave()
        state = .closed
    }

    private mutating func keepHistory() {
        guard editsLines else { return }
        var history = terminal.history
        history.write(to: historyPath)
    }
}
