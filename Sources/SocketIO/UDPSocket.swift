package import Basics
import CLinux
import Glibc

/// A bound UDP socket: non-blocking, closed on exec, with the don't-fragment bit set. It closes with its owner.
///
/// ICMP errors about what was sent never end it: UDP may lose a datagram at any time, and anybody can forge ICMP.
package struct UDPSocket: ~Copyable, Sendable {
    /// What is asked of the kernel for each direction: 8 MiB, about 10,000 short datagrams as the kernel counts them.
    /// Small buffers lose bursts (quinn issue 296); the kernel grants at most `net.core.rmem_max` and `wmem_max`.
    package static let wantedBufferBytes = 8 << 20

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

    /// Whether the kernel cuts one message into several datagrams.
    package let cutsMessages: Bool

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
        cutsMessages = clinux_udp_cuts(result)
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
        cutsMessages = clinux_udp_cuts(descriptor)
    }

    /// The descriptor, for a `Poller` only. It is closed with the socket.
    package var descriptor: Int32 { handle.number }

    /// How many datagrams that came to the socket the kernel has dropped since it was opened, for want of room in its
    /// buffer or since they were damaged; nil where it does not tell. It begins again after 2^32 - 1.
    ///
    /// Asked for (SO_MEMINFO) when somebody wants to know. The kernel could tell it beside each datagram (SO_RXQ_OVFL),
    /// the same number, but that costs a few dozen nanoseconds each time, and says nothing after the last datagram.
    package var kernelDrops: UInt32? { UInt32(exactly: clinux_udp_drops(handle.number)) }

    /// Lets the kernel put datagrams of one sender together; a kernel that can't (before Linux 5.0) goes on one by one.
    borrowing func takeRuns() {
        _ = clinux_udp_take_runs(handle.number)
    }

    /// Receives what waits, at most a batch full, without blocking.
    ///
    /// - Returns: how many datagrams arrived, dropped ones among them; 0 when none waits. When the batch is full, more
    ///   may wait.
    /// - Throws: `SystemError` only where the socket itself is broken.
    package borrowing func receive(into batch: inout ReceiveBatch) throws(SystemError) -> Int {
        batch.removeAll()
        for _ in 0..<Self.errorsPerReceive {
            let result = batch.receive(from: descriptor)
            if result >= 0 { return Int(result) }
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
        try batch.send(through: descriptor, family: family, cuts: cutsMessages)
    }
}
