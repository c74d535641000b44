package import Basics
import Glibc

/// Datagrams on their way out, sent together by one system call; made once and filled again and again.
///
/// What the system had no room for stays in the batch; what it refuses for itself alone (too long, unreachable) leaves
/// the batch as if the network had lost it.
///
/// Neighbours that differ in nothing but their bytes, and are equally long, leave as one message that the kernel cuts into
/// datagrams again (UDP_SEGMENT, "GSO"): the way through its layers is gone once for all of them.
package struct SendBatch: ~Copyable, Sendable {
    /// Why datagrams stayed in the batch.
    package enum Blocked: Hashable, Sendable {
        /// The socket's buffer is full: wait until the socket is writable (EAGAIN).
        case socketFull
        /// The machine is short of buffers (ENOBUFS, ENOMEM). The socket may count as writable all the while: try again
        /// after about a millisecond.
        case systemFull
    }

    /// Where a datagram goes, and how.
    package struct Destination: Hashable, Sendable {
        package var address: SocketAddress
        /// Which of our addresses it goes from, where the socket is bound to all; nil leaves that to the kernel.
        package var local: SocketAddress.Host?
        /// Whether routers with a queue may mark it instead of dropping it (ECT(0) of ECN).
        package var isMarked: Bool

        package init(to address: SocketAddress, from local: SocketAddress.Host? = nil, isMarked: Bool = true) {
            self.address = address
            self.local = local
            self.isMarked = isMarked
        }
    }

    /// How a message of several datagrams is taken.
    private enum Merging: Hashable {
        /// Runs leave as one message.
        case runs
        /// The run in front was refused, with this error, and its datagrams go one by one: the fault may be theirs.
        case apart(code: Int32)
        /// The kernel, or a way that was taken, does not cut messages. It is not tried again.
        case never
    }

    private var storage: OutgoingStorage
    private var head = 0
    private var merging = Merging.runs

    /// Why the last `send` left datagrams behind; nil when it did not.
    package private(set) var blocked: Blocked?

    /// How many datagrams were refused one by one since the batch was made.
    package private(set) var refusedCount: UInt64 = 0

    /// What the system said to the last of them.
    package private(set) var lastRefusal: SystemError?

    /// How many system calls were made to send what was in it.
    package private(set) var callCount: UInt64 = 0

    /// - Parameters:
    ///   - capacity: how many datagrams the batch holds, 1...1,024.
    ///   - datagramBytes: the longest datagram that it takes, 1...65,535.
    /// - Throws: `SystemError` (ENOMEM) when there is no memory.
    package init(capacity: Int = 64, datagramBytes: Int = 1500) throws(SystemError) {
        storage = try OutgoingStorage(capacity: capacity, datagramBytes: datagramBytes)
    }

    /// How many datagrams wait.
    package var count: Int { storage.count - head }
    package var isEmpty: Bool { head == storage.count }

    /// Whether the batch takes no more until everything in it has been sent.
    package var isFull: Bool { storage.isFull }

    /// Whether datagrams that may go as one do. It ends for good where the kernel turns out not to cut messages.
    package var mergesRuns: Bool { merging != .never }

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
        if !storage.append(bytes, to: Destination(to: address, from: local, isMarked: isMarked)) {
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

    /// Adds a datagram that is written straight to where it is sent from: nothing is copied.
    ///
    /// - Parameter write: appends the bytes, at most `datagramBytes`, and names where they go; nil where there is nothing
    ///   to be sent, and what was written is forgotten.
    /// - Returns: whether there is a datagram more; false also when the batch is full, without a call of `write`.
    package mutating func appendWritten<E>(
        by write: (inout OutputSpan<UInt8>) throws(E) -> Destination?
    ) throws(E) -> Bool {
        try storage.append(write)
    }

    /// Forgets what waits.
    package mutating func removeAll() {
        head = 0
        storage.removeAll()
        blocked = nil
    }

    /// Sends through a socket of the given family (4 or 6).
    ///
    /// - Parameter cuts: whether the kernel knows how to cut a message into datagrams.
    mutating func send(through descriptor: Int32, family: UInt16, cuts: Bool) throws(SystemError) -> Int {
        try drain { storage, range, merges in
            storage.send(range, through: descriptor, family: family, merges: merges && cuts)
        }
    }

    /// Hands everything to `transmit`, which answers as `sendmmsg` does: how many of the first datagrams went, or a
    /// negated error number that belongs to the first; where runs are merged, to the first run.
    ///
    /// An error may also be an old one of the socket, left by an ICMP message about an earlier datagram; the kernel
    /// reports it once. So a datagram is tried twice before it is given up.
    mutating func drain(
        _ transmit: (borrowing OutgoingStorage, Range<Int>, _ merges: Bool) -> Int32
    ) throws(SystemError) -> Int {
        var sent = 0
        var isSecondTry = false
        blocked = nil
        while !isEmpty {
            callCount += 1
            let result = transmit(storage, head..<end, merging == .runs)
            if result > 0 {
                head += min(Int(result), count)
                sent += Int(result)
                isSecondTry = false
                noteApart()
                continue
            }
            if isRefusalOfRun(-result) {
                merging = .apart(code: -result)
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
                if case .apart = merging { merging = .runs }
                continue
            default:
                isSecondTry = true
                continue
            }
            return sent
        }
        head = 0
        storage.removeAll()
        return sent
    }

    /// Where the next call's datagrams end: a run that goes one by one goes alone.
    private var end: Int {
        guard case .apart = merging else { return storage.count }
        return head + storage.run(head..<storage.count)
    }

    /// Whether an error may mean that a message can't be cut: the kernel or the interface does not do it (EIO, EINVAL,
    /// EOPNOTSUPP), or the datagrams are too long for it (EMSGSIZE; EINVAL before Linux 6.15).
    private func isRefusalOfRun(_ code: Int32) -> Bool {
        guard merging == .runs, storage.run(head..<storage.count) > 1 else { return false }
        return [EIO, EINVAL, EOPNOTSUPP, EMSGSIZE].contains(code)
    }

    /// A datagram of a run that was refused has gone alone: so nothing was wrong with it, but with the run.
    private mutating func noteApart() {
        guard case .apart(let code) = merging else { return }
        merging = code == EMSGSIZE ? .runs : .never
    }

    private mutating func noteRefusal(code: Int32) {
        refusedCount += 1
        lastRefusal = SystemError(call: "sendmmsg", code: code)
    }
}
