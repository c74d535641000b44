import Basics
import CLinux
import Glibc

/// The datagrams of a `SendBatch`, in memory that is made once.
///
/// `@safe`: the pointer has one owner, which frees it; every index and length is checked here before C sees it, and the
/// room for a datagram is lent as a span that lives as long as the call.
@safe
struct OutgoingStorage: ~Copyable, @unchecked Sendable {
    /// `@unchecked Sendable` above: memory without ties to a thread, reachable through this one value only.
    private let box: OpaquePointer

    let capacity: Int
    let datagramBytes: Int

    /// How many datagrams there are, those that were sent among them. The room of the next begins where they end.
    private(set) var count = 0

    /// - Parameters:
    ///   - capacity: 1...1,024 datagrams, the most that one system call takes (UIO_MAXIOV); brought into this range.
    ///   - datagramBytes: 1...65,535; brought into this range.
    init(capacity: Int, datagramBytes: Int) throws(SystemError) {
        self.capacity = min(max(capacity, 1), 1024)
        self.datagramBytes = min(max(datagramBytes, 1), 65535)
        guard let box = unsafe clinux_outbox_make(UInt32(self.capacity), UInt32(self.datagramBytes)) else {
            throw SystemError(call: "calloc", code: ENOMEM)
        }
        unsafe self.box = box
    }

    deinit {
        unsafe clinux_outbox_free(box)
    }

    var isFull: Bool { count == capacity }

    /// Forgets all datagrams.
    mutating func removeAll() {
        count = 0
    }

    /// Adds a datagram whose bytes are copied, and nothing else.
    ///
    /// - Returns: false when it is too long, or the storage is full.
    mutating func append(_ bytes: Span<UInt8>, to destination: SendBatch.Destination) -> Bool {
        guard !isFull, bytes.count <= datagramBytes, let room = unsafe clinux_outbox_room(box, UInt32(count)) else {
            return false
        }
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            unsafe room.update(from: first, count: source.count)
        }
        put(bytes.count, to: destination)
        return true
    }

    /// Lends the room of the next datagram and adds what was written there.
    ///
    /// - Returns: false when `write` named no destination, or the storage is full.
    mutating func append<E>(
        _ write: (inout OutputSpan<UInt8>) throws(E) -> SendBatch.Destination?
    ) throws(E) -> Bool {
        guard !isFull, let room = unsafe clinux_outbox_room(box, UInt32(count)) else { return false }
        // The span ends before this call does, and nothing else writes to the room while `self` is borrowed.
        let buffer = unsafe UnsafeMutableBufferPointer(start: room, count: datagramBytes)
        var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
        guard let destination = try write(&output) else { return false }
        put(unsafe output.finalize(for: buffer), to: destination)
        return true
    }

    private mutating func put(_ length: Int, to destination: SendBatch.Destination) {
        var address = destination.address.systemForm
        var local = destination.local.map { SocketAddress(host: $0, port: 0).systemForm } ?? clinux_address()
        unsafe clinux_outbox_put(
            box, UInt32(count), UInt32(length), &address, &local, destination.isMarked)
        count += 1
    }

    /// How many datagrams of a range, from its first on, can leave as one message.
    func run(_ range: Range<Int>) -> Int {
        guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty else { return 0 }
        return Int(unsafe clinux_outbox_run(box, UInt32(range.lowerBound), UInt32(range.upperBound)))
    }

    /// Sends the datagrams of a range through a socket of the given family (4 or 6).
    ///
    /// - Parameter merges: whether each run leaves as one message, which the kernel cuts.
    /// - Returns: how many of the first went, or a negated error number that belongs to the first message.
    func send(_ range: Range<Int>, through descriptor: Int32, family: UInt16, merges: Bool) -> Int32 {
        guard range.lowerBound >= 0, range.upperBound <= count else { return -EINVAL }
        return unsafe clinux_send(
            descriptor, family, box, UInt32(range.lowerBound), UInt32(range.upperBound), merges)
    }
}
