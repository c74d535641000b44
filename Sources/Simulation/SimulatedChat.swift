package import Basics
package import ChatClient
package import ChatDomain
import ChatProtocol
import ClientCore
import Crypto
import ServerCore
package import Transport

/// One server and its clients, as they are, over a simulated network in virtual time. The same seed gives the same world
/// to the last bit.
///
///     var chat = SimulatedChat(seed: 7, loss: 0.2)
///     chat.say("hello", from: "ana")
///     chat.runUntilQuiet(within: .seconds(60))
///     chat.heard(by: "bo")  // ["hello"]
///
/// After every step the invariants are checked. The first breach stops the world: `violation`.
package struct SimulatedChat: Sendable {
    /// What every secret text of a simulated world should contain: it must never be seen on the wire.
    package static let secretMark = "unmistakable"
    /// The room's password.
    static let passwordText = "an \(secretMark) phrase"
    /// Where the server is.
    package static let serverAddress = SocketAddress(host: .v4(0x0a00_0001), port: 8080)

    /// More steps than this in one moment mean that time stands still.
    private static let stepsPerMoment = 10_000
    /// More datagrams than this after one input mean that there is no end to them.
    private static let datagramsPerInput = 20_000

    /// What everything in this world is drawn from.
    package let seed: UInt64
    /// What servers and clients seal with.
    let suites: CipherSuites
    /// The time that everybody has.
    package internal(set) var clock = VirtualClock()
    /// What lies between them.
    package var network: SimulatedNetwork

    var server: ServerCore?
    private var serverDeadline: Instant?
    /// Until when the server's machine stands still; nil while it runs.
    var stallEnd: Instant?
    /// What came in meanwhile, as far as the system keeps it.
    private var serverInbox: [SimulatedDatagram] = []
    /// Datagrams that a system keeps for a server that does not read.
    private static let inboxLimit = 1_024
    var serverRandom: SeededGenerator
    var random: SeededGenerator
    let identity: SigningKey
    let password: RoomPassword
    /// What the server keeps of its tickets' keys when it crashes.
    var ticketKeys: [TicketKey] = []
    var people: [String: Person] = [:]
    var clients: [SimulatedClient] = []
    var clientAt: [SocketAddress: Int] = [:]

    /// What the logs hold.
    var models = LogModels()
    var storeWork: StoreWork
    /// Whether the last server did not end in order.
    var storeWasKilled = false
    var wire: WireWitness
    /// What the server said that happens, where that is recorded.
    package private(set) var observations: [RoomObservation] = []

    /// The first thing that must not have happened; nothing happens after it.
    package private(set) var violation: Violation?
    /// What is to be said beside the seed to see this world again.
    var replayArguments = ""
    /// Whether `trace` is written.
    package var isTraced = false
    /// Whether it has what server and clients tell, besides what befalls them.
    package var tracesEvents = false
    /// What happened, in words, for people; drained by its reader.
    package var trace: [String] = []
    /// Whether what clients show is kept for `events(of:)`.
    package var recordsEvents = true
    /// Whether every datagram is kept in `wireRecord`.
    package var recordsWire = false
    /// What was sent by clients and server, in order, where that is recorded.
    package private(set) var wireRecord: [RecordedDatagram] = []
    /// Changes what a client seems to show, so that it can be proved that the invariants see it.
    package var falsifies: (@Sendable (ClientEvent) -> [ClientEvent])?

    /// Whose next datagram somebody on the way sends from elsewhere.
    var diverted: Int?
    /// Whether all who start from now on are behind one router, which has one address.
    package var isHousehold = false
    /// Ports that routers have taken from clients, the latest last: the next client may get them.
    var givenUp: [SocketAddress] = []
    /// How many networks people have gone over to.
    var roamed: UInt32 = 0

    private var stepsNow = 0
    private var buffer: [UInt8] = []

    /// A world with a server, and with people who begin to come in.
    ///
    /// - Parameter suites: what all seal with, as far as this machine has it: what every machine has, so that a seed plays
    ///   the same on each.
    package init(
        seed: UInt64, toServer: LinkFaults, toClients: LinkFaults, people names: [String] = ["ana", "bo"],
        suites: CipherSuites = .chaCha20Poly1305
    ) {
        self.seed = seed
        self.suites = suites
        random = SeededGenerator(seed: seed)
        network = SimulatedNetwork(
            server: Self.serverAddress, toServer: toServer, toClients: toClients, seed: random.next())
        serverRandom = SeededGenerator(seed: random.next())
        storeWork = StoreWork(seed: random.next())
        identity = SigningKey(using: &random)
        password = Self.password(Self.passwordText)
        wire = WireWitness(secret: Self.secretMark)
        startServer()
        for name in names { join(name) }
    }

    /// A world whose paths take 20 ms and lose the same share both ways.
    package init(
        seed: UInt64, loss: Double = 0, people names: [String] = ["ana", "bo"],
        suites: CipherSuites = .chaCha20Poly1305
    ) {
        let faults = LinkFaults(loss: loss)
        self.init(seed: seed, toServer: faults, toClients: faults, people: names, suites: suites)
    }

    static func password(_ text: String) -> RoomPassword {
        RoomPassword(prepared: SecretBytes(copying: Array(text.utf8).span))
    }

    // MARK: Time

    /// Runs for a time.
    package mutating func run(for duration: Duration) {
        let end = clock.now + duration
        while violation == nil, let next = nextMoment, next <= end { step(at: next) }
        clock.advance(to: end)
    }

    /// Runs until `condition` holds, which is asked every 50 ms.
    ///
    /// - Returns: whether it came to hold in time.
    @discardableResult
    package mutating func run(
        within duration: Duration, until condition: (borrowing SimulatedChat) -> Bool
    ) -> Bool {
        let end = clock.now + duration
        while violation == nil, clock.now < end {
            if condition(self) { return true }
            run(for: min(.milliseconds(50), end - clock.now))
        }
        return violation == nil && condition(self)
    }

    private var nextMoment: Instant? {
        var next = network.nextArrival
        if let moment = stallEnd ?? serverDeadline { next = min(next ?? moment, moment) }
        if server != nil, stallEnd == nil, let moment = storeWork.next { next = min(next ?? moment, moment) }
        for index in clients.indices {
            if let moment = clients[index].sleepEnd ?? clients[index].nextMoment { next = min(next ?? moment, moment) }
        }
        return next.map { max($0, clock.now) }
    }

    private mutating func step(at moment: Instant) {
        stepsNow = moment > clock.now ? 0 : stepsNow + 1
        clock.advance(to: moment)
        guard stepsNow < Self.stepsPerMoment else { return report("time stands still", by: "the world") }
        while let datagram = network.receive(at: clock.now) {
            deliver(datagram)
            guard violation == nil else { return }
        }
        if let stallEnd, stallEnd <= clock.now { resumeServer() }
        if stallEnd == nil, let serverDeadline, serverDeadline <= clock.now {
            server?.handleTimeouts(at: clock.now, wall: clock.wall)
            drainServer()
        }
        if storeIsDue {
            serveStore()
            drainServer()
        }
        for index in clients.indices {
            if let end = clients[index].sleepEnd, end <= clock.now { wake(index) }
            guard clients[index].sleepEnd == nil, let moment = clients[index].nextMoment, moment <= clock.now
            else { continue }
            clients[index].handleTimeouts(at: clock.now)
            drainClient(index)
        }
    }

    private mutating func deliver(_ datagram: SimulatedDatagram) {
        if datagram.destination == Self.serverAddress {
            guard server != nil else { return }
            guard stallEnd == nil else {
                if serverInbox.count < Self.inboxLimit { serverInbox.append(datagram) }
                return
            }
            wire.serverReceives(
                datagram.bytes.count, from: datagram.source, isProof: datagram.isGenuine,
                answeredAt: datagram.answeredAt)
            if let address = datagram.proves { wire.serverReceives(0, from: address, isProof: true) }
            server?.receive(
                datagram.bytes.span, from: datagram.source, at: clock.now, wall: clock.wall, using: &serverRandom)
            drainServer()
        } else if let index = clientAt[datagram.destination], datagram.source == Self.serverAddress {
            guard clients[index].core != nil else { return }
            if datagram.isGenuine {
                wire.clientReceives(datagram.bytes, at: datagram.destination, client: index)
            }
            guard clients[index].sleepEnd == nil else { return clients[index].keep(datagram.bytes) }
            clients[index].receive(datagram.bytes, at: clock.now)
            drainClient(index)
        }
    }

    /// What came in while the machine slept is read first, as the programs do.
    private mutating func wake(_ index: Int) {
        note("\(clients[index].label) wakes")
        clients[index].sleepEnd = nil
        let inbox = clients[index].inbox
        clients[index].inbox = []
        for bytes in inbox {
            clients[index].receive(bytes, at: clock.now)
            drainClient(index)
        }
    }

    private mutating func resumeServer() {
        note("the server runs again")
        stallEnd = nil
        let inbox = serverInbox
        serverInbox = []
        for datagram in inbox { deliver(datagram) }
    }

    // MARK: Draining

    mutating func drainServer() {
        carryToStore()
        if storeWork.pace.latency == .zero, storeWork.fullUntil == nil, stallEnd == nil {
            while storeIsDue {
                serveStore()
                carryToStore()
            }
        }
        while let observation = server?.pollEvent() {
            if tracesEvents { note("server: \(observation)") }
            if recordsEvents { observations.append(observation) }
            check(by: "the server") { chat throws(Breach) in try chat.admit(observation) }
        }
        var count = 0
        while let destination = server?.pollTransmit(into: &buffer, at: clock.now) {
            count += 1
            guard count < Self.datagramsPerInput else { return report("sends without end", by: "the server") }
            var datagram = SimulatedDatagram(source: Self.serverAddress, destination: destination, bytes: buffer)
            datagram.isGenuine = true
            check(by: "the server") { chat throws(Breach) in
                try chat.wire.serverSends(datagram.bytes, to: destination)
            }
            send(datagram)
        }
        carryToStore()
        if let keys = server?.takeChangedTicketKeys() { ticketKeys = keys }
        serverDeadline = server?.nextDeadline
        check(by: "the server") { chat throws(Breach) in try chat.checkServerBounds() }
    }

    mutating func drainClient(_ index: Int) {
        let label = clients[index].label
        var events: [ClientEvent] = []
        while let event = clients[index].core?.pollEvent() {
            if tracesEvents { note("\(label): \(event)") }
            events.append(contentsOf: falsifies?(event) ?? [event])
        }
        if recordsEvents {
            clients[index].shown.append(contentsOf: events.map { ShownEvent(time: clock.elapsed, event: $0) })
        }
        check(by: label) { chat throws(Breach) in try chat.checkClient(index, showed: events) }
        keepState(of: index)
        var count = 0
        while clients[index].core?.pollTransmit(into: &buffer, at: clock.now) == true {
            count += 1
            guard count < Self.datagramsPerInput else { return report("sends without end", by: label) }
            var datagram = SimulatedDatagram(
                source: clients[index].address, destination: Self.serverAddress, bytes: buffer)
            check(by: label) { chat throws(Breach) in
                datagram.isGenuine = try chat.wire.clientSends(datagram.bytes, from: datagram.source)
            }
            datagram.answeredAt = wire.answerPlace(of: index)
            send(datagram)
            divert(datagram, of: index)
        }
        keepTicket(of: index)
        if let finish = clients[index].core?.finish {
            keepState(of: index, isLast: true)
            clients[index].witness.end(unnumbered: clients[index].core?.held ?? [])
            clients[index].finish = finish
            clients[index].core = nil
        }
        clients[index].deadline = clients[index].core?.nextDeadline
    }

    /// Keeps the client's state as the programs do: before anything new is sent, else a moment later.
    private mutating func keepState(of index: Int, isLast: Bool = false) {
        guard clients[index].keepsState, var core = clients[index].core, core.unsaved != .nothing else {
            return clients[index].keepAt = nil
        }
        let due = clients[index].lastKept + SimulatedClient.keepingPause
        guard isLast || core.unsaved == .beforeSending || due <= clock.now else {
            return clients[index].keepAt = due
        }
        clients[index].lastKept = clock.now
        clients[index].keepAt = nil
        clients[index].core = nil  // Else it would be copied.
        people[clients[index].label]?.state = core.takeStored()
        clients[index].core = core
    }

    private mutating func keepTicket(of index: Int) {
        let label = clients[index].label
        guard people[label]?.options.keepsTickets == true else { return }
        switch clients[index].core?.pollTicketChange() {
        case nil: return
        case .keep(let ticket): people[label]?.ticket = ticket
        case .erase: people[label]?.ticket = nil
        }
    }

    mutating func send(_ datagram: SimulatedDatagram) {
        if recordsWire { wireRecord.append(RecordedDatagram(time: clock.elapsed, datagram: datagram)) }
        network.send(datagram, at: clock.now)
    }

    // MARK: Finding fault

    mutating func check(by who: String, _ body: (inout SimulatedChat) throws(Breach) -> Void) {
        guard violation == nil else { return }
        do throws(Breach) {
            try body(&self)
        } catch {
            report(error.text, by: who)
        }
    }

    private mutating func report(_ text: String, by who: String) {
        guard violation == nil else { return }
        violation = Violation(
            seed: seed, time: clock.elapsed, text: "\(who): \(text)", arguments: replayArguments)
        note("VIOLATION \(who): \(text)")
    }

    mutating func note(_ text: String) {
        guard isTraced else { return }
        trace.append("\(clock.elapsed) \(text)")
    }
}
