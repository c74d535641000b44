import Basics
import ChatClient
import ChatProtocol
import LineEditing
import ProgramFrame
import Sentences
import SocketIO
import TextSafety

/// What the client shows: events as text or NDJSON, and the prompt. Lines are collected and written once a turn.
struct Screen: ~Copyable {
    /// How long a slow reader of errors is waited for at the end, in milliseconds for each piece.
    private static let lastPatience: Int32 = 1_000

    private var terminal: Terminal
    private var failures = StreamWriter(descriptor: StandardStream.errors)
    private let voice: ProgramVoice
    private let words: any RoomSentences
    private let screenWords: any ScreenSentences
    private var text: EventText
    let isJSON: Bool
    /// Nothing but errors is shown to people.
    private let isQuiet: Bool
    private let usesColours: Bool
    private var lines: [String] = []
    private var own = OwnLines()
    private var history: LineHistory
    private let historyPath: String?

    /// - Parameter historyPath: where the lines that are entered are kept between sessions; nil where they are not.
    init(
        terminal: consuming Terminal, options: ClientOptions, environment: Environment, language: Language,
        voice: ProgramVoice, historyPath: String? = nil
    ) {
        words = language.room
        screenWords = language.screen
        var style = EventText.Style(
            timestamps: options.timestamps,
            usesColours: options.showsColours && environment.allowsColours && terminal.outputIsTerminal,
            showsOwnLines: !terminal.inputIsTerminal || terminal.editsLines, showsHints: terminal.editsLines,
            language: language)
        style.people = PersonColour(terminal: environment.terminalName, colours: environment.colourTerminal)
        style.rings = options.ringsBell
        usesColours = style.usesColours
        text = EventText(style: style)
        isJSON = options.isJSON
        isQuiet = !options.isJSON && options.send != nil
        self.historyPath = terminal.editsLines ? historyPath : nil
        history = self.historyPath.map { LineHistory(path: $0) } ?? LineHistory()
        self.voice = voice
        self.terminal = terminal
    }

    // MARK: Output

    var outputFailed: Bool { terminal.outputFailed }

    mutating func show(_ event: ClientEvent) {
        if isJSON { return lines.append(EventJSON.line(event)) }
        if case .cleared = event {
            flush()
            return terminal.clear()
        }
        if case .sent(_, let sent, _, _) = event { text.isOwnAction = own.take(sent)?.isAction ?? false }
        let output = text.output(for: event)
        if output.isError, !terminal.editsLines {
            for line in output.lines { failures.write(voice.onStandardError(line)) }
        } else if !isQuiet {
            lines += output.isError ? output.lines.map(words.error) : output.lines
        }
    }

    /// A line for a person, outside of the events.
    mutating func showHint(_ line: String) {
        if terminal.editsLines { lines.append(line) }
    }

    /// Writes what was collected.
    mutating func flush() {
        terminal.print(lines: lines)
        failures.flush()
        lines.removeAll(keepingCapacity: true)
    }

    // MARK: The line being typed

    /// Begins to read lines.
    mutating func enter() {
        let words = screenWords
        var style = EditingStyle(
            words: EditorWords(
                search: { words.search($0, isFound: $1) }, paste: { words.paste(lines: $0) }),
            table: Self.completions)
        style.erasesEntered = true
        terminal.enter(prompt: self.words.promptConnecting, style: style, history: history)
    }

    private static let completions = CompletionTable(
        signs: [":", "/"],
        rows: CommandTable.rows.map { CompletionTable.Row(words: [$0.name] + $0.aliases, arguments: $0.takes) })

    /// A line was entered that is not shown by its receipt.
    mutating func echo(_ line: String) {
        guard terminal.editsLines, line.contains(where: { !$0.isWhitespace }) else { return }
        lines += Self.dim(["> \(VisibleText.forTerminal(line))"], usesColours)
    }

    /// Notes which lines have no receipt now. What has none any more, and was not shown by one, was refused.
    mutating func noteAwaited(_ awaited: [PendingLine]) {
        guard terminal.editsLines else { return }
        lines += Self.dim(own.replace(by: awaited).map { "\u{2717} \(VisibleText.forTerminal($0.text))" }, usesColours)
    }

    /// Shows where a line would go, how the link is, and what is under way.
    ///
    /// - Parameter place: where the line that is typed would go.
    mutating func setStatus(_ status: StatusLine, to place: Place?, isLeaving: Bool) {
        guard terminal.editsLines else { return }
        var status = status
        status.room = text.room
        let width = terminal.columns - 1
        let prompt =
            isLeaving
            ? words.promptLeaving
            : text.room.map { Self.prompt(to: place ?? .room, room: $0) } ?? words.promptConnecting
        let rows =
            own.rows(screenWords).map { VisibleText.cut($0, to: width) } + [status.text(columns: width, screenWords)]
        terminal.set(prompt: prompt, rows: Self.dim(rows, usesColours))
    }

    /// The sign of a group or person stands before the name, as it may where a place is typed.
    private static func prompt(to place: Place, room: String) -> String {
        switch place {
        case .room: "\(VisibleText.forTerminal(room))> "
        case .group(let name): "#\(VisibleText.forTerminal(name))> "
        case .person(let name): "@\(VisibleText.forTerminal(name))> "
        }
    }

    /// The line being typed, up to the cursor.
    var typed: String { mutating get { terminal.typed } }

    /// Gives up a search or a pasted text that waits.
    ///
    /// - Returns: whether there was one.
    mutating func cancel() -> Bool { terminal.cancel() }

    private static func dim(_ lines: [String], _ usesColours: Bool) -> [String] {
        usesColours ? lines.map { "\u{1b}[2m\($0)\u{1b}[22m" } : lines
    }

    /// Asks for a secret in place of the line being typed.
    mutating func askSecret(_ question: String) {
        terminal.beginSecret(prompt: question)
    }

    mutating func cancelSecret() { terminal.cancelSecret() }

    var editsLines: Bool { terminal.editsLines }
    var inputDescriptor: Int32 { terminal.inputDescriptor }
    var inputIsTerminal: Bool { terminal.inputIsTerminal }
    var inputHasMore: Bool { terminal.inputHasMore }
    var inputCanBePolled: Bool { terminal.inputCanBePolled }

    /// - Parameter words: what Tab can complete now.
    mutating func receive(knowing words: CompletionWords) -> [TerminalInput] { terminal.receive(knowing: words) }
    mutating func resize() { terminal.resize() }
    mutating func suspend() { terminal.suspend() }

    /// Gives the terminal back.
    mutating func leave() {
        keepHistory()
        terminal.set(prompt: "", rows: [])
        terminal.leave()
        // What the program says at its end comes after it.
        failures.flush(patience: Self.lastPatience)
    }

    /// After `leave`: another terminal on the same descriptors.
    mutating func replaceTerminal(_ other: consuming Terminal) { terminal = other }

    /// Keeps the lines that were entered for the next session.
    mutating func keepHistory() {
        guard let historyPath, terminal.editsLines else { return }
        history = terminal.history
        history.write(to: historyPath)
    }
}

/// One's own lines that have no receipt.
struct OwnLines {
    /// How many of them are shown.
    private static let shownAtMost = 3
    /// How many are known: a screen is no place for more.
    static let limit = 64

    private var awaited: [PendingLine] = []
    private var received: Set<OutboxNumber> = []

    /// A receipt came.
    mutating func take(_ text: String) -> PendingLine? {
        guard let line = awaited.first(where: { $0.text == text && !received.contains($0.number) }) else { return nil }
        received.insert(line.number)
        return line
    }

    /// - Returns: what is not awaited any more, without a receipt.
    mutating func replace(by lines: [PendingLine]) -> [PendingLine] {
        let numbers = Set(lines.map(\.number))
        let oldest = lines.first?.number ?? .max
        // What is older than all that are told may just be too many to be told.
        let gone = awaited.filter {
            !numbers.contains($0.number) && !received.contains($0.number)
                && ($0.number > oldest || lines.count < Self.limit)
        }
        awaited = lines
        received.formIntersection(numbers)
        return gone
    }

    func rows(_ words: any ScreenSentences) -> [String] {
        let more = awaited.count - Self.shownAtMost
        return (more > 0 ? ["\u{2026} \(words.sendingMore(more))"] : [])
            + awaited.suffix(Self.shownAtMost).map { "\u{2026} \(VisibleText.forTerminal($0.text))" }
    }
}
