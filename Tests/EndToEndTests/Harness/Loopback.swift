import Basics
import SocketIO

/// Whether this machine has an IPv6 loopback address; some containers have none.
let hasIPv6 = (try? LocalAddresses.list())?.contains { $0.host == .v6(high: 0, low: 1, scope: 0) } ?? false
