import Basics

/// How many packets came with a mark of ECN, since the connection began.
package struct CongestionMarks: Hashable, Sendable {
    /// Packets with any mark but none.
    package var marked: UInt64
    /// Those of them that were marked by a router with a queue.
    package var congested: UInt64

    package init(marked: UInt64 = 0, congested: UInt64 = 0) {
        self.marked = marked
        self.congested = congested
    }

    /// An upper bound of the frame's length.
    static let frameBytes = 1 + 8 + 8
}

/// Both sides of explicit congestion notification (RFC 9000, section 13.4): counting the marks of what comes, and
/// believing what the peer counted only as long as it can be true.
///
///     marking --counts that can't be true, none at all, or silence before the first--> not marking
///        ^----------------------------- another path -----------------------------------'
struct CongestionNotification: Sendable {
    /// What was counted of the peer's packets.
    private(set) var seen = CongestionMarks()
    /// Whether our packets shall be marked: the path leaves marks alone, as far as is known.
    private(set) var isMarking = true
    /// What the peer told last.
    private var reported = CongestionMarks()
    /// Packets newly acknowledged since then.
    private var acknowledged: UInt64 = 0

    /// A packet of the peer authenticated.
    mutating func received(_ mark: ECNMark) {
        guard mark != .notECT else { return }
        seen.marked += 1
        if mark == .congestion { seen.congested += 1 }
    }

    /// The counts to tell with an acknowledgement; nil while there is nothing to tell.
    var report: CongestionMarks? { seen.marked > 0 ? seen : nil }

    /// The peer has a packet of ours.
    mutating func arrived() {
        acknowledged += 1
        if acknowledged >= Limits.packetsWithoutMarks { isMarking = false }
    }

    /// The peer tells what it counted; the acknowledgement that it came with was taken before.
    ///
    /// - Parameter sent: packets sent since the connection began.
    /// - Returns: whether the path is congested anew.
    mutating func told(_ marks: CongestionMarks, sent: UInt64) -> Bool {
        guard isMarking else { return false }
        // Late, from before the last one.
        if marks.marked < reported.marked, marks.congested <= reported.congested { return false }
        let isPossible =
            marks.marked >= reported.marked && marks.congested >= reported.congested
            && marks.congested <= marks.marked && marks.marked <= sent
            && marks.marked - reported.marked >= acknowledged
        guard isPossible else {
            isMarking = false
            return false
        }
        defer { (reported, acknowledged) = (marks, 0) }
        return marks.congested > reported.congested
    }

    /// Probes are not answered. Some paths drop what is marked: the first marks must not cost the connection.
    mutating func silent() {
        if reported.marked == 0 { isMarking = false }
    }

    /// The way to the peer is another one.
    mutating func moved() {
        (isMarking, acknowledged) = (true, 0)
    }
}
