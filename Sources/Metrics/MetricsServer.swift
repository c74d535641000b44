package import Basics
import CMicroHTTPD
package import SocketIO

/// What is answered to whoever asks.
package struct MetricsPage: Hashable, Sendable {
    /// For `/metrics`, see `Exposition`.
    package let figures: String
    /// For `/healthz`: one line.
    package let health: String
    /// Whether that is answered with 200, or with 503.
    package let isHealthy: Bool

    package init(figures: String, health: String, isHealthy: Bool) {
        self.figures = figures
        self.health = health
        self.isHealthy = isHealthy
    }
}

/// Gives figures over HTTP, by libmicrohttpd, without a thread of its own: the owner's loop waits for one descriptor and
/// one moment, and lets it run. So a loop that is stuck does not pass for a healthy one.
///
/// It takes GET and HEAD for two paths. Who sends more than a head, a long one, or nothing at all is cut off.
@safe
package struct MetricsServer: ~Copyable {
    /// How many connections may be open; further ones wait to be taken.
    package static let connectionsAtMost: UInt32 = 16
    /// How long a connection may say nothing, in seconds.
    package static let idleSeconds: UInt32 = 5
    /// Bytes of memory for one connection: the head of a request is a few hundred.
    package static let connectionBytes = 16_384
    /// The page is at most so old. Whoever asks all the time does not cost the room more than this.
    package static let pageLife: Duration = .milliseconds(50)

    private let listener: StreamListener
    /// Valid until `deinit`, which alone ends it; the handler, which runs in `run` only, reads from it.
    private let server: UnsafeMutablePointer<cmicrohttpd_server>
    /// What becomes readable when `run` has something to do.
    package let descriptor: Int32
    private var pageEnds = Instant.origin

    /// - Throws: `SystemError` when the address can't be bound, or there is nothing left to serve it with.
    package init(binding address: SocketAddress) throws(SystemError) {
        let socket = try StreamListener(binding: address)
        guard
            let server = unsafe cmicrohttpd_start(
                socket.descriptor, Self.connectionsAtMost, Self.idleSeconds, Self.connectionBytes)
        else { throw SystemError.outOfMemory("MHD_start_daemon") }
        listener = socket
        unsafe self.server = server
        descriptor = unsafe cmicrohttpd_descriptor(server)
    }

    deinit {
        unsafe cmicrohttpd_stop(server)
    }

    /// Where it listens; the port is the real one.
    package var localAddress: SocketAddress { listener.localAddress }

    /// How many connections are open.
    package var connectionCount: Int { unsafe Int(cmicrohttpd_connections(server)) }

    /// When `run` has something to do though nothing came; nil: only then.
    package borrowing func deadline(at now: Instant) -> Instant? {
        let milliseconds = unsafe cmicrohttpd_timeout(server)
        return milliseconds < 0 ? nil : now + .milliseconds(milliseconds)
    }

    /// Whether what would be answered is too old.
    package borrowing func wantsPage(at now: Instant) -> Bool { pageEnds <= now }

    /// What is answered from now on.
    package mutating func put(_ page: MetricsPage, at now: Instant) {
        pageEnds = now + Self.pageLife
        var (figures, health) = (Array(page.figures.utf8), Array(page.health.utf8))
        let (figureBytes, healthBytes) = (figures.count, health.count)
        // Both are copied, each with its own count. Without memory the former page stays.
        _ = unsafe cmicrohttpd_set_page(server, &figures, figureBytes, &health, healthBytes, page.isHealthy)
    }

    /// Takes connections, reads what they ask, and answers, without waiting for any of them. Put a page there before.
    package mutating func run() {
        unsafe cmicrohttpd_run(server)
    }
}
