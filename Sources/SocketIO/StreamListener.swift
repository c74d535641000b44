package import Basics
import CLinux

/// A TCP socket that listens, for whoever takes connections from it. It closes with its owner.
package struct StreamListener: ~Copyable, Sendable {
    /// How many connections may wait to be taken.
    private static let backlog: Int32 = 16

    private let handle: Descriptor

    /// Where it is bound; the port is the real one, also when 0 was asked for.
    package let localAddress: SocketAddress

    /// - Throws: `SystemError`, as `UDPSocket` does.
    package init(binding address: SocketAddress) throws(SystemError) {
        var wanted = address.systemForm
        var bound = clinux_address()
        var failedCall: UnsafePointer<CChar>?
        let result = unsafe clinux_stream_listen(&wanted, &bound, Self.backlog, &failedCall)
        guard result >= 0 else {
            let call = unsafe failedCall.map { unsafe String(cString: $0) } ?? "socket"
            throw SystemError(call: call, subject: address.description, code: -result)
        }
        handle = Descriptor(owning: result)
        localAddress = SocketAddress(bound) ?? address
    }

    /// The descriptor, for whoever takes connections from it; closed with this.
    package var descriptor: Int32 { handle.number }
}
