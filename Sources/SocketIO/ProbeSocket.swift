package import Basics
import CLinux
import Glibc

/// A socket for looking at one way: bound to one peer, so that the system tells what ICMP says of it. A program that
/// chats must not believe ICMP, which anybody can forge; one that looks for faults wants to hear it.
package struct ProbeSocket: ~Copyable, Sendable {
    private let socket: UDPSocket

    /// The longest datagram that is received whole.
    private static let longest = 2048

    /// - Parameters:
    ///   - local: where it is bound; port 0 lets the system choose.
    ///   - remote: who it speaks with.
    /// - Throws: `SystemError`: as `UDPSocket`, and ENETUNREACH where there is no way.
    package init(from local: SocketAddress, to remote: SocketAddress) throws(SystemError) {
        let opened = try UDPSocket(binding: local)
        var address = remote.systemForm
        let family: UInt16 = if case .v4 = local.host { 4 } else { 6 }
        try SystemError.check(
            unsafe clinux_udp_connect(opened.descriptor, &address, family), "connect", remote.description)
        socket = opened
    }

    package var localAddress: SocketAddress { socket.localAddress }

    /// For a `Poller` only.
    package var descriptor: Int32 { socket.descriptor }

    /// Sends a datagram, or tells what the system knows against it: EPERM is this machine's firewall, EMSGSIZE a link
    /// that it does not fit, ECONNREFUSED and EHOSTUNREACH what ICMP said of an earlier one.
    package borrowing func send(_ bytes: [UInt8]) throws(SystemError) {
        let result = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe clinux_probe_send(socket.descriptor, buffer.baseAddress, buffer.count)
        }
        try SystemError.check(result, "send")
    }

    /// Takes a datagram that has come.
    ///
    /// - Returns: nil when none waits.
    /// - Throws: `SystemError` with what ICMP said.
    package borrowing func receive() throws(SystemError) -> [UInt8]? {
        var code: Int32 = 0
        let descriptor = socket.descriptor
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.longest) { buffer, count in
            code = unsafe clinux_probe_receive(descriptor, buffer.baseAddress, Self.longest)
            count = Int(max(0, code))
        }
        if code == -EAGAIN { return nil }
        try SystemError.check(code, "recv")
        return bytes
    }
}
