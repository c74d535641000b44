import Basics
import ChatClient
import ClientCore
import Crypto
import SocketIO

/// Whole clients in one thread, each of which says a line now and then and waits for its receipt.
struct ChattingCrowd: ~Copyable {
    private final class Chatter {
        let socket: UDPSocket
        var core: ClientCore
        /// When it says its next line.
        var next = Instant.origin
        /// When it said the line that has no receipt yet.
        var saidAt: Instant?

        init(_ number: Int, password: RoomPassword, using random: inout SystemRandomNumberGenerator) throws(SystemError)
        {
            socket = try UDPSocket(binding: .loopback(port: 0))
            core = ClientCore(
                configuration: ClientCoreConfiguration(
                    name: "member\(number)", history: 0, reconnect: .seconds(10), pinnedServerKey: nil),
                identity: ClientIdentity(device: SigningKey(using: &random), password: password, incarnation: 1),
                at: MonotonicClock.now, using: &random)
        }
    }

    /// From a member's line to its next one.
    private static let pause: Duration = .milliseconds(100)
    /// What takes longer never comes.
    private static let patience: Duration = .seconds(5)
    private static let line = String(repeating: "x", count: 100)

    private let chatters: [Chatter]
    private let server: SocketAddress
    private var poller: Poller
    private var incoming: ReceiveBatch
    private var outgoing: SendBatch
    private var datagram: [UInt8] = []
    private var random = SystemRandomNumberGenerator()
    private var samples = Samples()

    /// Lines said by all together.
    private(set) var said = 0
    /// Lines of others that were shown, by all together.
    private(set) var heard = 0

    init(members: Int, server: SocketAddress, password: RoomPassword) throws(SystemError) {
        // Everything that can fail comes before anything is kept.
        var random = SystemRandomNumberGenerator()
        var poller = try Poller()
        var chatters: [Chatter] = []
        for number in 0..<members {
            let chatter = try Chatter(number, password: password, using: &random)
            try poller.add(chatter.socket.descriptor, token: UInt32(number))
            chatters.append(chatter)
        }
        let incoming = try ReceiveBatch()
        let outgoing = try SendBatch()
        self.chatters = chatters
        self.server = server
        self.poller = poller
        self.incoming = incoming
        self.outgoing = outgoing
    }

    /// Lines whose receipt has not come.
    var unconfirmed: Int { chatters.count { $0.saidAt != nil } }

    /// Whether every line came to everybody else, once.
    var hasHeardAll: Bool { heard == said * (chatters.count - 1) }

    /// Everybody comes in.
    ///
    /// - Returns: whether all are in.
    mutating func enter() throws(SystemError) -> Bool {
        let limit = MonotonicClock.now + .seconds(10)
        while !chatters.allSatisfy({ $0.core.isCaughtUp && $0.core.members.count == chatters.count }) {
            guard MonotonicClock.now < limit else { return false }
            try turn(until: limit, isTalking: false)
        }
        return true
    }

    /// Everybody talks for a while; then what is under way arrives.
    ///
    /// - Returns: the times from a line to its receipt.
    mutating func chat(for time: Duration) throws(SystemError) -> Samples {
        samples = Samples()
        let begin = MonotonicClock.now
        for (number, chatter) in chatters.enumerated() {
            chatter.next = begin + .nanoseconds(Self.pause.wholeNanoseconds * Int64(number) / Int64(chatters.count))
        }
        while MonotonicClock.now < begin + time { try turn(until: begin + time, isTalking: true) }
        let limit = MonotonicClock.now + Self.patience
        while unconfirmed > 0 || !hasHeardAll, MonotonicClock.now < limit {
            try turn(until: limit, isTalking: false)
        }
        return samples
    }

    private mutating func turn(until limit: Instant, isTalking: Bool) throws(SystemError) {
        var wake = limit
        for chatter in chatters {
            if isTalking, chatter.saidAt == nil { wake = min(wake, chatter.next) }
            if let deadline = chatter.core.nextDeadline { wake = min(wake, deadline) }
        }
        for report in try poller.wait(until: wake) { try receive(chatters[Int(report.token)]) }
        for chatter in chatters {
            let now = MonotonicClock.now
            if isTalking, chatter.saidAt == nil, chatter.next <= now { say(chatter, at: now) }
            if let deadline = chatter.core.nextDeadline, deadline <= now {
                chatter.core.handleTimeouts(at: now, using: &random)
            }
            try flush(chatter, at: now)
        }
    }

    private mutating func say(_ chatter: Chatter, at now: Instant) {
        said += 1
        chatter.saidAt = now
        chatter.next = now + Self.pause
        chatter.core.enter(Self.line, at: now)
    }

    private mutating func receive(_ chatter: Chatter) throws(SystemError) {
        repeat {
            _ = try chatter.socket.receive(into: &incoming)
            var datagrams: [[UInt8]] = []
            incoming.forEach { bytes, _ in datagrams.append([UInt8](copying: bytes)) }
            let now = MonotonicClock.now
            for datagram in datagrams { chatter.core.receive(datagram.span, at: now, using: &random) }
        } while incoming.isFull
    }

    private mutating func flush(_ chatter: Chatter, at now: Instant) throws(SystemError) {
        while let event = chatter.core.pollEvent() {
            switch event {
            case .sent:
                if let saidAt = chatter.saidAt { samples.add(now - saidAt) }
                chatter.saidAt = nil
            case .message: heard += 1
            default: break
            }
        }
        while chatter.core.pollTransmit(into: &datagram, at: now) {
            _ = outgoing.append(datagram, to: server)
            // Each has a socket of its own, so a batch serves one of them at a time.
            while !outgoing.isEmpty { _ = try chatter.socket.send(&outgoing) }
        }
    }
}
