import Basics
import Crypto
import Testing

@testable import Transport

/// What a link does to datagrams, as probabilities.
struct LinkFaults {
    var loss = 0.0
    var duplication = 0.0
    var reordering = 0.0
    var corruption = 0.0
    var delay: Duration = .milliseconds(20)
    /// The longest datagram that gets through, in bytes of UDP payload; longer ones vanish without a word.
    var mtu = Int.max
    /// What the network says of congestion with each datagram.
    var mark = ECNMark.notECT

    static let none = LinkFaults()

    static func bad(loss: Double) -> LinkFaults {
        LinkFaults(loss: loss, duplication: 0.05, reordering: 0.1, corruption: loss > 0 ? 0.02 : 0)
    }
}

/// A client's and a server's connection with a link between them, in virtual time.
struct ConnectionPair {
    /// One side and what became of it.
    struct Side {
        var connection: Connection
        var logs = TestLogs()
        var heard: [UInt64: [StoredMessage]] = [:]
        var closedByPeer: [CloseReason] = []
        var violations: [ProtocolViolation] = []
        var timeOuts = 0
        var resets = 0
        var streamEvents: [(StreamID, StreamEvent)] = []
        var sent = 0
        var sentBytes = 0
        var largestDatagram = 0
        /// When it sent, in order.
        var moments: [Instant] = []

        mutating func collect() {
            while let event = connection.pollEvent() {
                switch event {
                case .message(let alias, let message): heard[alias, default: []].append(message)
                case .closedByPeer(let reason): closedByPeer.append(reason)
                case .violated(let violation): violations.append(violation)
                case .timedOut: timeOuts += 1
                case .reset: resets += 1
                case .stream(let stream, let event): streamEvents.append((stream, event))
                }
            }
        }

        /// Appends to a log that this side feeds.
        mutating func say(_ bytes: [UInt8], in log: UInt64 = 1, step: UInt64 = 1) {
            logs.logs[log, default: TestLog()].append(bytes, step: step)
            _ = connection.logGrew(log)
        }

        /// Sends over the control channel, which must have room.
        mutating func control(_ bytes: [UInt8]) {
            let isTaken = connection.sendControl(bytes)
            #expect(isTaken)
        }
    }

    private struct Flight {
        let arrival: Instant
        let toServer: Bool
        let bytes: [UInt8]
    }

    var client: Side
    var server: Side
    var faults: LinkFaults
    var now = Instant.start
    /// Whether anything gets through, by direction.
    var carriesUp = true
    var carriesDown = true
    let seed: UInt64
    private var random: SeededGenerator
    private var flights: [Flight] = []
    private var stepsAtOnce = 0

    /// Both sides open, with a log 1 fed each way under alias 1.
    init(
        seed: UInt64 = 1, faults: LinkFaults = .none, roundTrip: Duration? = .milliseconds(40),
        keyLimits: (client: KeyLimits, server: KeyLimits) = (.standard, .standard)
    ) {
        self.seed = seed
        self.faults = faults
        random = SeededGenerator(seed: seed)
        let keys = TestKeys.session(roundTrip: roundTrip)
        client = Side(connection: Connection(role: .client, keys: keys, keyLimits: keyLimits.client, at: .start))
        server = Side(connection: Connection(role: .server, keys: keys, keyLimits: keyLimits.server, at: .start))
        for log in 1...2 as ClosedRange<UInt64> {
            client.connection.open(alias: log, after: 0)
            server.connection.open(alias: log, after: 0)
            client.connection.feed(log: log, as: log, after: 0)
            server.connection.feed(log: log, as: log, after: 0)
        }
    }

    /// On a path so short that no copies are scheduled.
    static func near() -> ConnectionPair {
        ConnectionPair(faults: LinkFaults(delay: .milliseconds(2)), roundTrip: .milliseconds(4))
    }

    // MARK: Time

    /// Runs for a while.
    mutating func run(for duration: Duration) {
        let end = now + duration
        while step(until: end) {}
        now = end
    }

    /// Runs until something holds.
    ///
    /// - Returns: whether it came to hold in time.
    mutating func run(within limit: Duration, until isDone: (ConnectionPair) -> Bool) -> Bool {
        let end = now + limit
        while !isDone(self) {
            guard step(until: end) else { return false }
        }
        return true
    }

    /// Whether neither side has anything that the other has not confirmed.
    var isSettled: Bool { !client.connection.hasUnconfirmed && !server.connection.hasUnconfirmed }

    private mutating func step(until end: Instant) -> Bool {
        flush()
        let moments = [
            flights.first?.arrival, client.connection.nextDeadline, server.connection.nextDeadline,
        ]
        guard let next = moments.compactMap({ $0 }).min(), next <= end else { return false }
        stepsAtOnce = next <= now ? stepsAtOnce + 1 : 0
        guard stepsAtOnce < 2000 else {
            Issue.record("spins without time going on, seed \(seed)")
            return false
        }
        now = max(now, next)
        while let flight = flights.first, flight.arrival <= now {
            flights.removeFirst()
            arrive(flight.bytes, toServer: flight.toServer)
        }
        client.connection.handleTimeouts(at: now)
        server.connection.handleTimeouts(at: now)
        client.collect()
        server.collect()
        flush()
        return true
    }

    // MARK: The link

    mutating func flush() {
        Self.drain(&client, at: now).forEach { depart($0, toServer: true) }
        Self.drain(&server, at: now).forEach { depart($0, toServer: false) }
    }

    private static func drain(_ side: inout Side, at now: Instant) -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        var datagram: [UInt8] = []
        while side.connection.pollTransmit(into: &datagram, from: side.logs, at: now) {
            side.sent += 1
            side.sentBytes += datagram.count
            side.largestDatagram = max(side.largestDatagram, datagram.count)
            side.moments.append(now)
            datagrams.append(datagram)
        }
        side.collect()
        let wantsTransmit = side.connection.wantsTransmit(at: now)
        #expect(!wantsTransmit, "wants to send and does not")
        return datagrams
    }

    private mutating func depart(_ datagram: [UInt8], toServer: Bool) {
        guard toServer ? carriesUp : carriesDown, datagram.count <= faults.mtu else { return }
        var copies = random.chance(faults.loss) ? 0 : 1
        if random.chance(faults.duplication) { copies += 1 }
        for _ in 0..<copies {
            var bytes = datagram
            if random.chance(faults.corruption) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
            let isLate = random.chance(faults.reordering)
            let extra = isLate ? Duration.milliseconds(Int64.random(in: 1...60, using: &random)) : .zero
            let flight = Flight(arrival: now + faults.delay + extra, toServer: toServer, bytes: bytes)
            flights.insert(flight, at: flights.firstIndex { $0.arrival > flight.arrival } ?? flights.count)
        }
    }

    private mutating func arrive(_ bytes: [UInt8], toServer: Bool) {
        var scratch: [UInt8] = []
        if toServer {
            _ = server.connection.receive(bytes.span, mark: faults.mark, scratch: &scratch, at: now)
        } else {
            _ = client.connection.receive(bytes.span, mark: faults.mark, scratch: &scratch, at: now)
        }
    }

    // MARK: A peer that breaks the rules

    /// Gives the server a packet that the client's keys sealed, whatever is in it.
    @discardableResult
    mutating func forge(_ frames: [Frame], number: UInt64, updates: Int = 0, raw: [UInt8] = []) -> Bool {
        let datagram = Self.packet(frames, number: number, updates: updates, raw: raw)
        var scratch: [UInt8] = []
        let authenticated = server.connection.receive(datagram.span, scratch: &scratch, at: now)
        server.collect()
        return authenticated
    }

    /// A packet to the server.
    ///
    /// - Parameter updates: how many key updates it is after the first keys.
    static func packet(_ frames: [Frame], number: UInt64, updates: Int = 0, raw: [UInt8] = []) -> [UInt8] {
        let keys = TestKeys.session()
        var datagram: [UInt8] = []
        DataHeader(destination: keys.serverID, number: number, keyPhase: !updates.isMultiple(of: 2))
            .emit(into: &datagram)
        let headerCount = datagram.count
        for frame in frames { frame.emit(into: &datagram) }
        datagram.append(contentsOf: raw)
        let key = (0..<updates).reduce(keys.secrets.client) { key, _ in key.successor() }
        key.seal(
            &datagram, headerCount: headerCount, numberCount: DataHeader.numberBytes, packetNumber: number)
        DataHeader.hideNumber(in: &datagram, headerCount: headerCount, with: keys.secrets.client)
        return datagram
    }
}
