import ChatProtocol

/// How far the room's log has been shown, and which of its entries are history, missed or the client's own.
struct Timeline: Sendable {
    /// The log that is followed, and the last entry that was shown.
    private(set) var cursor: LogCursor
    /// Entries up to here are older than the joining.
    private let historyEnd: EntryNumber
    /// The log's end at the latest login.
    private var catchUpEnd: EntryNumber
    private var missed = 0
    private var state: State

    private enum State {
        /// What was there at a first join is being shown.
        case replaying
        /// What was missed is being shown.
        case catchingUp
        /// Everything that was there at the login has been shown.
        case live
    }

    /// What is known about an entry when it comes.
    struct Placement {
        let isHistory: Bool
        /// Whether it is later than the member list of the login.
        let isNews: Bool
    }

    /// What to say when the log has reached the end that it had at the login.
    enum Arrival {
        /// A first join: nothing.
        case joined
        /// A return: how many messages of others were missed.
        case resumed(missed: Int)
    }

    /// A first join: the log begins after the welcome's cursor.
    init(joining welcome: Welcome) {
        cursor = LogCursor(epoch: welcome.epoch, number: welcome.cursor)
        historyEnd = welcome.end
        catchUpEnd = welcome.end
        state = .replaying
    }

    /// Whether a welcome goes on with this log: same epoch, and the server took our cursor.
    func isContinued(by welcome: Welcome) -> Bool {
        welcome.resumed && welcome.epoch == cursor.epoch && cursor.number <= welcome.end
    }

    /// A return to the same log: it goes on after the last entry that was shown. What an interrupted return caught up
    /// still counts, since it was not told yet.
    mutating func resume(_ welcome: Welcome) {
        catchUpEnd = welcome.end
        switch state {
        case .catchingUp: break
        case .replaying, .live: missed = 0
        }
        state = .catchingUp
    }

    /// Takes the next entry.
    ///
    /// - Returns: nil when it was shown before.
    mutating func advance(to number: EntryNumber) -> Placement? {
        guard number > cursor.number else { return nil }
        cursor.number = number
        return Placement(isHistory: number <= historyEnd, isNews: number > catchUpEnd)
    }

    /// Counts a message that was shown, if it was missed.
    mutating func countMissed(_ placement: Placement) {
        guard case .catchingUp = state, !placement.isHistory, !placement.isNews else { return }
        missed += 1
    }

    /// Whether everything that was there at the login has been shown.
    var isLive: Bool {
        if case .live = state { return true }
        return false
    }

    /// Says once that the login's end is reached; nil before and after.
    mutating func pollArrival() -> Arrival? {
        guard cursor.number >= catchUpEnd else { return nil }
        switch state {
        case .live: return nil
        case .replaying:
            state = .live
            return .joined
        case .catchingUp:
            state = .live
            return .resumed(missed: missed)
        }
    }
}
