package import Basics
package import Crypto

/// Where a server is and how to recognise it, in one word that people can pass on: `host:port#fingerprint`, IPv6
/// addresses in brackets. Who has it need not trust the first answer.
package struct Invite: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with a text that should be an invite.
    package enum Fault: Error, Hashable, Sendable {
        /// There is no `host:port` before the sign.
        case address
        /// The port is no number of 1 to 65535.
        case port
        /// What follows the sign is no fingerprint.
        case fingerprint
    }

    /// What parts the address from the fingerprint; no address contains it.
    package static let sign: Character = "#"

    /// An address or name, without brackets.
    package let host: String
    /// 1...65535.
    package let port: UInt16
    package let key: KeyFingerprint

    package init(address: SocketAddress, publicKey: [UInt8]) {
        host = address.hostText
        port = address.port
        key = KeyFingerprint(of: publicKey)
    }

    /// Reads an invite. Total: any text may be given.
    package init(reading text: String) throws(Fault) {
        guard let sign = text.firstIndex(of: Self.sign) else { throw .fingerprint }
        let address = text[..<sign]
        guard let colon = address.lastIndex(of: ":") else { throw .address }
        guard let host = Self.host(address[..<colon]) else { throw .address }
        guard let port = UInt16(decimal: String(address[address.index(after: colon)...])), port > 0 else { throw .port }
        guard let key = Fingerprint.read(text[text.index(after: sign)...]) else { throw .fingerprint }
        self.host = host
        self.port = port
        self.key = key
    }

    package var description: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(shown):\(port)\(Self.sign)\(Fingerprint.text(of: key))"
    }

    /// Takes the brackets off. An IPv6 address without them could not be told from its port.
    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]"), text.count > 2 { return String(text.dropFirst().dropLast()) }
        return text.isEmpty || text.contains(where: { ":[]".contains($0) }) ? nil : String(text)
    }
}
