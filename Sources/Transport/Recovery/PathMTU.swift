package import Basics

/// Finds out how long a datagram may be on a path: path MTU discovery by probes for datagrams (RFC 8899).
///
///     1200 bytes --long packets leave--> searching --nothing left to try--> settled --10 minutes--> searching
///       ^                                    |                                 |
///       '----- only long packets are lost: a black hole, no search for 10 minutes
///
/// A probe is a packet of the wanted length that carries nothing: its loss says something about its length, and nothing
/// about the path's loss or congestion. ICMP is not asked: anybody can forge it, and many routers send none.
///
/// Only a connection that fills its packets searches: a search costs up to 1,452 bytes a probe, and a longer packet
/// saves a fifth of a header. Whoever just chats sends nothing for it.
package struct PathMTU: Sendable {
    /// The longest datagram that the path is known to carry, in bytes of UDP payload.
    package private(set) var bytes = Limits.datagramBytes
    /// The shortest length that did not pass; one more than the longest wanted, if there was none.
    private var refused = Limits.longestDatagramBytes + 1
    /// The length of the probe that is under way.
    private var probe: Int?
    /// Probes of the same length lost in a row.
    private var failures = 0
    /// Whether full packets asked for a probe. The answer may come meanwhile, from an earlier one that is late.
    private var isProbeWanted = false
    /// Whether a probe shall leave, as soon as other rules allow.
    package var isProbeDue: Bool { isProbeWanted && candidate != nil }
    /// When what was found may have changed.
    private var expires = Instant.origin

    private var longPackets = 0
    private var latestLong = Instant.origin
    /// Packets longer than every path carries, lost since one arrived; and whether a shorter one did meanwhile.
    private var lostInARow = 0
    private var shortArrives = false

    package init() {}

    /// The length to try next; nil when the search is over. The longest goes first, since most paths carry it; after
    /// that the middle, until what is left to gain is less than a probe is worth.
    package var candidate: Int? {
        if refused > Limits.longestDatagramBytes {
            return bytes < Limits.longestDatagramBytes ? Limits.longestDatagramBytes : nil
        }
        return refused - bytes > Limits.pathMTUStep ? (bytes + refused) / 2 : nil
    }

    /// A packet with content leaves.
    ///
    /// - Parameter length: of the datagram. One that is nearly as long as allowed tells that longer ones would help.
    package mutating func sent(_ length: Int, at now: Instant) {
        guard length + Limits.pathMTUSlack >= bytes else { return }
        longPackets = now < latestLong + Limits.pathMTUDemand ? longPackets + 1 : 1
        latestLong = now
        guard longPackets >= Limits.longPacketsBeforeProbe, probe == nil else { return }
        if candidate == nil, expires <= now { refused = Limits.longestDatagramBytes + 1 }
        isProbeWanted = candidate != nil
    }

    /// The length of the probe that leaves now; nil when none is due.
    package mutating func takeProbe() -> Int? {
        guard isProbeWanted, let length = candidate else { return nil }
        isProbeWanted = false
        probe = length
        return length
    }

    /// A probe of this length arrived, perhaps later than expected.
    package mutating func probeArrived(_ length: Int) {
        if probe == length { (probe, failures) = (nil, 0) }
        guard length > bytes else { return }
        bytes = length
        // It was only unlucky before.
        if refused <= length { refused = length + 1 }
        (lostInARow, shortArrives) = (0, false)
    }

    /// A probe of this length was lost, while later packets arrived.
    package mutating func probeLost(_ length: Int, at now: Instant) {
        guard probe == length else { return }
        probe = nil
        failures += 1
        guard failures >= Limits.pathMTUProbes else { return }
        failures = 0
        refused = length
        expires = now + Limits.pathMTULife
    }

    /// A packet with content arrived.
    package mutating func arrived(_ length: Int) {
        if length > Limits.datagramBytes {
            (lostInARow, shortArrives) = (0, false)
        } else {
            shortArrives = true
        }
    }

    /// A packet with content was lost. When long ones are lost while short ones arrive, the path has changed to one
    /// that does not carry them (RFC 8899, section 4.3).
    package mutating func lost(_ length: Int, at now: Instant) {
        guard length > Limits.datagramBytes else { return }
        lostInARow += 1
        guard lostInARow >= Limits.longPacketsInBlackHole, shortArrives else { return }
        self = PathMTU()
        refused = Limits.datagramBytes + 1
        expires = now + Limits.pathMTULife
    }
}
