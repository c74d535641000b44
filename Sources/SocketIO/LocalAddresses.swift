package import Basics
import CLinux
import Glibc

/// One address of this machine.
package struct LocalAddress: Hashable, Sendable {
    /// The interface's name, such as `eth0`.
    package let interface: String
    package let host: SocketAddress.Host

    /// Whether only this machine itself can reach it.
    package var isLoopback: Bool { SocketAddress(host: host, port: 0).isLoopback }

    /// Whether only machines on the same wire can reach it: 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291).
    package var isLinkLocal: Bool {
        switch host {
        case .v4(let value): value >> 16 == 0xa9fe
        case .v6(let high, _, _): high >> 54 == 0xfe80 >> 6
        }
    }
}

/// The addresses of this machine, to show people where a server can be reached.
package enum LocalAddresses {
    /// The addresses of all interfaces that are up, in the system's order.
    ///
    /// - Throws: `SystemError` when the system does not tell.
    package static func list() throws(SystemError) -> [LocalAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { throw SystemError(call: "getifaddrs", code: errno) }
        // The list is the system's, complete and unchanged until it is given back here.
        defer { unsafe freeifaddrs(first) }
        var addresses: [LocalAddress] = []
        var next = unsafe first
        while let entry = unsafe next?.pointee {
            unsafe next = entry.ifa_next
            guard unsafe entry.ifa_flags & UInt32(IFF_UP) != 0, let name = unsafe entry.ifa_name,
                let address = SocketAddress(unsafe clinux_address_read(entry.ifa_addr))
            else { continue }
            addresses.append(LocalAddress(interface: unsafe String(cString: name), host: address.host))
        }
        return addresses
    }
}
