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
    }

    mutating func entry(
        _ number: EntryNumber, _ body: LogEntry.Body, of member: MemberID = TestClient.other, outbox: OutboxNumber = 0,
        name: String = "bo"
    ) {
        let entry = LogEntry(time: Self.time(number), member: member, name: name, outbox: outbox, body: body)
        state.receive(entry: entry, number: number)
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

    mutating func requests() -> [ClientRequest] {
        var requests: [ClientRequest] = []
        while let request = state.pollRequest() { requests.append(request) }
        return requests
    }

    /// Everything that the outbox would send after a number.
    func outboxTexts(after number: OutboxNumber = 0) -> [String] {
        var texts: [String] = []
        var last = number
        while let (next, bytes) = state.outbox.request(after: last) {
            guard next > last, case .say(let text)? = try? ClientRequest(decoding: bytes.span) else { return [] }
            texts.append(text)
            last = next
        }
        return texts
    }

    static func time(_ number: EntryNumber) -> WallTime { WallTime(milliseconds: Int64(number) * 1_000) }

    static func message(_ id: EntryNumber, _ text: String, from: String = "bo", isHistory: Bool = false) -> ClientEvent
    {
        .message(id: id, from: from, text: text, time: time(id), room: "main", isHistory: isHistory)
    }

    static func sent(_ id: EntryNumber, _ text: String) -> ClientEvent {
        .sent(id: id, text: text, time: time(id), room: "main")
    }

    static func connected(_ members: [String] = ["ana", "bo"]) -> ClientEvent {
        .connected(name: "ana", server: "den", room: "main", members: members)
    }
}
