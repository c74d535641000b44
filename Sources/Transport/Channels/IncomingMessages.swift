package import Basics

/// Puts the messages of one log in order: each is delivered once, and only when nothing before it is missing.
package struct IncomingMessages: Sendable {
    /// The log's alias on the connection.
    let alias: UInt64

    private struct Assembly: Sendable {
        let number: UInt64
        /// The number of the entry before it; nothing lies between.
        var previous: UInt64
        let total: Int
        /// Bit i: piece i arrived.
        var pieces: UInt16 = 0
        var bytes: [UInt8]

        var isComplete: Bool { pieces.nonzeroBitCount == MessageFragment.count(total: total) }
    }

    /// By number; bounded by `Limits.messageWindow` and `Limits.reorderBytes`.
    private var waiting: [Assembly] = []
    private var waitingBytes = 0

    /// How fast messages are given out; nil: as they come.
    var pace: MessagePace?
    /// Whether messages ever had to wait for that. It stays so: the peer counts by what was taken from then on.
    private(set) var isHeld = false

    /// Everything up to here was delivered; nil while it is not known where to begin.
    package private(set) var delivered: UInt64?

    /// - Parameter cursor: everything up to it is known; nil when the cursor will be told by `open`.
    package init(alias: UInt64 = 0, after cursor: UInt64?) {
        self.alias = alias
        delivered = cursor
    }

    /// Says where to begin; what is waiting from before goes.
    package mutating func open(after cursor: UInt64) {
        delivered = cursor
        drop { $0.number <= cursor }
    }

    /// Takes a piece. What was delivered already is ignored.
    ///
    /// - Returns: whether it was more than a copy of what is here.
    @discardableResult
    package mutating func insert(_ fragment: MessageFragment) throws(ProtocolViolation) -> Bool {
        if let delivered, fragment.number <= delivered { return false }
        if let place = waiting.firstIndex(where: { $0.number == fragment.number }) {
            return try fill(place, with: fragment)
        }
        if !hasRoom(for: fragment) { dropCut(by: fragment) }
        guard hasRoom(for: fragment) else { throw .windowExceeded }
        let place = waiting.firstIndex { $0.number > fragment.number } ?? waiting.count
        // Nearly every message comes whole, and its bytes are not copied then.
        let isWhole =
            fragment.index == 0 && fragment.total == fragment.bytes.count
            && MessageFragment.count(total: fragment.total) == 1
        waiting.insert(
            Assembly(
                number: fragment.number, previous: fragment.number - fragment.distance, total: fragment.total,
                pieces: isWhole ? 1 : 0,
                bytes: isWhole ? fragment.bytes : [UInt8](repeating: 0, count: fragment.total)),
            at: place)
        waitingBytes += fragment.total
        return isWhole ? true : try fill(place, with: fragment)
    }

    private func hasRoom(for fragment: MessageFragment) -> Bool {
        waiting.count < Limits.messageWindow && waitingBytes + fragment.total <= Limits.reorderBytes
    }

    /// Drops what was cut from the log since it arrived: a later message says that nothing lies between it and an
    /// earlier one. The sender does not count it any more.
    private mutating func dropCut(by fragment: MessageFragment) {
        let cut = fragment.number - fragment.distance
        var earliest = UInt64.max
        for place in waiting.indices.reversed() {
            let assembly = waiting[place]
            if assembly.number < fragment.number { earliest = min(earliest, cut) }
            if assembly.number > earliest {
                waitingBytes -= assembly.total
                waiting.remove(at: place)
            }
            earliest = min(earliest, assembly.previous)
        }
    }

    private mutating func fill(_ place: Int, with fragment: MessageFragment) throws(ProtocolViolation) -> Bool {
        guard waiting[place].total == fragment.total else { throw .conflictingFragment }
        // Entries between may have been cut from the log meanwhile: the farther distance is the newer knowledge.
        let isFarther = fragment.number - fragment.distance < waiting[place].previous
        waiting[place].previous = min(waiting[place].previous, fragment.number - fragment.distance)
        let range = MessageFragment.range(index: fragment.index, total: fragment.total)
        guard range.count == fragment.bytes.count else { throw .conflictingFragment }
        let bit: UInt16 = 1 << UInt16(fragment.index)
        guard waiting[place].pieces & bit == 0 else {
            guard waiting[place].bytes[range].elementsEqual(fragment.bytes) else { throw .conflictingFragment }
            return isFarther
        }
        waiting[place].pieces |= bit
        waiting[place].bytes.replaceSubrange(range, with: fragment.bytes)
        return true
    }

    /// The next message in order, if it is whole, nothing before it is missing, and the pace allows.
    package mutating func next(at now: Instant = .origin) -> StoredMessage? {
        guard let place = nextPlace else { return nil }
        guard pace.map({ $0.next <= now }) ?? true else {
            isHeld = true
            return nil
        }
        pace?.take(bytes: waiting[place].total, at: now)
        let message = StoredMessage(number: waiting[place].number, bytes: waiting[place].bytes)
        self.delivered = message.number
        drop { $0.number <= message.number }
        return message
    }

    /// When the next message may be given out that has arrived; nil when there is none.
    var resumption: Instant? { nextPlace == nil ? nil : pace?.next }

    private var nextPlace: Int? {
        guard let delivered else { return nil }
        return waiting.firstIndex { $0.previous <= delivered && $0.isComplete }
    }

    private mutating func drop(where isDone: (Assembly) -> Bool) {
        waiting.removeAll { assembly in
            guard isDone(assembly) else { return false }
            waitingBytes -= assembly.total
            return true
        }
    }

    /// How many messages wait for an earlier one.
    package var waitingCount: Int { waiting.count }
}
