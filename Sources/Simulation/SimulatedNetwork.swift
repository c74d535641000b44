package import Basics

/// A datagram between two addresses.
package struct SimulatedDatagram: Hashable, Sendable {
    package var source: SocketAddress
    package var destination: SocketAddress
    package var bytes: [UInt8]
    /// Whether it left an end of ours and is whole; of a client's, whether that one had heard the server at `source`
    /// before. Nobody else can tell.
    package var isGenuine = false
    /// Of a copy that somebody on the way sends from elsewhere: the address that it proves all the same, since nobody
    /// could have made the datagram who had not heard the server there.
    var proves: SocketAddress?
    /// Where the client that made it, whole, had heard the answer to its login.
    package var answeredAt: SocketAddress?

    package init(source: SocketAddress, destination: SocketAddress, bytes: [UInt8]) {
        self.source = source
        self.destination = destination
        self.bytes = bytes
    }
}

/// What a network has done so far.
package struct NetworkCounters: Hashable, Sendable {
    /// All that were sent, whatever became of them.
    package var sent = 0
    /// Their sizes together.
    package var sentBytes = 0
    /// Those that arrived somewhere, repeated ones counted each time.
    package var delivered = 0
    /// Lost by chance, in an outage, by a partition or by `SimulatedNetwork.lets`.
    package var lost = 0
    /// Damaged on the way.
    package var corrupted = 0
    /// Sent again by the network or by somebody who recorded them.
    package var repeated = 0
    /// Dropped by a full queue, or since too many were under way.
    package var overflowed = 0
    /// Larger than the path takes.
    package var swallowed = 0
    /// Of what was sent when: two runs of one world have the same.
    package var fingerprint: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}
}

/// A datagram's time in front of a bottleneck.
package struct QueueWait: Hashable, Sendable {
    /// Whose line it is; nil: the place that all share.
    package let host: SocketAddress.Host?
    /// Whether it was on the way to the server.
    package let isUp: Bool
    /// When it came there.
    package let moment: Instant
    /// How long it waited.
    package let wait: Duration
}

/// Which way over a path.
package enum LinkDirection: Hashable, Sendable {
    case toServer, toClient, both
}

/// A network of one server and many clients in virtual time: it loses, delays, reorders, repeats and damages datagrams,
/// all from its seed.
package struct SimulatedNetwork: Sendable {
    private struct Partition: Sendable {
        /// Whose datagrams are lost; nil: everybody's.
        let host: SocketAddress.Host?
        let direction: LinkDirection
        let start: Instant
        let end: Instant
    }

    private struct Line: Sendable {
        var toServer: LinkModel
        var toClient: LinkModel
        /// What happens on this line alone; nil: what happens on all.
        var faults: (toServer: LinkFaults, toClient: LinkFaults)?
    }

    /// The most datagrams that may be under way; what is sent beyond that is lost.
    package static let queueLimit = 20_000

    /// Where the server is; it tells the two directions apart.
    package let server: SocketAddress
    /// What happens to datagrams to the server from now on.
    package var toServer: LinkFaults
    /// What happens to datagrams from the server from now on.
    package var toClients: LinkFaults
    /// Looks at every datagram before anything else happens to it, and may change it. It is lost when this is false.
    package var lets: (@Sendable (inout SimulatedDatagram) -> Bool)?

    /// Whether `waits` is written.
    package var recordsWaits = false
    /// Each datagram that passed a bottleneck, in order, where that is recorded.
    package private(set) var waits: [QueueWait] = []

    /// What has happened so far.
    package private(set) var counters = NetworkCounters()
    private var agenda = Agenda<SimulatedDatagram>()
    private var partitions: [Partition] = []
    /// Of every client's host. A port that changes is the same line behind another hole in a router.
    private var lines: [SocketAddress.Host: Line] = [:]
    /// A place that all datagrams of a direction pass, besides those of the lines.
    private var shared: (toServer: Bottleneck?, toClients: Bottleneck?)
    private var sharedQueues = (toServer: BottleneckQueue(), toClients: BottleneckQueue())
    private let seed: UInt64
    private var random: SeededGenerator

    package init(server: SocketAddress, toServer: LinkFaults, toClients: LinkFaults, seed: UInt64) {
        self.server = server
        self.toServer = toServer
        self.toClients = toClients
        self.seed = seed
        random = SeededGenerator(seed: seed)
    }

    /// How many datagrams are under way.
    package var underWay: Int { agenda.count }

    /// When the next datagram arrives.
    package var nextArrival: Instant? { agenda.next }

    /// Cuts a host off from the server, or everybody when it is nil.
    package mutating func cutOff(
        _ host: SocketAddress.Host?, _ direction: LinkDirection = .both, from start: Instant, until end: Instant
    ) {
        partitions.append(Partition(host: host, direction: direction, start: start, end: end))
    }

    /// Gives one host's line faults of its own from now on; nil: those of all.
    package mutating func setFaults(
        of host: SocketAddress.Host, _ faults: (toServer: LinkFaults, toClient: LinkFaults)?
    ) {
        var line = lines[host] ?? line(of: host)
        line.faults = faults
        lines[host] = line
    }

    /// What happens on a host's line now.
    package func faults(of host: SocketAddress.Host) -> (toServer: LinkFaults, toClient: LinkFaults) {
        lines[host]?.faults ?? (toServer, toClients)
    }

    /// Puts a place that all clients share before their lines; nil: none.
    package mutating func share(toServer: Bottleneck?, toClients: Bottleneck?) {
        shared = (toServer, toClients)
    }

    /// The places that all clients share, if there are any.
    package var sharedPlaces: (toServer: Bottleneck?, toClients: Bottleneck?)? {
        shared.toServer == nil && shared.toClients == nil ? nil : shared
    }

    /// Ends all faults and partitions. What is under way stays so.
    package mutating func heal() {
        toServer = .none
        toClients = .none
        shared = (nil, nil)
        lets = nil
        partitions.removeAll()
        for host in lines.keys { lines[host]?.faults = nil }
    }

    /// Sends a datagram into whatever awaits it.
    package mutating func send(_ datagram: SimulatedDatagram, at now: Instant) {
        counters.sent += 1
        counters.sentBytes += datagram.bytes.count
        takeFingerprint(of: datagram, at: now)
        var datagram = datagram
        if let lets, !lets(&datagram) {
            counters.lost += 1
            return
        }
        guard !isCutOff(datagram, at: now) else {
            counters.lost += 1
            return
        }
        for arrival in carry(datagram, at: now) {
            var copy = datagram
            if arrival.isDamaged { damage(&copy) }
            enqueue(copy, at: arrival.moment)
        }
    }

    private mutating func isCutOff(_ datagram: SimulatedDatagram, at now: Instant) -> Bool {
        partitions.removeAll { $0.end <= now }
        let isUp = datagram.destination == server
        let host = isUp ? datagram.source.host : datagram.destination.host
        return partitions.contains { partition in
            guard partition.start <= now, partition.host.map({ $0 == host }) ?? true else { return false }
            return partition.direction == .both || (partition.direction == .toServer) == isUp
        }
    }

    /// - Returns: when the datagram arrives, not at all or several times.
    private mutating func carry(_ datagram: SimulatedDatagram, at now: Instant) -> [LinkArrival] {
        let isUp = datagram.destination == server
        let host = isUp ? datagram.source.host : datagram.destination.host
        guard let departure = passShared(datagram.bytes.count, isUp: isUp, at: now) else {
            counters.overflowed += 1
            return []
        }
        var line = lines[host] ?? line(of: host)
        line.toServer.faults = line.faults?.toServer ?? toServer
        line.toClient.faults = line.faults?.toClient ?? toClients
        var link = isUp ? line.toServer : line.toClient
        let before = link.counters
        let arrivals = link.carry(bytes: datagram.bytes.count, at: departure)
        counters.lost += link.counters.lost - before.lost
        counters.swallowed += link.counters.swallowed - before.swallowed
        counters.overflowed += link.counters.overflowed - before.overflowed
        counters.repeated += link.counters.repeated - before.repeated
        if recordsWaits, link.faults.bottleneck != nil, link.counters.overflowed == before.overflowed {
            waits.append(QueueWait(host: host, isUp: isUp, moment: departure, wait: link.wait))
        }
        if isUp { line.toServer = link } else { line.toClient = link }
        lines[host] = line
        return arrivals
    }

    private mutating func passShared(_ bytes: Int, isUp: Bool, at now: Instant) -> Instant? {
        guard let place = isUp ? shared.toServer : shared.toClients else { return now }
        let departure =
            isUp
            ? sharedQueues.toServer.pass(bytes: bytes, through: place, at: now)
            : sharedQueues.toClients.pass(bytes: bytes, through: place, at: now)
        if recordsWaits, departure != nil {
            let wait = isUp ? sharedQueues.toServer.wait : sharedQueues.toClients.wait
            waits.append(QueueWait(host: nil, isUp: isUp, moment: now, wait: wait))
        }
        return departure
    }

    /// A host's line as it is before anything was sent over it: the same in every world of this seed.
    private func line(of host: SocketAddress.Host) -> Line {
        var number = seed
        switch host {
        case .v4(let address): number ^= UInt64(address) << 16
        case .v6(let high, let low, _): number ^= high &* 31 &+ low
        }
        var random = SeededGenerator(seed: number)
        return Line(
            toServer: LinkModel(toServer, seed: random.next()), toClient: LinkModel(toClients, seed: random.next()))
    }

    /// Puts a datagram onto the path behind everything that could happen to it.
    package mutating func inject(_ datagram: SimulatedDatagram, at now: Instant) {
        enqueue(datagram, at: now + .milliseconds(1))
    }

    /// The next datagram that has arrived by now.
    package mutating func receive(at now: Instant) -> SimulatedDatagram? {
        guard let datagram = agenda.popDue(at: now) else { return nil }
        counters.delivered += 1
        return datagram
    }

    private mutating func enqueue(_ datagram: SimulatedDatagram, at arrival: Instant) {
        guard agenda.count < Self.queueLimit else {
            counters.overflowed += 1
            return
        }
        agenda.add(datagram, at: arrival)
    }

    /// FNV-1a (Fowler, Noll, Vo), by words, over moment, destination and the end of the datagram, which is a tag or a
    /// signature over all of it.
    private mutating func takeFingerprint(of datagram: SimulatedDatagram, at now: Instant) {
        var words = [UInt64(bitPattern: now.nanoseconds), UInt64(datagram.destination.port)]
        words.append(datagram.bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
        for word in words { counters.fingerprint = (counters.fingerprint ^ word) &* 0x100_0000_01b3 }
    }

    private mutating func damage(_ datagram: inout SimulatedDatagram) {
        guard !datagram.bytes.isEmpty else { return }
        counters.corrupted += 1
        let original = datagram.bytes
        spoil(&datagram.bytes)
        // A bit that is turned twice is as it was.
        guard datagram.bytes != original else { return }
        datagram.isGenuine = false
        datagram.answeredAt = nil
    }

    private mutating func spoil(_ bytes: inout [UInt8]) {
        if random.chance(0.25) {
            bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            return
        }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
    }
}
