import SocketIO

/// Text on its way to standard output or standard error. It never makes the loop wait: what the stream does not take
/// waits here, up to a bound; beyond that whole lines are left out and counted.
package struct StreamWriter: ~Copyable {
    /// How many bytes may wait for a slow reader.
    package static let pendingLimit = 4 << 20

    package let descriptor: Int32
    private var pending: [UInt8] = []
    private var head = 0
    /// Lines that were left out since something could last be written.
    private var skippedCount = 0
    /// Nobody reads: nothing is kept from then on.
    package private(set) var isClosed = false
    /// Something could not be written: nobody reads, or the disk is full.
    package private(set) var hasFailed = false

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether something waits for the stream.
    package var isPending: Bool { head < pending.count }

    /// Takes text that ends with a line end.
    package mutating func write(_ text: String) {
        guard !isClosed else { return }
        guard pending.count - head + text.utf8.count <= Self.pendingLimit else {
            skippedCount += 1
            return
        }
        pending.append(contentsOf: text.utf8)
    }

    /// Writes what the stream takes.
    ///
    /// - Parameter patience: how long to wait for the stream, in milliseconds, for each piece of 4 KiB.
    package mutating func flush(patience: Int32 = 0) {
        while isPending {
            switch StandardStream.write(pending[head...], to: descriptor, patience: patience) {
            case .bytes(let count): head += count
            case .full:
                // The space in front is given back from time to time, at an even cost.
                if head > Self.pendingLimit / 4 { dropWritten() }
                return
            case .closed:
                isClosed = true
                hasFailed = true
                pending = []
                head = 0
            case .failed:
                hasFailed = true
                head = pending.count
            }
        }
        pending.removeAll(keepingCapacity: pending.capacity <= Self.pendingLimit / 16)
        head = 0
    }

    /// How many lines were left out since the last call.
    package mutating func takeSkippedCount() -> Int {
        defer { skippedCount = 0 }
        return skippedCount
    }

    private mutating func dropWritten() {
        pending.removeFirst(head)
        head = 0
    }
}
