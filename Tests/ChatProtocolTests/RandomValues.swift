import Basics
import ChatProtocol

/// Random values of every type that travels, edge cases included.
extension SeededGenerator {
    mutating func text(_ byteRange: ClosedRange<Int>) -> String {
        let pieces = ["a", "Z", "9", " ", "ü", "ß", "Ж", "漢", "👍", "e\u{301}", "\n", "\u{1b}", "\u{202e}"]
        let target = Int.random(in: byteRange, using: &self)
        var text = ""
        while let piece = pieces.randomElement(using: &self), text.utf8.count + piece.utf8.count <= target {
            text += piece
        }
        while text.utf8.count < byteRange.lowerBound { text += "x" }
        return text
    }

    /// A number whose size is random too, so that every length of the encoding comes up.
    mutating func number(max: UInt64 = .max) -> UInt64 {
        let bits = UInt64.random(in: 0...64, using: &self)
        let mask: UInt64 = bits == 64 ? .max : (1 << bits) - 1
        return min(next() & mask, max)
    }

    mutating func member() -> MemberID { MemberID(rawValue: UInt32(truncatingIfNeeded: next())) }

    mutating func code() -> ErrorCode { ErrorCode.allCases.randomElement(using: &self) ?? .usage }

    mutating func loginRequest() -> LoginRequest {
        let cursor = LogCursor(epoch: LogEpoch(rawValue: next()), number: number())
        var request = LoginRequest(
            name: text(0...ChatLimits.requestedNameBytes), incarnation: next(),
            history: Int.random(in: 0...ChatLimits.historyOnLogin, using: &self),
            cursor: Bool.random(using: &self) ? cursor : nil, wantsHistoryAgain: Bool.random(using: &self))
        guard Bool.random(using: &self) else { return request }
        request.answer = AccountAnswer(session: bytes(16), share: bytes(32), tag: bytes(32))
        return request
    }

    mutating func welcome() -> Welcome {
        let end = number()
        return Welcome(
            member: member(), name: text(1...ChatLimits.nameBytes), server: text(0...ChatLimits.serverNameBytes),
            room: text(0...ChatLimits.roomNameBytes), epoch: LogEpoch(rawValue: next()),
            cursor: UInt64.random(in: 0...end, using: &self), end: end, storedOutbox: number(),
            resumed: Bool.random(using: &self))
    }

    mutating func refusal() -> Refusal {
        var refusal = Refusal(code: code(), text: text(0...ChatLimits.explanationBytes))
        guard Bool.random(using: &self) else { return refusal }
        refusal.challenge = AccountChallenge(session: bytes(16), salt: accountSalt(), share: bytes(32))
        return refusal
    }

    mutating func accountSalt() -> AccountSalt {
        AccountSalt(
            salt: bytes(16), passes: UInt32(truncatingIfNeeded: next()), kibibytes: UInt32(truncatingIfNeeded: next()))
    }

    mutating func registrationRequest() -> RegistrationRequest {
        Bool.random(using: &self) ? .begin : .keep(AccountVerifier(salt: accountSalt(), verifier: bytes(32)))
    }

    mutating func registrationEvent() -> RegistrationEvent {
        let events: [RegistrationEvent] = [
            .salt(accountSalt()), .registered(name: text(1...ChatLimits.nameBytes)),
            .refused(Refusal(code: code(), text: text(0...ChatLimits.explanationBytes))),
        ]
        return events.randomElement(using: &self) ?? .registered(name: "ana")
    }

    mutating func entryNumber() -> EntryNumber { max(1, number(max: VarInt.max)) }

    mutating func place() -> Place {
        let places: [Place] = [
            .room, .group(text(1...ChatLimits.requestedNameBytes)), .person(text(1...ChatLimits.requestedNameBytes)),
        ]
        return places.randomElement(using: &self) ?? .room
    }

    mutating func line() -> Line {
        let lines: [Line] = [
            .text(text(1...200)), .text(text(ChatLimits.textBytes...ChatLimits.textBytes)), .action(text(1...50)),
            .reply(to: entryNumber(), text(1...50)), .edit(entryNumber(), text(1...50)), .delete(entryNumber()),
            .react(entryNumber(), text(0...ChatLimits.reactionBytes)),
        ]
        return lines.randomElement(using: &self) ?? .text("a")
    }

    mutating func body() -> LogEntry.Body {
        let name = text(1...ChatLimits.nameBytes)
        let bodies: [LogEntry.Body] = [
            .line(line()), .line(line()), .joined, .left(LeaveReason.allCases.randomElement(using: &self) ?? .quit),
            .renamed(to: name), .topic(text(0...ChatLimits.topicBytes)), .away(text(0...ChatLimits.awayBytes)),
            .moderated(
                Moderation.allCases.randomElement(using: &self) ?? .op, name: text(0...ChatLimits.targetBytes),
                seconds: UInt32(truncatingIfNeeded: next()), text: text(0...ChatLimits.explanationBytes)),
            .group(GroupAction.allCases.randomElement(using: &self) ?? .join, name: text(0...ChatLimits.nameBytes)),
            .personal(line(), to: name, twin: number(max: VarInt.max)),
            .settled(code: Bool.random(using: &self) ? code() : nil, text: text(0...ChatLimits.explanationBytes)),
        ]
        return bodies.randomElement(using: &self) ?? .joined
    }

    mutating func logEntry() -> LogEntry {
        LogEntry(
            time: WallTime(milliseconds: Int64(bitPattern: next())), member: member(),
            name: text(1...ChatLimits.nameBytes), outbox: number(max: VarInt.max), body: body())
    }

    mutating func question() -> Question {
        let count = Int.random(in: 1...ChatLimits.entriesPerAnswer, using: &self)
        let questions: [Question] = [
            .members(of: place()), .people, .groups,
            .history(of: place(), before: number(max: VarInt.max), count: count),
            .search(in: place(), words: text(1...ChatLimits.searchBytes), count: count),
            .seen(in: place(), entryNumber()),
        ]
        return questions.randomElement(using: &self) ?? .people
    }

    mutating func request() -> ClientRequest {
        let action = GroupAction.allCases.randomElement(using: &self) ?? .join
        let positions = (0..<Int.random(in: 0...ChatLimits.logsPerAccount, using: &self)).map { _ in
            LogPosition(
                log: LogID(rawValue: UInt32(truncatingIfNeeded: next())),
                cursor: LogCursor(epoch: LogEpoch(rawValue: next()), number: number()))
        }
        let requests: [ClientRequest] = [
            .post(line(), in: place()), .rename(text(1...ChatLimits.requestedNameBytes)),
            .away(text(0...ChatLimits.awayBytes)), .topic(text(0...ChatLimits.topicBytes), in: place()),
            .group(
                action, name: text(1...ChatLimits.requestedNameBytes),
                person: action.needsPerson ? text(1...ChatLimits.requestedNameBytes) : ""),
            .moderate(
                Moderation.allCases.randomElement(using: &self) ?? .op,
                name: text(0...ChatLimits.requestedNameBytes), seconds: UInt32(truncatingIfNeeded: next()),
                text: text(0...ChatLimits.explanationBytes)),
            .ask(question(), label: UInt32.random(in: 1...UInt32.max, using: &self)), .follow(positions),
            .typing(in: place()), .account(bytes(Int.random(in: 0...ChatLimits.accountStepBytes, using: &self))),
        ]
        return requests.randomElement(using: &self) ?? .say("a")
    }

    mutating func announcement() -> LogAnnouncement {
        let end = number(max: VarInt.max)
        return LogAnnouncement(
            alias: UInt64.random(in: 2...VarInt.max, using: &self),
            log: LogID(rawValue: UInt32(truncatingIfNeeded: next())),
            kind: Bool.random(using: &self) ? .group : .inbox, title: text(0...ChatLimits.nameBytes),
            epoch: LogEpoch(rawValue: next()), cursor: UInt64.random(in: 0...end, using: &self), end: end,
            isContinued: Bool.random(using: &self))
    }

    mutating func presence() -> Presence {
        Presence(
            name: text(1...ChatLimits.nameBytes), away: text(0...ChatLimits.awayBytes),
            isOperator: Bool.random(using: &self), roundTripMicroseconds: UInt32(truncatingIfNeeded: next()),
            lossPerMille: UInt16.random(in: 0...1_000, using: &self),
            silenceMilliseconds: UInt32(truncatingIfNeeded: next()))
    }

    mutating func event() -> ServerEvent {
        let count = Int.random(in: 0...20, using: &self)
        let label = UInt32(truncatingIfNeeded: next())
        let isLast = Bool.random(using: &self)
        let names = (0..<count).map { _ in text(1...ChatLimits.nameBytes) }
        let sentence = text(0...ChatLimits.explanationBytes)
        let groups = names.map {
            GroupSummary(name: $0, memberCount: label, isPrivate: isLast, isOwn: Bool.random(using: &self))
        }
        let entries = names.map { _ in NumberedEntry(number: entryNumber(), bytes: bytes(40)) }
        let facts = RoomFacts(
            topic: text(0...ChatLimits.topicBytes), slowSeconds: label, isOperator: isLast,
            isRegistered: Bool.random(using: &self))
        let events: [ServerEvent] = [
            .members(label: label, names: names, isLast: isLast),
            .rejected(outbox: number(max: VarInt.max), code: code(), text: sentence), .notice(text(0...500)),
            .log(announcement()), .followed, .unfollowed(LogID(rawValue: label)), .facts(facts),
            .failed(label: label, code: code(), text: sentence),
            .people(label: label, names.map { _ in presence() }, isLast: isLast),
            .groups(label: label, groups, isLast: isLast), .entries(label: label, entries, isLast: isLast),
            .seen(label: label, total: 50, missingCount: UInt32(count), missing: names),
            .typing(name: text(1...ChatLimits.nameBytes), in: place()),
            .account(bytes(Int.random(in: 0...ChatLimits.accountStepBytes, using: &self))),
            .ticket(bytes(Int.random(in: 0...ChatLimits.ticketBytes, using: &self))),
        ]
        return events.randomElement(using: &self) ?? .followed
    }
}
