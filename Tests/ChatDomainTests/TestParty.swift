import ChatDomain
import ChatProtocol
import Testing

/// People in a room who speak by name. Each request is checked to leave exactly one receipt in one log, which its member
/// is fed.
struct TestParty {
    /// What became of a request.
    struct Receipt: Equatable {
        let log: LogID
        let number: EntryNumber
        let body: LogEntry.Body

        /// Why it was refused; nil when it was done.
        var refusal: ErrorCode? {
            if case .settled(let code, _) = body { code } else { nil }
        }

        /// The answer of something that was done and left no other trace.
        var notice: String? {
            if case .settled(nil, let text) = body { text } else { nil }
        }
    }

    private struct Person {
        let device: Int
        var id: MemberID
        var number: OutboxNumber = 0
        /// The logs that are fed, after which number and under which alias.
        var feeds: [LogID: (after: EntryNumber, alias: UInt64)] = [:]
    }

    var room: TestRoom
    private var people: [String: Person] = [:]
    private var lastDevice = 0
    /// What came to each member since `takeEvents`.
    private var events: [MemberID: [ServerEvent]] = [:]
    /// What the operator saw.
    private(set) var observations: [RoomObservation] = []

    init(_ names: String..., room: TestRoom = TestRoom()) throws {
        self.room = room
        for name in names { try join(name) }
    }

    // MARK: Coming and going

    /// Comes in, tells how far which logs are known, and is fed.
    ///
    /// - Parameter device: another one each time, if nothing is said.
    mutating func join(
        _ name: String, device: Int? = nil, incarnation: UInt64 = 1, history: Int = 20, positions: [LogPosition] = []
    ) throws {
        lastDevice = max(lastDevice + 1, device ?? 0)
        let device = device ?? lastDevice
        let welcome = try #require(room.login(name, device: device, incarnation: incarnation, history: history).welcome)
        people[name] = Person(device: device, id: welcome.member, number: welcome.storedOutbox)
        collect()
        request(name, .follow(positions))
    }

    mutating func leave(_ name: String, _ reason: LeaveReason = .quit) {
        room.leave(id(name), reason)
        people[name]?.feeds = [:]
        collect()
    }

    /// The server starts again and everybody is outside.
    mutating func restart(killed: Bool) {
        room.restart(killed: killed)
        for name in people.keys { people[name]?.feeds = [:] }
        events = [:]
        collect()
    }

    /// Which number a device has, so that the same person can come back.
    func device(_ name: String) -> Int { people[name]?.device ?? 0 }

    func id(_ name: String) -> MemberID { people[name]?.id ?? .server }

    // MARK: Requests

    /// Does something through the outbox.
    @discardableResult
    mutating func does(
        _ name: String, _ request: ClientRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Receipt {
        people[name]?.number += 1
        let (id, number) = (id(name), people[name]?.number ?? 0)
        room.ask(request, number, from: id)
        let touched = collect()
        var receipts: [Receipt] = []
        for log in touched {
            for (entryNumber, entry) in room.entries(of: log) where entry.member == id && entry.outbox == number {
                // A private line stands in both inboxes, and is the receipt in one's own.
                guard log == .room || feeds(of: name).contains(log) else { continue }
                receipts.append(Receipt(log: log, number: entryNumber, body: entry.body))
            }
        }
        #expect(receipts.count == 1, "\(request)", sourceLocation: sourceLocation)
        return try #require(receipts.first, sourceLocation: sourceLocation)
    }

    /// Says a text somewhere.
    @discardableResult
    mutating func says(
        _ name: String, _ text: String, in place: Place = .room, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Receipt {
        try does(name, .post(.text(text), in: place), sourceLocation: sourceLocation)
    }

    @discardableResult
    mutating func does(
        _ name: String, _ action: GroupAction, _ group: String, _ person: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Receipt {
        try does(name, .group(action, name: group, person: person), sourceLocation: sourceLocation)
    }

    /// Asks without a number.
    mutating func request(_ name: String, _ request: ClientRequest) {
        room.ask(request, from: id(name))
        collect()
    }

    /// The answer to a question.
    mutating func answer(_ name: String, _ question: Question) -> [ServerEvent] {
        _ = takeEvents(name)
        request(name, .ask(question, label: 7))
        return takeEvents(name)
    }

    /// Who has an entry, when each member has what `arrived` says.
    mutating func seen(
        _ name: String, _ number: EntryNumber, in place: Place = .room,
        arrived: (MemberID, LogID) -> EntryNumber? = { _, _ in .max }
    ) -> [ServerEvent] {
        _ = takeEvents(name)
        let id = id(name)
        room.touch { $0.answerSeen(label: 7, in: place, number: number, to: id, arrived: arrived) }
        collect()
        return takeEvents(name)
    }

    // MARK: What can be seen

    mutating func takeEvents(_ name: String) -> [ServerEvent] {
        defer { events[id(name)] = nil }
        return events[id(name)] ?? []
    }

    /// The notices among the events.
    mutating func takeNotices(_ name: String) -> [String] {
        takeEvents(name).compactMap { if case .notice(let text) = $0 { text } else { nil } }
    }

    /// The logs beside the room's that somebody is fed.
    func feeds(of name: String) -> [LogID] {
        (people[name]?.feeds ?? [:]).keys.sorted { $0.rawValue < $1.rawValue }
    }

    /// Everything that somebody is fed of a log beside the room's.
    mutating func sees(_ name: String, _ log: LogID) -> [LogEntry.Body] {
        guard let feed = people[name]?.feeds[log] else { return [] }
        return room.bodies(after: feed.after, of: log)
    }

    /// The texts of all private lines and lines of groups that somebody is fed.
    mutating func reads(_ name: String) -> [String] {
        var texts: [String] = []
        for log in feeds(of: name) {
            texts += sees(name, log).compactMap { body in
                switch body {
                case .line(let line), .personal(let line, _, _): line.text
                default: nil
                }
            }
        }
        return texts
    }

    /// Takes the effects.
    ///
    /// - Returns: the logs that grew.
    @discardableResult
    mutating func collect() -> [LogID] {
        var touched: [LogID] = []
        for effect in room.effects() {
            switch effect {
            case .appended(let log, _): if !touched.contains(log) { touched.append(log) }
            case .send(let event, let member): events[member, default: []].append(event)
            case .feed(let log, let alias, let after, let member):
                change(member) { person in
                    #expect(person.feeds[log] == nil && !person.feeds.values.contains { $0.alias == alias })
                    person.feeds[log] = (after, alias)
                }
            case .stopFeeding(let alias, let member):
                change(member) { person in person.feeds = person.feeds.filter { $0.value.alias != alias } }
            case .observed(let observation): observations.append(observation)
            case .replaced, .expel, .read: break
            }
        }
        return touched
    }

    private mutating func change(_ member: MemberID, _ body: (inout Person) -> Void) {
        guard let name = people.first(where: { $0.value.id == member })?.key, var person = people[name] else { return }
        body(&person)
        people[name] = person
    }
}

extension [ServerEvent] {
    /// The names of an answer that is a list of members.
    var names: [String]? {
        var names: [String] = []
        for event in self {
            guard case .members(_, let piece, _) = event else { return nil }
            names += piece
        }
        return names
    }

    /// The texts of an answer that consists of entries.
    var texts: [String]? {
        var texts: [String] = []
        for event in self {
            guard case .entries(_, let entries, _) = event else { return nil }
            for entry in entries {
                switch try? LogEntry(decoding: entry.bytes.span).body {
                case .line(let line)?, .personal(let line, _, _)?: texts.append(line.text ?? "-")
                default: texts.append("?")
                }
            }
        }
        return texts
    }

    /// Why a question has no answer.
    var failure: ErrorCode? {
        if case .failed(_, let code, _)? = first { code } else { nil }
    }
}
