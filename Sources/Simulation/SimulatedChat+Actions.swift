import Basics
import ChatClient
package import ChatDomain
import ChatProtocol
import ClientCore
import Crypto
import ServerCore
import Transport

/// What people, operators and strangers do.
extension SimulatedChat {
    // MARK: Coming and going

    /// Somebody new starts a client.
    ///
    /// - Parameters:
    ///   - name: the name to come in under.
    ///   - label: how the person is called here; the name, unless somebody else has that.
    package mutating func join(_ name: String, as label: String? = nil, options: ClientOptions = ClientOptions()) {
        let label = label ?? name
        let secret = options.knowsPassword ? password : Self.password("wrong, yet \(Self.secretMark)")
        people[label] = Person(
            name: name, device: SigningKey(using: &random), password: secret, options: options, runs: [])
        start(label, from: nil)
    }

    /// The same person on the same device starts the client again.
    ///
    /// - Parameter keepsPort: whether it has the same port again, as the number on its command line says.
    package mutating func comeBack(_ label: String, keepsPort: Bool = false) {
        guard let last = people[label]?.runs.last else { return }
        if clients[last].core != nil, keepsPort { vanish(label) }
        start(label, from: keepsPort ? clients[last].address : nil)
    }

    private mutating func start(_ label: String, from former: SocketAddress?) {
        guard let person = people[label] else { return }
        let index = clients.count
        let address =
            former
            ?? SocketAddress(
                host: .v4(0x0a00_0100 + (isHousehold ? 0 : UInt32(index))), port: UInt16(5_000 + index % 25_000))
        models.note(name: person.name, of: label)
        // Who finds the lock taken has a state of its own, which nobody keeps.
        let keepsState = person.options.keepsState && !person.runs.contains { clients[$0].core != nil }
        let state = keepsState ? person.state : nil
        var client = SimulatedClient(
            label: label, address: address, core: nil, random: SeededGenerator(seed: random.next()),
            witness: witness(of: person, label: label, continuing: state), excusedUntil: clock.now)
        client.keepsState = keepsState
        client.core = ClientCore(
            configuration: ClientCoreConfiguration(
                name: person.name, history: person.options.history, reconnect: person.options.reconnect,
                pinnedServerKey: identity.publicKey, former: state, suites: suites),
            identity: ClientIdentity(
                device: person.device,
                password: person.options.forgetsPassword && !person.runs.isEmpty ? nil : person.password,
                ticket: person.ticket, incarnation: random.next()),
            at: clock.now, using: &client.random)
        clients.append(client)
        clientAt[address] = index
        // The run before may be lost at any moment: the server waits for it, and not yet for this one.
        if !person.runs.isEmpty { excuse(index, for: .zero) }
        people[label]?.runs.append(index)
        note("\(label) starts at \(address)")
        drainClient(index)
    }

    private func witness(of person: Person, label: String, continuing state: StoredClient?) -> ClientWitness {
        guard let state else {
            return ClientWitness(label: label, name: person.name, history: person.options.history)
        }
        let floors = Dictionary(
            state.positions.map { ($0.cursor.epoch, $0.cursor.number) }, uniquingKeysWith: { max($0, $1) })
        var ledger = person.runs.last { clients[$0].keepsState }.map { clients[$0].witness.ledger } ?? SaidLines()
        ledger.beginRun()
        return ClientWitness(
            label: label, name: person.name, history: person.options.history, floors: floors, ledger: ledger)
    }

    /// The person leaves politely.
    package mutating func quit(_ label: String) {
        withClient(label) { client, now in client.core?.quit(at: now) }
    }

    /// The program is killed without a word.
    package mutating func vanish(_ label: String) {
        guard let index = running(label) else { return }
        note("\(label) vanishes")
        clients[index].witness.kill(unnumbered: clients[index].core?.held ?? [])
        clients[index].core = nil
        clients[index].deadline = nil
        clients[index].keepAt = nil
        clients[index].sleepEnd = nil
    }

    // MARK: Talking

    /// The person types a line; while the client takes none, nothing happens.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    package mutating func say(_ text: String, from label: String) -> Bool {
        type(text, says: text, to: .room, from: label)
    }

    /// The person says something to somebody.
    @discardableResult
    package mutating func whisper(_ text: String, to name: String, from label: String) -> Bool {
        type(":pm \(name) \(text)", says: text, to: .person, from: label)
    }

    /// The person says something in a group.
    @discardableResult
    package mutating func say(_ text: String, inGroup group: String, from label: String) -> Bool {
        type(":group send \(group) \(text)", says: text, to: .group(group.lowercased()), from: label)
    }

    /// The person answers the line that was shown so many lines ago; there may be none.
    package mutating func answer(_ text: String, to back: Int, from label: String) {
        guard running(label).map({ clients[$0].witness.heard.count >= back }) == true else { return }
        type(":re -\(back) \(text)", says: text, to: .room, from: label)
    }

    /// The person types a command that has no receipt of its own.
    ///
    /// - Parameters:
    ///   - text: what of it stands in a log, if something does.
    ///   - name: the name to go by from then on, where it is one.
    package mutating func obey(_ line: String, text: String? = nil, renames name: String? = nil, from label: String) {
        guard let index = awake(label), clients[index].core?.canAccept == true else { return }
        if let text { models.note(text: text, typedBy: label) }
        if let name { models.note(name: name, of: label) }
        if tracesEvents { note("\(label) types \(line)") }
        withClient(label) { client, now in client.core?.enter(line, at: now) }
    }

    @discardableResult
    private mutating func type(
        _ line: String, says text: String, to place: SaidLines.Place, from label: String
    ) -> Bool {
        guard let index = awake(label), clients[index].core?.canAccept == true else { return false }
        models.note(text: text, typedBy: label)
        clients[index].witness.enter(text, typed: line, to: place)
        if tracesEvents { note("\(label) types \(line)") }
        withClient(label) { client, now in client.core?.enter(line, at: now) }
        return true
    }

    /// The person types `:list`.
    package mutating func list(by label: String) {
        guard let index = awake(label), clients[index].core?.canAccept == true else { return }
        withClient(label) { client, now in client.core?.enter(":list", at: now) }
    }

    /// The operator says a line at the server.
    package mutating func sayAsOperator(_ text: String) {
        guard server != nil, stallEnd == nil else { return }
        models.note(text: text, typedBy: Self.operatorName)
        _ = server?.say(text, at: clock.now, wall: clock.wall)
        drainServer()
    }

    /// The operator orders something at the server.
    package mutating func order(_ order: OperatorOrder) {
        guard server != nil, stallEnd == nil else { return }
        _ = server?.operate(order, at: clock.now, wall: clock.wall)
        drainServer()
    }

    private mutating func withClient(_ label: String, _ body: (inout SimulatedClient, Instant) -> Void) {
        guard let index = awake(label) else { return }
        body(&clients[index], clock.now)
        drainClient(index)
    }

    // MARK: The server

    static var operatorName: String { "SERVER" }

    /// Starts a server, which goes on from what was stored if nothing else is said.
    package mutating func startServer(_ boot: ServerBoot = .stored) {
        let epoch = LogEpoch(rawValue: serverRandom.next())
        wire.serverStarts()
        models.note(name: Self.operatorName, of: Self.operatorName)
        note("the server starts, new epochs from \(epoch)")
        let state = openStore(boot)
        check(by: "the server") { chat throws(Breach) in
            do {
                chat.server = try ServerCore(
                    configuration: ServerCoreConfiguration(
                        server: "simulation", operatorName: Self.operatorName, suites: chat.suites),
                    identity: chat.identity, password: chat.password, epoch: epoch,
                    tickets: TicketKeys(
                        keys: chat.ticketKeys, wall: chat.clock.wall, at: chat.clock.now, using: &chat.serverRandom),
                    restoring: state, at: chat.clock.now, wall: chat.clock.wall)
            } catch {
                throw Breach("does not start: \(error)")
            }
        }
        // It serves nobody before its first changes are stored.
        carryToStore()
        let through = store(.max)
        storeWork.nextStore = nil
        server?.stored(through: through, at: clock.now, wall: clock.wall)
        excuseAll(for: .zero)
        drainServer()
    }

    /// The server is gone without a word, and everything that it had not stored.
    package mutating func crashServer() {
        note("the server crashes")
        server = nil
        stallEnd = nil
        loseUnstored()
        excuseAll(for: .zero)
        drainServer()
    }

    /// The server has told everybody to go, or takes too long: it stores what waits, and ends.
    package mutating func endServer() {
        note("the server ends")
        carryToStore()
        server = nil
        stallEnd = nil
        closeStore()
        excuseAll(for: .zero)
        drainServer()
    }

    /// The server begins to stop politely.
    package mutating func shutDownServer() {
        server?.shutDown(at: clock.now, wall: clock.wall)
        drainServer()
    }

    // MARK: Strangers

    /// Random bytes arrive at the server from an address where nobody is.
    package mutating func throwGarbageAtServer() {
        let stranger = SocketAddress(host: .v4(0xc633_6400 + UInt32.random(in: 0..<16, using: &random)), port: 4_321)
        wire.noteStranger(stranger)
        network.inject(
            SimulatedDatagram(source: stranger, destination: Self.serverAddress, bytes: garbage()), at: clock.now)
    }

    /// Random bytes arrive that seem to come from the other end: at a client and at the server.
    package mutating func throwGarbage(between label: String) {
        guard let index = running(label) else { return }
        let address = clients[index].address
        for (source, destination) in [(Self.serverAddress, address), (address, Self.serverAddress)] {
            network.inject(
                SimulatedDatagram(source: source, destination: destination, bytes: garbage()), at: clock.now)
        }
    }

    /// Sends a datagram as anybody might who knows its bytes.
    package mutating func inject(_ datagram: SimulatedDatagram) {
        network.inject(datagram, at: clock.now)
    }

    /// Random bytes, often with a beginning that makes a parser look at them.
    private mutating func garbage() -> [UInt8] {
        let sizes = [0, 1, 5, 13, 29, 64, 92, 183, 300, 1_200, 1_452]
        var bytes = random.bytes(sizes[Int.random(in: 0..<sizes.count, using: &random)])
        let beginnings: [UInt8] = [0x80, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca]
        if !bytes.isEmpty, random.chance(0.8) {
            bytes[0] = beginnings[Int.random(in: 0..<beginnings.count, using: &random)]
        }
        // A hello of another version deserves an answer, so this one names ours.
        if bytes.count >= 5, bytes[0] == 0xc1 { bytes.replaceSubrange(1..<5, with: [0, 0, 0, 1]) }
        return bytes
    }
}
