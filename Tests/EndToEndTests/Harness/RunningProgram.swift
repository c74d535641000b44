import Foundation
import SocketIO

/// One of the real programs as a child process: its lines come in, its input and signals go out. It dies with this
/// object, whatever becomes of the test.
final class RunningProgram {
    /// How long a test waits for what surely comes. Generous, since the machine may be slow and shared.
    static let patience: TimeInterval = 90

    private let name: String
    private let arguments: [String]
    private let process = Process()
    private let input: Pipe?
    private let terminal: PseudoTerminal?
    private let ending = Ending()
    let output: Collector
    let errors: Collector
    var processID: Int32 { process.processIdentifier }
    /// How many lines of the output `event` and `line` have passed.
    private var cursor = 0

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: all of it; nothing of the test's own environment comes with it.
    ///   - terminal: what it has as standard input, output and error, in the place of pipes.
    ///   - inputFile: what it reads, in the place of a pipe.
    ///   - launcher: a command that becomes the program when the program and its arguments are added to it.
    init(
        _ name: String, _ arguments: [String], environment: [String: String], terminal: PseudoTerminal? = nil,
        inputFile: String? = nil, launcher: [String] = []
    ) throws {
        SignalSource.ignoreBrokenPipe()
        self.name = name
        self.arguments = arguments
        self.terminal = terminal
        let command = launcher + [Self.folder.appending(path: name).path] + arguments
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = environment
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        process.terminationHandler = { [ending] in ending.note($0) }
        if let terminal {
            let side = FileHandle(fileDescriptor: terminal.terminal, closeOnDealloc: false)
            process.standardInput = side
            process.standardOutput = side
            process.standardError = side
            input = nil
            try process.runUnmasked()
            terminal.handedOver()
            output = Collector(reading: terminal.keyboard) { _ = terminal }
            errors = output
        } else {
            let (output, errors) = (Pipe(), Pipe())
            input = inputFile == nil ? Pipe() : nil
            if let inputFile {
                process.standardInput = try FileHandle(forReadingFrom: URL(filePath: inputFile))
            } else {
                process.standardInput = input
            }
            process.standardOutput = output
            process.standardError = errors
            try process.runUnmasked()
            self.output = Self.collector(of: output)
            self.errors = Self.collector(of: errors)
        }
        ending.watch(process.processIdentifier)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// What the system says about the process, as a file of `/proc`; nothing where it may not be read.
    func read(fromProc name: String) -> String {
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(name)", encoding: .utf8)) ?? ""
    }

    private static func collector(of pipe: Pipe) -> Collector {
        let end = ReadingEnd(pipe: pipe)
        return Collector(reading: pipe.fileHandleForReading.fileDescriptor) { end.close() }
    }

    /// Where the programs lie: beside the test bundle.
    static let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()

    // MARK: In

    /// Writes a line to its standard input.
    func send(_ line: String) {
        send(bytes: Array(line.utf8) + [UInt8(ascii: "\n")])
    }

    func send(lines: [String]) {
        send(bytes: lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] })
    }

    /// Types keys or writes to the pipe.
    func send(bytes: [UInt8]) {
        let descriptor = terminal?.keyboard ?? input?.fileHandleForWriting.fileDescriptor ?? -1
        _ = Descriptors.writeAll(bytes, to: descriptor)
    }

    func closeInput() {
        try? input?.fileHandleForWriting.close()
    }

    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    // MARK: Out

    /// Waits for the next line for which the question has an answer, and passes it and all before it.
    @discardableResult
    func next<Found>(
        _ what: String, within patience: TimeInterval = patience, _ question: (String) -> Found?
    ) throws -> Found {
        let start = cursor
        let found = output.wait(until: Date(timeIntervalSinceNow: patience)) { lines -> (Int, Found)? in
            for index in lines.indices.dropFirst(start) {
                if let found = question(lines[index]) { return (index, found) }
            }
            return nil
        }
        guard let (index, result) = found else { throw Failure("\(self) did not say \(what)\n\(transcript)") }
        cursor = index + 1
        return result
    }

    /// Waits for the next event of that kind for which the condition holds.
    @discardableResult
    func event(
        _ kind: String, within patience: TimeInterval = patience, where condition: (Event) -> Bool = { _ in true }
    ) throws -> Event {
        try next("the event \(kind)", within: patience) { line in
            guard let event = Event(line: line), event.kind == kind, condition(event) else { return nil }
            return event
        }
    }

    /// Waits for the next line that fits the pattern as a whole.
    @discardableResult
    func line(matching pattern: String, within patience: TimeInterval = patience) throws -> String {
        let expression = try Regex(pattern)
        return try next("a line like \(pattern)", within: patience) { line in
            (try? expression.wholeMatch(in: line)) == nil ? nil : line
        }
    }

    /// All events so far.
    var events: [Event] { output.lines.compactMap { Event(line: $0) } }

    func events(_ kind: String) -> [Event] { events.filter { $0.kind == kind } }

    /// Waits for the end, and for everything that it still had to say.
    ///
    /// - Returns: the exit status; 128 and more is the signal that ended it.
    func exit(within patience: TimeInterval = patience) throws -> Int32 {
        let deadline = Date(timeIntervalSinceNow: patience)
        guard let status = ending.wait(until: deadline) else { throw Failure("\(self) did not end\n\(transcript)") }
        guard output.waitForEnd(until: deadline), errors.waitForEnd(until: deadline) else {
            throw Failure("\(self) ended, but somebody still holds its output open\n\(transcript)")
        }
        return status
    }

    /// Everything it wrote, for a failure's report.
    var transcript: String {
        let shown = output.lines.suffix(40).joined(separator: "\n  ")
        let wrong = terminal == nil ? errors.text : ""
        let end = ending.status.map { "\nexit \($0)" } ?? ""
        return "  \(shown)\n\(wrong)\(end)"
    }
}

extension RunningProgram: CustomStringConvertible {
    var description: String { "`\(name) \(arguments.joined(separator: " "))`" }
}

/// Lets the thread that reads from a pipe close it; that thread alone uses it.
private struct ReadingEnd: @unchecked Sendable {
    let pipe: Pipe

    func close() {
        try? pipe.fileHandleForReading.close()
    }
}

/// How a process ended, as told by the thread that watches it.
private final class Ending: @unchecked Sendable {
    // `stored` is touched with `condition` locked only.
    private let condition = NSCondition()
    private var stored: Int32?

    var status: Int32? { condition.withLock { stored } }

    func note(_ process: Process) {
        note(process.terminationStatus, isSignal: process.terminationReason == .uncaughtSignal)
    }

    private func note(_ status: Int32, isSignal: Bool) {
        condition.withLock {
            stored = status + (isSignal ? 128 : 0)
            condition.broadcast()
        }
    }

    /// Waits for the end by itself as well. What Foundation waits for is the end of a socket that another program may have
    /// inherited which was started at the same moment, and then the news comes only when that one ends, too.
    func watch(_ process: Int32) {
        Thread.detachNewThread { [self] in
            var info = unsafe siginfo_t()
            // The process stays to be reaped by Foundation; if it was quicker, there is nothing left to wait for.
            while unsafe waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) != 0 {
                guard errno == EINTR else { return }
            }
            note(unsafe info._sifields._sigchld.si_status, isSignal: unsafe info.si_code != Int32(CLD_EXITED))
        }
    }

    func wait(until deadline: Date) -> Int32? {
        condition.lock()
        defer { condition.unlock() }
        while stored == nil, condition.wait(until: deadline) {}
        return stored
    }
}
