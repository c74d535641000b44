import Basics
import Foundation
import Glibc
import Testing

@testable import LineEditing

@Suite("keys of a terminal")
struct KeyReaderTests {
    private func keys(_ text: String) -> [[Int32]] {
        var reader = KeyReader()
        return reader.take(text.utf8)
    }

    @Test("characters are whole scalars however the bytes are cut")
    func characters() {
        var reader = KeyReader()
        let keys = "aé漢😀".utf8.flatMap { reader.take([$0]) }
        #expect(keys == [[0x61], [0xe9], [0x6f22], [0x1f600]])
    }

    @Test(
        "arrows and the like become the control keys of libedit",
        arguments: [
            ("\u{1b}[A", [0x10]), ("\u{1b}OB", [0x0e]), ("\u{1b}[C", [0x06]), ("\u{1b}[D", [0x02]),
            ("\u{1b}[1~", [0x01]),
            ("\t", [KeyReader.tab]), ("\u{1b}[Z", [KeyReader.backTab]), ("\u{12}", [KeyReader.search]),
            ("\u{1b}[200~", [KeyReader.paste]),
            ("\u{1b}OF", [0x05]), ("\u{1b}[3~", [0x1f]), ("\u{1b}[1;5C", [0x1b, 0x66]), ("\u{1b}b", [0x1b, 0x62]),
        ] as [(String, [Int32])])
    func sequences(typed: String, key: [Int32]) { #expect(keys(typed) == [key]) }

    @Test("ESC alone waits for what follows and holds nothing else back")
    func escape() {
        var reader = KeyReader()
        #expect(reader.take([0x1b]) == [])
        #expect(reader.take([0x1b]) == [])
        #expect(reader.take([0x0d]) == [[0x0d]])
    }

    @Test(
        "unknown and cut sequences put nothing into the line",
        arguments: ["\u{1b}[201~", "\u{1b}[15~", "\u{1b}OP", "\u{1b}x", "\u{1b}[1;2A", "\u{1b}[?1;2c"])
    func unknown(typed: String) { #expect(keys(typed + "a") == [[0x61]]) }

    @Test("an endless sequence is given up")
    func endless() {
        var reader = KeyReader()
        _ = reader.take([0x1b, 0x5b] + [UInt8](repeating: 0x30, count: 100))
        #expect(reader.take("\r".utf8) == [[0x0d]])
    }

    @Test("keys that would make libedit wait for another key are dropped", arguments: [0x16, 0x18, 0x13, 0x00, 0x1f])
    func waitingKeys(control: Int) {
        var reader = KeyReader()
        #expect(reader.take([UInt8(control)]) == [])
    }

    @Test("malformed UTF-8 and C1 controls are dropped")
    func malformed() {
        var reader = KeyReader()
        let bytes: [UInt8] = [0xff, 0xc3, 0x61, 0xc2, 0x9b, 0xed, 0xa0, 0x80, 0x62]
        #expect(reader.take(bytes) == [[0x61], [0x62]])
    }

    @Test("no random bytes give a key that libedit was not meant to get")
    func random() {
        var random = SeededGenerator(seed: 1)
        var reader = KeyReader()
        for key in reader.take(random.bytes(100_000)) {
            #expect(key.count == 1 || key.count == 2 && key[0] == 0x1b)
            #expect(key != [0x1b] && key != [0x16] && key != [0x18])
        }
    }
}

@Suite("answers while they are typed")
struct TypedAnswerTests {
    private func type(_ text: String, isSecret: Bool = false) -> (bytes: [UInt8], steps: [TypedAnswer.Step]) {
        var answer = TypedAnswer(limit: 8, isSecret: isSecret)
        let steps = text.utf8.map { answer.take($0) }.filter { $0 != .nothing }
        return (answer.bytes, steps)
    }

    @Test("a character is echoed once it is whole, and erased by its width")
    func echo() {
        let typed = type("é漢\u{7f}")
        #expect(typed.steps == [.echo("é"), .echo("漢"), .echo("\u{8} \u{8}\u{8} \u{8}")])
        #expect(typed.bytes == Array("é".utf8))
    }

    @Test("a secret is never echoed, also while it is erased")
    func secret() {
        let typed = type("séc\u{7f}\u{15}ab\r", isSecret: true)
        #expect(typed.steps == [.entered])
        #expect(typed.bytes == Array("ab".utf8))
    }

    @Test("escape sequences are no part of an answer")
    func sequences() { #expect(type("a\u{1b}[1;5Cb\u{1b}OAc\u{1b}xd").bytes == Array("abcd".utf8)) }

    @Test("bytes above the limit are not taken")
    func limit() { #expect(type("123456789").bytes == Array("12345678".utf8)) }

    @Test("Ctrl-C interrupts, Ctrl-D ends only an empty answer")
    func ends() {
        #expect(type("a\u{3}").steps.last == .interrupted)
        #expect(type("\u{4}").steps == [.endOfInput])
        #expect(type("a\u{4}").steps == [.echo("a")])
    }
}

/// A pseudo-terminal: what a person types goes in at `person`, programs hold `terminal`.
private final class PseudoTerminal: Sendable {
    let person: Int32
    let terminal: Int32

    init() throws {
        // As posix_openpt and its kin do on Linux; Swift's Glibc does not have them.
        let unlock: UInt = 0x4004_5431
        let askNumber: UInt = 0x8004_5430
        person = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (number, locked): (Int32, Int32) = (0, 0)
        let numbered = unsafe ioctl(person, askNumber, &number) == 0
        let unlocked = unsafe ioctl(person, unlock, &locked) == 0
        try #require(numbered && unlocked)
        terminal = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        let sized = unsafe ioctl(person, UInt(TIOCSWINSZ), &size) == 0
        try #require(terminal >= 0 && sized)
    }

    deinit {
        close(person)
        close(terminal)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(person, bytes, bytes.count)
    }

    /// Reads what is shown until it contains `text`, at most 10 seconds.
    @discardableResult
    func shows(_ text: String) -> Bool {
        var shown = ""
        var ready = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
        while !shown.contains(text), unsafe poll(&ready, 1, 10_000) > 0 {
            let more = read()
            guard !more.isEmpty else { break }
            shown += more
        }
        return shown.contains(text)
    }

    /// Reads what is shown, at least a byte.
    func read() -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe Glibc.read(person, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Whether the terminal echoes and edits lines by itself, as a shell left it.
    var isAsBefore: Bool {
        var settings = termios()
        let flags = tcflag_t(ECHO | ICANON | ISIG)
        return unsafe tcgetattr(terminal, &settings) == 0 && settings.c_lflag & flags == flags
    }
}

@Suite("a terminal", .serialized)
struct TerminalTests {
    private let pseudo: PseudoTerminal

    init() throws { pseudo = try PseudoTerminal() }

    private func open(name: String = "xterm") -> Terminal {
        Terminal(input: pseudo.terminal, output: pseudo.terminal, questions: pseudo.terminal, name: name)
    }

    /// Reads until `count` inputs came, at most 10 seconds between two keys.
    private func receive(_ count: Int, from terminal: inout Terminal) -> [TerminalInput] {
        var inputs: [TerminalInput] = []
        var ready = pollfd(fd: terminal.inputDescriptor, events: Int16(POLLIN), revents: 0)
        while inputs.count < count, unsafe poll(&ready, 1, 10_000) > 0 { inputs += terminal.receive(knowing: .example) }
        return inputs
    }

    @Test("typed lines arrive, with UTF-8 and edits, then the end; the terminal is as before")
    func editing() {
        var terminal = open()
        terminal.enter(prompt: "> ", style: .example)
        pseudo.type("héllo 漢字\rab\u{1b}[D\u{7f}X\r\u{4}")
        #expect(receive(3, from: &terminal) == [.line("héllo 漢字"), .line("Xb"), .endOfInput])
        #expect(!pseudo.isAsBefore)
        terminal.leave()
        #expect(pseudo.isAsBefore)
    }

    @Test("Tab completes a name and a command, and goes through all that fit")
    func completion() {
        var terminal = open()
        terminal.enter(prompt: "> ", style: .example)
        pseudo.type("bo\thi\r:p\tbo\thi\ra\t\t\ra\u{1b}[Z!\r")
        #expect(
            receive(4, from: &terminal)
                == [.line("bob: hi"), .line(":pm bob hi"), .line("Anatol: "), .line("Anatol: !")])
    }

    @Test("Ctrl-R finds what was typed, further back each time; Ctrl-G gives it up")
    func searching() {
        var terminal = open()
        terminal.enter(prompt: "> ", style: .example, history: LineHistory(["one cat", "two cats", "three"]))
        pseudo.type("\u{12}ca\r\u{12}cat\u{12}\r")
        #expect(receive(2, from: &terminal) == [.line("two cats"), .line("one cat")])
        pseudo.type("half\u{12}two\u{7}!\r\u{12}nothing of it\r")
        #expect(receive(2, from: &terminal) == [.line("half!"), .line("")])
    }

    @Test("a pasted text of one line is typed; one of several asks, and is one line when it is wanted")
    func pasting() {
        var terminal = open()
        terminal.enter(prompt: "> ", style: .example)
        pseudo.type("\u{1b}[200~one\u{1b}[201~\r")
        pseudo.type("see: \u{1b}[200~a\r\tb\nc\r\u{1b}[201~\r")
        #expect(receive(2, from: &terminal) == [.line("one"), .line("see: a\n    b\nc")])
        pseudo.type("kept\u{1b}[200~a\nb\u{1b}[201~n\r\u{1b}[200~:a\nb\u{1b}[201~y")
        #expect(receive(2, from: &terminal) == [.line("kept"), .line("::a\nb")])
    }

    @Test("the history gives back the last line")
    func history() {
        var terminal = open()
        terminal.enter(prompt: "> ", style: .example)
        pseudo.type("first\rsecond\r\u{1b}[A\u{1b}[A!\r")
        #expect(receive(3, from: &terminal) == [.line("first"), .line("second"), .line("first!")])
    }

    @Test("a printed line goes above the line being typed, which is drawn again after it")
    func printing() {
        var terminal = open()
        terminal.enter(prompt: "> ", style: .example)
        pseudo.type("half")
        var shown = ""
        while !shown.hasSuffix("half") {
            var ready = [terminal.inputDescriptor, pseudo.person].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard unsafe poll(&ready, 2, 10_000) > 0 else { break }
            _ = terminal.receive()
            if ready[1].revents != 0 { shown += pseudo.read() }
        }
        terminal.print("bob: hello")
        // The terminal itself puts a second CR before the line feed.
        #expect(pseudo.shows("\u{1b}[J\rbob: hello\r\r\n> half"))
        pseudo.type("\r")
        #expect(receive(1, from: &terminal) == [.line("half")])
    }

    @Test("dropping the terminal restores it")
    func dropping() {
        do {
            var terminal = open()
            terminal.enter(prompt: "> ", style: .example)
            #expect(!pseudo.isAsBefore)
            terminal.print("x")
        }
        #expect(pseudo.isAsBefore)
    }

    @Test("a dumb terminal is left alone and read line by line")
    func dumb() {
        var terminal = open(name: "dumb")
        terminal.enter(prompt: "> ", style: .example)
        #expect(!terminal.editsLines && pseudo.isAsBefore)
        pseudo.type("hello\n")
        #expect(receive(1, from: &terminal) == [.line("hello")])
    }

    @Test("a password is read without echo, and the terminal is as before")
    func secret() {
        var terminal = open()
        Thread.detachNewThread { [pseudo] in
            pseudo.shows("Password: ")
            pseudo.type("sécret\r")
        }
        guard case .entered(let bytes) = terminal.askSecret("Password: ") else {
            Issue.record("no password was read")
            return
        }
        #expect(bytes == Array("sécret".utf8))
        #expect(pseudo.isAsBefore)
    }

    @Test("Ctrl-C at a password interrupts, and the terminal is as before")
    func interrupted() {
        var terminal = open()
        Thread.detachNewThread { [pseudo] in
            pseudo.shows("Password: ")
            pseudo.type("half\u{3}")
        }
        guard case .interrupted = terminal.askSecret("Password: ") else {
            Issue.record("the question was not interrupted")
            return
        }
        #expect(pseudo.isAsBefore)
    }

    @Test("a pipe gives lines and its end, and has nobody to ask")
    func pipes() throws {
        var ends: [Int32] = [0, 0]
        let piped = unsafe pipe(&ends) == 0
        try #require(piped)
        defer { close(ends[0]) }
        _ = unsafe write(ends[1], "one\ntwo", 7)
        close(ends[1])
        var terminal = Terminal(input: ends[0], output: pseudo.terminal, questions: pseudo.terminal, name: "xterm")
        guard case .endOfInput = terminal.ask("Name: ") else {
            Issue.record("a pipe was asked")
            return
        }
        terminal.enter(prompt: "> ", style: .example)
        #expect(receive(3, from: &terminal) == [.line("one"), .line("two"), .endOfInput])
        #expect(terminal.receive() == [])
    }
}

extension EditingStyle {
    fileprivate static let example = EditingStyle(
        words: EditorWords(search: { pattern, _ in "?\(pattern) " }, paste: { "\($0)? " }), table: .example)
}

extension CompletionWords {
    fileprivate static let example = CompletionWords(people: ["bob", "ana", "Anatol"], groups: ["tea"])
}
