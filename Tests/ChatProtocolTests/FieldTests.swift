import Basics
import ChatProtocol
import Testing

@Suite struct FieldTests {
    private let epoch = LogEpoch(rawValue: 9)

    private func entry(_ body: LogEntry.Body, name: String = "ana", outbox: OutboxNumber = 1) -> LogEntry {
        LogEntry(time: WallTime(milliseconds: 0), member: MemberID(rawValue: 1), name: name, outbox: outbox, body: body)
    }

    @Test("the longest text fits a message, with the longest name and numbers")
    func longestEntryFits() throws {
        let text = String(repeating: "x", count: ChatLimits.textBytes)
        let entry = LogEntry(
            time: WallTime(milliseconds: .max), member: MemberID(rawValue: .max),
            name: String(repeating: "n", count: ChatLimits.nameBytes), outbox: VarInt.max, body: .message(text))
        let bytes = entry.encoded()
        #expect(bytes.count <= ChatLimits.messageBytes)
        #expect(try LogEntry(decoding: bytes.span) == entry)
        #expect(ClientRequest.say(text).encoded().count <= ChatLimits.messageBytes)
    }

    @Test("a text with one byte too many, none, or a NUL is no line")
    func textRule() {
        let longest = String(repeating: "x", count: ChatLimits.textBytes)
        #expect(MessageText.fault(in: longest) == nil)
        #expect(MessageText.fault(in: longest + "x") == .tooLong)
        #expect(MessageText.fault(in: "") == .empty)
        #expect(MessageText.fault(in: "a\u{0}b") == .containsNUL)
        for bad in [longest + "x", "", "a\u{0}b"] {
            let request = ClientRequest.say(bad).encoded()
            #expect(throws: WireError.self) { _ = try ClientRequest(decoding: request.span) }
            let bytes = entry(.message(bad)).encoded()
            #expect(throws: WireError.self) { _ = try LogEntry(decoding: bytes.span) }
        }
    }

    @Test("text that is no UTF-8 is refused", arguments: [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]])
    func invalidUTF8(_ text: [UInt8]) {
        // A text, in the room.
        var bytes: [UInt8] = [1, 0, 1]
        bytes.putBlock(text)
        #expect(throws: WireError.invalid(field: "text")) { _ = try ClientRequest(decoding: bytes.span) }
    }

    @Test("unknown kinds, codes, reasons and flags are refused")
    func unknownValues() {
        for kind: UInt8 in [0, 16, 255] {
            var bytes = entry(.joined).encoded()
            bytes[0] = kind
            #expect(throws: WireError.invalid(field: "entry kind")) { _ = try LogEntry(decoding: bytes.span) }
            #expect(throws: WireError.self) { _ = try ServerEvent(decoding: [kind].span) }
            #expect(throws: WireError.self) { _ = try ClientRequest(decoding: [kind].span) }
        }
        var left = entry(.left(.quit)).encoded()
        left[left.count - 1] = 9
        #expect(throws: WireError.invalid(field: "reason")) { _ = try LogEntry(decoding: left.span) }
        var word: [UInt8] = []
        word.putText("no-such-word")
        word.putText("x")
        #expect(throws: WireError.invalid(field: "code")) { _ = try Refusal(decoding: word.span) }
        var login = LoginRequest(name: "a", incarnation: 1, history: 1).encoded()
        login[login.count - 1] = 2
        #expect(throws: WireError.invalid(field: "answer")) { _ = try LoginRequest(decoding: login.span) }
        login[login.count - 2] = 2
        #expect(throws: WireError.invalid(field: "cursor")) { _ = try LoginRequest(decoding: login.span) }
    }

    @Test("a request for members must carry a label, since 0 is the login's")
    func labelZero() {
        let bytes = ClientRequest.members(label: 0).encoded()
        #expect(throws: WireError.invalid(field: "label")) { _ = try ClientRequest(decoding: bytes.span) }
    }

    @Test("a welcome whose cursor is beyond its end is refused")
    func cursorBeyondEnd() {
        let bytes = Welcome(
            member: MemberID(rawValue: 1), name: "a", server: "s", room: "r", epoch: epoch, cursor: 6, end: 5,
            storedOutbox: 0, resumed: false
        ).encoded()
        #expect(throws: WireError.invalid(field: "cursor")) { _ = try Welcome(decoding: bytes.span) }
    }

    @Test("history is moved into its range, and more is refused on the wire")
    func historyBound() throws {
        #expect(LoginRequest(name: "a", incarnation: 1, history: -5).history == 0)
        #expect(LoginRequest(name: "a", incarnation: 1, history: 5_000).history == ChatLimits.historyOnLogin)
        var bytes = LoginRequest(name: "a", incarnation: 1, history: 0).encoded()
        bytes.replaceSubrange(10..<12, with: [0x03, 0xe9])
        #expect(throws: WireError.invalid(field: "history")) { _ = try LoginRequest(decoding: bytes.span) }
    }

    @Test("a name that is far too long is cut at a whole scalar, and stays too long to be valid")
    func longRequestedName() throws {
        let name = String(repeating: "漢", count: 400)
        let back = try LoginRequest(decoding: LoginRequest(name: name, incarnation: 1, history: 0).encoded().span)
        #expect(name.hasPrefix(back.name))
        #expect(back.name.utf8.count <= ChatLimits.requestedNameBytes && back.name.utf8.count > ChatLimits.nameBytes)
    }

    @Test("logins, welcomes and refusals fit a handshake datagram of 1,200 bytes")
    func handshakeSizes() {
        let long = String(repeating: "n", count: 5_000)
        var login = LoginRequest(
            name: long, incarnation: .max, history: 1_000, cursor: LogCursor(epoch: epoch, number: .max))
        let bytes = [UInt8](repeating: 0, count: 32)
        login.answer = AccountAnswer(session: Array(bytes.prefix(16)), share: bytes, tag: bytes)
        var refusal = Refusal(code: .unknownCommand, text: long)
        let salt = AccountSalt(salt: Array(bytes.prefix(16)), passes: .max, kibibytes: .max)
        refusal.challenge = AccountChallenge(session: Array(bytes.prefix(16)), salt: salt, share: bytes)
        let welcome = Welcome(
            member: MemberID(rawValue: .max), name: String(repeating: "n", count: ChatLimits.nameBytes), server: long,
            room: long, epoch: epoch, cursor: .max, end: .max, storedOutbox: .max, resumed: true)
        #expect(login.encoded().count <= 380)
        #expect(welcome.encoded().count <= 320)
        #expect(refusal.encoded().count <= 640, "the transport takes no more in a login's answer")
    }

    @Test("sentences that are too long are cut, so that the event can be read")
    func longSentences() throws {
        let long = String(repeating: "é", count: 20_000)
        let rejected = try ServerEvent(
            decoding: ServerEvent.rejected(outbox: 1, code: .muted, text: long).encoded().span)
        let notice = try ServerEvent(decoding: ServerEvent.notice(long).encoded().span)
        #expect(rejected == .rejected(outbox: 1, code: .muted, text: String(repeating: "é", count: 256)))
        #expect(notice == .notice(String(repeating: "é", count: 7_680)))
    }

    @Test("a device key has 32 bytes")
    func deviceBytes() {
        #expect(DeviceID(bytes: [UInt8](repeating: 1, count: 32)) != nil)
        #expect(DeviceID(bytes: [UInt8](repeating: 1, count: 31)) == nil)
        #expect(DeviceID(bytes: []) == nil)
    }

    @Test("cutting a text never splits a scalar", arguments: 0...12)
    func cutting(limit: Int) {
        let text = "aé漢👍z"
        let cut = text.cut(toBytes: limit)
        #expect(text.utf8.starts(with: cut.utf8))
        #expect(cut.utf8.count <= limit && limit - cut.utf8.count < 4)
        #expect(text.unicodeScalars.starts(with: cut.unicodeScalars))
    }

    @Test("the words of errors and leaving are the pinned ones")
    func words() {
        let pinned = [
            "wrong-password", "name-taken", "name-invalid", "banned", "kicked", "room-full", "no-such-user",
            "no-such-group", "not-a-member", "not-allowed", "muted", "slow-mode", "too-long", "unknown-command",
            "usage",
            "storage", "key-changed", "too-many-attempts",
        ]
        #expect(Set(pinned).isSubset(of: ErrorCode.allCases.map(\.rawValue)))
        #expect(ErrorCode.allCases.allSatisfy { $0.rawValue.utf8.count <= ChatLimits.codeBytes })
        #expect(LeaveReason.allCases.map(\.rawValue) == ["quit", "timeout", "kicked", "banned", "shutdown"])
    }
}
