import Basics
import Foundation
import SocketIO
import Synchronization

/// How bad a path is, in each direction.
struct Faults {
    var loss = 0.0
    var repeats = 0.0
    /// How likely a datagram is held back, so that later ones overtake it.
    var delay = 0.0
    /// How likely one bit is turned.
    var bitFlips = 0.0

    static let none = Faults()
    /// What the issue asks to survive.
    static let rough = Faults(loss: 0.2, repeats: 0.05, delay: 0.2, bitFlips: 0.03)
}

/// A path between clients and a server: a relay on a thread of its own that loses, repeats, delays and damages
/// datagrams, alike for the same seed and traffic, and remembers all that passed. To the server each client shows
/// another port, as behind a NAT.
final class FaultyPath: Sendable {
    /// Where clients think that the server is.
    let port: UInt16
    private let stop: Mailbox<Bool>
    private let record = Mutex<[[UInt8]]>([])

    init(to server: Server, _ faults: Faults = .none, seed: UInt64 = 1) throws {
        let front = try UDPSocket(binding: .loopback(port: 0))
        port = front.localAddress.port
        stop = try Mailbox(limit: 1)
        let relay = try Relay(
            front: front, server: .loopback(port: server.port), faults: faults, seed: seed, stop: stop)
        let thread = Thread { [weak self, stop] in
            while stop.takeAll().isEmpty {
                guard (try? relay.turn(recording: { datagram in self?.note(datagram) })) != nil else { return }
            }
        }
        thread.start()
    }

    deinit {
        _ = stop.post(true)
    }

    /// Every datagram that was sent by either side, as it was sent.
    var recorded: [[UInt8]] { record.withLock { $0 } }

    private func note(_ datagram: [UInt8]) {
        record.withLock { $0.append(datagram) }
    }
}

/// The inside of the path. Its thread alone uses it.
private final class Relay: @unchecked Sendable {
    private static let stopToken: UInt32 = 0
    private static let frontToken: UInt32 = 1
    private static let firstUpstream: UInt32 = 2

    private struct Held {
        let due: Instant
        let bytes: [UInt8]
        /// The upstream that it belongs to, and whether it goes to the server.
        let upstream: Int
        let isForServer: Bool
    }

    private let front: UDPSocket
    private let server: SocketAddress
    private let faults: Faults
    private var random: SeededGenerator
    private var poller: Poller
    private var received: ReceiveBatch
    private var upstreams: [Upstream] = []
    private var held: [Held] = []

    init(
        front: consuming UDPSocket, server: SocketAddress, faults: Faults, seed: UInt64, stop: Mailbox<Bool>
    ) throws {
        self.server = server
        self.faults = faults
        random = SeededGenerator(seed: seed)
        poller = try Poller()
        received = try ReceiveBatch()
        try poller.add(stop.descriptor, token: Self.stopToken)
        try poller.add(front.descriptor, token: Self.frontToken)
        self.front = front
    }

    /// Waits once, and carries what came.
    func turn(recording: ([UInt8]) -> Void) throws {
        for ready in try poller.wait(until: held.map(\.due).min()) {
            switch ready.token {
            case Self.stopToken: return
            case Self.frontToken: try receiveFromClients(recording)
            default: try receiveFromServer(Int(ready.token - Self.firstUpstream), recording)
            }
        }
        try release(at: MonotonicClock.now)
    }

    private func receiveFromClients(_ recording: ([UInt8]) -> Void) throws {
        _ = try front.receive(into: &received)
        var datagrams: [([UInt8], SocketAddress)] = []
        received.forEach { bytes, source in datagrams.append(([UInt8](copying: bytes), source)) }
        for (bytes, source) in datagrams {
            recording(bytes)
            hold(bytes, upstream: try upstream(for: source), isForServer: true)
        }
    }

    private func receiveFromServer(_ upstream: Int, _ recording: ([UInt8]) -> Void) throws {
        _ = try upstreams[upstream].socket.receive(into: &received)
        var datagrams: [[UInt8]] = []
        received.forEach { bytes, _ in datagrams.append([UInt8](copying: bytes)) }
        for bytes in datagrams {
            recording(bytes)
            hold(bytes, upstream: upstream, isForServer: false)
        }
    }

    private func upstream(for client: SocketAddress) throws -> Int {
        if let known = upstreams.firstIndex(where: { $0.client == client }) { return known }
        let upstream = Upstream(client: client, socket: try UDPSocket(binding: .loopback(port: 0)))
        try poller.add(upstream.socket.descriptor, token: Self.firstUpstream + UInt32(upstreams.count))
        upstreams.append(upstream)
        return upstreams.count - 1
    }

    /// Decides a datagram's fate.
    private func hold(_ bytes: [UInt8], upstream: Int, isForServer: Bool) {
        guard !random.chance(faults.loss) else { return }
        let copies = random.chance(faults.repeats) ? 2 : 1
        for _ in 0..<copies {
            var bytes = bytes
            if random.chance(faults.bitFlips), let place = bytes.indices.randomElement(using: &random) {
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            let wait = random.chance(faults.delay) ? Int64.random(in: 1...30, using: &random) : 0
            let due = MonotonicClock.now + .milliseconds(wait)
            held.append(Held(due: due, bytes: bytes, upstream: upstream, isForServer: isForServer))
        }
    }

    /// Sends what is due.
    private func release(at now: Instant) throws {
        let due = held.filter { $0.due <= now }
        held.removeAll { $0.due <= now }
        for datagram in due {
            var batch = try SendBatch(capacity: 1)
            let upstream = upstreams[datagram.upstream]
            _ = batch.append(datagram.bytes, to: datagram.isForServer ? server : upstream.client)
            _ = datagram.isForServer ? try upstream.socket.send(&batch) : try front.send(&batch)
        }
    }
}

/// What the server takes for one client.
private final class Upstream {
    let client: SocketAddress
    let socket: UDPSocket

    init(client: SocketAddress, socket: consuming UDPSocket) {
        self.client = client
        self.socket = socket
    }
}
