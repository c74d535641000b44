import ChatProtocol

/// What is on its way into the store, and what waits for that: nobody sees an entry, or is told of it, before it is stored.
///
/// The changes of one input are one group, stored together or not at all, unless they are more than
/// `StoreLimits.changesOfGroup`. Groups are numbered from 1 in the order in which they are taken, and are stored in that
/// order.
struct Storing: Sendable {
    /// What happens when a group is stored.
    enum Held: Sendable {
        /// The entries of a log up to this number may be shown.
        case visible(LogID, EntryNumber)
        /// The requests of a session up to this number are stored.
        case mark(MemberID, OutboxNumber)
        /// Numbers of sessions up to this one may be given.
        case members(through: UInt32)
        /// A session is fed a log no longer.
        case unfollow(LogID, MemberID)
        /// A line of a log was edited.
        case revised(LogID, EntryNumber, Revision)
        case effect(Effect)
    }

    /// How many changes may wait; beyond that nothing new is accepted.
    var limit = ChatLimits.waitingChanges
    private var changes: [StoreChange] = []
    private var held: [(group: UInt64, held: Held)] = []
    private var heldHead = 0
    /// The number of the group that was taken last.
    private(set) var taken: UInt64 = 0
    private(set) var storedThrough: UInt64 = 0
    /// How many changes were taken and are not stored.
    private(set) var waiting = 0
    private var sizes: [Int] = []
    /// The store said that it can store nothing at present.
    var isStalled = false

    /// Whether nothing new may be accepted.
    var isStuck: Bool { isStalled || waiting + changes.count > limit }

    /// Whether so much waits that whoever speaks is to be held for a moment.
    var isCrowded: Bool { waiting + changes.count > ChatLimits.crowdedChanges }

    /// Whether not even what became of a request may be added to what waits.
    var isFull: Bool { waiting + changes.count > 2 * ChatLimits.waitingChanges }

    mutating func note(_ change: StoreChange) {
        changes.append(change)
    }

    /// Keeps something until what was noted so far is stored.
    ///
    /// - Returns: false when nothing waits: then it may happen at once.
    mutating func hold(_ item: Held) -> Bool {
        let size = StoreLimits.changesOfGroup
        let group = taken + UInt64((changes.count + size - 1) / size)
        guard group > storedThrough else { return false }
        held.append((group, item))
        return true
    }

    /// Closes the group that was begun. An input that changes more than the store takes at once, as a ban of a large
    /// block does, makes several: to be called until nothing is left.
    ///
    /// - Returns: its changes; empty when there are none, and then there is no group.
    mutating func takeChanges() -> [StoreChange] {
        guard !changes.isEmpty else { return [] }
        let group = Array(changes.prefix(StoreLimits.changesOfGroup))
        changes.removeFirst(group.count)
        taken += 1
        waiting += group.count
        sizes.append(group.count)
        return group
    }

    /// Groups up to this number are stored. What waited for them comes out in order by `pollReleased`.
    mutating func stored(through group: UInt64) {
        let group = min(group, taken)
        guard group > storedThrough else { return }
        let count = Int(group - storedThrough)
        waiting -= sizes.prefix(count).reduce(0, +)
        sizes.removeFirst(min(count, sizes.count))
        storedThrough = group
    }

    /// The next thing that waited long enough.
    mutating func pollReleased() -> Held? {
        guard heldHead < held.count, held[heldHead].group <= storedThrough else { return nil }
        defer {
            heldHead += 1
            if heldHead > 256, heldHead * 2 > held.count {
                held.removeFirst(heldHead)
                heldHead = 0
            }
        }
        return held[heldHead].held
    }

    /// The sessions whose requests wait to be stored, each once.
    var waitingSessions: [MemberID] {
        var seen: Set<MemberID> = []
        return held[heldHead...].compactMap { item in
            guard case .mark(let member, _) = item.held, seen.insert(member).inserted else { return nil }
            return member
        }
    }
}
