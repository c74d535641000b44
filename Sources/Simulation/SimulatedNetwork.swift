package import Basics

/// A datagram between two addresses.
package struct SimulatedDatagram: Hashable, Sendable {
    package var source: SocketAddress
    package var destination: SocketAddress
    package var bytes: [UInt8]

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
    /// Lost by chance, by a partition or by `SimulatedNetwork.lets`.
    package var lost = 0
    /// Damaged on the way.
    package var corrupted = 0
    /// Sent again by the network or by somebody who recorded them.
    package var repeated = 0
    /// Dropped since too many were under way.
    package var overflowed = 0
    /// Of what was sent when: two runs of one world have the same.
    package var fingerprint: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}
}

/// A network of one server and many clients in virtual time: it loses, delays, reorders, repeats and damages datagrams,
/// all from its seed.
package struct SimulatedNetwork: Sendable {
    private struct Partition: Sendable {
        /// Whose datagrams are lost, both ways; nil: everybody's.
        let address: SocketAddress?
        let start: Instant
        let end: Instant
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

    /// What has happened so far.
    package private(set) var counters = NetworkCounters()
    private var agenda = Agenda<SimulatedDatagram>()
    private var partitions: [Partition] = []
    private var random: SeededGenerator

    package init(server: SocketAddress, toServer: LinkFaults, toClients: LinkFaults, seed: UInt64) {
        self.server = server
        self.toServer = toServer
        self.toClients = toClients
        random = SeededGenerator(seed: seed)
    }

    /// How many datagrams are under way.
    package var underWay: Int { agenda.count }

    /// When the next datagram arrives.
    package var nextArrival: Instant? { agenda.next }

    /// Cuts an address off from everybody, or everybody when it is nil.
    package mutating func cutOff(_ address: SocketAddress?, from start: Instant, until end: Instant) {
        partitions.append(Partition(address: address, start: start, end: end))
    }

    /// Ends all faults and partitions. What is under way stays so.
    package mutating func heal() {
        toServer = .none
        toClients = .none
        lets = nil
        partitions.removeAll()
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
        partitions.removeAll { $0.end <= now }
        let isCutOff = partitions.contains { partition in
            guard partition.start <= now else { return false }
            return partition.address.map { $0 == datagram.source || $0 == datagram.destination } ?? true
        }
        guard !isCutOff else {
            counters.lost += 1
            return
        }
        let faults = datagram.destination == server ? toServer : toClients
        carry(datagram, faults, at: now)
        if faults.duplication > 0, random.chance(faults.duplication) {
            counters.repeated += 1
            carry(datagram, faults, at: now)
        }
        if faults.replay > 0, random.chance(faults.replay) {
            counters.repeated += 1
            let wait = Int64.random(in: 0...LinkFaults.replayDelay.wholeNanoseconds, using: &random)
            enqueue(datagram, at: now + faults.delay + .nanoseconds(wait))
        }
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

    private mutating func carry(_ datagram: SimulatedDatagram, _ faults: LinkFaults, at now: Instant) {
        if faults.loss > 0, random.chance(faults.loss) {
            counters.lost += 1
            return
        }
        var datagram = datagram
        if faults.corruption > 0, random.chance(faults.corruption) { damage(&datagram.bytes) }
        var wait = faults.delay
        if faults.jitter > .zero {
            wait += .nanoseconds(Int64.random(in: 0...faults.jitter.wholeNanoseconds, using: &random))
        }
        enqueue(datagram, at: now + wait)
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

    private mutating func damage(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        counters.corrupted += 1
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
