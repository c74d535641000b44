import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Crypto
import SocketIO

/// From typing a line to its receipt: a whole client, and the real server with its log on disk.
struct EchoBench {
    private static let line = String(repeating: "x", count: 100)

    var seconds: Double

    func run() throws(SystemError) -> BenchReport {
        let server = try ServerProcess()
        defer { server.stop() }
        var client = try EchoClient(server: server.address, password: ServerProcess.roomPassword)
        var samples = try client.measure(line: Self.line, seconds: seconds)
        var report = BenchReport("echo")
        report.add("lines", "lines", samples.count)
        for (key, label, quantile) in [("p50", "half", 0.5), ("p99", "99 %", 0.99), ("p999", "99.9 %", 0.999)] {
            report.add(
                key + "Microseconds", label + " confirmed within", samples.microseconds(at: quantile), digits: 1,
                unit: "us")
        }
        if samples.count == 0 { report.fail("no line was confirmed") }
        return report
    }
}

/// A client over a socket that says one line after the other.
private struct EchoClient: ~Copyable {
    /// A receipt that takes longer never comes.
    private static let patience: Duration = .seconds(5)
    /// Beyond these the server would hold a member for talking too much.
    private static let linesAtMost = ChatLimits.linesAtOnce
    /// Lines that are not counted, while both sides warm up.
    private static let firstLines = 100

    private let socket: UDPSocket
    private let server: SocketAddress
    private var core: ClientCore
    private var poller: Poller
    private var incoming: ReceiveBatch
    private var outgoing: SendBatch
    private var datagram: [UInt8] = []
    private var random = SystemRandomNumberGenerator()
    private var receipts = 0

    init(server: SocketAddress, password: RoomPassword) throws(SystemError) {
        // Everything that can fail comes before anything is kept.
        let socket = try UDPSocket(binding: .loopback(port: 0))
        var poller = try Poller()
        try poller.add(socket.descriptor, token: 0)
        let incoming = try ReceiveBatch()
        let outgoing = try SendBatch()
        self.server = server
        self.socket = socket
        self.poller = poller
        self.incoming = incoming
        self.outgoing = outgoing
        core = ClientCore(
            configuration: ClientCoreConfiguration(
                name: "echo", history: 0, reconnect: .seconds(10), pinnedServerKey: nil),
            identity: ClientIdentity(device: SigningKey(using: &random), password: password, incarnation: 1),
            at: MonotonicClock.now, using: &random)
    }

    mutating func measure(line: String, seconds: Double) throws(SystemError) -> Samples {
        var samples = Samples()
        let limit = MonotonicClock.now + Self.patience
        while core.status.phase != .online, MonotonicClock.now < limit { try turn(until: limit) }
        let end = MonotonicClock.now + .nanoseconds(Int64(seconds * 1e9))
        while MonotonicClock.now < end, receipts < Self.linesAtMost {
            let begin = MonotonicClock.now
            let wanted = receipts + 1
            core.enter(line, at: begin)
            try flush(at: begin)
            while receipts < wanted {
                guard MonotonicClock.now < begin + Self.patience else { return samples }
                try turn(until: begin + Self.patience)
            }
            if receipts > Self.firstLines { samples.add(MonotonicClock.now - begin) }
        }
        return samples
    }

    private mutating func turn(until limit: Instant) throws(SystemError) {
        try flush(at: MonotonicClock.now)
        _ = try poller.wait(until: min(limit, core.nextDeadline ?? limit))
        let now = MonotonicClock.now
        repeat {
            _ = try socket.receive(into: &incoming)
            try takeAll(at: now)
        } while incoming.isFull
        if let deadline = core.nextDeadline, deadline <= now { core.handleTimeouts(at: now, using: &random) }
        try flush(at: now)
    }

    private mutating func takeAll(at now: Instant) throws(SystemError) {
        var datagrams: [[UInt8]] = []
        incoming.forEach { bytes, _ in datagrams.append([UInt8](copying: bytes)) }
        for datagram in datagrams { core.receive(datagram.span, at: now, using: &random) }
    }

    private mutating func flush(at now: Instant) throws(SystemError) {
        while let event = core.pollEvent() {
            if case .sent = event { receipts += 1 }
        }
        while core.pollTransmit(into: &datagram, at: now) {
            _ = outgoing.append(datagram, to: server)
            while !outgoing.isEmpty { _ = try socket.send(&outgoing) }
        }
    }
}
