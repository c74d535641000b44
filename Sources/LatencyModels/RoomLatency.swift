import Basics
import Crypto
import Simulation
import Transport

/// Our own scheme over two hops, in virtual time: members say messages of one size at an even pace, the server puts them
/// into the room's log and feeds everybody from it, and one more member only listens. The endpoints are the real ones.
package struct RoomLatency {
    /// The messages of a member, all alike.
    private struct Outbox: MessageStore {
        let bytes: [UInt8]
        var end: UInt64 = 0

        func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
            number < end ? StoredMessage(number: number + 1, bytes: bytes) : nil
        }
    }

    /// The room's log: who said which entry.
    private struct RoomLog: MessageStore {
        let bytes: [UInt8]
        var entries: [(member: Int, number: Int)] = []

        func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
            number < UInt64(entries.count) ? StoredMessage(number: number + 1, bytes: bytes) : nil
        }
    }

    private struct Member {
        var endpoint = ClientEndpoint()
        var isOnline = false
        var outbox: Outbox
        var said: [Instant] = []
        var nextSaying = Instant.origin
    }

    private struct Flight: Sendable {
        let member: Int
        let bytes: [UInt8]
    }

    private static let room: UInt64 = 1
    private static let outbox: UInt64 = 1
    private static let firstPort = 5000
    /// After the last word this much time passes before what is missing counts as lost.
    private static let patience: Duration = .seconds(20)

    private let scenario: LatencyCase
    private var server: ServerEndpoint
    /// The senders, and behind them the one who listens.
    private var members: [Member] = []
    private var peers: [PeerID: Int] = [:]
    private var log: RoomLog
    private var links: (up: LinkModel, down: LinkModel, listenerUp: LinkModel, listenerDown: LinkModel)
    private var toServer = Agenda<Flight>()
    private var toMembers = Agenda<Flight>()
    private var queue = BottleneckQueue()
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var talkBegins: Instant?
    private var random: SeededGenerator
    private var datagram: [UInt8] = []
    private var result = LatencyResult()

    private var listener: Int { scenario.members }

    private init(_ scenario: LatencyCase) {
        self.scenario = scenario
        random = SeededGenerator(seed: scenario.seed)
        let bytes = [UInt8](repeating: 7, count: scenario.messageBytes)
        log = RoomLog(bytes: bytes)
        members = Array(repeating: Member(outbox: Outbox(bytes: bytes)), count: scenario.members + 1)
        let password = RoomPassword(prepared: SecretBytes(copying: Array("latency".utf8).span))
        server = ServerEndpoint(identity: SigningKey(using: &random), password: password, at: now)
        links = Self.links(of: scenario, isLossy: false)
        for index in members.indices {
            let credentials = ClientCredentials(
                password: password, device: SigningKey(using: &random), pinnedServerKey: nil,
                login: [UInt8(truncatingIfNeeded: index)])
            // A share that can't be used has a probability of 2^-252: the member would stay away, and the result say so.
            try? members[index].endpoint.start(credentials, at: now, using: &random)
        }
    }

    private static func links(
        of scenario: LatencyCase, isLossy: Bool
    ) -> (up: LinkModel, down: LinkModel, listenerUp: LinkModel, listenerDown: LinkModel) {
        let seed = scenario.seed &* 4
        let (loss, far) = isLossy ? (scenario.loss, scenario.receiverLoss) : (.none, .none)
        let (path, farPath) = (loss.faults(delay: scenario.delay), far.faults(delay: scenario.receiverDelay))
        return (
            LinkModel(path, seed: seed), LinkModel(path, seed: seed &+ 1), LinkModel(farPath, seed: seed &+ 2),
            LinkModel(farPath, seed: seed &+ 3)
        )
    }

    /// Plays a case to its end: everything delivered, or 20 s past the last word.
    package static func run(_ scenario: LatencyCase) -> LatencyResult {
        var model = RoomLatency(scenario)
        for index in model.members.indices { model.transmit(from: index) }
        while model.step() {}
        model.result.finish(messages: scenario.allMessages)
        return model.result
    }

    // MARK: Time

    private var end: Instant {
        (talkBegins ?? now) + scenario.interval * scenario.messages + Self.patience
    }

    /// The next moment at which anything happens; nil when all was said and heard.
    private var next: Instant? {
        guard result.delays.count < scenario.allMessages else { return nil }
        var next = min(toServer.next ?? end, toMembers.next ?? end, server.nextDeadline ?? end)
        for index in members.indices {
            if let deadline = members[index].endpoint.nextDeadline { next = min(next, deadline) }
            if hasWords(index) { next = min(next, members[index].nextSaying) }
        }
        return next
    }

    private func hasWords(_ index: Int) -> Bool {
        talkBegins != nil && index != listener && members[index].said.count < scenario.messages
    }

    private mutating func step() -> Bool {
        guard let next, next < end else { return false }
        now = max(now, next)
        var touched: Set<Int> = []
        while let flight = toServer.popDue(at: now) {
            server.receive(flight.bytes.span, from: Self.address(flight.member), at: now, using: &random)
        }
        while let flight = toMembers.popDue(at: now) {
            members[flight.member].endpoint.receive(flight.bytes.span, at: now)
            touched.insert(flight.member)
        }
        if let deadline = server.nextDeadline, deadline <= now { server.handleTimeouts(at: now) }
        for index in members.indices {
            if let deadline = members[index].endpoint.nextDeadline, deadline <= now {
                members[index].endpoint.handleTimeouts(at: now)
                touched.insert(index)
            }
            if hasWords(index), members[index].nextSaying <= now {
                speak(index)
                touched.insert(index)
            }
        }
        settleServer()
        for index in touched.sorted() {
            hear(index)
            transmit(from: index)
        }
        return true
    }

    private mutating func speak(_ index: Int) {
        members[index].outbox.end += 1
        members[index].said.append(now)
        members[index].nextSaying = members[index].nextSaying + scenario.interval
        _ = members[index].endpoint.withConnection { $0.logGrew(0) }
    }

    // MARK: What arrives

    private mutating func settleServer() {
        while let event = server.pollEvent() {
            switch event {
            case .login(let login, _, _, let address): admit(login, from: address)
            case .message(let peer, _, let message):
                guard let member = peers[peer] else { continue }
                log.entries.append((member, Int(message.number)))
                server.logGrew(Self.room)
            case .resume, .confirmed, .wrongPassword, .tooManyAttempts, .moved, .closed, .stream, .unheard: continue
            }
        }
        while let address = server.pollTransmit(into: &datagram, from: log, at: now) {
            let member = Int(address.port) - Self.firstPort
            let isToListener = member == listener
            if isToListener, datagram.count > scenario.messageBytes, talkBegins != nil { result.serverPackets += 1 }
            let bytes = datagram.count
            let arrivals =
                isToListener
                ? links.listenerDown.carry(bytes: bytes, at: now) : links.down.carry(bytes: bytes, at: now)
            for arrival in arrivals {
                toMembers.add(Flight(member: member, bytes: datagram), at: arrival.moment)
            }
        }
    }

    private mutating func admit(_ login: LoginID, from address: SocketAddress) {
        guard let peer = server.accept(login, payload: [], at: now) else { return }
        let member = Int(address.port) - Self.firstPort
        peers[peer] = member
        server.open(alias: Self.outbox, after: 0, from: peer, at: now)
        if member == listener || scenario.echoes {
            server.feed(log: Self.room, as: Self.room, after: 0, to: peer, at: now)
        }
    }

    private mutating func hear(_ index: Int) {
        while let event = members[index].endpoint.pollEvent() {
            switch event {
            case .connected: enter(index)
            case .message(_, let message):
                guard index == listener else { continue }
                let entry = log.entries[Int(message.number) - 1]
                result.heard(now - members[entry.member].said[entry.number - 1])
            case .refused, .rejected, .ticketRefused, .serverKeyChanged, .silent, .closed, .stream: continue
            }
        }
    }

    private mutating func enter(_ index: Int) {
        members[index].isOnline = true
        _ = members[index].endpoint.withConnection { connection in
            connection.open(alias: Self.room, after: 0)
            connection.feed(log: 0, as: Self.outbox, after: 0)
        }
        guard members.allSatisfy(\.isOnline) else { return }
        // Everybody is in: the talk begins, and with it the losses.
        let begin = now + .seconds(1)
        talkBegins = begin
        links = Self.links(of: scenario, isLossy: true)
        for index in 0..<scenario.members {
            members[index].nextSaying = begin + scenario.interval * index / scenario.members
        }
    }

    // MARK: What leaves

    private mutating func transmit(from index: Int) {
        while members[index].endpoint.pollTransmit(into: &datagram, from: members[index].outbox, at: now) {
            let flight = Flight(member: index, bytes: datagram)
            guard index != listener else {
                for arrival in links.listenerUp.carry(bytes: datagram.count, at: now) {
                    toServer.add(flight, at: arrival.moment)
                }
                continue
            }
            if talkBegins != nil { result.sent(bytes: datagram.count, carries: scenario.messageBytes) }
            guard let left = passBottleneck(datagram.count) else { continue }
            for arrival in links.up.carry(bytes: datagram.count, at: left) {
                toServer.add(flight, at: arrival.moment)
            }
        }
    }

    /// - Returns: when the datagram leaves the queue; nil when it does not fit.
    private mutating func passBottleneck(_ bytes: Int) -> Instant? {
        guard let bottleneck = scenario.bottleneck, talkBegins != nil else { return now }
        guard let left = queue.pass(bytes: bytes, through: bottleneck, at: now) else { return nil }
        result.waits.append(Double(queue.wait.wholeNanoseconds) / 1e6)
        return left
    }

    private static func address(_ member: Int) -> SocketAddress {
        .loopback(port: UInt16(truncatingIfNeeded: firstPort + member))
    }
}
