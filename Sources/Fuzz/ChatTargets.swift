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
            var refusal = Refusal(code: code(using: &random), text: SampleText.make(limit: 600, using: &random))
            if random.chance(0.5) {
                refusal.challenge = AccountChallenge(
                    session: random.bytes(16), salt: salt(using: &random), share: random.bytes(32))
            }
            return refusal
        },
        value("registration-request", "a client's step of registering a name") { random in
            let verifier = AccountVerifier(salt: salt(using: &random), verifier: random.bytes(32))
            return random.chance(0.3) ? RegistrationRequest.begin : .keep(verifier)
        },
        value("registration-event", "a server's step of registering a name") { registration(using: &$0) },
    ]

    private static func salt(using random: inout SeededGenerator) -> AccountSalt {
        AccountSalt(salt: random.bytes(16), passes: 2, kibibytes: .random(in: 0...65_536, using: &random))
    }

    private static func registration(using random: inout SeededGenerator) -> RegistrationEvent {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: .salt(salt(using: &random))
        case 1: .registered(name: SampleText.name(using: &random))
        default:
            .refused(
                Refusal(code: code(using: &random), text: SampleText.make(limit: 200, using: &random)))
        }
    }

    static func request(using random: inout SeededGenerator) -> ClientRequest {
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<4: .post(line(using: &random), in: place(using: &random))
        case 4: .rename(SampleText.name(using: &random))
        case 5: .away(SampleText.make(limit: ChatLimits.awayBytes, using: &random))
        case 6: .topic(SampleText.make(limit: ChatLimits.topicBytes, using: &random), in: place(using: &random))
        case 7: groupRequest(using: &random)
        case 8:
            .moderate(
                Moderation.allCases.randomElement(using: &random) ?? .kick, name: SampleText.name(using: &random),
                seconds: .random(in: 0...600, using: &random), text: SampleText.make(limit: 100, using: &random))
        case 9: .follow((0..<Int.random(in: 0...4, using: &random)).map { _ in position(using: &random) })
        case 10: random.chance(0.5) ? .typing(in: place(using: &random)) : .account([1, 2, 3])
        default: .ask(question(using: &random), label: .random(in: 1...(.max), using: &random))
        }
    }

    private static func groupRequest(using random: inout SeededGenerator) -> ClientRequest {
        let action = GroupAction.allCases.randomElement(using: &random) ?? .create
        return .group(
            action, name: SampleText.name(using: &random),
            person: action.needsPerson ? SampleText.name(using: &random) : "")
    }

    private static func question(using random: inout SeededGenerator) -> Question {
        let count = Int.random(in: 1...ChatLimits.entriesPerAnswer, using: &random)
        return switch Int.random(in: 0..<6, using: &random) {
        case 0: .members(of: place(using: &random))
        case 1: .people
        case 2: .groups
        case 3: .history(of: place(using: &random), before: .random(in: 0...9, using: &random), count: count)
        case 4: .search(in: place(using: &random), words: SampleText.line(limit: 60, using: &random), count: count)
        default: .seen(in: place(using: &random), .random(in: 1...9, using: &random))
        }
    }

    private static func place(using random: inout SeededGenerator) -> Place {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .group(SampleText.name(using: &random))
        case 1: .person(SampleText.name(using: &random))
        default: .room
        }
    }

    private static func line(using random: inout SeededGenerator) -> Line {
        let number = UInt64.random(in: 1...(random.chance(0.9) ? 9 : VarInt.max), using: &random)
        let text = SampleText.line(limit: ChatLimits.textBytes, using: &random)
        return switch Int.random(in: 0..<9, using: &random) {
        case 0: .action(text)
        case 1: .reply(to: number, text)
        case 2: .edit(number, text)
        case 3: .delete(number)
        case 4: .react(number, random.chance(0.8) ? "\u{1f44d}" : "")
        default: .text(text)
        }
    }

    private static func position(using random: inout SeededGenerator) -> LogPosition {
        LogPosition(
            log: LogID(rawValue: .random(in: 0...5, using: &random)),
            cursor: LogCursor(epoch: LogEpoch(rawValue: random.next()), number: .random(in: 0...9, using: &random)))
    }

    static func event(using random: inout SeededGenerator) -> ServerEvent {
        let label = UInt32.random(in: 1...3, using: &random)
        let isLast = random.chance(0.7)
        let count = Int.random(in: 0...8, using: &random)
        switch Int.random(in: 0..<16, using: &random) {
        case 0:
            return .rejected(
                outbox: .random(in: 0...5, using: &random), code: code(using: &random),
                text: SampleText.make(limit: 200, using: &random))
        case 1: return .notice(SampleText.make(limit: 200, using: &random))
        case 2: return .log(announcement(using: &random))
        case 3: return random.chance(0.5) ? .followed : .unfollowed(LogID(rawValue: label))
        case 4:
            return .facts(
                RoomFacts(
                    topic: SampleText.make(limit: ChatLimits.topicBytes, using: &random), slowSeconds: label,
                    isOperator: isLast, isRegistered: isLast))
        case 5:
            return .failed(
                label: label, code: code(using: &random), text: SampleText.make(limit: 200, using: &random))
        case 6: return .people(label: label, (0..<count).map { _ in presence(using: &random) }, isLast: isLast)
        case 7:
            let groups = (0..<count).map { _ in
                GroupSummary(name: SampleText.name(using: &random), memberCount: 3, isPrivate: isLast, isOwn: !isLast)
            }
            return .groups(label: label, groups, isLast: isLast)
        case 8:
            let entries = (1...3).map { NumberedEntry(number: $0, bytes: entry(using: &random).encoded()) }
            return .entries(label: label, entries, isLast: isLast)
        case 9:
            let names = (0..<count).map { _ in SampleText.name(using: &random) }
            return .seen(label: label, total: 30, missingCount: UInt32(count), missing: names)
        case 10: return .typing(name: SampleText.name(using: &random), in: place(using: &random))
        case 11: return .account([1, 2, 3])
        case 12: return .ticket(random.bytes(.random(in: 0...ChatLimits.ticketBytes, using: &random)))
        default:
            let names = (0..<count).map { _ in SampleText.name(using: &random) }
            return .members(label: isLast ? 0 : label, names: names, isLast: random.chance(0.7))
        }
    }

    private static func presence(using random: inout SeededGenerator) -> Presence {
        Presence(
            name: SampleText.name(using: &random),
            away: SampleText.make(limit: ChatLimits.awayBytes, using: &random), isOperator: random.chance(0.2),
            roundTripMicroseconds: .random(in: 0...(.max), using: &random),
            lossPerMille: .random(in: 0...1_000, using: &random), silenceMilliseconds: 5)
    }

    private static func announcement(using random: inout SeededGenerator) -> LogAnnouncement {
        let end = UInt64.random(in: 0...(random.chance(0.8) ? 20 : VarInt.max), using: &random)
        return LogAnnouncement(
            alias: .random(in: 2...70, using: &random), log: LogID(rawValue: .random(in: 2...9, using: &random)),
            kind: random.chance(0.5) ? .group : .inbox, title: SampleText.name(using: &random),
            epoch: LogEpoch(rawValue: .random(in: 0...2, using: &random)), cursor: .random(in: 0...end, using: &random),
            end: end, isContinued: random.chance(0.5))
    }

    static func entry(using random: inout SeededGenerator) -> LogEntry {
        let name = SampleText.name(using: &random)
        let body: LogEntry.Body =
            switch Int.random(in: 0..<14, using: &random) {
            case 0: .joined
            case 1: .left(LeaveReason.allCases.randomElement(using: &random) ?? .quit)
            case 2: .renamed(to: name)
            case 3: .topic(SampleText.make(limit: ChatLimits.topicBytes, using: &random))
            case 4: .away(SampleText.make(limit: ChatLimits.awayBytes, using: &random))
            case 5:
                .moderated(
                    Moderation.allCases.randomElement(using: &random) ?? .kick, name: name, seconds: 60, text: "spam")
            case 6: .group(GroupAction.allCases.randomElement(using: &random) ?? .join, name: name)
            case 7: .personal(line(using: &random), to: name, twin: .random(in: 0...9, using: &random))
            case 8: .settled(code: random.chance(0.7) ? code(using: &random) : nil, text: "done")
            default: .line(line(using: &random))
            }
        return LogEntry(
            time: WallTime(milliseconds: .random(in: .min...(.max), using: &random)),
            member: MemberID(rawValue: .random(in: 0...3, using: &random)), name: SampleText.name(using: &random),
            outbox: .random(in: 0...(random.chance(0.9) ? 5 : VarInt.max), using: &random), body: body)
    }

    static func login(using random: inout SeededGenerator) -> LoginRequest {
        let cursor = LogCursor(epoch: LogEpoch(rawValue: random.next()), number: random.next())
        var request = LoginRequest(
            name: SampleText.make(limit: ChatLimits.requestedNameBytes, using: &random), incarnation: random.next(),
            history: .random(in: 0...ChatLimits.historyOnLogin, using: &random),
            cursor: random.chance(0.5) ? cursor : nil, wantsHistoryAgain: random.chance(0.5))
        if random.chance(0.3) {
            request.answer = AccountAnswer(
                session: random.bytes(16), share: random.bytes(32), tag: random.bytes(32))
        }
        return request
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
