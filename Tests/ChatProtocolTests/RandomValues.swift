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
        return LoginRequest(
            name: text(0...ChatLimits.requestedNameBytes), incarnation: next(),
            history: Int.random(in: 0...ChatLimits.historyOnLogin, using: &self),
            cursor: Bool.random(using: &self) ? cursor : nil)
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
        Refusal(code: code(), text: text(0...ChatLimits.explanationBytes))
    }

    mutating func logEntry() -> LogEntry {
        let bodies: [LogEntry.Body] = [
            .message(text(1...200)), .message(text(ChatLimits.textBytes...ChatLimits.textBytes)), .joined,
            .left(LeaveReason.allCases.randomElement(using: &self) ?? .quit),
            .renamed(to: text(1...ChatLimits.nameBytes)),
        ]
        return LogEntry(
            time: WallTime(milliseconds: Int64(bitPattern: next())), member: member(),
            name: text(1...ChatLimits.nameBytes), outbox: number(max: VarInt.max),
            body: bodies.randomElement(using: &self) ?? .joined)
    }

    mutating func request() -> ClientRequest {
        Bool.random(using: &self)
            ? .say(text(1...300)) : .members(label: UInt32.random(in: 1...UInt32.max, using: &self))
    }

    mutating func event() -> ServerEvent {
        switch Int.random(in: 0..<4, using: &self) {
        case 3: return .ticket((0..<Int.random(in: 0...512, using: &self)).map { UInt8(truncatingIfNeeded: $0) })
        case 0:
            let count = Int.random(in: 0...20, using: &self)
            let names = (0..<count).map { _ in text(1...ChatLimits.nameBytes) }
            return .members(
                label: UInt32(truncatingIfNeeded: next()), names: names, isLast: Bool.random(using: &self))
        case 1:
            return .rejected(
                outbox: number(max: VarInt.max), code: code(), text: text(0...ChatLimits.explanationBytes))
        default: return .notice(text(0...500))
        }
    }
}
