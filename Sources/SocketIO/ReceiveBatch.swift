package import Basics

/// Room for the datagrams of one receiving system call; made once and filled again and again.
package struct ReceiveBatch: ~Copyable, Sendable {
    /// How many messages there is room for where each may be several datagrams: 64 KiB each.
    private static let runs = 16
    private static let runBytes = 65_535

    private var storage: IncomingStorage

    /// How many datagrams the last call brought, those that are dropped among them.
    package private(set) var count = 0

    /// How many datagrams were dropped since the batch was made: longer than `datagramBytes`, so cut off, or from
    /// port 0, which nobody can answer (RFC 768: a port of 0 says that no reply is wanted).
    package private(set) var droppedCount: UInt64 = 0

    /// How many system calls were made to fill it.
    package private(set) var callCount: UInt64 = 0

    /// - Parameters:
    ///   - capacity: how many datagrams one call may bring, 1...1,024.
    ///   - datagramBytes: the longest datagram that is taken, 1...65,535.
    /// - Throws: `SystemError` (ENOMEM) when there is no memory.
    package init(capacity: Int = 64, datagramBytes: Int = 1500) throws(SystemError) {
        storage = try IncomingStorage(capacity: capacity, datagramBytes: datagramBytes, bufferBytes: datagramBytes)
    }

    /// Room for what comes from a few peers, many datagrams from each: from now on the kernel puts equally long datagrams
    /// of one sender that come together into one buffer (UDP_GRO), where it can. They are shown one by one all the same.
    ///
    /// It suits a client: 32 packets of one server cost an eighth (100 ns each instead of 700, measured on the loopback).
    /// A server hears short datagrams of many people, hardly ever two in a row of one: there it gained nothing, and each
    /// takes a buffer of 64 KiB.
    ///
    /// - Parameters:
    ///   - socket: it must be received from with this batch only, since others have too little room.
    ///   - datagramBytes: the longest datagram that is taken, 1...65,535.
    /// - Throws: `SystemError` (ENOMEM) when there is no memory.
    package init(takingRunsOf socket: borrowing UDPSocket, datagramBytes: Int = 1500) throws(SystemError) {
        storage = try IncomingStorage(capacity: Self.runs, datagramBytes: datagramBytes, bufferBytes: Self.runBytes)
        socket.takeRuns()
    }

    /// Whether the last call filled the batch, so that more may wait.
    package var isFull: Bool { storage.count == storage.capacity }

    /// Shows each datagram with its sender, in the order of arrival. Nothing is allocated.
    ///
    /// IPv4 senders are `.v4`, also on a dual-stack socket.
    package func forEach<E>(_ body: (Span<UInt8>, SocketAddress) throws(E) -> Void) throws(E) {
        try storage.forEach { (bytes, source, _, _) throws(E) in try body(bytes, source) }
    }

    /// Shows each datagram as `forEach` does, with which of our addresses it came to: nil where the socket is bound to
    /// one address; who answers from another one is not heard. And with what the network said of congestion.
    package func forEachArrival<E>(
        _ body: (Span<UInt8>, SocketAddress, SocketAddress.Host?, ECNMark) throws(E) -> Void
    ) throws(E) {
        try storage.forEach(body)
    }

    /// Fills the batch from a socket.
    ///
    /// - Returns: how many datagrams have come, or a negated error number.
    mutating func receive(from descriptor: Int32) -> Int32 {
        callCount += 1
        let result = storage.receive(from: descriptor)
        let tally = storage.tally()
        count = tally.datagrams
        droppedCount += UInt64(tally.useless)
        return result < 0 ? result : Int32(clamping: count)
    }

    /// Forgets what has come.
    mutating func removeAll() {
        storage.removeAll()
        count = 0
    }
}
