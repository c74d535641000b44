import Basics
import Crypto
import SocketIO
import Synchronization
import Transport

/// Well-formed hellos from many addresses of 127.0.0.0/8, as somebody sends who forges senders: none is ever followed up.
///
/// What the server answers is counted. To it, each hello is a stranger of its own.
final class HelloFlood: Sendable {
    struct Outcome: Sendable {
        var sent = 0
        var sentBytes = 0
        var answers = 0
        var answerBytes = 0
        /// How long it took.
        var time = Duration.zero
    }

    private final class Source: Sendable {
        let socket: UDPSocket

        init(_ number: Int, using random: inout SystemRandomNumberGenerator) throws(SystemError) {
            // 127.0.x.y is left alone: members are there.
            let host = 0x7f01_0000 + UInt32(number) << 16 | UInt32.random(in: 1...0xfffe, using: &random)
            socket = try UDPSocket(binding: SocketAddress(host: .v4(host), port: 0))
        }
    }

    private static let sourceCount = 64
    private static let batch = 64
    /// Hellos whose shares are made before it begins: making one costs as much as answering it.
    private static let templateCount = 64
    /// Where a hello has its client ID and the first half of its session identifier: both are new each time.
    private static let freshBytes = 5..<21

    private let sources: [Source]
    private let target: SocketAddress
    private let rate: Int
    private let isOver = Atomic<Bool>(false)

    /// - Parameter rate: hellos a second.
    init(at target: SocketAddress, rate: Int) throws(SystemError) {
        var random = SystemRandomNumberGenerator()
        var sources: [Source] = []
        for number in 0..<Self.sourceCount { sources.append(try Source(number, using: &random)) }
        self.sources = sources
        self.target = target
        self.rate = rate
    }

    func start() -> BenchThread<Outcome> {
        BenchThread { [self] () throws(SystemError) -> Outcome in try flood() }
    }

    func stop() {
        isOver.store(true, ordering: .releasing)
    }

    private func flood() throws(SystemError) -> Outcome {
        var hellos = Self.templates()
        guard !hellos.isEmpty else { throw SystemError(call: "hello", code: 0) }
        var poller = try Poller()
        var outgoing = try SendBatch(capacity: Self.batch)
        var incoming = try ReceiveBatch(capacity: Self.batch)
        var random = SeededGenerator(seed: UInt64(target.port))
        var outcome = Outcome()
        var turn = 0
        let begin = MonotonicClock.now
        while !isOver.load(ordering: .acquiring) {
            let due = Double((MonotonicClock.now - begin).wholeNanoseconds) / 1e9 * Double(rate)
            guard Double(outcome.sent) < due else {
                _ = try poller.wait(until: MonotonicClock.now + .milliseconds(1))
                continue
            }
            turn = (turn + 1) % sources.count
            while !outgoing.isFull {
                let number = (outcome.sent + outgoing.count) % hellos.count
                Self.freshen(&hellos[number], using: &random)
                _ = outgoing.append(hellos[number], to: target)
            }
            let sent = try sources[turn].socket.send(&outgoing)
            outcome.sent += sent
            outcome.sentBytes += sent * Limits.helloBytes
            try drain(turn, &incoming, into: &outcome)
        }
        outcome.time = MonotonicClock.now - begin
        // What is still on its way.
        _ = try poller.wait(until: MonotonicClock.now + .milliseconds(200))
        for source in sources.indices { try drain(source, &incoming, into: &outcome) }
        return outcome
    }

    private func drain(
        _ source: Int, _ incoming: inout ReceiveBatch, into outcome: inout Outcome
    ) throws(SystemError) {
        repeat {
            _ = try sources[source].socket.receive(into: &incoming)
            incoming.forEach { bytes, _ in
                outcome.answers += 1
                outcome.answerBytes += bytes.count
            }
        } while incoming.isFull
    }

    private static func freshen(_ hello: inout [UInt8], using random: inout SeededGenerator) {
        for start in stride(from: freshBytes.lowerBound, to: freshBytes.upperBound, by: 8) {
            var value = random.next()
            for index in start..<start + 8 {
                hello[index] = UInt8(truncatingIfNeeded: value)
                value >>= 8
            }
        }
    }

    private static func templates() -> [[UInt8]] {
        var random = SystemRandomNumberGenerator()
        let now = MonotonicClock.now
        let password = RoomPassword(prepared: SecretBytes(copying: Array("not this one".utf8).span))
        let credentials = ClientCredentials(
            password: password, device: SigningKey(using: &random), pinnedServerKey: nil, login: [])
        return (0..<templateCount).compactMap { _ in
            var endpoint = ClientEndpoint()
            var datagram: [UInt8] = []
            try? endpoint.start(credentials, at: now, using: &random)
            let hasHello = endpoint.pollTransmit(into: &datagram, from: LineStore(), at: now)
            return hasHello && datagram.count == Limits.helloBytes ? datagram : nil
        }
    }
}
