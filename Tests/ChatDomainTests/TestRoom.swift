import Basics
import ChatDomain
import ChatProtocol

/// A chat with a clock of its own and short verbs.
struct TestRoom {
    var chat: Chat
    var now = Instant(nanoseconds: 1_000)
    static let epoch = LogEpoch(rawValue: 77)

    init(memberLimit: Int = 1_024, logEntries: Int = 65_536, logBytes: Int = .max) {
        let configuration = ChatConfiguration(
            server: "den", room: "main", operatorName: Self.name("SERVER"), memberLimit: memberLimit,
            logEntries: logEntries, logBytes: logBytes)
        chat = Chat(configuration: configuration, epoch: Self.epoch)
    }

    /// Stands in for the real preparation: case does not count.
    static func name(_ text: String) -> PreparedName { PreparedName(display: text, key: text.lowercased()) }

    static func device(_ number: Int) -> DeviceID {
        var bytes = [UInt8](repeating: 0, count: DeviceID.byteCount - 8)
        bytes.put(UInt64(number))
        guard let device = DeviceID(bytes: bytes) else { return device(number) }
        return device
    }

    static func address(_ number: Int) -> SocketAddress { .loopback(port: UInt16(truncatingIfNeeded: 5_000 + number)) }

    var wall: WallTime { WallTime(milliseconds: now.nanoseconds / 1_000_000) }

    mutating func pass(_ duration: Duration) { now = now + duration }

    mutating func login(
        _ text: String, device: Int, incarnation: UInt64 = 1, history: Int = 0, cursor: LogCursor? = nil
    ) -> LoginOutcome {
        let request = LoginRequest(name: text, incarnation: incarnation, history: history, cursor: cursor)
        return chat.login(
            request, name: Self.name(text), device: Self.device(device), address: Self.address(device), at: now,
            wall: wall)
    }

    mutating func say(_ text: String, _ number: OutboxNumber?, from id: MemberID) {
        chat.handle(.say(text), number: number, from: id, at: now, wall: wall)
    }

    mutating func leave(_ id: MemberID, _ reason: LeaveReason) {
        chat.leave(id, reason: reason, at: now, wall: wall)
    }

    mutating func effects() -> [Effect] {
        var effects: [Effect] = []
        while let effect = chat.pollEffect() { effects.append(effect) }
        return effects
    }

    /// Everything that is fed after a cursor.
    func entries(after cursor: EntryNumber = 0) -> [(number: EntryNumber, entry: LogEntry)] {
        var entries: [(number: EntryNumber, entry: LogEntry)] = []
        var last = cursor
        while let (number, bytes) = chat.entry(after: last, in: .room) {
            guard number > last, let entry = try? LogEntry(decoding: bytes.span) else { return [] }
            entries.append((number, entry))
            last = number
        }
        return entries
    }

    func bodies(after cursor: EntryNumber = 0) -> [LogEntry.Body] {
        entries(after: cursor).map(\.entry.body)
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
