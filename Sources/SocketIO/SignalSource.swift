import CLinux
import Glibc

/// The signals that the programs act on.
package enum Signal: CaseIterable, Hashable, Sendable {
    /// Ctrl-C (SIGINT).
    case interrupt
    /// `kill`, the service manager, the end of a container (SIGTERM).
    case terminate
    /// The terminal is gone, or "read the configuration again" (SIGHUP).
    case hangup
    /// The terminal has another size (SIGWINCH).
    case windowChange
    /// Ctrl-Z (SIGTSTP): whoever takes it stops the process itself, after it has put the terminal in order.
    case suspend
    /// Ctrl-\ (SIGQUIT): leave now. Whoever holds a terminal takes it, to put the terminal in order.
    case abandon

    /// What every program takes; the others keep the meaning that the system gives them.
    package static let common: [Signal] = [.interrupt, .terminate, .hangup, .windowChange]

    /// The number of the platform.
    var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangup: SIGHUP
        case .windowChange: SIGWINCH
        case .suspend: SIGTSTP
        case .abandon: SIGQUIT
        }
    }
}

/// Signals as ordinary input of a loop (signalfd), so that no code ever runs inside a signal handler.
package struct SignalSource: ~Copyable, Sendable {
    private let handle: Descriptor

    /// Keeps the signals from interrupting this thread, and every thread that it starts from now on, for good.
    ///
    /// Make it on the main thread before any other thread starts: a thread that does not block a signal would be killed
    /// by it.
    ///
    /// - Throws: `SystemError` when the process has no descriptors left.
    package init(_ signals: [Signal] = Signal.common) throws(SystemError) {
        let bits = signals.reduce(into: UInt64(0)) { bits, signal in bits |= 1 << UInt64(signal.number) }
        handle = Descriptor(owning: try SystemError.check(clinux_signals_open(bits), "signalfd"))
    }

    /// The descriptor, for a `Poller` only: readable while a signal waits.
    package var descriptor: Int32 { handle.number }

    /// Takes one signal, without blocking. Several of one kind may have become one.
    ///
    /// - Returns: nil when none waits.
    package borrowing func next() throws(SystemError) -> Signal? {
        let number = try SystemError.check(clinux_signals_next(descriptor), "read")
        return Signal.allCases.first { $0.number == number }
    }

    /// Makes writing to a closed pipe an ordinary error (EPIPE) instead of the end of the process.
    ///
    /// So does one that would make a file longer than the process may have (`ulimit -f`).
    package static func ignoreBrokenPipe() {
        _ = signal(SIGPIPE, SIG_IGN)
        _ = signal(SIGXFSZ, SIG_IGN)
    }
}
