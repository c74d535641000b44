import Basics
import ChatProtocol
import Crypto
import SocketIO
import Transport

/// The lines that a sender has to say: all alike, as many as it may by now.
struct LineStore: MessageStore {
    /// The length of a line's text, in bytes.
    static let textBytes = 100

    private static let line = ClientRequest.say(String(repeating: "x", count: textBytes)).encoded()

    /// The number of the last line that may be said.
    var allowed: UInt64 = 0

    func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
        number < allowed ? StoredMessage(number: number + 1, bytes: Self.line) : nil
    }
}

/// One member as load over a socket of its own.
final class LoadSession: LoadMember {
    let socket: UDPSocket

    init(binding address: SocketAddress) throws(SystemError) {
        socket = try UDPSocket(binding: address)
        super.init()
    }
}

/// One member as load: a sealed session, and no more of a client than that.
class LoadMember {
    enum Phase {
        case waiting, connecting, online
        /// Turned away or lost.
        case gone
    }

    /// What a message of a log begins with when it is a line, as `LogEntry` states.
    private static let lineKind: UInt8 = 1

    /// What the names of all members begin with; a number follows.
    static let namePrefix = "load"

    private(set) var endpoint = ClientEndpoint()
    private(set) var phase = Phase.waiting
    /// What ended it.
    private(set) var end: String?
    /// Entries of the room's log that arrived, lines and others.
    private(set) var entries = 0
    /// Lines that arrived in the order of the log.
    private(set) var lines = 0
    /// Lines that came twice or out of order.
    private(set) var misplaced = 0
    private var device: SigningKey?
    private var store = LineStore()
    private var lastEntry: UInt64 = 0

    init() {}

    /// Begins to log in, or begins anew.
    func start(
        _ number: Int, password: RoomPassword, at now: Instant, using random: inout some RandomNumberGenerator
    ) {
        let login = LoginRequest(name: Self.namePrefix + "\(number)", incarnation: 1, history: 0)
        // The name is the device's: the server may believe that it is in already.
        let device = device ?? SigningKey(using: &random)
        self.device = device
        let credentials = ClientCredentials(
            password: password, device: device, pinnedServerKey: nil, login: login.encoded())
        endpoint = ClientEndpoint()
        end = nil
        phase = (try? endpoint.start(credentials, at: now, using: &random)) == nil ? .gone : .connecting
    }

    /// Says goodbye.
    func leave(at now: Instant) {
        let reason = CloseReason(code: CloseReason.firstApplicationCode, text: LeaveReason.quit.rawValue)
        _ = endpoint.withConnection { $0.close(reason, at: now) }
    }

    /// Whether the goodbye was confirmed.
    var hasLeft: Bool { endpoint.connection?.isClosed ?? true }

    /// Lines that it was allowed to say.
    var said: UInt64 { store.allowed }

    /// So many lines more may be said.
    func allow(_ count: UInt64) {
        store.allowed += count
        _ = endpoint.withConnection { $0.logGrew(0) }
    }

    /// - Parameter onLine: called with each line's entry.
    func receive(
        _ datagram: Span<UInt8>, mark: ECNMark = .notECT, at now: Instant, onLine: (StoredMessage) -> Void
    ) {
        endpoint.receive(datagram, mark: mark, at: now)
        drainEvents(onLine: onLine)
    }

    func handleTimeouts(at now: Instant) {
        endpoint.handleTimeouts(at: now)
        drainEvents { _ in }
    }

    func pollTransmit(into datagram: inout [UInt8], at now: Instant) -> Bool {
        endpoint.pollTransmit(into: &datagram, from: store, at: now)
    }

    private func drainEvents(onLine: (StoredMessage) -> Void) {
        while let event = endpoint.pollEvent() {
            switch event {
            case .connected(let payload, _, _): enter(payload)
            case .message(let alias, let message):
                guard alias == ChannelAlias.room else { continue }
                entries += 1
                guard message.bytes.first == Self.lineKind else { continue }
                if message.number > lastEntry { lines += 1 } else { misplaced += 1 }
                lastEntry = message.number
                onLine(message)
            case .refused, .rejected, .ticketRefused, .serverKeyChanged, .silent, .closed:
                phase = .gone
                end = "\(event)"
            case .stream: continue
            }
        }
    }

    private func enter(_ payload: [UInt8]) {
        guard let welcome = try? Welcome(decoding: payload.span) else {
            phase = .gone
            return
        }
        phase = .online
        _ = endpoint.withConnection { connection in
            connection.open(alias: ChannelAlias.room, after: welcome.cursor)
            connection.feed(log: 0, as: ChannelAlias.outbox, after: welcome.storedOutbox)
        }
    }
}
