import Basics

/// Addresses that have their first bits in common (RFC 4632, RFC 4291): `192.0.2.0/24`, `2001:db8::/32`, `192.0.2.7`.
struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64
    let isV4: Bool
    let bits: Int

    /// - Parameter bits: how many of the first bits count; nil: all. Values outside 0...32 or 0...128 are moved to the
    ///   nearer end.
    init(_ address: SocketAddress, bits: Int?) {
        let (high, low, isV4) = Self.parts(of: address)
        let width = isV4 ? 32 : 128
        let count = min(max(0, bits ?? width), width)
        self.isV4 = isV4
        self.bits = count
        // An IPv4 address stands in the upper half's first 32 bits, so that one mask does for both.
        self.high = high & Self.mask(count)
        self.low = low & Self.mask(count - 64)
    }

    func contains(_ address: SocketAddress) -> Bool {
        let (high, low, isV4) = Self.parts(of: address)
        return isV4 == self.isV4 && high & Self.mask(bits) == self.high && low & Self.mask(bits - 64) == self.low
    }

    /// The shortest form; without the bits where all count.
    var description: String {
        let host: SocketAddress.Host =
            isV4 ? .v4(UInt32(truncatingIfNeeded: high >> 32)) : .v6(high: high, low: low, scope: 0)
        let text = SocketAddress(host: host, port: 0).hostText
        return bits == (isV4 ? 32 : 128) ? text : "\(text)/\(bits)"
    }

    /// An IPv4 address mapped into IPv6 is the IPv4 address (RFC 4291, section 2.5.5.2).
    private static func parts(of address: SocketAddress) -> (high: UInt64, low: UInt64, isV4: Bool) {
        switch address.host {
        case .v4(let value): (UInt64(value) << 32, 0, true)
        case .v6(0, let low, _) where low >> 32 == 0xffff: (low << 32, 0, true)
        case .v6(let high, let low, _): (high, low, false)
        }
    }

    private static func mask(_ count: Int) -> UInt64 {
        count <= 0 ? 0 : count >= 64 ? .max : ~(UInt64.max >> UInt64(count))
    }
}
