import Basics
import CLinux
import Glibc

/// The buffers of a `ReceiveBatch`, made once.
///
/// `@safe`: the pointer has one owner, which frees it; every index and length is checked here, and bytes leave only as a
/// span that lives as long as the call.
@safe
struct IncomingStorage: ~Copyable, @unchecked Sendable {
    /// `@unchecked Sendable` above: memory without ties to a thread, reachable through this one value only.
    private let box: OpaquePointer

    let capacity: Int

    /// How many buffers the last call filled.
    private(set) var count = 0

    /// - Parameters:
    ///   - capacity: 1...1,024 buffers, the most that one system call takes (UIO_MAXIOV); brought into this range.
    ///   - datagramBytes: the longest datagram that is of use, 1...65,535; brought into this range.
    ///   - bufferBytes: room for several of them that came as one, at least for one and at most 65,535 bytes.
    init(capacity: Int, datagramBytes: Int, bufferBytes: Int) throws(SystemError) {
        self.capacity = min(max(capacity, 1), 1024)
        let datagram = min(max(datagramBytes, 1), 65535)
        let buffer = min(max(bufferBytes, datagram), 65535)
        guard let box = unsafe clinux_inbox_make(UInt32(self.capacity), UInt32(datagram), UInt32(buffer)) else {
            throw SystemError(call: "calloc", code: ENOMEM)
        }
        unsafe self.box = box
    }

    deinit {
        unsafe clinux_inbox_free(box)
    }

    /// Fills the storage from a socket; what was in it is gone.
    ///
    /// - Returns: how many buffers were filled, or a negated error number.
    mutating func receive(from descriptor: Int32) -> Int32 {
        let result = unsafe clinux_receive(descriptor, box)
        count = min(capacity, max(0, Int(result)))
        return result
    }

    /// Forgets what has come.
    mutating func removeAll() {
        count = 0
    }

    /// How many datagrams are in the filled buffers, and how many of them are of no use.
    func tally() -> (datagrams: Int, useless: Int) {
        var (datagrams, useless) = (0, 0)
        for index in 0..<count {
            guard let arrival = unsafe clinux_inbox_arrival(box, UInt32(index)) else { continue }
            let run = unsafe DatagramRun(length: Int(arrival.pointee.length), step: Int(arrival.pointee.segment_bytes))
            datagrams += run.count
            if unsafe arrival.pointee.source.family == 0 { useless += run.count }
        }
        return (datagrams, useless)
    }

    /// Shows each datagram that is of use, in the order of arrival.
    func forEach<E>(
        _ body: (Span<UInt8>, SocketAddress, SocketAddress.Host?, ECNMark) throws(E) -> Void
    ) throws(E) {
        for index in 0..<count {
            guard let arrival = unsafe clinux_inbox_arrival(box, UInt32(index)),
                let source = SocketAddress(unsafe arrival.pointee.source)
            else { continue }
            let local = SocketAddress(unsafe arrival.pointee.local)?.host
            let mark = ECNMark(rawValue: unsafe arrival.pointee.mark) ?? .notECT
            let run = unsafe DatagramRun(length: Int(arrival.pointee.length), step: Int(arrival.pointee.segment_bytes))
            // The spans end before this call does, and nothing writes to the buffer while `self` is borrowed. C has
            // brought the length down to the buffer's.
            let buffer = unsafe UnsafeBufferPointer(start: arrival.pointee.bytes, count: run.length)
            let bytes = unsafe buffer.span
            for number in 0..<run.count {
                try body(bytes.extracting(run[number]), source, local, mark)
            }
        }
    }
}

/// How what came as one is cut into datagrams: each is as long as the step, the last one perhaps shorter. Total.
struct DatagramRun: Hashable, Sendable {
    /// Of all together, in bytes.
    let length: Int
    private let step: Int

    /// - Parameter step: the length of each but the last; 0 where it is one datagram, as the kernel says.
    init(length: Int, step: Int) {
        self.length = max(0, length)
        self.step = step > 0 && step < length ? step : self.length
    }

    /// How many datagrams there are, at least one: a datagram may be empty.
    var count: Int { step == length ? 1 : (length + step - 1) / step }

    /// Where the bytes of a datagram lie, 0 ..< `count`; nothing for other numbers.
    subscript(number: Int) -> Range<Int> {
        guard (0..<count).contains(number) else { return length..<length }
        return number * step..<min(length, (number + 1) * step)
    }
}
