import Basics
import ChatClient
import LineEditing
import ProgramFrame
import Sentences
import SocketIO

/// What the client shows: events as text or NDJSON, and the prompt. Lines are collected and written once a turn.
struct Screen: ~Copyable {
    /// How long a slow reader of errors is waited for at the end, in milliseconds for each piece.
    private static let lastPatience: Int32 = 1_000

    private var terminal: Terminal
    private var failures = StreamWriter(descriptor: StandardStream.errors)
    private let voice: ProgramVoice
    private let words: any RoomSentences
    private var text: EventText
    let isJSON: Bool
    /// Nothing but errors is shown to people.
    private let isQuiet: Bool
    private var lines: [String] = []
    private var prompt = ""

    init(
        terminal: consuming Terminal, options: ClientOptions, environment: Environment, language: Language,
        voice: ProgramVoice
    ) {
        words = language.room
        let isDumb = [nil, "dumb"].contains(environment.terminalName)
        text = EventText(
            style: EventText.Style(
                timestamps: options.timestamps,
                usesColours: options.showsColours && !environment.refusesColours && !isDumb
                    && terminal.outputIsTerminal,
                showsOwnLines: !terminal.inputIsTerminal, showsHints: terminal.editsLines, language: language))
        isJSON = options.isJSON
        isQuiet = !options.isJSON && options.send != nil
        self.voice = voice
        self.terminal = terminal
    }

    // MARK: Output

    var outputFailed: Bool { terminal.outputFailed }

    mutating func show(_ event: ClientEvent) {
        if isJSON { return lines.append(EventJSON.line(event)) }
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
        prompt = words.promptConnecting
        terminal.enter(prompt: prompt)
    }

    /// Shows where a line would go.
    mutating func setPrompt(isAway: Bool, isLeaving: Bool, unsent: Int) {
        guard terminal.editsLines else { return }
        let room = text.room
        let wanted =
            isLeaving
            ? words.promptLeaving
            : room.map { words.prompt(room: $0, isAway: isAway, unsent: unsent) } ?? words.promptConnecting
        guard wanted != prompt else { return }
        prompt = wanted
        terminal.setPrompt(wanted)
    }

    /// Asks for a secret in place of the line being typed.
    mutating func askSecret(_ question: String) {
        prompt = question
        terminal.beginSecret(prompt: question)
    }

    mutating func cancelSecret() { terminal.cancelSecret() }

    var editsLines: Bool { terminal.editsLines }
    var inputDescriptor: Int32 { terminal.inputDescriptor }
    var inputIsTerminal: Bool { terminal.inputIsTerminal }
    var inputHasMore: Bool { terminal.inputHasMore }
    var inputCanBePolled: Bool { terminal.inputCanBePolled }

    mutating func receive() -> [TerminalInput] { terminal.receive() }
    mutating func resize() { terminal.resize() }
    mutating func suspend() { terminal.suspend() }

    /// Gives the terminal back.
    mutating func leave() {
        terminal.leave()
        // What the program says at its end comes after it.
        failures.flush(patience: Self.lastPatience)
    }

    /// After `leave`: another terminal on the same descriptors.
    mutating func replaceTerminal(_ other: consuming Terminal) { terminal = other }
}
