import Basics
import ChatProtocol

extension FuzzTarget {
    /// A message of the chat.
    private static func value<Value: WireValue & Equatable & SendableMetatype>(
        _ name: String, _ summary: String, limit: Int = 2048,
        sample: @escaping @Sendable (inout SeededGenerator) -> Value
    ) -> FuzzTarget {
        codec(
            name, summary, limit: limit, sample: sample,
            parse: { (bytes) throws(WireError) in try Value(decoding: bytes) }, emit: { $0.encoded() })
    }

    /// What client and server say to each other once packets are opened.
    static let messages: [FuzzTarget] = [
        value("client-request", "what a client asks", limit: 16 * 1024) { request(using: &$0) },
        value("server-event", "what a server tells one client", limit: 16 * 1024) { event(using: &$0) },
        value("log-entry", "an entry of a log", limit: 16 * 1024) { entry(using: &$0) },
        value("login-request", "what a client says in M3") { login(using: &$0) },
        value("ticket-identity", "by what a server knows a ticket's holder") { random in
            TicketIdentity(name: SampleText.name(using: &random), incarnation: random.next())
        },
        value("welcome", "the answer to a login that was let in") { welcome(using: &$0) },
        value("refusal", "the answer to a login that was turned away") { random in
            Refusal(code: code(using: &random), text: SampleText.make(limit: 600, using: &random))
        },
    ]

    static func request(using random: inout SeededGenerator) -> ClientRequest {
        random.chance(0.7)
            ? .say(SampleText.line(limit: ChatLimits.textBytes, using: &random))
            : .members(label: .random(in: 1...(.max), using: &random))
    }

    static func event(using random: inout SeededGenerator) -> ServerEvent {
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            return .rejected(
                outbox: .random(in: 0...5, using: &random), code: code(using: &random),
                text: SampleText.make(limit: 200, using: &random))
        case 2: return .ticket(random.bytes(.random(in: 0...ChatLimits.ticketBytes, using: &random)))
        case 1: return .notice(SampleText.make(limit: 200, using: &random))
        default:
            let names = (0..<Int.random(in: 0...8, using: &random)).map { _ in SampleText.name(using: &random) }
            return .members(
                label: random.chance(0.7) ? 0 : .random(in: 0...3, using: &random), names: names,
                isLast: random.chance(0.7))
        }
    }

    static func entry(using random: inout SeededGenerator) -> LogEntry {
        let body: LogEntry.Body
        switch Int.random(in: 0..<6, using: &random) {
        case 0: body = .joined
        case 1: body = .left(LeaveReason.allCases.randomElement(using: &random) ?? .quit)
        case 2: body = .renamed(to: SampleText.name(using: &random))
        default: body = .message(SampleText.line(limit: ChatLimits.textBytes, using: &random))
        }
        return LogEntry(
            time: WallTime(milliseconds: .random(in: .min...(.max), using: &random)),
            member: MemberID(rawValue: .random(in: 0...3, using: &random)), name: SampleText.name(using: &random),
            outbox: .random(in: 0...(random.chance(0.9) ? 5 : VarInt.max), using: &random), body: body)
    }

    static func login(using random: inout SeededGenerator) -> LoginRequest {
        let cursor = LogCursor(epoch: LogEpoch(rawValue: random.next()), number: random.next())
        return LoginRequest(
            name: SampleText.make(limit: ChatLimits.requestedNameBytes, using: &random), incarnation: random.next(),
            history: .random(in: 0...ChatLimits.historyOnLogin, using: &random),
            cursor: random.chance(0.5) ? cursor : nil)
    }

    static func welcome(using random: inout SeededGenerator) -> Welcome {
        let end = UInt64.random(in: 0...(random.chance(0.8) ? 20 : .max), using: &random)
        return Welcome(
            member: MemberID(rawValue: .random(in: 0...3, using: &random)), name: SampleText.name(using: &random),
            server: SampleText.make(limit: ChatLimits.serverNameBytes, using: &random), room: "main",
            epoch: LogEpoch(rawValue: .random(in: 0...2, using: &random)), cursor: .random(in: 0...end, using: &random),
            end: end, storedOutbox: .random(in: 0...(random.chance(0.9) ? 3 : .max), using: &random),
            resumed: random.chance(0.5))
    }

    private static func code(using random: inout SeededGenerator) -> ErrorCode {
        ErrorCode.allCases.randomElement(using: &random) ?? .usage
    }
}
