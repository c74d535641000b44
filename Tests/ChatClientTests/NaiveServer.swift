import ChatClient
import ChatProtocol

/// A server of the plainest kind for one client: lists of entries, and a link that can break at any moment.
///
/// It keeps the room, the group `tea` and the client's inbox. What is said to the person `bo` and to nobody else can be
/// said; a line to anybody else is refused in the inbox.
struct NaiveServer {
    struct Log {
        let id: LogID
        let kind: LogKind
        var epoch: LogEpoch
        var entries: [(number: EntryNumber, entry: LogEntry)] = []
        var end: EntryNumber = 0
        /// What every epoch ever held, cut or not.
        var everything: [LogEntry] = []

        fileprivate var alias: UInt64?
        fileprivate var fed: EntryNumber = 0

        mutating func append(_ body: LogEntry.Body, of member: MemberID, isOwn: Bool, outbox: OutboxNumber) {
            end += 1
            let entry = LogEntry(
                time: TestClient.time(end), member: member, name: isOwn ? "ana" : "bo", outbox: outbox, body: body)
            entries.append((end, entry))
            everything.append(entry)
        }
    }

    var logs = [
        Log(id: .room, kind: .room, epoch: LogEpoch(rawValue: 1)),
        Log(id: LogID(rawValue: 7), kind: .group, epoch: LogEpoch(rawValue: 70)),
        Log(id: LogID(rawValue: 8), kind: .inbox, epoch: LogEpoch(rawValue: 80)),
    ]
    var member = MemberID(rawValue: 1)
    var stored: OutboxNumber = 0

    var isLinked = false
    var owesMemberList = false
    private var positions: [LogPosition]?
    private var lastAlias = ChannelAlias.room
    private var taken: OutboxNumber = 0

    static let roomIndex = 0
    static let groupIndex = 1
    static let inboxIndex = 2

    mutating func append(
        _ body: LogEntry.Body, of member: MemberID, outbox: OutboxNumber = 0, to index: Int = roomIndex
    ) {
        logs[index].append(body, of: member, isOwn: member == self.member, outbox: outbox)
    }

    mutating func welcome(_ client: inout TestClient) {
        let login = client.state.login
        let room = logs[Self.roomIndex]
        let cursor = login.cursor.flatMap { $0.epoch == room.epoch && $0.number <= room.end ? $0.number : nil }
        // Whoever asks anew gets all that is kept.
        let fed = cursor ?? (room.entries.first.map { $0.number - 1 } ?? room.end)
        for index in logs.indices { logs[index].alias = nil }
        logs[Self.roomIndex].fed = fed
        logs[Self.roomIndex].alias = ChannelAlias.room
        lastAlias = ChannelAlias.room
        taken = stored
        isLinked = true
        owesMemberList = true
        positions = nil
        client.state.connected(
            TestClient.welcome(
                cursor: fed, end: room.end, stored: stored, resumed: cursor != nil, epoch: room.epoch, member: member))
        while let request = client.state.pollRequest() {
            if case .follow(let told) = request { positions = told }
        }
    }

    mutating func sendMemberList(_ client: inout TestClient) {
        guard owesMemberList else { return }
        owesMemberList = false
        client.state.receive(.members(label: 0, names: ["ana", "bo"], isLast: true))
    }

    /// Announces every log beside the room's.
    mutating func sendAnnouncements(_ client: inout TestClient) {
        guard isLinked, let positions else { return }
        self.positions = nil
        for index in logs.indices.dropFirst() {
            let log = logs[index]
            let cursor = positions.first { $0.log == log.id }?.cursor
            let isContinued = cursor.map { $0.epoch == log.epoch && $0.number <= log.end } ?? false
            lastAlias += 1
            logs[index].alias = lastAlias
            logs[index].fed = isContinued ? cursor?.number ?? 0 : (log.entries.first.map { $0.number - 1 } ?? log.end)
            client.state.receive(
                .log(
                    LogAnnouncement(
                        alias: lastAlias, log: log.id, kind: log.kind, title: log.kind == .group ? "tea" : "",
                        epoch: log.epoch, cursor: logs[index].fed, end: log.end, isContinued: isContinued)))
        }
        client.state.receive(.followed)
    }

    /// Feeds the next entry of a log, or one that was fed before once more.
    ///
    /// - Returns: false when the client has everything of it.
    mutating func feed(_ client: inout TestClient, _ index: Int = roomIndex, again: Bool = false) -> Bool {
        let log = logs[index]
        let next = again ? log.entries.last { $0.number <= log.fed } : log.entries.first { $0.number > log.fed }
        guard isLinked, let alias = log.alias, let next else { return false }
        logs[index].fed = max(log.fed, next.number)
        client.state.receive(entry: next.entry, number: next.number, alias: alias)
        return true
    }

    /// Takes the next request of the client's outbox.
    ///
    /// - Returns: false when there is none.
    mutating func take(_ client: TestClient) -> Bool {
        guard isLinked, let (number, bytes) = client.state.outbox.request(after: taken) else { return false }
        taken = number
        guard number > stored, case .post(let line, in: let place)? = try? ClientRequest(decoding: bytes.span) else {
            return true
        }
        stored = number
        switch place {
        case .room: append(.line(line), of: member, outbox: number)
        case .group: append(.line(line), of: member, outbox: number, to: Self.groupIndex)
        case .person("bo"):
            append(.personal(line, to: "bo", twin: 1), of: member, outbox: number, to: Self.inboxIndex)
        case .person:
            append(
                .settled(code: .noSuchUser, text: line.text ?? ""), of: member, outbox: number, to: Self.inboxIndex)
        }
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

    /// The logs and the session are forgotten.
    mutating func beginAnew() {
        for index in logs.indices {
            logs[index].epoch = LogEpoch(rawValue: logs[index].epoch.rawValue + 1)
            logs[index].entries = []
            logs[index].end = 0
        }
        forgetSession()
    }

    /// The oldest entries of each log are cut; the newest stays.
    mutating func cut() {
        for index in logs.indices {
            logs[index].entries.removeFirst(min(max(0, logs[index].entries.count - 1), 5))
        }
    }
}
