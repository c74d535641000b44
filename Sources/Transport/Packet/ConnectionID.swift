import Basics

/// Names a connection independently of addresses: 64 random bits, chosen by the side that receives under it.
package struct ConnectionID: Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package init(using random: inout some RandomNumberGenerator) {
        rawValue = random.next()
    }
}
