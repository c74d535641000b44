import Basics
import CLinux
import Glibc

/// The buffers of a batch, made once: a fixed number of datagrams with their addresses.
///
/// `@safe`: the pointer has one owner, which frees it; every index and length is checked here before C sees it, and bytes
/// leave only as a span that lives as long as the call.
@safe
struct DatagramStorage: ~Copyable, @unchecked Sendable {
    /// `@unchecked Sendable` above: memory without ties to a thread, reachable through this one value only.
    private let batch: OpaquePointer

    let capacity: Int
    let datagramBytes: Int

    /// - Parameters:
    ///   - capacity: 1...1,024 datagrams, the most that one system call takes (UIO_MAXIOV); brought into this range.
    ///   - datagramBytes: 1...65,535; brought into this range.
    init(capacity: Int, datagramBytes: Int) throws(SystemError) {
        self.capacity = min(max(capacity, 1), 1024)
        self.datagramBytes = min(max(datagramBytes, 1), 65535)
        guard let batch = unsafe clinux_batch_make(UInt32(self.capacity), UInt32(self.datagramBytes)) else {
            throw SystemError(call: "calloc", code: ENOMEM)
        }
        unsafe self.batch = batch
    }

    deinit {
        unsafe clinux_batch_free(batch)
    }

    /// Fills the storage from a socket; what was in it is gone.
    ///
    /// - Returns: how many datagrams arrived, or a negated error number.
    mutating func receive(from descriptor: Int32) -> Int32 {
        unsafe clinux_receive(descriptor, batch)
    }

    /// Sends the datagrams of a range through a socket of the given family (4 or 6).
    ///
    /// - Returns: how many of the first went, or a negated error number that belongs to the first.
    func send(_ range: Range<Int>, through descriptor: Int32, family: UInt16) -> Int32 {
        guard range.lowerBound >= 0, range.upperBound <= capacity else { return -EINVAL }
        return unsafe clinux_send(descriptor, family, batch, UInt32(range.lowerBound), UInt32(range.upperBound))
    }

    /// Who sent the received datagram at `index`; nil when it is cut off or can't be answered.
    func source(at index: Int) -> SocketAddress? {
        guard (0..<capacity).contains(index), !(unsafe clinux_batch_is_truncated(batch, UInt32(index))),
            let address = SocketAddress(unsafe clinux_batch_address(batch, UInt32(index))), address.port != 0
        else { return nil }
        return address
    }

    /// Which of our addresses the received datagram at `index` came to; nil where the socket is bound to one address.
    func local(at index: Int) -> SocketAddress.Host? {
        guard (0..<capacity).contains(index) else { return nil }
        return SocketAddress(unsafe clinux_batch_local(batch, UInt32(index)))?.host
    }

    /// What the network said of congestion on the way of the received datagram at `index`.
    func mark(at index: Int) -> ECNMark {
        guard (0..<capacity).contains(index) else { return .notECT }
        return ECNMark(rawValue: unsafe clinux_batch_mark(batch, UInt32(index))) ?? .notECT
    }

    /// Lends the bytes of the received datagram at `index`.
    func withReceivedBytes<E>(at index: Int, _ body: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard (0..<capacity).contains(index), let start = unsafe clinux_batch_bytes(batch, UInt32(index)) else {
            return
        }
        let length = min(datagramBytes, Int(unsafe clinux_batch_length(batch, UInt32(index))))
        // The span ends before this call does, and nothing writes to the buffer while `self` is borrowed.
        let bytes = unsafe UnsafeBufferPointer(start: start, count: length)
        try body(unsafe bytes.span)
    }

    /// Puts a datagram at `index`.
    ///
    /// - Parameters:
    ///   - local: which of our addresses it goes from; nil leaves that to the kernel.
    ///   - isMarked: whether it carries the mark of the socket, ECT(0).
    /// - Returns: false when it does not fit.
    mutating func put(
        _ bytes: Span<UInt8>, to address: SocketAddress, from local: SocketAddress.Host? = nil,
        isMarked: Bool = true, at index: Int
    ) -> Bool {
        guard (0..<capacity).contains(index), bytes.count <= datagramBytes,
            let start = unsafe clinux_batch_bytes(batch, UInt32(index))
        else { return false }
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            unsafe start.update(from: first, count: source.count)
        }
        unsafe clinux_batch_set_length(batch, UInt32(index), UInt32(bytes.count))
        unsafe clinux_batch_set_address(batch, UInt32(index), address.systemForm)
        let source = local.map { SocketAddress(host: $0, port: 0).systemForm } ?? clinux_address()
        unsafe clinux_batch_set_local(batch, UInt32(index), source, isMarked)
        return true
    }
}
