import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Crypto
import SocketIO
import Transport

/// A whole client over a socket of its own, that may be killed: then it comes back with what it had kept.
final class CrashClient {
    /// At most so often what can wait is kept, as the real program does.
    private static let keepingPause: Duration = .milliseconds(200)

    let number: Int
    let name: String
    let socket: UDPSocket
    private let device: SigningKey
    private let server: SocketAddress
    private(set) var core: ClientCore
    private var ticket: ResumptionTicket?
    private var serverKey: [UInt8]?
    /// What lies on its disk, as the bytes of the file.
    private var stored: [UInt8]?
    private var lastKept = Instant.origin
    private(set) var wasKilled = false
    /// The newest number shown of each log in this run.
    private var newest: [CrashRecord.Log: EntryNumber] = [:]
    /// How often it came in as somebody new, in this run.
    private var joins = 0
    /// How often it was killed.
    private(set) var kills = 0

    init(
        _ number: Int, server: SocketAddress, using random: inout SystemRandomNumberGenerator
    ) throws(SystemError) {
        self.number = number
        self.server = server
        name = "crash\(number)"
        let device = SigningKey(using: &random)
        self.device = device
        socket = try UDPSocket(binding: .loopback(port: 0))
        core = Self.makeCore(
            name, device, RoomPassword(prepared: SecretBytes(copying: Array(CrashServer.password.utf8).span)),
            nil, nil, nil, using: &random)
    }

    private static func makeCore(
        _ name: String, _ device: SigningKey, _ password: RoomPassword?, _ ticket: ResumptionTicket?,
        _ serverKey: [UInt8]?, _ former: StoredClient?, using random: inout SystemRandomNumberGenerator
    ) -> ClientCore {
        ClientCore(
            configuration: ClientCoreConfiguration(
                name: name, history: 0, reconnect: .seconds(120), pinnedServerKey: serverKey, former: former),
            identity: ClientIdentity(device: device, password: password, ticket: ticket, incarnation: random.next()),
            at: MonotonicClock.now, using: &random)
    }

    /// Killed without a word, it comes back with its ticket and its state, and without a password.
    func killAndComeBack(using random: inout SystemRandomNumberGenerator) throws(CrashFault) {
        var former: StoredClient?
        if let stored {
            former = try? StoredClient(decoding: stored.span)
            guard former != nil else { throw CrashFault("\(name) can't read its own state") }
        }
        wasKilled = true
        kills += 1
        newest.removeAll()
        joins = 0
        core = Self.makeCore(name, device, nil, ticket, serverKey, former, using: &random)
    }

    /// Nothing that it was shown is in doubt any more.
    func settle() {
        wasKilled = false
    }

    // MARK: In and out

    var deadline: Instant? {
        guard core.unsaved != .nothing else { return core.nextDeadline }
        return min(core.nextDeadline ?? .origin + .seconds(1_000_000), lastKept + Self.keepingPause)
    }

    /// Whether everything typed is confirmed and everything there was shown.
    var isQuiet: Bool { core.isCaughtUp && core.unsentCount == 0 }

    func receive(
        _ bytes: Span<UInt8>, mark: ECNMark, at now: Instant, using random: inout SystemRandomNumberGenerator
    ) {
        core.receive(bytes, mark: mark, at: now, using: &random)
    }

    func handleTimeouts(at now: Instant, using random: inout SystemRandomNumberGenerator) {
        core.handleTimeouts(at: now, using: &random)
    }

    func enter(_ line: String, at now: Instant) {
        core.enter(line, at: now)
    }

    /// Shows, keeps and sends, in that order.
    func drain(
        _ record: inout CrashRecord, _ outgoing: inout SendBatch, _ datagram: inout [UInt8], at now: Instant
    ) throws(CrashFault) {
        while let event = core.pollEvent() { try take(event, &record) }
        if core.unsaved == .beforeSending || (core.unsaved != .nothing && lastKept + Self.keepingPause <= now) {
            stored = core.takeStored().encoded()
            lastKept = now
        }
        switch core.pollTicketChange() {
        case .keep(let new): ticket = new
        case .erase: ticket = nil
        case nil: break
        }
        if let key = core.serverKey { serverKey = key }
        while core.pollTransmit(into: &datagram, at: now) {
            _ = outgoing.append(datagram, to: server)
            // What the socket has no room for is lost, as on any path.
            if outgoing.isFull { flush(&outgoing) }
        }
        flush(&outgoing)
        if let finish = core.finish { throw CrashFault("\(name) ended: \(finish)") }
    }

    private func flush(_ outgoing: inout SendBatch) {
        while !outgoing.isEmpty {
            guard (try? socket.send(&outgoing)) != nil else { return }
        }
    }

    // MARK: What is shown

    private func take(_ event: ClientEvent, _ record: inout CrashRecord) throws(CrashFault) {
        switch event {
        case .connected:
            joins += 1
            guard joins == 1 else { throw CrashFault("\(name) was told that history began anew") }
        case .message(let line, let place): try show(line, in: log(of: place), &record)
        case .sent(let id, let text, _, let place):
            guard let id else { throw CrashFault("\(name) was told \(text) without a number") }
            try advance(to: id, in: log(of: place))
            try record.show(CrashRecord.Entry(from: name, text: text), id, in: log(of: place))
            try record.receipt(text, id, by: number, mayRepeat: wasKilled)
        case .error(let code, let text): throw CrashFault("\(name) was told \(code.rawValue): \(text)")
        default: break
        }
    }

    private func show(_ line: ShownLine, in log: CrashRecord.Log, _ record: inout CrashRecord) throws(CrashFault) {
        try advance(to: line.id, in: log)
        try record.show(CrashRecord.Entry(from: line.from, text: line.text), line.id, in: log)
        let isOwn = record.typed[line.text]?.author == number
        guard !isOwn else {
            guard line.isHistory, wasKilled else { throw CrashFault("\(name) heard itself say \(line.text)") }
            return
        }
        try record.hear(line.text, by: number, mayRepeat: wasKilled && line.isHistory)
    }

    private func advance(to number: EntryNumber, in log: CrashRecord.Log) throws(CrashFault) {
        let former = newest.updateValue(number, forKey: log) ?? 0
        guard former < number else { throw CrashFault("\(name) was shown \(number) after \(former) in \(log)") }
    }

    private func log(of place: ShownPlace) -> CrashRecord.Log {
        switch place {
        case .room: .room
        case .group: .group
        case .person: .inbox(number)
        }
    }
}
