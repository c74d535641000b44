import Basics
import SocketIO

/// What the service manager is told: that the server is ready, reads its configuration again, is alive, stops.
///
///     READY=1 -> (RELOADING=1 -> READY=1)* -> STOPPING=1, with WATCHDOG=1 in between
///
/// The sign of life comes from the loop itself and from nowhere else: one that is stuck gives none.
struct ServiceDesk: ~Copyable {
    private let notifier: ServiceNotifier
    /// How often the manager hears that the server is alive: twice in the time that it waits (sd_watchdog_enabled(3)).
    private let interval: Duration?
    private var nextSign: Instant?
    /// Whether a service manager runs this server.
    let isService: Bool

    init(_ context: ServiceContext, at now: Instant) {
        notifier = ServiceNotifier(path: context.noticeSocket)
        isService = context.isService
        interval = context.isService ? context.watchdog.map { $0 / 2 } : nil
        nextSign = interval.map { now + $0 }
    }

    /// When the next sign of life is due; nil where nobody wants one.
    var deadline: Instant? { nextSign }

    /// The server serves.
    ///
    /// - Parameter status: what people see of it, in one line.
    borrowing func ready(_ status: String) {
        notifier.send(["READY=1", "STATUS=\(status)"])
    }

    /// The configuration is read again; `ready` follows.
    borrowing func reloading() {
        notifier.send(["RELOADING=1", "MONOTONIC_USEC=\(MonotonicClock.serviceMicroseconds)"])
    }

    /// The server stops.
    borrowing func stopping(_ status: String) {
        notifier.send(["STOPPING=1", "STATUS=\(status)"])
    }

    /// Gives the sign of life that is due: see `deadline`.
    ///
    /// - Parameter status: what people see of the server, in one line.
    mutating func giveSign(at now: Instant, _ status: String) {
        nextSign = interval.map { now + $0 }
        notifier.send(["WATCHDOG=1", "STATUS=\(status)"])
    }
}
