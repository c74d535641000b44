import ProgramFrame

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
    var writer: StreamWriter
    /// Whether the lines are kept for whoever shows them, since a line is being typed where they would go.
    var isHeld = false
    private var held: [String] = []

    init(level: LogLevel, writer: consuming StreamWriter) {
        self.level = level
        self.writer = writer
    }

    mutating func write(_ level: LogLevel, _ text: String) {
        guard level <= self.level else { return }
        let line = "\(ServerProgram.name): \(level.name): \(text)\n"
        if isHeld { held.append(line) } else { writer.write(line) }
    }

    /// The lines that were kept, each with its end.
    mutating func takeHeld() -> String {
        defer { held.removeAll() }
        return held.joined()
    }
}
