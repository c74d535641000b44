import ChatClient
import ChatProtocol

/// A server of the plainest kind for one client: a list of entries, and a link that can break at any moment.
struct NaiveServer {
    var epoch = LogEpoch(rawValue: 1)
    var log: [(number: EntryNumber, entry: LogEntry)] = []
    var end: EntryNumber = 0
    var member = MemberID(rawValue: 1)
    var stored: OutboxNumber = 0
    /// What every epoch's log ever held, cut or not.
    var everything: [LogEntry] = []

    var isLinked = false
    var owesMemberList = false
    private var fed: EntryNumber = 0
    private var taken: OutboxNumber = 0

    mutating func append(_ body: LogEntry.Body, of member: MemberID, outbox: OutboxNumber = 0) {
        end += 1
        let entry = LogEntry(
            time: TestClient.time(end), member: member, name: member == self.member ? "ana" : "bo", outbox: outbox,
            body: body)
        log.append((end, entry))
        everything.append(entry)
    }

    mutating func welcome(_ client: inout TestClient) {
        let login = client.state.login
        let cursor = login.cursor.flatMap { $0.epoch == epoch && $0.number <= end ? $0.number : nil }
        // Whoever asks anew gets all that is kept.
        fed = cursor ?? (log.first.map { $0.number - 1 } ?? end)
        taken = stored
        isLinked = true
        owesMemberList = true
        client.state.connected(
            TestClient.welcome(
                cursor: fed, end: end, stored: stored, resumed: cursor != nil, epoch: epoch, member: member))
    }

    mutating func sendMemberList(_ client: inout TestClient) {
        guard owesMemberList else { return }
        owesMemberList = false
        client.state.receive(.members(label: 0, names: ["ana", "bo"], isLast: true))
    }

    /// Feeds the next entry, or one that was fed before once more.
    ///
    /// - Returns: false when the client has everything.
    mutating func feed(_ client: inout TestClient, again: Bool = false) -> Bool {
        let next = again ? log.last { $0.number <= fed } : log.first { $0.number > fed }
        guard isLinked, let next else { return false }
        fed = max(fed, next.number)
        client.state.receive(entry: next.entry, number: next.number)
        return true
    }

    /// Takes the next line of the client's outbox.
    ///
    /// - Returns: false when there is none.
    mutating func take(_ client: TestClient) -> Bool {
        guard isLinked, let (number, bytes) = client.state.outbox.request(after: taken) else { return false }
        taken = number
        guard number > stored, case .say(let text)? = try? ClientRequest(decoding: bytes.span) else { return true }
        stored = number
        append(.message(text), of: member, outbox: number)
        return true
    }

    mutating func breakLink(_ client: inout TestClient) {
        isLinked = false
        owesMemberList = false
        client.state.disconnected(reason: "timeout")
    }

    /// The session is forgotten: the next welcome has another number, and knows nothing of the outbox.
    mutating func forgetSession() {
        member = MemberID(rawValue: member.rawValue + 1)
        stored = 0
    }

    /// The log and the session are forgotten.
    mutating func beginAnew() {
        epoch = LogEpoch(rawValue: epoch.rawValue + 1)
        log = []
        end = 0
        forgetSession()
    }
}
