import ChatProtocol

/// How far one log has been shown, and which of its entries are history or missed.
struct Timeline: Sendable {
    /// The log that is followed, and the last entry that was shown.
    private(set) var cursor: LogCursor
    /// Entries up to here were replayed on joining: nobody missed them.
    private let replayEnd: EntryNumber
    /// Entries up to here are older than the joining of this run.
    private let historyEnd: EntryNumber
    /// The log's end at the latest login.
    private var catchUpEnd: EntryNumber
    private var missed = 0

    /// What is known about an entry when it comes.
    struct Placement {
        let isHistory: Bool
        /// Whether it came while the client was away.
        let isMissed: Bool
        /// Whether it is later than the login.
        let isNews: Bool
    }

    /// A first join: what comes up to `end` is a replay.
    init(beginningAt cursor: LogCursor, end: EntryNumber) {
        self.cursor = cursor
        replayEnd = end
        historyEnd = end
        catchUpEnd = end
    }

    /// A later run goes on where an earlier one was: what comes up to `end` is older than its joining, and was missed.
    ///
    /// - Parameter start: where the log is fed from: what comes up to `cursor` was seen in an earlier run.
    init(continuing cursor: LogCursor, from start: EntryNumber, end: EntryNumber) {
        self.cursor = LogCursor(epoch: cursor.epoch, number: min(start, cursor.number))
        replayEnd = cursor.number
        historyEnd = end
        catchUpEnd = end
    }

    /// A return to the same log: it goes on after the last entry that was shown. What an interrupted return caught up
    /// still counts, since it was not told yet.
    mutating func resume(end: EntryNumber) {
        catchUpEnd = max(end, cursor.number)
    }

    /// Takes the next entry.
    ///
    /// - Returns: nil when it was shown before.
    mutating func advance(to number: EntryNumber) -> Placement? {
        guard number > cursor.number else { return nil }
        cursor.number = number
        return Placement(
            isHistory: number <= historyEnd, isMissed: number > replayEnd && number <= catchUpEnd,
            isNews: number > catchUpEnd)
    }

    /// Counts a message of somebody else that was shown, if it was missed.
    mutating func count(_ placement: Placement) {
        if placement.isMissed { missed += 1 }
    }

    /// How many were missed since this was asked last.
    mutating func takeMissed() -> Int {
        defer { missed = 0 }
        return missed
    }

    /// Whether everything that was there at the login has been shown.
    var isAtEnd: Bool { cursor.number >= catchUpEnd }
}
