package import Basics

/// What is under way of one log to one peer: a cursor into the log and a bitmap for each message; no copy of the bytes.
package struct OutgoingMessages: Sendable {
    struct InFlight: Sendable {
        let number: UInt64
        var previous: UInt64
        let total: Int
        /// Bit i: piece i was acknowledged.
        var acknowledged: UInt16 = 0
        /// Bit i: piece i must be sent, for the first time or again.
        var pending: UInt16
        /// Bit i: piece i left at least once.
        var sent: UInt16 = 0
        /// A whole message that is not part of a backlog: the redundancy scheme cares for it.
        let isSmall: Bool
        /// How often it left, where it is small; saturates.
        var copies: UInt8 = 0
        /// When a piece of it left first and last.
        var firstSent = Instant.origin
        var lastSent = Instant.origin

        /// Pieces that must be sent again.
        var again: UInt16 { pending & sent }
        var isDone: Bool { acknowledged.nonzeroBitCount == MessageFragment.count(total: total) }
        /// Under way, nothing queued: a copy may make it safer.
        var mayBeCopied: Bool { isSmall && copies > 0 && copies < .max && acknowledged == 0 && pending == 0 }

        mutating func noteSent(at now: Instant) {
            if copies == 0 { firstSent = now }
            lastSent = now
            if copies < .max { copies += 1 }
        }
    }

    package let alias: UInt64
    /// The log's name in the store.
    package let log: UInt64

    /// By number, from the oldest that is not acknowledged, or not taken; bounded by `Limits.messageWindow`.
    var inFlight: [InFlight] = []
    private var inFlightBytes = 0
    /// Whether the piece given last had not been sent before.
    private(set) var lastWasFirst = false
    /// Pieces that must be sent.
    private var pendingPieces = 0
    /// Pieces that must be sent again.
    private var pendingResends = 0
    /// No message before this place has pending pieces.
    private var firstPending = 0
    /// The number of the last message begun.
    private var cursor: UInt64
    /// Whether the log may hold more than the cursor.
    private var mayHaveMore = true
    /// How far the log reached when it last grew; nil where that was not told.
    private var knownEnd: UInt64?
    /// After which number the store must fetch what is to be sent next; nothing is sent until the log grows again.
    private(set) var awaited: UInt64?
    /// What was cut from the log while under way: the peer may hold it still, and it counts in the window until
    /// everything up to the last of it is settled.
    private var cut = (messages: 0, bytes: 0, through: UInt64(0))
    /// How far the peer has taken the log, where it said so: what it holds behind that counts in the window still.
    private var taken: UInt64?
    /// Messages that became settled since somebody asked.
    private var settledCount: UInt64 = 0

    package init(alias: UInt64, log: UInt64, after cursor: UInt64) {
        self.alias = alias
        self.log = log
        self.cursor = cursor
    }

    /// The log has grown.
    ///
    /// - Parameter end: its last number; nil where that is not known.
    package mutating func logGrew(through end: UInt64? = nil) {
        // Who has begun all of it already is told again where the log grew while others were visited.
        mayHaveMore = end.map { $0 > cursor } ?? true
        knownEnd = end
        awaited = nil
    }

    /// Whether `nextPiece` may return something.
    package var hasPending: Bool {
        awaited == nil && (pendingPieces > 0 || mayHaveMore && hasRoom)
    }

    /// Whether pieces wait to be sent again, which no window holds back.
    package var hasResends: Bool { awaited == nil && pendingResends > 0 }

    /// Whether something was begun that the peer has not acknowledged, or not taken.
    package var isUnderWay: Bool { !inFlight.isEmpty }

    private var hasRoom: Bool {
        // A message that follows nothing that is under way tells the peer that all cut ones are gone.
        inFlight.isEmpty
            || inFlight.count + cut.messages < Limits.messageWindow
                && inFlightBytes + cut.bytes < Limits.messageWindowBytes
    }

    /// Writes the next piece to send, read from the store, if it fits.
    ///
    /// A message that was cut from the log meanwhile is forgotten, and another one tried.
    ///
    /// - Parameters:
    ///   - datagram: what it is appended to.
    ///   - limit: the most bytes that the datagram may have then.
    ///   - allowNew: whether a piece may be sent for the first time, or only again.
    ///   - now: the time at which it leaves.
    /// - Returns: which piece it is; nil when there is none, or it does not fit.
    package mutating func emitNext(
        into datagram: inout [UInt8], limit: Int, allowNew: Bool, from store: some MessageStore,
        at now: Instant = .origin
    ) -> MessagePiece? {
        guard awaited == nil else { return nil }
        while true {
            var fresh: StoredMessage?
            while (allowNew ? pendingPieces : pendingResends) == 0 {
                guard allowNew, mayHaveMore, hasRoom else { return nil }
                fresh = begin(from: store)
            }
            guard let place = nextPending(allowNew: allowNew) else { return nil }
            let number = inFlight[place].number
            if let stored = fresh ?? store.message(after: number - 1, in: log), stored.number == number {
                return emit(place, of: stored.bytes, allowNew: allowNew, into: &datagram, limit: limit, at: now)
            }
            if store.mustFetch(after: number - 1, in: log) {
                awaited = number - 1
                return nil
            }
            forget(place)
        }
    }

    /// Where the next message is that has a piece to send.
    private mutating func nextPending(allowNew: Bool) -> Int? {
        while firstPending < inFlight.count, inFlight[firstPending].pending == 0 { firstPending += 1 }
        guard !allowNew else { return firstPending < inFlight.count ? firstPending : nil }
        return inFlight[firstPending...].firstIndex { $0.again != 0 }
    }

    private mutating func emit(
        _ place: Int, of bytes: [UInt8], allowNew: Bool, into datagram: inout [UInt8], limit: Int, at now: Instant
    ) -> MessagePiece? {
        let message = inFlight[place]
        let index = (allowNew ? message.pending : message.again).trailingZeroBitCount
        let piece = MessagePiece(
            alias: alias, number: message.number, distance: message.number - message.previous, total: message.total,
            index: index)
        guard datagram.count + piece.frameBytes <= limit else { return nil }
        lastWasFirst = message.sent & 1 << UInt16(index) == 0
        change(place) { message in
            message.pending &= ~(1 << UInt16(index))
            message.sent |= 1 << UInt16(index)
            message.noteSent(at: now)
        }
        Frame.emit(piece, of: bytes, into: &datagram)
        return piece
    }

    /// Takes the next message of the log under way.
    ///
    /// - Returns: it; nil when there is none.
    private mutating func begin(from store: some MessageStore) -> StoredMessage? {
        guard let stored = store.message(after: cursor, in: log) else {
            mayHaveMore = false
            if store.mustFetch(after: cursor, in: log) { awaited = cursor }
            return nil
        }
        let pieces = MessageFragment.count(total: stored.bytes.count)
        inFlight.append(
            InFlight(
                number: stored.number, previous: cursor, total: stored.bytes.count,
                pending: UInt16(truncatingIfNeeded: (1 << pieces) - 1),
                isSmall: pieces == 1 && inFlight.count < Limits.copiedMessages))
        inFlightBytes += stored.bytes.count
        pendingPieces += pieces
        cursor = stored.number
        if let knownEnd, cursor >= knownEnd { mayHaveMore = false }
        return stored
    }

    /// The message was cut from its log while under way: the next one then follows what was before it.
    private mutating func forget(_ place: Int) {
        count(inFlight[place], by: -1)
        let gone = inFlight.remove(at: place)
        firstPending = min(firstPending, place)
        inFlightBytes -= gone.total
        cut = (cut.messages + 1, cut.bytes + gone.total, max(cut.through, gone.number))
        guard place < inFlight.count else {
            cursor = gone.previous
            (mayHaveMore, knownEnd) = (true, nil)
            return
        }
        change(place) { next in
            next.previous = gone.previous
            next.pending = UInt16(truncatingIfNeeded: (1 << MessageFragment.count(total: next.total)) - 1)
            next.acknowledged = 0
        }
    }

    /// Changes a message under way and keeps the counts of its pieces right.
    mutating func change(_ place: Int, _ body: (inout InFlight) -> Void) {
        count(inFlight[place], by: -1)
        body(&inFlight[place])
        if inFlight[place].pending != 0 { firstPending = min(firstPending, place) }
        count(inFlight[place], by: 1)
    }

    private mutating func count(_ message: InFlight, by sign: Int) {
        pendingPieces += sign * message.pending.nonzeroBitCount
        pendingResends += sign * message.again.nonzeroBitCount
    }

    /// The peer has a piece.
    ///
    /// - Parameter distance: what the piece said. When the log has lost messages since, the peer still waits for them:
    ///   only a piece that says so counts. It saturates.
    package mutating func acknowledge(number: UInt64, index: Int, distance: UInt32) {
        guard let place = place(of: number), UInt32(clamping: number - inFlight[place].previous) == distance
        else { return }
        let bit: UInt16 = 1 << UInt16(index)
        change(place) { message in
            message.acknowledged |= bit
            message.pending &= ~bit
        }
        settle()
    }

    /// The peer has the first pieces of messages that follow each other without a gap, `after + 1`...`after + count`.
    package mutating func acknowledge(after number: UInt64, count: UInt64) {
        var place = firstPlace(from: number + 1)
        while place < inFlight.count, inFlight[place].number <= number + count {
            if inFlight[place].number - inFlight[place].previous == 1 {
                change(place) { message in
                    message.acknowledged |= 1
                    message.pending &= ~1
                }
            }
            place += 1
        }
        settle()
    }

    /// The peer takes the log more slowly than it comes, and has come so far.
    package mutating func taken(through number: UInt64) {
        taken = max(taken ?? 0, number)
        settle()
    }

    private mutating func settle() {
        var settled = 0
        while settled < inFlight.count, inFlight[settled].isDone, inFlight[settled].number <= taken ?? .max {
            inFlightBytes -= inFlight[settled].total
            settled += 1
        }
        if settled > 0 {
            settledCount &+= UInt64(settled)
            inFlight.removeFirst(settled)
            firstPending = max(0, firstPending - settled)
        }
        if arrivedThrough >= cut.through { cut = (0, 0, 0) }
    }

    /// Gives back the room that a burst has taken.
    mutating func relax() {
        if inFlight.isEmpty { inFlight = [] }
    }

    /// How many messages became settled since the last call.
    mutating func takeSettledCount() -> UInt64 {
        defer { settledCount = 0 }
        return settledCount
    }

    /// A piece must be sent again, unless the peer has it meanwhile.
    ///
    /// - Parameter lost: when the packet left that was lost with it; nil when nothing is known of a later copy. Where a
    ///   whole message has left again since, that copy's fate decides.
    package mutating func resend(number: UInt64, index: Int, lost: Instant? = nil) {
        guard let place = place(of: number) else { return }
        if let lost, inFlight[place].total <= Limits.fragmentBytes, inFlight[place].lastSent > lost { return }
        let bit: UInt16 = 1 << UInt16(index)
        guard inFlight[place].acknowledged & bit == 0 else { return }
        change(place) { $0.pending |= bit }
    }

    private func place(of number: UInt64) -> Int? {
        let place = firstPlace(from: number)
        return place < inFlight.count && inFlight[place].number == number ? place : nil
    }

    /// Where the first message is with at least this number.
    private func firstPlace(from number: UInt64) -> Int {
        inFlight.partitioningIndex { $0.number >= number }
    }

    /// The number before the oldest message that is not acknowledged, or not taken: everything up to it has arrived.
    package var arrivedThrough: UInt64 {
        inFlight.first?.previous ?? cursor
    }
}
