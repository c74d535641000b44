import Basics

/// A stream that the peer writes: its bytes are put in order and held until the owner takes them.
struct IncomingByteStream: Sendable {
    let id: StreamID
    var credit: ReceiveCredit

    /// The byte at offset `start`, the first that the owner has not taken, is at `buffer[head]`.
    private var buffer: [UInt8] = []
    private var head = 0
    private var start: UInt64 = 0
    /// What has arrived beyond `start`.
    private var present = NumberRanges()
    /// The length, once it is known.
    private var size: UInt64?
    /// Whether anything arrived.
    private(set) var isOpen = false
    /// The owner wants nothing more.
    private(set) var stopCode: UInt64?
    private var isStopDue = false
    /// Whether the owner knows that there is something to read.
    var isAnnounced = false

    init(id: StreamID, window: Int) {
        self.id = id
        credit = ReceiveCredit(window: window)
    }

    /// How many bytes the owner may take now.
    var readable: Int {
        guard let first = present.first, first.lowerBound == start else { return 0 }
        return first.count
    }

    /// Bytes that wait for the owner, gaps between them included.
    var held: Int { buffer.count - head }

    /// Whether the owner has taken everything.
    var isComplete: Bool { size == start }

    /// Whether the owner should look: there are bytes, or the end is reached.
    var isReadable: Bool { stopCode == nil && (readable > 0 || isComplete) }

    /// Takes a piece.
    ///
    /// - Returns: how far the stream has grown, and whether any byte is new.
    /// - Throws: when it goes beyond the credit, contradicts the length, or what arrived before.
    mutating func insert(_ chunk: StreamChunk) throws(ProtocolViolation) -> (grown: UInt64, isNews: Bool) {
        let end = chunk.offset + UInt64(chunk.bytes.count)
        if let size, end > size || chunk.isLast && end != size { throw .conflictingStream }
        if chunk.isLast, end < credit.received { throw .conflictingStream }
        let grown = end > credit.received ? end - credit.received : 0
        try credit.receive(grown)
        let isEndNew = chunk.isLast && size == nil
        if chunk.isLast { size = end }
        isOpen = true
        guard stopCode == nil else {
            skip(to: credit.received)
            return (grown, grown > 0 || isEndNew)
        }
        return (grown, try store(chunk) || isEndNew)
    }

    /// - Returns: whether any byte is new.
    private mutating func store(_ chunk: StreamChunk) throws(ProtocolViolation) -> Bool {
        let end = chunk.offset + UInt64(chunk.bytes.count)
        let range = max(start, chunk.offset)..<max(start, end)
        guard !range.isEmpty else { return false }
        for known in present.overlaps(with: range) where !matches(chunk, known) { throw .conflictingStream }
        let gaps = present.gaps(in: range)
        guard !gaps.isEmpty else { return false }
        let needed = head + Int(end - start)
        if needed > buffer.count { buffer.append(contentsOf: repeatElement(0, count: needed - buffer.count)) }
        for gap in gaps {
            let first = Int(gap.lowerBound - chunk.offset)
            let place = head + Int(gap.lowerBound - start)
            buffer.replaceSubrange(place..<place + gap.count, with: chunk.bytes[first..<first + gap.count])
        }
        present.insert(range)
        guard present.count <= Limits.streamGaps else { throw .streamGaps }
        return true
    }

    private func matches(_ chunk: StreamChunk, _ range: Range<UInt64>) -> Bool {
        let first = Int(range.lowerBound - chunk.offset)
        let place = head + Int(range.lowerBound - start)
        return buffer[place..<place + range.count].elementsEqual(chunk.bytes[first..<first + range.count])
    }

    /// Hands out bytes in order.
    mutating func read(upTo limit: Int) -> [UInt8] {
        let count = min(readable, max(0, limit))
        isAnnounced = false
        guard count > 0 else { return [] }
        let bytes = Array(buffer[head..<head + count])
        drop(count)
        return bytes
    }

    private mutating func drop(_ count: Int) {
        present.remove(start..<start + UInt64(count))
        start += UInt64(count)
        head += count
        if present.isEmpty {
            (buffer, head) = ([], 0)
        } else if head > 64 * 1024, head * 2 > buffer.count {
            buffer.removeFirst(head)
            head = 0
        }
    }

    private mutating func skip(to offset: UInt64) {
        (buffer, head, present) = ([], 0, NumberRanges())
        start = max(start, offset)
    }

    /// The owner wants no more.
    ///
    /// - Returns: how many bytes need not be held any more.
    mutating func stop(_ code: UInt64) -> UInt64 {
        guard stopCode == nil else { return 0 }
        stopCode = code
        isStopDue = true
        let rest = credit.received - start
        skip(to: credit.received)
        return rest
    }

    mutating func takeStop() -> StreamStop? {
        guard isStopDue, let stopCode else { return nil }
        isStopDue = false
        return StreamStop(id: id, code: stopCode)
    }

    var isStopWaiting: Bool { isStopDue }

    mutating func stopLost() { isStopDue = stopCode != nil }

    /// The peer has given up.
    ///
    /// - Returns: how far the stream has grown by what was sent and never came, and how many bytes are not held any
    ///   more or never will be.
    mutating func reset(size: UInt64) throws(ProtocolViolation) -> (grown: UInt64, freed: UInt64) {
        guard size >= credit.received, self.size.map({ $0 == size }) ?? true else { throw .conflictingStream }
        let grown = size - credit.received
        try credit.receive(grown)
        let freed = size - start
        skip(to: size)
        return (grown, freed)
    }
}
