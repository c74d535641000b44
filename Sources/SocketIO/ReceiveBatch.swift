package import Basics

/// Room for the datagrams of one receiving system call; made once and filled again and again.
package struct ReceiveBatch: ~Copyable, Sendable {
    var storage: DatagramStorage

    /// How many datagrams the last call brought, those that are dropped among them.
    package private(set) var count = 0

    /// How many datagrams were dropped since the batch was made: longer than `datagramBytes`, so cut off, or from
    /// port 0, which nobody can answer (RFC 768: a port of 0 says that no reply is wanted).
    package private(set) var droppedCount: UInt64 = 0

    /// - Parameters:
    ///   - capacity: how many datagrams one call may bring, 1...1,024.
    ///   - datagramBytes: the longest datagram that is taken, 1...65,535.
    /// - Throws: `SystemError` (ENOMEM) when there is no memory.
    package init(capacity: Int = 64, datagramBytes: Int = 1500) throws(SystemError) {
        storage = try DatagramStorage(capacity: capacity, datagramBytes: datagramBytes)
    }

    /// Whether the last call filled the batch, so that more may wait.
    package var isFull: Bool { count == storage.capacity }

    /// Shows each datagram with its sender, in the order of arrival. Nothing is allocated.
    ///
    /// IPv4 senders are `.v4`, also on a dual-stack socket.
    package func forEach<E>(_ body: (Span<UInt8>, SocketAddress) throws(E) -> Void) throws(E) {
        for index in 0..<count {
            guard let source = storage.source(at: index) else { continue }
            try storage.withReceivedBytes(at: index) { (bytes: Span<UInt8>) throws(E) in try body(bytes, source) }
        }
    }

    /// Shows each datagram as `forEach` does, with which of our addresses it came to: nil where the socket is bound to
    /// one address; who answers from another one is not heard. And with what the network said of congestion.
    package func forEachArrival<E>(
        _ body: (Span<UInt8>, SocketAddress, SocketAddress.Host?, ECNMark) throws(E) -> Void
    ) throws(E) {
        for index in 0..<count {
            guard let source = storage.source(at: index) else { continue }
            let (local, mark) = (storage.local(at: index), storage.mark(at: index))
            try storage.withReceivedBytes(at: index) { (bytes: Span<UInt8>) throws(E) in
                try body(bytes, source, local, mark)
            }
        }
    }

    /// Notes that the storage was filled anew.
    mutating func didReceive(_ arrived: Int) {
        count = arrived
        for index in 0..<arrived where storage.source(at: index) == nil { droppedCount += 1 }
    }
}
