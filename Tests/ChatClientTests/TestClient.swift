import Basics
import ChatClient
import ChatProtocol

/// A client state with short verbs for what a server does.
struct TestClient {
    var state: ClientState
    static let epoch = LogEpoch(rawValue: 5)
    static let me = MemberID(rawValue: 10)
    static let other = MemberID(rawValue: 20)

    init(history: Int = 20) {
        state = ClientState(name: "ana", incarnation: 3, history: history)
    }

    /// A later run of the same client.
    init(after former: StoredClient) {
        state = ClientState(name: "ana", incarnation: 4, history: 20, former: former)
    }

    static func welcome(
        cursor: EntryNumber = 0, end: EntryNumber = 0, stored: OutboxNumber = 0, resumed: Bool = false,
        epoch: LogEpoch = TestClient.epoch, member: MemberID = TestClient.me
    ) -> Welcome {
        Welcome(
            member: member, name: "ana", server: "den", room: "main", epoch: epoch, cursor: cursor, end: end,
            storedOutbox: stored, resumed: resumed)
    }

    /// A welcome and its whole member list.
    mutating func arrive(_ welcome: Welcome, members: [String] = ["ana", "bo"]) {
        state.connected(welcome)
        state.receive(.members(label: 0, names: members, isLast: true))
        state.receive(.followed)
    }

    mutating func entry(
        _ number: EntryNumber, _ body: LogEntry.Body, of member: MemberID = TestClient.other, outbox: OutboxNumber = 0,
        name: String = "bo", alias: UInt64 = ChannelAlias.room
    ) {
        let entry = LogEntry(time: Self.time(number), member: member, name: name, outbox: outbox, body: body)
        state.receive(entry: entry, number: number, alias: alias)
    }

    /// The server's entry that settles a request of one's own.
    mutating func own(
        _ number: EntryNumber, _ body: LogEntry.Body, outbox: OutboxNumber, alias: UInt64 = ChannelAlias.room
    ) {
        entry(number, body, of: Self.me, outbox: outbox, name: "ana", alias: alias)
    }

    static let groupAlias: UInt64 = 2
    static let inboxAlias: UInt64 = 3

    /// The announcement of the group `tea`.
    static func tea(
        cursor: EntryNumber = 0, end: EntryNumber = 0, isContinued: Bool = false, alias: UInt64 = groupAlias
    ) -> ServerEvent {
        .log(
            LogAnnouncement(
                alias: alias, log: LogID(rawValue: 7), kind: .group, title: "tea", epoch: LogEpoch(rawValue: 70),
                cursor: cursor, end: end, isContinued: isContinued))
    }

    /// The announcement of the inbox.
    static func inbox(
        cursor: EntryNumber = 0, end: EntryNumber = 0, isContinued: Bool = false, alias: UInt64 = inboxAlias
    ) -> ServerEvent {
        .log(
            LogAnnouncement(
                alias: alias, log: LogID(rawValue: 8), kind: .inbox, title: "", epoch: LogEpoch(rawValue: 80),
                cursor: cursor, end: end, isContinued: isContinued))
    }

    /// A client that is in the room and follows the group `tea` and its inbox.
    static func present() -> TestClient {
        var client = TestClient()
        client.state.connected(welcome())
        client.state.receive(.members(label: 0, names: ["ana", "bo"], isLast: true))
        client.state.receive(tea())
        client.state.receive(inbox())
        client.state.receive(.followed)
        _ = client.events()
        _ = client.requests()
        return client
    }

    /// The server's entry for an own line.
    mutating func ownEntry(
        _ number: EntryNumber, _ text: String, outbox: OutboxNumber, member: MemberID = TestClient.me
    ) {
        entry(number, .message(text), of: member, outbox: outbox, name: "ana")
    }

    mutating func events() -> [ClientEvent] {
        var events: [ClientEvent] = []
        while let event = state.pollEvent() { events.append(event) }
        return events
    }

    /// What is to go over the control channel, but for the positions that each login begins with.
    mutating func requests() -> [ClientRequest] {
        var requests: [ClientRequest] = []
        while let request = state.pollRequest() { requests.append(request) }
        return requests.filter { if case .follow = $0 { false } else { true } }
    }

    /// Every request that the outbox would send.
    func outboxRequests() -> [ClientRequest] {
        var requests: [ClientRequest] = []
        var last: OutboxNumber = 0
        while let (next, bytes) = state.outbox.request(after: last), next > last {
            if let request = try? ClientRequest(decoding: bytes.span) { requests.append(request) }
            last = next
        }
        return requests
    }

    /// Everything that the outbox would send after a number.
    func outboxTexts(after number: OutboxNumber = 0) -> [String] {
        var texts: [String] = []
        var last = number
        while let (next, bytes) = state.outbox.request(after: last) {
            guard next > last, case .post(.text(let text), in: .room)? = try? ClientRequest(decoding: bytes.span) else {
                return []
            }
            texts.append(text)
            last = next
        }
        return texts
    }

    static func time(_ number: EntryNumber) -> WallTime { WallTime(milliseconds: Int64(number) * 1_000) }

    static func message(_ id: EntryNumber, _ text: String, from: String = "bo", isHistory: Bool = false) -> ClientEvent
    {
        .message(line(id, text, from: from, isHistory: isHistory), in: .room("main"))
    }

    static func line(_ id: EntryNumber, _ text: String, from: String = "bo", isHistory: Bool = false) -> ShownLine {
        var line = ShownLine(id: id, from: from, text: text, time: time(id))
        line.isHistory = isHistory
        return line
    }

    static func sent(_ id: EntryNumber, _ text: String) -> ClientEvent {
        .sent(id: id, text: text, time: time(id), in: .room("main"))
    }

    static func connected(_ members: [String] = ["ana", "bo"]) -> ClientEvent {
        .connected(name: "ana", server: "den", room: "main", members: members)
    }
}
