import Basics
import ProgramFrame
import Sentences
import SocketIO

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
            throw ProgramFailure(.system) { $0.server.cannotListen($0.server.port(port), error.text(in: $0)) }
        }
        var failure = ProgramFailure(.system) { $0.server.cannotListen(host, $0.server.noAddress) }
        for (index, address) in addresses.enumerated() {
            do throws(SystemError) {
                return try UDPSocket(binding: address)
            } catch {
                // The first address is the one that was meant.
                guard index == 0 else { continue }
                let reason = reason(for: error, at: address)
                failure = ProgramFailure(.system) {
                    $0.server.cannotListen(address.description, reason.text(in: $0))
                }
            }
        }
        throw failure
    }

    /// The socket that the service manager passed, where it passed one that can be used; else one of our own.
    ///
    /// - Parameter note: hears what is worth knowing of the sockets that were passed.
    static func bind(
        host: String, port: UInt16, passed: [Int32], note: (LogLevel, Phrase) -> Void
    ) throws(ProgramFailure) -> UDPSocket {
        if passed.count > 1 { note(.warning, Phrase { $0.service.passedSocketsTooMany(passed.count) }) }
        guard let first = passed.first else { return try bind(host: host, port: port) }
        do throws(SystemError) {
            let socket = try UDPSocket(adopting: first)
            let address = socket.localAddress
            note(.info, Phrase { $0.service.listensAtPassedSocket(address.description) })
            return socket
        } catch {
            note(.warning, Phrase { $0.service.passedSocketUnusable(error.text(in: $0)) })
            return try bind(host: host, port: port)
        }
    }

    private static func reason(for error: SystemError, at address: SocketAddress) -> Phrase {
        if error.isAddressInUse {
            let free = freePort(near: address)
            return Phrase { $0.server.portInUse(address.port, free: free) }
        }
        if error.isAddressUnavailable { return Phrase { $0.server.foreignAddress(address.hostText) } }
        if error.isPermissionDenied { return Phrase { $0.server.portNeedsRights(address.port) } }
        if error.isFamilyUnsupported { return Phrase { $0.server.familyUnsupported } }
        return Phrase { "\(error.words(in: $0)) (\(error.name))" }
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
