package import Basics
import CLinux
import Glibc

/// A host that has no address.
package struct ResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The name does not exist, or has no address.
        case unknownHost
        /// The name service did not answer: try again later.
        case temporary
        /// Anything else.
        case failed
    }

    /// The host as it was given.
    package let host: String
    package let kind: Kind
    /// The system's words.
    package let text: String

    /// `chat.example: Name or service not known`.
    package var description: String { "\(host): \(text)" }
}

/// From a host's name or numbers to addresses.
package enum AddressResolver {
    /// The most addresses of one host that are looked at.
    package static let addressLimit = 32

    /// The longest name: 253 characters in text form (RFC 1035, section 2.3.4), and room for an address with its zone.
    private static let nameLimit = 255

    /// Resolves a host, the address to try first in front (RFC 6724).
    ///
    /// Numbers are understood without asking anybody; a name may block for as long as the name service does.
    ///
    /// - Parameter host: `192.0.2.7`, `2001:db8::7`, `[2001:db8::7]`, `fe80::1%eth0` or a name.
    /// - Returns: at least one address, each once.
    package static func resolve(_ host: String, port: UInt16) throws(ResolutionError) -> [SocketAddress] {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let name = isBracketed ? String(host.dropFirst().dropLast()) : host
        guard !name.isEmpty, name.utf8.count <= nameLimit, !name.utf8.contains(0) else {
            throw ResolutionError(host: host, kind: .unknownHost, text: "not a host name")
        }
        var (result, addresses) = lookUp(name, port: port, isNumeric: true)
        if result < 0, !isBracketed { (result, addresses) = lookUp(name, port: port, isNumeric: false) }
        if !addresses.isEmpty { return addresses }
        throw ResolutionError(host: host, kind: kind(of: result), text: text(of: result))
    }

    /// Reads an address in numbers, in the one way that is usual: a word that old programs took for an address too (`1`,
    /// `127.1`, `0x7f000001`) is none here, as it may be a name.
    ///
    /// - Returns: the address with port 0; nil for everything else. Never asks anybody.
    package static func numeric(_ text: String) -> SocketAddress? {
        guard !text.isEmpty, text.utf8.count <= nameLimit, !text.utf8.contains(0), !text.utf8.contains(0x25),
            let address = lookUp(text, port: 0, isNumeric: true).addresses.first
        else { return nil }
        // Six has colons in every form; four must look as we would write it.
        return text.utf8.contains(0x3a) || address.hostText == text ? address : nil
    }

    private static func lookUp(
        _ name: String, port: UInt16, isNumeric: Bool
    ) -> (result: Int32, addresses: [SocketAddress]) {
        var found = [clinux_address](repeating: clinux_address(), count: addressLimit)
        let result = unsafe clinux_resolve(name, port, isNumeric, &found, Int32(addressLimit))
        var addresses: [SocketAddress] = []
        for address in found.prefix(Int(max(0, result))).compactMap({ SocketAddress($0) })
        where !addresses.contains(address) {
            addresses.append(address)
        }
        return (result, addresses)
    }

    private static func kind(of result: Int32) -> ResolutionError.Kind {
        switch result {
        case EAI_AGAIN: .temporary
        case EAI_NONAME, 0: .unknownHost
        default: .failed
        }
    }

    private static func text(of result: Int32) -> String {
        guard result < 0, let text = unsafe gai_strerror(result) else { return "has no address" }
        return unsafe String(cString: text)
    }
}
