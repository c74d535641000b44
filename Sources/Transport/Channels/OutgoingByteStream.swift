import Basics

/// A stream that this side writes: a buffer from the oldest byte that is not acknowledged to the newest written.
struct OutgoingByteStream: Sendable {
    let id: StreamID
    var credit = SendCredit()

    /// What is kept begins at `buffer[head]`, which is the byte at `start` of the stream.
    private var buffer: [UInt8] = []
    private var head = 0
    private var start: UInt64 = 0
    /// Acknowledged, beyond `start`.
    private var arrived = NumberRanges()
    /// Must be sent again.
    private var again = NumberRanges()

    /// Whether the owner has written everything.
    private(set) var isFinished = false
    private var isEndDue = false
    private var isEndSent = false
    private var hasEndArrived = false

    private(set) var resetCode: UInt64?
    private var isResetDue = false
    private(set) var hasResetArrived = false

    /// Whether the owner waits to hear that it may write.
    var wantsToWrite = true

    init(id: StreamID) {
        self.id = id
    }

    /// Whether the peer has granted anything. Before, it must not hear of the stream.
    var isAccepted: Bool { credit.limit > 0 }

    /// The offset behind the last byte written.
    private var end: UInt64 { start + UInt64(buffered) }

    /// Bytes written and not acknowledged.
    var buffered: Int { buffer.count - head }

    /// Whether everything has arrived, the end included.
    var isComplete: Bool { hasEndArrived && start == end && resetCode == nil }

    // MARK: The owner

    /// How many bytes may be written: what the peer takes and the buffer holds.
    func room(buffer limit: Int) -> Int {
        guard !isFinished, resetCode == nil else { return 0 }
        return max(0, min(limit - buffered, Int(min(credit.limit, VarInt.max)) - Int(min(end, VarInt.max))))
    }

    /// - Parameter bytes: at most `room`.
    mutating func write(_ bytes: some Collection<UInt8>) {
        if head > 0, head >= buffered {
            buffer.removeFirst(head)
            head = 0
        }
        buffer.append(contentsOf: bytes)
    }

    mutating func finish() {
        guard !isFinished, resetCode == nil else { return }
        isFinished = true
        isEndDue = true
    }

    /// Gives up what has not arrived yet.
    mutating func reset(_ code: UInt64) {
        guard resetCode == nil, !isComplete else { return }
        resetCode = code
        isResetDue = true
        (buffer, head) = ([], 0)
        (arrived, again) = (NumberRanges(), NumberRanges())
        isEndDue = false
    }

    // MARK: Sending

    /// Whether `emit` has something to send, when the connection has so much credit left.
    func hasPending(connection left: UInt64) -> Bool {
        if resetCode != nil { return false }
        if !again.isEmpty || isEndDue && isAccepted && credit.used == end { return true }
        return credit.used < end && credit.left > 0 && left > 0
    }

    /// The reset, if it must be sent.
    mutating func takeReset() -> StreamReset? {
        guard let resetCode, isResetDue else { return nil }
        isResetDue = false
        return StreamReset(id: id, code: resetCode, size: credit.used)
    }

    var isResetWaiting: Bool { isResetDue }

    /// Writes the next piece: first what was lost, then what was never sent.
    ///
    /// - Parameters:
    ///   - room: the most bytes that the frame may take.
    ///   - connection: the credit of all streams together, which new bytes use up.
    /// - Returns: what was written; nil when there is nothing, or no room.
    mutating func emit(into datagram: inout [UInt8], room: Int, connection: inout SendCredit) -> BulkFrame? {
        guard resetCode == nil else { return nil }
        var range = again.first ?? credit.used..<end
        let space = room - StreamChunk.overhead(id: id, offset: range.lowerBound)
        guard space > 0 else { return nil }
        if again.isEmpty {
            let most = min(UInt64(min(space, Limits.streamFrameBytes)), credit.left, connection.left)
            range = range.lowerBound..<range.lowerBound + min(UInt64(range.count), most)
            credit.use(range.count)
            connection.use(range.count)
        } else {
            range = range.lowerBound..<min(range.upperBound, range.lowerBound + UInt64(space))
            again.remove(range)
        }
        let isLast = isFinished && range.upperBound == end
        guard !range.isEmpty || isLast && isEndDue && isAccepted else { return nil }
        if isLast { (isEndDue, isEndSent) = (false, true) }
        let first = head + Int(range.lowerBound - start)
        Frame.emitStream(
            id, offset: range.lowerBound, buffer[first..<first + range.count], isLast: isLast, into: &datagram)
        return .stream(id, range, isLast: isLast)
    }

    // MARK: What became of it

    mutating func arrived(_ range: Range<UInt64>, isLast: Bool) {
        guard resetCode == nil else { return }
        if isLast { (hasEndArrived, isEndDue) = (true, false) }
        let fresh = range.clamped(to: start..<max(start, credit.used))
        arrived.insert(fresh)
        again.remove(fresh)
        guard let first = arrived.first, first.lowerBound <= start else { return }
        head += Int(first.upperBound - start)
        start = first.upperBound
        arrived.removeFirst()
        if head == buffer.count { (buffer, head) = ([], 0) }
    }

    mutating func lost(_ range: Range<UInt64>, isLast: Bool) {
        guard resetCode == nil else { return }
        if isLast, !hasEndArrived { isEndDue = true }
        for gap in arrived.gaps(in: range.clamped(to: start..<max(start, credit.used))) { again.insert(gap) }
    }

    mutating func resetArrived() { hasResetArrived = resetCode != nil }

    mutating func resetLost() { isResetDue = resetCode != nil && !hasResetArrived }
}
