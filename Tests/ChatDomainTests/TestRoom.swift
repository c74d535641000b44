import Basics
import ChatDomain
import ChatProtocol
import Simulation

/// A chat with a clock and a store of its own and short verbs. The store is as fast as can be, unless it is `isSlow`.
struct TestRoom {
    var chat: Chat
    var now = Instant(nanoseconds: 1_000)
    var store = SimulatedStore()
    /// Whether what is handed in waits for `storeAll`.
    var isSlow = false
    /// Whether pages and searches wait too.
    var readings: [Reading] = []
    private var configuration: ChatConfiguration
    private var seen: [Effect] = []
    static let epoch = LogEpoch(rawValue: 77)

    init(
        memberLimit: Int = 1_024, tail: TailBounds = TailBounds(entries: .max, bytes: .max),
        accountLimit: Int = ChatLimits.accounts
    ) {
        configuration = ChatConfiguration(
            server: "den", room: "main", operatorName: Self.name("SERVER"), memberLimit: memberLimit, roomTail: tail,
            prepareName: { $0.isEmpty || $0.contains(" ") ? nil : Self.name($0) }, readAddress: Self.readAddress)
        configuration.accountLimit = accountLimit
        chat = Chat(
            configuration: configuration, restoring: store.open(wasKilled: false), epoch: Self.epoch, at: now,
            wall: WallTime(milliseconds: 0))
        flush()
    }

    /// Stands in for the real preparation: case does not count.
    static func name(_ text: String) -> PreparedName { PreparedName(display: text, key: text.lowercased()) }

    /// Reads `10.0.0.N` and nothing else.
    private static func readAddress(_ text: String) -> SocketAddress? {
        guard text.hasPrefix("10.0.0."), let last = UInt32(text.dropFirst(7)), last < 256 else { return nil }
        return SocketAddress(host: .v4(0x0a00_0000 | last), port: 0)
    }

    static func device(_ number: Int) -> DeviceID {
        var bytes = [UInt8](repeating: 0, count: DeviceID.byteCount - 8)
        bytes.put(UInt64(number))
        return DeviceID(bytes: bytes) ?? .none
    }

    /// Device N is at `10.0.0.N`.
    static func address(_ number: Int) -> SocketAddress {
        SocketAddress(
            host: .v4(0x0a00_0000 | UInt32(truncatingIfNeeded: number & 0xff)),
            port: UInt16(truncatingIfNeeded: 5_000 + number))
    }

    /// How far somebody has set the wall clock.
    var wallStep: Duration = .zero
    var wall: WallTime {
        WallTime(milliseconds: now.nanoseconds / 1_000_000 + wallStep.wholeNanoseconds / 1_000_000)
    }

    mutating func pass(_ duration: Duration) { now = now + duration }

    // MARK: What people do

    /// - Parameter isLater: whether it is a later run of the program, which begins with an empty screen.
    mutating func login(
        _ text: String, device: Int, incarnation: UInt64 = 1, history: Int = 0, cursor: LogCursor? = nil,
        isLater: Bool = false
    ) -> LoginOutcome {
        let request = LoginRequest(
            name: text, incarnation: incarnation, history: history, cursor: cursor, wantsHistoryAgain: isLater)
        chat.expire(at: now, wall: wall)
        let name = chat.name(asked: Self.name(text), in: request, of: Self.device(device))
        defer { flush() }
        return chat.login(
            request, name: name, device: Self.device(device), address: Self.address(device), at: now, wall: wall)
    }

    mutating func say(_ text: String, _ number: OutboxNumber?, from id: MemberID) {
        ask(.say(text), number, from: id)
    }

    mutating func ask(_ request: ClientRequest, _ number: OutboxNumber? = nil, from id: MemberID) {
        chat.handle(request, number: number, from: id, at: now, wall: wall)
        flush()
    }

    mutating func order(_ order: OperatorOrder) -> ErrorCode? {
        defer { flush() }
        return chat.operate(order, at: now, wall: wall)?.code
    }

    /// Does something as an operator at the console.
    mutating func order(_ action: Moderation, _ name: String, seconds: UInt32 = 0, _ text: String = "") -> ErrorCode? {
        order(.moderate(action, name: name, seconds: seconds, text: text))
    }

    mutating func sayAsOperator(_ text: String) -> Refusal? {
        defer { flush() }
        return chat.sayAsOperator(text, at: now, wall: wall)
    }

    mutating func leave(_ id: MemberID, _ reason: LeaveReason) {
        chat.leave(id, reason: reason, at: now, wall: wall)
        flush()
    }

    mutating func expire() {
        chat.expire(at: now, wall: wall)
        flush()
    }

    /// Anything else that an owner does, and what every owner does after it.
    mutating func touch<Result>(_ body: (inout Chat) -> Result) -> Result {
        defer { flush() }
        return body(&chat)
    }

    // MARK: The store

    /// What every owner does after an input.
    private mutating func flush() {
        while true {
            let changes = chat.takeChanges()
            if changes.isEmpty { break }
            store.submit(changes)
        }
        if !isSlow { storeAll() }
        collect()
    }

    /// Everything that was handed in is stored.
    mutating func storeAll() {
        chat.stored(through: store.store())
        collect()
    }

    private mutating func collect() {
        while let effect = chat.pollEffect() {
            guard case .read(let reading) = effect else {
                seen.append(effect)
                continue
            }
            if isSlow { readings.append(reading) } else { carryOut(reading) }
        }
    }

    private mutating func carryOut(_ reading: Reading) {
        switch reading {
        case .page(let log, let after, let byteLimit):
            chat.fetched(store.page(log, after: after, byteLimit: byteLimit), after: after)
        case .before(let log, let number, let limit, let question):
            chat.found(store.messages(log, before: number, limit: limit), question: question)
        case .search(let log, let words, let limit, let question):
            chat.found(store.search(log, words: words, limit: limit), question: question)
        }
    }

    /// The server is killed, or ends in order, and starts again on the same store.
    mutating func restart(killed: Bool) {
        chat = Chat(
            configuration: configuration, restoring: store.open(wasKilled: killed, tail: 64),
            epoch: LogEpoch(rawValue: 78),
            at: now, wall: wall)
        seen = []
        flush()
    }

    // MARK: What can be seen

    mutating func effects() -> [Effect] {
        defer { seen = [] }
        return seen
    }

    /// Everything that is fed after a cursor; older entries are fetched from the store.
    mutating func entries(
        after cursor: EntryNumber = 0, of log: LogID = .room
    ) -> [(number: EntryNumber, entry: LogEntry)] {
        var entries: [(number: EntryNumber, entry: LogEntry)] = []
        var last = cursor
        while true {
            if chat.mustFetch(after: last, in: log) {
                chat.fetch(after: last, in: log)
                collect()
            }
            guard let (number, bytes) = chat.entry(after: last, in: log), number > last,
                let entry = try? LogEntry(decoding: bytes.span)
            else { return entries }
            entries.append((number, entry))
            last = number
        }
    }

    mutating func bodies(after cursor: EntryNumber = 0, of log: LogID = .room) -> [LogEntry.Body] {
        entries(after: cursor, of: log).map(\.entry.body)
    }
}

extension LoginOutcome {
    var welcome: Welcome? {
        if case .welcome(let welcome) = self { welcome } else { nil }
    }

    var refusal: ErrorCode? {
        if case .refused(let refusal) = self { refusal.code } else { nil }
    }
}

extension Effect {
    var isMembersEvent: Bool {
        if case .send(.members, _) = self { true } else { false }
    }
}
