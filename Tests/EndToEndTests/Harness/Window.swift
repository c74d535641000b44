import Foundation

/// A window of tmux with a program in it: what a person sees of a terminal and types into it.
///
/// Each has a tmux server of its own, which dies with it.
final class Window {
    private let socket: String
    private let environment: [String: String]
    private let output: Collector
    private let pipe: FileHandle

    /// - Parameters:
    ///   - command: a program and its arguments, found in the test's folder when it has no `/`. When it has ended, its
    ///     status is shown and the terminal is left to `cat`, so that it can be seen how it was left.
    ///   - environment: all of the program's.
    init(_ command: [String], in house: House, environment: [String: String], columns: Int, rows: Int) throws {
        let name = "\(house.folder.path)/tmux-\(UInt32.random(in: 0..<UInt32.max))"
        socket = name
        self.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": house.folder.path]
        let program = [RunningProgram.folder.appending(path: command[0]).path] + command.dropFirst()
        let all = ["TERM": "screen-256color"].merging(environment) { _, new in new }
        // The pipe is there before the program says anything.
        let waiting = "trap : INT; read go < \(name).go; \"$@\"; echo \"status $?\"; exec cat"
        guard unsafe mkfifo(name + ".out", 0o600) == 0, unsafe mkfifo(name + ".go", 0o600) == 0 else {
            throw Failure("no pipe: \(errno)")
        }
        guard let pipe = FileHandle(forUpdatingAtPath: name + ".out") else { throw Failure("no pipe at \(name)") }
        self.pipe = pipe
        output = Collector(reading: pipe.fileDescriptor) {}
        try tmux(
            ["new-session", "-d", "-s", "it", "-x", "\(columns)", "-y", "\(rows)", "/usr/bin/env", "-i"]
                + all.map { "\($0)=\($1)" } + ["/bin/sh", "-c", waiting, "sh"] + program, isFirst: true)
        try tmux(["set-option", "-s", "set-clipboard", "on"])
        try tmux(["pipe-pane", "-t", "it", "cat > \(name).out"])
        try "go\n".write(toFile: name + ".go", atomically: false, encoding: .utf8)
    }

    deinit {
        // A server goes on when its terminal is gone.
        if let program = try? program() { kill(program, SIGKILL) }
        _ = try? tmux(["kill-server"])
        // Its reader ends with this line.
        output.stopAfterNext()
        pipe.write(Data([0x0a]))
    }

    /// The server of tmux outlives the command that starts it. It must not inherit what Foundation knows the command's end
    /// by, or the pipes of other programs.
    private static let startAlone = """
        for file in /proc/self/fd/*; do
            [ "${file##*/}" -gt 2 ] && eval "exec ${file##*/}>&-"
        done 2> /dev/null
        exec /usr/bin/tmux "$@"
        """

    /// - Parameter isFirst: whether it starts the server. Foundation can't tell how it ended then; what follows does.
    @discardableResult
    func tmux(_ arguments: [String], isFirst: Bool = false) throws -> String {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        let command = ["-u", "-S", socket, "-f", "/dev/null"] + arguments
        process.executableURL = URL(filePath: isFirst ? "/bin/bash" : "/usr/bin/tmux")
        process.arguments = isFirst ? ["-c", Self.startAlone, "bash"] + command : command
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.runUnmasked()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaint = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard isFirst || process.terminationStatus == 0 else {
            throw Failure("tmux \(arguments.first ?? ""): \(String(decoding: complaint, as: UTF8.self))")
        }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: The keyboard

    /// Types text, character by character as a person does.
    func type(_ text: String) throws {
        try tmux(["send-keys", "-t", "it", "-l", text])
    }

    /// Presses keys, as tmux calls them: `Enter`, `Tab`, `C-r`, `Up`.
    func press(_ keys: String...) throws {
        try tmux(["send-keys", "-t", "it"] + keys)
    }

    /// Sends a text as it is; tmux leaves out what takes no cell when it types.
    func send(_ text: String) throws {
        try tmux(["set-buffer", "-b", "keys", text])
        try tmux(["paste-buffer", "-d", "-b", "keys", "-t", "it"])
    }

    /// Pastes a text with the marks of a bracketed paste, if the program asked for them.
    func paste(_ text: String) throws {
        try tmux(["set-buffer", "-b", "paste", text])
        try tmux(["paste-buffer", "-d", "-p", "-b", "paste", "-t", "it"])
    }

    /// Gives the window another size, and waits until the program has drawn anew.
    ///
    /// tmux wraps the rows at once and tells the program up to a quarter of a second later. Nobody can draw well in
    /// between: the program, which draws on its own each second, stands still for so long.
    func resize(columns: Int, rows: Int) throws {
        let (terminal, program) = (try value("#{pane_tty}"), try program())
        kill(program, SIGSTOP)
        defer { kill(program, SIGCONT) }
        try tmux(["resize-window", "-t", "it", "-x", "\(columns)", "-y", "\(rows)"])
        let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
        while Self.size(of: terminal) != [columns, rows] {
            guard Date() < deadline else { throw Failure("the terminal did not become \(columns) columns wide") }
            _ = try value("#{pane_width}")
        }
        let seen = output.bytes.count
        kill(program, SIGCONT)
        guard output.waitForBytes(until: deadline, for: { $0.count > seen ? true : nil }) == true else {
            throw Failure("the program did not draw at \(columns) columns")
        }
    }

    /// The process of the program: the shell's child. tmux sets the shell itself going again whenever it stops.
    private func program() throws -> Int32 {
        let shell = try value("#{pane_pid}")
        for process in try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init) {
            let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
            if status.contains("\nPPid:\t\(shell)\n") { return process }
        }
        throw Failure("no program runs in the window")
    }

    /// Columns and rows of a terminal, as its program is told.
    private static func size(of terminal: String) -> [Int] {
        let descriptor = unsafe open(terminal, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        defer { close(descriptor) }
        var size = winsize()
        _ = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return [Int(size.ws_col), Int(size.ws_row)]
    }

    // MARK: The screen

    /// The rows that are seen, without blanks at their ends.
    func rows() throws -> [String] {
        try tmux(["capture-pane", "-p", "-t", "it"]).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// Everything from the beginning, with wrapped rows joined.
    func everything() throws -> [String] {
        try tmux(["capture-pane", "-p", "-J", "-S", "-", "-t", "it"])
            .split(separator: "\n").map { row in
                var text = String(row)
                while text.last == " " { text.removeLast() }
                return text
            }
    }

    func value(_ format: String) throws -> String {
        try tmux(["display-message", "-p", "-t", "it", format]).trimmingCharacters(in: .newlines)
    }

    /// Waits until what is seen has an answer to the question.
    @discardableResult
    func wait<Found>(for what: String, _ question: ([String]) throws -> Found?) throws -> Found {
        try wait(for: what, looking: rows, question)
    }

    /// Waits until everything from the beginning has an answer to the question.
    @discardableResult
    func wait<Found>(forAll what: String, _ question: ([String]) throws -> Found?) throws -> Found {
        try wait(for: what, looking: everything, question)
    }

    private func wait<Found>(
        for what: String, looking: () throws -> [String], _ question: ([String]) throws -> Found?
    ) throws -> Found {
        let deadline = Date(timeIntervalSinceNow: RunningProgram.patience)
        while true {
            let seen = output.bytes.count
            let rows = try looking()
            if let found = try question(rows) { return found }
            // Nothing changes on the screen without the program writing something.
            let more = output.waitForBytes(until: deadline) { $0.count > seen ? true : nil }
            guard more == true else {
                throw Failure("the window did not show \(what):\n  |" + rows.joined(separator: "\n  |"))
            }
        }
    }

    /// Waits until some row contains the text.
    @discardableResult
    func wait(for text: String) throws -> String {
        try wait(for: text) { rows in rows.first { $0.contains(text) } }
    }

    /// Waits until the last row with anything in it ends so.
    func wait(forBottom text: String) throws {
        try wait(for: text) { rows in rows.last { !$0.isEmpty }?.hasSuffix(text) == true ? true : nil }
    }
}
