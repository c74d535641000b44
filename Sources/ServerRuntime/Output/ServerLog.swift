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
    let level: LogLevel
    var writer: StreamWriter

    mutating func write(_ level: LogLevel, _ text: String) {
        guard level <= self.level else { return }
        writer.write("\(ServerProgram.name): \(level.name): \(text)\n")
    }
}
