package import Basics

/// What one party can have any number of addresses in, and so is counted as one: an IPv4 address, or an IPv6 /64, which
/// every household gets whole (RFC 6177).
package enum AddressBlock: Hashable, Sendable {
    case v4(UInt32)
    /// The upper half.
    case v6(UInt64)

    package init(of address: SocketAddress) {
        switch address.host {
        case .v4(let value): self = .v4(value)
        // A socket for both families shows IPv4 addresses mapped (RFC 4291, section 2.5.5.2): these are not one block.
        case .v6(0, let low, _) where low >> 32 == 0xffff: self = .v4(UInt32(truncatingIfNeeded: low))
        case .v6(let high, _, _): self = .v6(high)
        }
    }
}
