package import Basics
import CLinux

/// Tells when the machine's addresses, routes or links change (rtnetlink), such as when it leaves Wi-Fi for mobile.
///
/// What the system reports is not read in detail: what matters is `localHost`, which is asked anew.
package struct RouteWatch: ~Copyable, Sendable {
    /// The most reports taken at once; what is left makes the descriptor readable again.
    private static let reportsAtOnce: Int32 = 256

    private let handle: Descriptor

    /// - Throws: `SystemError` where the system gives no such reports, as in some sandboxes.
    package init() throws(SystemError) {
        handle = Descriptor(owning: try SystemError.check(clinux_routes_open(), "socket(AF_NETLINK)"))
    }

    /// The descriptor, for a `Poller` only: readable when something has changed.
    package var descriptor: Int32 { handle.number }

    /// Takes what waits, without blocking.
    ///
    /// - Returns: whether anything has changed.
    package borrowing func takeChanges() throws(SystemError) -> Bool {
        try SystemError.check(clinux_routes_take(descriptor, Self.reportsAtOnce), "recv") > 0
    }

    /// Which of this machine's addresses the system uses towards another one now. Nothing is sent for it.
    ///
    /// - Returns: nil where there is no way to it.
    package static func localHost(towards remote: SocketAddress) -> SocketAddress.Host? {
        var wanted = remote.systemForm
        var local = clinux_address()
        guard unsafe clinux_route_source(&wanted, &local) == 0 else { return nil }
        return SocketAddress(local)?.host
    }
}
