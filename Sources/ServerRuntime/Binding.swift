import Basics
import ProgramFrame
import SocketIO
import TextSafety

/// Getting the server's socket, and saying well why not.
enum Binding {
    /// How many ports after the wanted one are tried, to name a free one.
    private static let portsToTry: UInt16 = 20

    /// Binds the first address of a host that can be bound.
    ///
    /// - Throws: `ProgramFailure` with the status `system`; the text names the address and the port.
    static func bind(host: String, port: UInt16) throws(ProgramFailure) -> UDPSocket {
        let addresses: [SocketAddress]
        do throws(ResolutionError) {
            addresses = try AddressResolver.resolve(host, port: port)
        } catch {
            throw ProgramFailure(.system, "cannot listen at port \(port): \(VisibleText.forLog(error.description))")
        }
        var failure = ProgramFailure(.system, "cannot listen at \(VisibleText.forLog(host)): it has no address")
        for (index, address) in addresses.enumerated() {
            do throws(SystemError) {
                return try UDPSocket(binding: address)
            } catch {
                // The first address is the one that was meant.
                if index == 0 { failure = ProgramFailure(.system, sentence(for: error, at: address)) }
            }
        }
        throw failure
    }

    private static func sentence(for error: SystemError, at address: SocketAddress) -> String {
        if error.isAddressInUse {
            let hint = freePort(near: address).map { "port \($0) is free (-p \($0))" } ?? "try another with -p"
            return "cannot listen at \(address): another program uses port \(address.port); \(hint)"
        }
        if error.isAddressUnavailable {
            return "cannot listen at \(address): \(address.hostText) is no address of this machine"
        }
        if error.isPermissionDenied {
            return "cannot listen at \(address): port \(address.port) needs more rights; try one above 1023 with -p"
        }
        if error.isFamilyUnsupported {
            return "cannot listen at \(address): this machine does not speak that kind of address"
        }
        return "cannot listen at \(address): \(error.text) (\(error.name))"
    }

    private static func freePort(near address: SocketAddress) -> UInt16? {
        let (last, overflow) = address.port.addingReportingOverflow(portsToTry)
        for port in address.port...(overflow ? .max : last) {
            if (try? UDPSocket(binding: SocketAddress(host: address.host, port: port))) != nil { return port }
        }
        return nil
    }

    /// The addresses that a client can use, where the server listens at all of them; those that reach farther first.
    ///
    /// IPv6 addresses of one wire are left out: a client would have to name its own interface with them.
    static func reachable(_ bound: SocketAddress, among local: [LocalAddress]) -> [SocketAddress] {
        guard bound.isUnspecified else { return [] }
        let usable = local.filter { address in
            switch (bound.host, address.host) {
            case (_, .v4): true
            case (.v4, .v6): false
            case (.v6, .v6): !address.isLinkLocal
            }
        }
        let sorted = [
            usable.filter { !$0.isLoopback && !$0.isLinkLocal }, usable.filter { $0.isLinkLocal && !$0.isLoopback },
            usable.filter(\.isLoopback),
        ]
        return sorted.joined().map { SocketAddress(host: $0.host, port: bound.port) }
    }
}
