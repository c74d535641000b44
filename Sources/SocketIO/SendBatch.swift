package import Basics
import Glibc

/// Datagrams on their way out, sent together by one system call; made once and filled again and again.
///
/// What the system had no room for stays in the batch; what it refuses for itself alone (too long, unreachable) leaves
/// the batch as if the network had lost it.
package struct SendBatch: ~Copyable, Sendable {
    /// Why datagrams stayed in the batch.
    package enum Blocked: Hashable, Sendable {
        /// The socket's buffer is full: wait until the socket is writable (EAGAIN).
        case socketFull
        /// The machine is short of buffers (ENOBUFS, ENOMEM). The socket may count as writable all the while: try again
        /// after about a millisecond.
        case systemFull
    }

    private var storage: DatagramStorage
    private var head = 0
    private var tail = 0

    /// Why the last `send` left datagrams behind; nil when it did not.
    package private(set) var blocked: Blocked?

    /// How many datagrams were refused one by one since the batch was made.
    package private(set) var refusedCount: UInt64 = 0

    /// What the system said to the last of them.
    package private(set) var lastRefusal: SystemError?

    /// - Parameters:
    ///   - capacity: how many datagrams the batch holds, 1...1,024.
    ///   - datagramBytes: the longest datagram that it takes, 1...65,535.
    /// - Throws: `SystemError` (ENOMEM) when there is no memory.
    package init(capacity: Int = 64, datagramBytes: Int = 1500) throws(SystemError) {
        storage = try DatagramStorage(capacity: capacity, datagramBytes: datagramBytes)
    }

    /// How many datagrams wait.
    package var count: Int { tail - head }
    package var isEmpty: Bool { head == tail }

    /// Whether the batch takes no more until everything in it has been sent.
    package var isFull: Bool { tail == storage.capacity }

    /// Adds a datagram. Its bytes are copied; nothing is allocated.
    ///
    /// A datagram longer than `datagramBytes` counts as refused (EMSGSIZE).
    ///
    /// - Parameters:
    ///   - local: which of our addresses it goes from, where the socket is bound to all; nil leaves that to the kernel.
    ///   - isMarked: whether routers with a queue may mark it instead of dropping it (ECT(0) of ECN).
    /// - Returns: false when the batch is full; nothing is taken then.
    package mutating func append(
        _ bytes: Span<UInt8>, to address: SocketAddress, from local: SocketAddress.Host? = nil, isMarked: Bool = true
    ) -> Bool {
        guard !isFull else { return false }
        if storage.put(bytes, to: address, from: local, isMarked: isMarked, at: tail) {
            tail += 1
        } else {
            noteRefusal(code: EMSGSIZE)
        }
        return true
    }

    /// Adds a datagram, as above.
    package mutating func append(
        _ bytes: [UInt8], to address: SocketAddress, from local: SocketAddress.Host? = nil, isMarked: Bool = true
    ) -> Bool {
        append(bytes.span, to: address, from: local, isMarked: isMarked)
    }

    /// Forgets what waits.
    package mutating func removeAll() {
        head = 0
        tail = 0
        blocked = nil
    }

    /// Sends through a socket of the given family (4 or 6).
    mutating func send(through descriptor: Int32, family: UInt16) throws(SystemError) -> Int {
        try drain { storage, range in storage.send(range, through: descriptor, family: family) }
    }

    /// Hands everything to `transmit`, which answers as `sendmmsg` does: how many of the first datagrams went, or a
    /// negated error number that belongs to the first.
    ///
    /// An error may also be an old one of the socket, left by an ICMP message about an earlier datagram; the kernel
    /// reports it once. So a datagram is tried twice before it is given up.
    mutating func drain(
        _ transmit: (borrowing DatagramStorage, Range<Int>) -> Int32
    ) throws(SystemError) -> Int {
        var sent = 0
        var isSecondTry = false
        blocked = nil
        while !isEmpty {
            let result = transmit(storage, head..<tail)
            if result > 0 {
                head += min(Int(result), count)
                sent += Int(result)
                isSecondTry = false
                continue
            }
            switch -result {
            case EINTR: continue
            case EAGAIN: blocked = .socketFull
            case 0, ENOBUFS, ENOMEM: blocked = .systemFull
            case EBADF, ENOTSOCK, EFAULT, EOPNOTSUPP: throw SystemError(call: "sendmmsg", code: -result)
            case let code where isSecondTry:
                noteRefusal(code: code)
                head += 1
                isSecondTry = false
                continue
            default:
                isSecondTry = true
                continue
            }
            return sent
        }
        head = 0
        tail = 0
        return sent
    }

    private mutating func noteRefusal(code: Int32) {
        refusedCount += 1
        lastRefusal = SystemError(call: "sendmmsg", code: code)
    }
}
