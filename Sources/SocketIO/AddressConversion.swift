import Basics
import CLinux

extension SocketAddress {
    /// The address in the form of CLinux. IPv4 mapped into IPv6 becomes IPv4, so that a peer has one form only.
    var systemForm: clinux_address {
        switch host {
        case .v4(let value):
            clinux_address(high: 0, low: UInt64(value), scope: 0, port: port, family: 4)
        case .v6(0, let low, _) where low >> 32 == 0xffff:
            clinux_address(high: 0, low: low & 0xffff_ffff, scope: 0, port: port, family: 4)
        case .v6(let high, let low, let scope):
            clinux_address(high: high, low: low, scope: scope, port: port, family: 6)
        }
    }

    /// - Returns: nil where the system gave no Internet address.
    init?(_ system: clinux_address) {
        switch system.family {
        case 4:
            self.init(host: .v4(UInt32(truncatingIfNeeded: system.low)), port: system.port)
        case 6:
            self.init(host: .v6(high: system.high, low: system.low, scope: system.scope), port: system.port)
        default:
            return nil
        }
    }
}
