import Basics
import ProgramFrame
import SocketIO

/// How much the server says about itself on standard error.
package enum LogLevel: Int, Comparable, CaseIterable, Sendable {
    case error
    case warning
    case info
    case debug

    /// - Returns: nil when no level is called so.
    init?(name: String) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    var name: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .info: "info"
        case .debug: "debug"
        }
    }

    /// The more is said, the greater.
    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What the server says about itself: one line each. Texts of peers are escaped by whoever writes them.
struct ServerLog: ~Copyable {
    /// What is said at most.
    var level: LogLevel
    let format: OutputFormat
    var writer: StreamWriter
    /// Whether the lines are kept for whoever shows them, since a line is being typed where they would go.
    var isHeld = false
    private var held: [String] = []

    init(level: LogLevel, format: OutputFormat = .text, writer: consuming StreamWriter) {
        self.level = level
        self.format = format
        self.writer = writer
    }

    mutating func write(_ level: LogLevel, _ text: String) {
        guard level <= self.level else { return }
        let line = Self.line(level, text, format: format, at: WallClock.now)
        if isHeld { held.append(line) } else { writer.write(line) }
    }

    /// One line with its end. As JSON it has no control characters, whatever the text holds.
    static func line(_ level: LogLevel, _ text: String, format: OutputFormat, at wall: WallTime) -> String {
        switch format {
        case .text: "\(ServerProgram.name): \(level.name): \(text)\n"
        case .json:
            JSONLine.event(
                "log", ("time", .text(CivilTime.rfc3339(wall))), ("level", .text(level.name)), ("text", .text(text)))
                + "\n"
        }
    }

    /// The lines that were kept, each with its end.
    mutating func takeHeld() -> String {
        defer { held.removeAll() }
        return held.joined()
    }
}
