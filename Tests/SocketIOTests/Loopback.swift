import Basics
import SocketIO
import Testing

extension SocketAddress {
    /// 127.0.0.1, any port.
    static let anyPortV4 = SocketAddress.loopback(port: 0)
    /// ::1, any port.
    static let anyPortV6 = SocketAddress(host: .v6(high: 0, low: 1, scope: 0), port: 0)
    /// [::], any port.
    static let everywhere = SocketAddress(host: .v6(high: 0, low: 0, scope: 0), port: 0)
}

/// Whether this machine has an IPv6 loopback address; some containers have none.
let hasIPv6 = (try? LocalAddresses.list())?.contains { $0.host == SocketAddress.anyPortV6.host } ?? false

/// A received datagram, copied.
struct Heard: Hashable {
    var bytes: [UInt8]
    var source: SocketAddress
}

/// Waits until `count` datagrams have arrived, dropped ones among them, or ten seconds are over.
func receive(_ count: Int, on socket: borrowing UDPSocket, into batch: inout ReceiveBatch) throws -> [Heard] {
    var poller = try Poller()
    try poller.add(socket.descriptor, token: 1)
    let deadline = MonotonicClock.now + .seconds(10)
    var heard: [Heard] = []
    var arrived = 0
    while arrived < count, MonotonicClock.now < deadline {
        _ = try poller.wait(until: deadline)
        arrived += try socket.receive(into: &batch)
        batch.forEach { bytes, source in heard.append(Heard(bytes: [UInt8](copying: bytes), source: source)) }
    }
    return heard
}

func receive(_ count: Int, on socket: borrowing UDPSocket) throws -> [Heard] {
    var batch = try ReceiveBatch()
    return try receive(count, on: socket, into: &batch)
}

/// Sends datagrams in one batch and returns how many went.
func send(_ datagrams: [[UInt8]], from socket: borrowing UDPSocket, to address: SocketAddress) throws -> Int {
    var batch = try SendBatch()
    for datagram in datagrams { _ = batch.append(datagram, to: address) }
    return try socket.send(&batch)
}
