package import Basics

/// What a connection has counted of its way to the peer, or all of an endpoint's connections together.
package struct LinkTallies: Sendable {
    /// Packets that asked for an acknowledgement; probes of the path's length are none.
    package var packets: UInt64 = 0
    /// Those of them that were declared lost. Some of these only come late.
    package var lost: UInt64 = 0
    /// Those that were declared lost and came after all.
    package var late: UInt64 = 0
    /// Pieces of messages that were sent again since they were lost.
    package var retransmissions: UInt64 = 0
    /// Whole messages that the peer has confirmed, those of the control channel left out.
    package var deliveries: UInt64 = 0
    /// Round trips by their length: how many were at most as long as each of `roundTripBounds`, and the rest.
    package private(set) var roundTrips: [14 of UInt64] = .init(repeating: 0)
    /// All measured round trips together, in nanoseconds.
    package private(set) var roundTripNanoseconds: Int64 = 0

    /// In milliseconds, rising.
    package static let roundTripBounds: [13 of Int64] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000,
    ]

    package init() {}

    /// Counts a measured round trip.
    package mutating func measured(_ sample: Duration) {
        var place = 0
        while place < Self.roundTripBounds.count, sample.wholeNanoseconds > Self.roundTripBounds[place] * 1_000_000 {
            place += 1
        }
        roundTrips[place] &+= 1
        roundTripNanoseconds &+= sample.wholeNanoseconds
    }

    /// Adds what another connection has counted.
    package mutating func add(_ other: LinkTallies) {
        packets &+= other.packets
        lost &+= other.lost
        late &+= other.late
        retransmissions &+= other.retransmissions
        deliveries &+= other.deliveries
        for place in other.roundTrips.indices { roundTrips[place] &+= other.roundTrips[place] }
        roundTripNanoseconds &+= other.roundTripNanoseconds
    }
}

/// How an endpoint's connections are at one moment.
package struct LinkSurvey: Sendable {
    /// Everything since the endpoint began, connections that are gone among it.
    package var tallies = LinkTallies()
    /// Connections that are open.
    package var connections = 0
    /// Messages that left and are not confirmed, to all peers together.
    package var underWay = 0
    /// Messages of one log that have not arrived, to all peers together: sent or not.
    package var missing: UInt64 = 0
    /// The most of them that one peer has not.
    package var mostMissing: UInt64 = 0
    /// The estimates of the connections' loss added up, each 0...1.
    package var lossSum = 0.0

    package init() {}
}

/// What became of those who knocked.
package struct HandshakeCounters: Hashable, Sendable {
    /// Handshakes by password that were begun: an M2 was made for them.
    package var begun: UInt64 = 0
    /// Hellos that were asked for a cookie first.
    package var challenged: UInt64 = 0
    /// Handshakes whose password was right.
    package var proved: UInt64 = 0
    /// Handshakes whose password was wrong: guesses.
    package var guessed: UInt64 = 0
    /// Tickets that were good.
    package var resumed: UInt64 = 0
    /// Connections that took their place.
    package var settled: UInt64 = 0
}
