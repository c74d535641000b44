package import Basics
import CLinux
import Glibc

/// A bound UDP socket: non-blocking, closed on exec, with the don't-fragment bit set. It closes with its owner.
///
/// ICMP errors about what was sent never end it: UDP may lose a datagram at any time, and anybody can forge ICMP.
package struct UDPSocket: ~Copyable, Sendable {
    /// What is asked of the kernel for each direction: 4 MiB. Small buffers lose bursts (quinn issue 296); the kernel
    /// grants at most `net.core.rmem_max` and `wmem_max`.
    package static let wantedBufferBytes = 4 << 20

    /// The most system calls that fail for an old ICMP error before `receive` leaves the rest to the next call.
    private static let errorsPerReceive = 16

    private let handle: Descriptor
    private let family: UInt16

    /// Where the socket is bound; the port is the real one, also when 0 was asked for.
    package let localAddress: SocketAddress

    /// The bytes of the receive buffer as the kernel granted them.
    package let receiveBufferBytes: Int

    /// The bytes of the send buffer as the kernel granted them.
    package let sendBufferBytes: Int

    /// Opens a socket and binds it.
    ///
    /// - Parameter address: `[::]` takes IPv4 as well as IPv6; port 0 lets the kernel choose.
    /// - Throws: `SystemError`, among others `isAddressInUse`, `isAddressUnavailable`, `isPermissionDenied` (port below
    ///   1024) and `isFamilyUnsupported` (no IPv6 here).
    package init(binding address: SocketAddress) throws(SystemError) {
        var wanted = address.systemForm
        var bound = clinux_address()
        var failedCall: UnsafePointer<CChar>?
        let result = unsafe clinux_udp_open(&wanted, &bound, Int32(Self.wantedBufferBytes), &failedCall)
        guard result >= 0 else {
            let call = unsafe failedCall.map { unsafe String(cString: $0) } ?? "socket"
            throw SystemError(call: call, subject: address.description, code: -result)
        }
        handle = Descriptor(owning: result)
        family = wanted.family
        localAddress = SocketAddress(bound) ?? address
        receiveBufferBytes = Int(max(0, clinux_udp_buffer_bytes(result, true)))
        sendBufferBytes = Int(max(0, clinux_udp_buffer_bytes(result, false)))
    }

    /// Takes over a socket that is bound already: a service manager keeps it open while the server restarts, and what
    /// comes meanwhile waits in it.
    ///
    /// - Parameter descriptor: owned from now on, also when this throws.
    /// - Throws: `SystemError` for anything but a bound UDP socket.
    package init(adopting descriptor: Int32) throws(SystemError) {
        let owned = Descriptor(owning: descriptor)
        var bound = clinux_address()
        var failedCall: UnsafePointer<CChar>?
        let result = unsafe clinux_udp_adopt(descriptor, &bound, Int32(Self.wantedBufferBytes), &failedCall)
        guard result >= 0, let address = SocketAddress(bound) else {
            let call = unsafe failedCall.map { unsafe String(cString: $0) } ?? "socket"
            throw SystemError(call: call, subject: "descriptor \(descriptor)", code: result < 0 ? -result : EPROTOTYPE)
        }
        handle = owned
        family = bound.family
        localAddress = address
        receiveBufferBytes = Int(max(0, clinux_udp_buffer_bytes(descriptor, true)))
        sendBufferBytes = Int(max(0, clinux_udp_buffer_bytes(descriptor, false)))
    }

    /// The descriptor, for a `Poller` only. It is closed with the socket.
    package var descriptor: Int32 { handle.number }

    /// Receives what waits, at most a batch full, without blocking.
    ///
    /// - Returns: how many datagrams arrived, dropped ones among them; 0 when none waits. When the batch is full, more
    ///   may wait.
    /// - Throws: `SystemError` only where the socket itself is broken.
    package borrowing func receive(into batch: inout ReceiveBatch) throws(SystemError) -> Int {
        batch.didReceive(0)
        for _ in 0..<Self.errorsPerReceive {
            let result = batch.storage.receive(from: descriptor)
            if result >= 0 {
                batch.didReceive(Int(result))
                return Int(result)
            }
            switch -result {
            case EAGAIN: return 0
            case EBADF, ENOTSOCK, EFAULT, EINVAL, EOPNOTSUPP: throw SystemError(call: "recvmmsg", code: -result)
            default: continue  // An ICMP error about what was sent; it is reported once and then gone.
            }
        }
        return 0
    }

    /// Sends what waits in the batch, without blocking.
    ///
    /// What the system has no room for stays in the batch, and `batch.blocked` says why.
    ///
    /// - Returns: how many datagrams went.
    /// - Throws: `SystemError` only where the socket itself is broken; the datagrams stay in the batch.
    package borrowing func send(_ batch: inout SendBatch) throws(SystemError) -> Int {
        try batch.send(through: descriptor, family: family)
    }
}
