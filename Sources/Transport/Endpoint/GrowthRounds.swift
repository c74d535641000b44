/// Logs that grew: everybody who is fed from one is visited, in the order of the slots, and has a turn at sending then.
///
/// So a peer is looked at once for each line, when its turn comes, and not a first time to be told of the line: what is
/// kept of it does not fit the processor's cache together with that of everybody else.
struct GrowthRounds: Sendable {
    /// At most two for each log: the round that goes on, and the next one.
    private var rounds: [(log: UInt64, end: UInt64?)] = []
    /// The next slot of the first round.
    private var slot = 0

    var isEmpty: Bool { rounds.isEmpty }

    /// A log has grown. A round that goes on tells the newest end to those that it has not come to yet, and another one
    /// follows for the others; all growth until that begins is one.
    ///
    /// - Parameter end: its last number; nil where that is not known.
    mutating func logGrew(_ log: UInt64, through end: UInt64?) {
        var isWaiting = false
        for place in rounds.indices where rounds[place].log == log {
            rounds[place].end = end
            if place > 0 || slot == 0 { isWaiting = true }
        }
        if !isWaiting { rounds.append((log, end)) }
    }

    /// Takes the next visit.
    ///
    /// - Parameter slots: how many slots there are.
    /// - Returns: nil when all were visited.
    mutating func next(of slots: Int) -> (slot: Int, log: UInt64, end: UInt64?)? {
        while let round = rounds.first {
            if slot < slots {
                defer { slot += 1 }
                return (slot, round.log, round.end)
            }
            rounds.removeFirst()
            slot = 0
        }
        return nil
    }
}
