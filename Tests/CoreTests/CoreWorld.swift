import Basics
import ChatClient
import ChatDomain
import ChatProtocol
import ClientCore
import Crypto
import ServerCore
import Simulation
import Transport

/// A whole server with its store, and whole clients, with nothing between them that takes time. What is on the way can be
/// lost, held, or sent from elsewhere.
struct CoreWorld {
    struct Person {
        var core: ClientCore
        let device: SigningKey
        var address: SocketAddress
        var ticket: ResumptionTicket?
        var shown: [(at: Instant, event: ClientEvent)] = []
        /// What was shown, counted: so much would be too much to keep.
        var tally: ShownTally?
        /// What comes to the person is lost.
        var isDeaf = false
        /// What the person sends is kept in `held`.
        var isHeld = false
        var held: [[UInt8]] = []
    }

    var server: ServerCore
    var store = SimulatedStore()
    /// Whether what is handed to the store waits.
    var storeIsSlow = false
    var people: [String: Person] = [:]
    var now = Instant(nanoseconds: 1_000_000_000)
    /// How many bytes the server sent to which address.
    private(set) var sentBytes: [SocketAddress: Int] = [:]
    private let serverKey: [UInt8]
    private var random: SeededGenerator
    private var joined: UInt16 = 0
    private var nameAt: [SocketAddress: String] = [:]

    init(seed: UInt64 = 1) throws {
        random = SeededGenerator(seed: seed)
        var configuration = ServerCoreConfiguration(server: "test")
        configuration.members = .none
        let identity = SigningKey(using: &random)
        serverKey = identity.publicKey
        let tickets = TicketKeys(keys: [], wall: WallTime(milliseconds: 0), at: now, using: &random)
        server = try ServerCore(
            configuration: configuration, identity: identity, password: Self.password, epoch: LogEpoch(rawValue: 1),
            tickets: tickets, restoring: store.open(wasKilled: false), at: now, wall: WallTime(milliseconds: 0))
        exchange()
    }

    private static var password: RoomPassword {
        RoomPassword(prepared: SecretBytes(copying: Array("right".utf8).span))
    }

    private var wall: WallTime { WallTime(milliseconds: now.nanoseconds / 1_000_000) }

    // MARK: People

    /// Somebody comes in with the password.
    mutating func join(_ name: String) {
        joined += 1
        let device = SigningKey(using: &random)
        people[name] = Person(
            core: client(name, device, password: Self.password, ticket: nil), device: device,
            address: SocketAddress(host: .v4(0x0a00_0000 + UInt32(joined)), port: 5_000))
        if let address = people[name]?.address { nameAt[address] = name }
        run(for: .seconds(1))
    }

    /// The person's program is killed, and started again with nothing but its ticket.
    mutating func startAgain(_ name: String) {
        guard let person = people[name] else { return }
        let core = client(name, person.device, password: nil, ticket: person.ticket)
        people[name]?.core = core
        people[name]?.shown = []
    }

    private mutating func client(
        _ name: String, _ device: SigningKey, password: RoomPassword?, ticket: ResumptionTicket?
    ) -> ClientCore {
        ClientCore(
            configuration: ClientCoreConfiguration(
                name: name, history: 0, reconnect: .seconds(2_000), pinnedServerKey: serverKey),
            identity: ClientIdentity(device: device, password: password, ticket: ticket, incarnation: random.next()),
            at: now, using: &random)
    }

    mutating func type(_ line: String, by name: String) {
        people[name]?.core.enter(line, at: now)
        exchange()
    }

    /// The same, and it leaves with what is done next.
    mutating func enter(_ line: String, by name: String) {
        people[name]?.core.enter(line, at: now)
    }

    mutating func order(_ order: OperatorOrder) -> ErrorCode? {
        defer { exchange() }
        return server.operate(order, at: now, wall: wall)?.code
    }

    mutating func order(_ action: Moderation, _ name: String) -> ErrorCode? {
        order(.moderate(action, name: name, seconds: 0, text: ""))
    }

    /// What a person held back goes to the server.
    mutating func release(_ name: String) {
        guard let person = people[name] else { return }
        people[name]?.held = []
        people[name]?.isHeld = false
        for datagram in person.held { deliver(datagram, from: person.address) }
        exchange()
    }

    /// What a person held back goes to the server, and what the person makes of the answer is held again.
    mutating func holdAnswer(of name: String) {
        guard let person = people[name] else { return }
        people[name]?.held = []
        for datagram in person.held { deliver(datagram, from: person.address) }
        exchange()
    }

    mutating func forgetSentBytes() { sentBytes = [:] }

    // MARK: What they see

    func events(of name: String) -> [ClientEvent] { people[name]?.shown.map(\.event) ?? [] }

    /// The texts that others said, in the order in which they are shown.
    func heard(by name: String) -> [String] {
        events(of: name).compactMap { if case .message(let line, _) = $0 { line.text } else { nil } }
    }

    func errors(of name: String) -> [ErrorCode] {
        events(of: name).compactMap { if case .error(let code, _) = $0 { code } else { nil } }
    }

    // MARK: Time

    mutating func run(for duration: Duration) {
        let end = now + duration
        exchange()
        while let next = nextDeadline, next <= end {
            now = max(now, next)
            for name in people.keys.sorted() { people[name]?.core.handleTimeouts(at: now, using: &random) }
            server.handleTimeouts(at: now, wall: wall)
            exchange()
        }
        now = end
    }

    private var nextDeadline: Instant? {
        (people.values.map(\.core.nextDeadline) + [server.nextDeadline]).compactMap { $0 }.min()
    }

    /// Everything that can be stored.
    mutating func storeAll() {
        server.stored(through: store.store(), at: now, wall: wall)
        exchange()
    }

    // MARK: Between them

    private mutating func exchange() {
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            for name in people.keys.sorted() where send(of: name) { isQuiet = false }
            if sendOfServer() { isQuiet = false }
            // What is sent may wait for a page.
            if serveStore() { isQuiet = false }
        }
        while server.pollEvent() != nil {}
        for name in people.keys.sorted() {
            while let event = people[name]?.core.pollEvent() {
                if people[name]?.tally?.note(event, at: now) == nil { people[name]?.shown.append((now, event)) }
            }
            switch people[name]?.core.pollTicketChange() {
            case .keep(let ticket): people[name]?.ticket = ticket
            case .erase: people[name]?.ticket = nil
            case nil: break
            }
        }
    }

    private mutating func send(of name: String) -> Bool {
        var datagram: [UInt8] = []
        var hasSent = false
        while people[name]?.core.pollTransmit(into: &datagram, at: now) == true, let person = people[name] {
            if person.isHeld {
                people[name]?.held.append(datagram)
            } else {
                deliver(datagram, from: person.address)
                hasSent = true
            }
        }
        return hasSent
    }

    private mutating func deliver(_ datagram: [UInt8], from address: SocketAddress) {
        server.receive(datagram.span, from: address, at: now, wall: wall, using: &random)
    }

    private mutating func sendOfServer() -> Bool {
        var datagram: [UInt8] = []
        var hasSent = false
        while let address = server.pollTransmit(into: &datagram, at: now) {
            sentBytes[address, default: 0] += datagram.count
            hasSent = true
            let usual = nameAt[address].flatMap { people[$0]?.address == address ? $0 : nil }
            guard let name = usual ?? people.first(where: { $0.value.address == address })?.key,
                people[name]?.isDeaf == false
            else { continue }
            people[name]?.core.receive(datagram.span, at: now, using: &random)
        }
        return hasSent
    }

    private mutating func serveStore() -> Bool {
        var isBusy = false
        while let changes = server.pollChanges() { store.submit(changes) }
        if !storeIsSlow, store.waitingGroups > 0 {
            server.stored(through: store.store(), at: now, wall: wall)
            isBusy = true
        }
        while let reading = server.pollReading() {
            isBusy = true
            switch reading {
            case .page(let log, let after, let byteLimit):
                let page = store.page(log, after: after, byteLimit: byteLimit)
                server.fetched(page, of: log, after: after, at: now, wall: wall)
            case .before(let log, let number, let limit, let question):
                server.found(store.messages(log, before: number, limit: limit), question: question, at: now, wall: wall)
            case .search(let log, let words, let limit, let question):
                server.found(store.search(log, words: words, limit: limit), question: question, at: now, wall: wall)
            }
        }
        return isBusy
    }
}

/// The lines that a person was shown: how many, and whether they came in the log's order, each once.
struct ShownTally {
    private(set) var lines = 0
    /// Of all lines and their numbers, in their order: equal for two who were shown the same.
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The longest time from the moment that a line begins with, in nanoseconds, to its being shown.
    private(set) var longest: Duration = .zero
    private(set) var isInOrder = true
    private(set) var errors = 0
    private var last: EntryNumber = 0
    /// Whether texts are looked at too; else only their order is.
    private let readsTexts: Bool

    init(readsTexts: Bool) {
        self.readsTexts = readsTexts
    }

    mutating func note(_ event: ClientEvent, at now: Instant) {
        switch event {
        case .message(let line, _):
            lines += 1
            isInOrder = isInOrder && line.id > last
            last = line.id
            guard readsTexts else { return }
            for byte in line.text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
            digest = (digest ^ line.id) &* 0x100_0000_01b3
            guard let said = Int64(line.text.prefix { $0 != " " }) else { return }
            longest = max(longest, now - Instant(nanoseconds: said))
        case .error: errors += 1
        default: return
        }
    }
}
