import Basics
import Testing

@testable import Transport

/// A server's endpoint and one client behind a router that may give it another address at any moment.
struct RoamingWorld {
    private struct Flight {
        let arrival: Instant
        /// Where the datagram came from, or goes to when it is the server's.
        let address: SocketAddress
        let toServer: Bool
        let bytes: [UInt8]
    }

    private static let delay: Duration = .milliseconds(20)

    var world: LoginWorld
    var client: Connection
    let peer: PeerID
    /// The client's address as the server sees it. What goes to an earlier one is lost.
    var address = LoginWorld.address
    var loss = 0.0
    var up = TestLog()
    var down = TestLog()
    private(set) var heardUp: [[UInt8]] = []
    private(set) var heardDown: [[UInt8]] = []
    private(set) var moves: [SocketAddress] = []
    private(set) var closed: [CloseCause] = []
    private(set) var streamEvents: [(StreamID, StreamEvent)] = []
    /// Bytes that the server sent, by address.
    private(set) var sent: [SocketAddress: Int] = [:]
    /// What an observer sees of the client: each datagram to the server with the address that it came from.
    private(set) var observed: [(address: SocketAddress, bytes: [UInt8])] = []
    private var flights: [Flight] = []

    var now: Instant { world.now }

    /// The client is in; a log is fed each way under alias 1.
    init(seed: UInt64 = 1) throws {
        world = LoginWorld(seed: seed)
        var (initiator, _, _, finish) = try world.handshakeUntilFinish()
        let verdict = try #require(world.ask(finish).first)
        initiator.receive(verdict.span, at: world.now)
        client = Connection(role: .client, keys: try #require(initiator.keys), at: world.now)
        peer = try #require(world.peers.first)
        client.feed(log: 1, as: 1, after: 0)
        client.open(alias: 1, after: 0)
        world.server.feed(log: 1, as: 1, after: 0, to: peer, at: world.now)
        world.server.open(alias: 1, after: 0, from: peer, at: world.now)
    }

    mutating func sayUp(_ bytes: [UInt8]) {
        up.append(bytes)
        _ = client.logGrew(1)
    }

    mutating func sayDown(_ bytes: [UInt8]) {
        down.append(bytes)
        world.server.logGrew(1)
    }

    /// The client's datagrams, instead of sending them.
    mutating func takeClientDatagrams() -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        var datagram: [UInt8] = []
        while client.pollTransmit(into: &datagram, from: up, at: now) { datagrams.append(datagram) }
        return datagrams
    }

    /// The server hears a datagram now.
    ///
    /// - Returns: what it sends then, and where to.
    mutating func deliver(_ datagram: [UInt8], from source: SocketAddress) -> [(address: SocketAddress, bytes: [UInt8])]
    {
        world.server.receive(datagram.span, from: source, at: now, using: &world.random)
        return drainServer()
    }

    /// The client hears a datagram now.
    mutating func tell(_ datagram: [UInt8]) {
        var scratch: [UInt8] = []
        _ = client.receive(datagram.span, scratch: &scratch, at: now)
        while let event = client.pollEvent() {
            if case .message(_, let message) = event { heardDown.append(message.bytes) }
        }
    }

    /// Lets time pass at the server alone.
    mutating func pass(_ duration: Duration) -> [(address: SocketAddress, bytes: [UInt8])] {
        world.now = now + duration
        world.server.handleTimeouts(at: now)
        return drainServer()
    }

    mutating func drainServer() -> [(address: SocketAddress, bytes: [UInt8])] {
        while let event = world.server.pollEvent() {
            switch event {
            case .message(_, _, let message): heardUp.append(message.bytes)
            case .moved(_, let address): moves.append(address)
            case .closed(_, let cause): closed.append(cause)
            case .stream(_, let stream, let event): streamEvents.append((stream, event))
            case .login, .resume, .confirmed, .wrongPassword, .tooManyAttempts, .unheard: continue
            }
        }
        var datagrams: [(address: SocketAddress, bytes: [UInt8])] = []
        var datagram: [UInt8] = []
        while let target = world.server.pollTransmit(into: &datagram, from: down, at: now) {
            sent[target, default: 0] += datagram.count
            datagrams.append((target, datagram))
        }
        return datagrams
    }

    /// Runs with a delay of 20 ms each way.
    mutating func run(for duration: Duration) {
        let end = now + duration
        while true {
            for datagram in takeClientDatagrams() { depart(datagram, address, toServer: true) }
            for (target, bytes) in drainServer() { depart(bytes, target, toServer: false) }
            let moments = [flights.first?.arrival, client.nextDeadline, world.server.nextDeadline]
            guard let next = moments.compactMap({ $0 }).min(), next <= end else { break }
            world.now = max(now, next)
            while let flight = flights.first, flight.arrival <= now { arrive(flights.removeFirst(), flight.address) }
            client.handleTimeouts(at: now)
            world.server.handleTimeouts(at: now)
        }
        world.now = end
    }

    private mutating func arrive(_ flight: Flight, _ other: SocketAddress) {
        if flight.toServer {
            world.server.receive(flight.bytes.span, from: other, at: now, using: &world.random)
        } else if other == address {
            tell(flight.bytes)
        }
    }

    private mutating func depart(_ bytes: [UInt8], _ other: SocketAddress, toServer: Bool) {
        if toServer { observed.append((other, bytes)) }
        guard !world.random.chance(loss) else { return }
        flights.append(Flight(arrival: now + Self.delay, address: other, toServer: toServer, bytes: bytes))
    }
}
