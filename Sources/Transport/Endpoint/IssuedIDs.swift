import Basics

/// The connection IDs of one peer that a server takes packets under.
///
/// The client uses them in the order of their numbers. When it begins with one, those before it live on for three probe
/// time-outs, for packets that are late, and are then forgotten without a word: there is nothing that a client could
/// make the server queue by retiring IDs (CVE-2024-22189).
struct IssuedIDs: Sendable {
    /// Oldest first; at most `Limits.liveConnectionIDs`.
    private(set) var live: [(sequence: UInt64, id: ConnectionID)]
    private var nextSequence: UInt64 = 1
    private var inUse: UInt64 = 0
    /// The one with that number: nearly every packet comes under it.
    private var current: ConnectionID
    /// When those before the one in use end; nil when there are none.
    private(set) var retirement: Instant?

    init(first: ConnectionID) {
        live = [(0, first)]
        current = first
    }

    /// A packet authenticated under this ID.
    ///
    /// - Returns: the sequence number when the client has begun to use another one.
    mutating func used(_ id: ConnectionID, probeTimeout: Duration, at now: Instant) -> UInt64? {
        guard id != current, let sequence = live.first(where: { $0.id == id })?.sequence, sequence > inUse else {
            return nil
        }
        (inUse, current) = (sequence, id)
        retirement = now + probeTimeout * 3
        return sequence
    }

    /// The IDs that have served their time, which are forgotten.
    mutating func retire(at now: Instant) -> [ConnectionID] {
        guard let retirement, retirement <= now else { return [] }
        self.retirement = nil
        let old = live.prefix { $0.sequence < inUse }.map(\.id)
        live.removeFirst(old.count)
        return old
    }

    /// The number of the next ID to give out; nil when the client has enough.
    mutating func takeSequence() -> UInt64? {
        guard live.count < Limits.liveConnectionIDs else { return nil }
        defer { nextSequence += 1 }
        return nextSequence
    }

    mutating func insert(_ id: ConnectionID, sequence: UInt64) {
        live.append((sequence, id))
    }
}
