/// An Internet address and UDP port, without anything of the operating system.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Host: Hashable, Sendable {
        /// IPv4, the first octet in the highest byte.
        case v4(UInt32)
        /// IPv6 as two big-endian halves; `scope` is the interface index of a link-local address, else 0.
        case v6(high: UInt64, low: UInt64, scope: UInt32)
    }

    package var host: Host
    package var port: UInt16

    package init(host: Host, port: UInt16) {
        self.host = host
        self.port = port
    }

    package static func loopback(port: UInt16) -> SocketAddress {
        SocketAddress(host: .v4(0x7f00_0001), port: port)
    }

    /// Whether the host is 127.0.0.0/8, ::1 or 127.0.0.0/8 mapped into IPv6.
    package var isLoopback: Bool {
        switch host {
        case .v4(let value): value >> 24 == 127
        case .v6(0, let low, _): low == 1 || low >> 24 == 0xffff_7f
        case .v6: false
        }
    }

    /// Whether the host is 0.0.0.0 or ::, which binds to every interface.
    package var isUnspecified: Bool {
        switch host {
        case .v4(let value): value == 0
        case .v6(let high, let low, _): high == 0 && low == 0
        }
    }

    /// `127.0.0.1:8080` or `[::1]:8080`.
    package var description: String {
        switch host {
        case .v4: "\(hostText):\(port)"
        case .v6: "[\(hostText)]:\(port)"
        }
    }

    /// The host alone: dotted quad, or the shortest IPv6 form (RFC 5952).
    package var hostText: String {
        switch host {
        case .v4(let value):
            return "\(value >> 24).\(value >> 16 & 0xff).\(value >> 8 & 0xff).\(value & 0xff)"
        case .v6(let high, let low, let scope):
            let text = Self.text(high: high, low: low)
            return scope == 0 ? text : "\(text)%\(scope)"
        }
    }

    /// RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups becomes `::`.
    private static func text(high: UInt64, low: UInt64) -> String {
        if high == 0, low >> 32 == 0xffff {
            return "::ffff:" + SocketAddress(host: .v4(UInt32(truncatingIfNeeded: low)), port: 0).hostText
        }
        let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> UInt64($0) & 0xffff } }
        var best = 0..<0
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start) + 1
        }
        let words = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return words.joined(separator: ":") }
        return words[..<best.lowerBound].joined(separator: ":") + "::"
            + words[best.upperBound...].joined(separator: ":")
    }
}
