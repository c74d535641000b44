package import Basics
import CLinux
import Glibc

/// What the service manager that started this process has told it (sd_notify(3), sd_listen_fds(3), systemd.exec(5)).
///
/// Nothing where a person or a script started it.
package struct ServiceContext: Hashable, Sendable {
    /// NOTIFY_SOCKET: where it wants to hear how the service is. A path, or with `@` in front an abstract name.
    package var noticeSocket: String?
    /// WATCHDOG_USEC: how long it may hear nothing before it takes the service for stuck.
    package var watchdog: Duration?
    /// LISTEN_FDS: sockets that it opened for the service and keeps open while that restarts.
    package var passedSockets: [Int32] = []
    /// CREDENTIALS_DIRECTORY: a folder of secrets that this service alone can read.
    package var credentialsFolder: String?

    package init() {}

    /// Whether a service manager runs this process.
    package var isService: Bool { noticeSocket != nil }

    /// The first descriptor that is passed (SD_LISTEN_FDS_START).
    package static let firstPassedSocket: Int32 = 3
    /// How many passed sockets are looked at.
    package static let passedSocketsAtMost: Int32 = 16

    /// Reads the environment of this process, and removes what is meant for it alone: no program started from here takes
    /// it for its own.
    ///
    /// To be called once, before another thread starts: the environment has no lock.
    package static func ofProcess() -> ServiceContext {
        let names = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"]
        let context = ServiceContext(process: getpid()) { ProcessEnvironment.variable($0) }
        for name in names { unsafe unsetenv(name) }
        return context
    }

    /// Reads variables. Total: any texts may stand there, and what makes no sense counts as not there.
    ///
    /// - Parameters:
    ///   - process: this process's ID; what is meant for another one is left alone.
    ///   - variable: the variable of a name; nil where there is none.
    package init(process: Int32, variable: (String) -> String?) {
        if let path = variable("NOTIFY_SOCKET"), path.hasPrefix("/") || path.hasPrefix("@"), path.utf8.count > 1 {
            noticeSocket = path
        }
        func isMeant(_ name: String) -> Bool { variable(name).map { Int32($0) == process } ?? true }
        if let microseconds = variable("WATCHDOG_USEC").flatMap({ Int64($0) }), isMeant("WATCHDOG_PID"),
            (1...Self.longestWatchdogMicroseconds).contains(microseconds)
        {
            watchdog = .microseconds(microseconds)
        }
        if let count = variable("LISTEN_FDS").flatMap({ Int32($0) }), count > 0,
            variable("LISTEN_PID").flatMap({ Int32($0) }) == process
        {
            let end = Self.firstPassedSocket + min(count, Self.passedSocketsAtMost)
            passedSockets = Array(Self.firstPassedSocket..<end)
        }
        if let folder = variable("CREDENTIALS_DIRECTORY"), folder.hasPrefix("/") { credentialsFolder = folder }
    }

    /// A day: whoever waits longer does not watch.
    private static let longestWatchdogMicroseconds: Int64 = 86_400_000_000
}

/// Tells the service manager how the service is (sd_notify(3)). Where there is none, or it does not listen, nothing happens:
/// a service must not fail because nobody asks how it is.
package struct ServiceNotifier: ~Copyable, Sendable {
    private let socket: Descriptor?
    private let path: String

    /// - Parameter path: `ServiceContext.noticeSocket`.
    package init(path: String?) {
        let number = path == nil ? -1 : clinux_notice_open()
        socket = number >= 0 ? Descriptor(owning: number) : nil
        self.path = path ?? ""
    }

    /// Sends lines like `READY=1`, together as one message.
    ///
    /// - Parameter lines: each `NAME=value`; what follows a line end is left out.
    /// - Returns: whether it was sent.
    @discardableResult
    package borrowing func send(_ lines: [String]) -> Bool {
        guard let number = descriptor else { return false }
        let text = lines.map { $0.prefix { $0 != "\n" } }.joined(separator: "\n")
        var bytes = Array(text.utf8)
        let count = bytes.count
        // Both are whole: a text that ends with a zero, and an array with its own count.
        return unsafe clinux_notice_send(number, path, &bytes, count) == 0
    }

    private var descriptor: Int32? {
        switch socket {
        case .some(let socket): socket.number
        case .none: nil
        }
    }
}
