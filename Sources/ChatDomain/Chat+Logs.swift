import Basics
package import ChatProtocol

/// Appending, storing, and what may be seen when.
extension Chat {
    // MARK: Appending

    /// Begins a log that never was.
    mutating func begin(_ id: LogID, kind: LogKind, key: [UInt8], epoch: LogEpoch) {
        logs.insert(
            ChatLog(
                id: id, kind: kind, epoch: epoch, bounds: configuration.bounds(of: kind),
                isStored: configuration.hasStore))
        storing.note(.begin(StoredLog(id: id, kind: kind, key: key, epoch: epoch)))
        if id != .room { storing.note(.count(counter: Counter.log, through: UInt64(id.rawValue))) }
    }

    /// A number for a new log.
    ///
    /// Its epoch is the one drawn for this life of the server with the log's number mixed in: it differs for every log,
    /// and from that of a log that a client was told of and that was lost before it was stored.
    mutating func makeLog(_ kind: LogKind, key: [UInt8]) -> LogID {
        let id = LogID(rawValue: logs.last.rawValue + 1)
        let epoch = LogEpoch(rawValue: newEpoch.rawValue &+ UInt64(id.rawValue) &* 0x9e37_79b9_7f4a_7c15)
        begin(id, kind: kind, key: key, epoch: epoch)
        return id
    }

    /// Appends an entry. It is shown, and told to those who watch the room, when it is stored.
    @discardableResult
    mutating func append(
        _ body: LogEntry.Body, to log: LogID, of id: MemberID, named name: String, outbox: OutboxNumber = 0,
        wall: WallTime
    ) -> EntryNumber {
        let entry = LogEntry(time: wall, member: id, name: name, outbox: outbox, body: body)
        let bytes = entry.encoded()
        let number = logs.append(bytes, isMessage: body.isMessage, to: log)
        storing.note(
            .append(StoredEntry(log: log, number: number, time: wall, bytes: bytes, text: body.searchedText)))
        hold(.visible(log, number))
        if let observation = observation(of: entry, number: number, in: log) { hold(.effect(.observed(observation))) }
        return number
    }

    /// Appends to a log for somebody who asked for it: the entry is the receipt.
    @discardableResult
    mutating func append(_ body: LogEntry.Body, to log: LogID, for asker: Asker) -> EntryNumber {
        append(body, to: log, of: asker.id, named: asker.name, outbox: asker.outbox, wall: asker.wall)
    }

    /// Appends to the room what happens to a session.
    mutating func appendToRoom(_ body: LogEntry.Body, of session: Session, wall: WallTime) {
        append(body, to: .room, of: session.id, named: session.name.display, wall: wall)
    }

    /// What became of a request that leaves no other trace goes into the asker's own inbox.
    mutating func settle(_ asker: Asker, code: ErrorCode?, text: String) {
        append(.settled(code: code, text: text), to: inbox(of: asker.session.account), for: asker)
    }

    /// The inbox of an account; made when the first entry comes, and fed from then on to whoever is there.
    mutating func inbox(of id: AccountID) -> LogID {
        guard var account = accounts[id] else { return .room }
        if let inbox = account.inbox { return inbox }
        var key = Array("inbox ".utf8)
        key.put(id.rawValue)
        let log = makeLog(.inbox, key: key)
        account.inbox = log
        update(account)
        for session in sessions(of: id) { startFeeding(log, to: session, after: 0, isContinued: false) }
        return log
    }

    private func observation(of entry: LogEntry, number: EntryNumber, in log: LogID) -> RoomObservation? {
        switch entry.body {
        case .line(let line):
            guard line.isMessage, let text = line.text else { return nil }
            if log == .room { return .message(id: number, from: entry.name, text: text, time: entry.time) }
            guard let group = groups[log] else { return nil }
            return .group(
                id: number, group: group.name.display, from: entry.name, text: text, time: entry.time)
        case .left(let reason): return .left(name: entry.name, reason: reason)
        case .renamed(let newName): return .renamed(from: entry.name, to: newName)
        case .moderated(let action, let name, let seconds, let text):
            // What the console orders it is told by the answer.
            guard entry.member != .server else { return nil }
            return .moderated(action, by: entry.name, name: name, seconds: seconds, text: text)
        case .topic(let text):
            guard log == .room, entry.member != .server else { return nil }
            return .topic(by: entry.name, text: text)
        case .joined, .away, .group, .personal, .settled: return nil
        }
    }

    // MARK: Storing

    /// The changes of this input: they are stored together, in the order of the calls. To be called until it is empty;
    /// nearly always the second time.
    package mutating func takeChanges() -> [StoreChange] { storing.takeChanges() }

    /// How many groups of changes were taken so far; the number of the last one.
    package var takenGroups: UInt64 { storing.taken }

    /// Whether the store is so far behind that whoever speaks is to be held for a moment.
    package var isCrowded: Bool { storing.isCrowded }

    /// Whether something was taken to the store that it did not confirm yet.
    package var awaitsStore: Bool { storing.waiting > 0 && !storing.isStalled }

    /// The store has every group up to this number: what waited for them happens.
    package mutating func stored(through group: UInt64) {
        storing.stored(through: group)
        while let held = storing.pollReleased() { release(held) }
    }

    /// The store can store nothing at present, or can again. What was accepted waits; who said it is told.
    package mutating func storeStalled(_ isStalled: Bool) {
        guard storing.isStalled != isStalled else { return }
        storing.isStalled = isStalled
        guard isStalled else { return }
        for member in storing.waitingSessions where names[member] != nil {
            emit(.send(.notice(ServerSentence.storageWaits.wireText), to: member))
        }
    }

    mutating func hold(_ item: Storing.Held) {
        if !storing.hold(item) { release(item) }
    }

    private mutating func release(_ held: Storing.Held) {
        switch held {
        case .visible(let log, let number):
            logs.store(log, through: number)
            emit(.appended(log, through: number))
        case .mark(let member, let number): noteStored(member, number)
        case .unfollow(let log, let member): unfollow(log, member)
        case .members(let number): memberNumbers.usable = max(memberNumbers.usable, number)
        case .revised(let log, let number, let revision): logs.revise(log, number, revision)
        case .effect(let effect): emit(effect)
        }
    }

    private mutating func noteStored(_ member: MemberID, _ number: OutboxNumber) {
        if var session = names[member] {
            session.storedOutbox = max(session.storedOutbox, number)
            names.insert(session)
        } else {
            reservations.noteStored(member, number)
            memory.noteStored(member, number)
        }
    }

    /// Retention has removed everything up to a number from the store.
    package mutating func trimmed(_ log: LogID, through number: EntryNumber) {
        logs.trim(log, through: number)
    }

    /// Tells a member that a part of what it has not seen is gone for good.
    package mutating func tellLoss(in log: LogID, to member: MemberID) {
        emit(.send(.notice(ServerSentence.linesRemoved(group: title(of: log)).wireText), to: member))
    }

    /// The member has seen lines of a log that are no longer there.
    mutating func tellForgotten(in log: LogID, to member: MemberID) {
        emit(.send(.notice(ServerSentence.linesLost(group: title(of: log)).wireText), to: member))
    }

    /// What a log is called in a sentence: nil for the room, empty for private lines.
    private func title(of log: LogID) -> String? { log == .room ? nil : groups[log]?.name.display ?? "" }

    // MARK: Fetching

    /// Somebody who is fed waits for what follows a number of a log.
    package mutating func fetch(after number: EntryNumber, in log: LogID) {
        guard let after = logs.missing(after: number, in: log) else {
            // It came meanwhile: whoever waits goes on.
            if let log = logs[log] { emit(.appended(log.id, through: log.visible)) }
            return
        }
        if fetching.beginPage(log, after: after, keptAfter: logs[log]?.coversAfter ?? after) {
            emit(.read(.page(log, after: after, byteLimit: ChatLimits.pageBytes)))
        }
    }

    /// A page that `Effect.read` asked for has come.
    package mutating func fetched(_ page: LogPage, after number: EntryNumber) {
        let keptAfter = fetching.endPage(page.log, after: number)
        logs.insert(page, after: number, keptAfter: keptAfter ?? number)
        if let log = logs[page.log] { emit(.appended(page.log, through: log.visible)) }
    }

    /// A page can't be had: it is asked for again when somebody still waits.
    package mutating func fetchFailed(_ log: LogID, after number: EntryNumber) {
        _ = fetching.endPage(log, after: number)
    }
}

/// Pages that were asked for and have not come.
struct Fetching: Sendable {
    struct Place: Hashable, Sendable {
        let log: LogID
        let after: EntryNumber
    }

    /// With each the number after which the log was kept in memory when the page was asked for: up to there the store
    /// had everything by then.
    private var pages: [Place: EntryNumber] = [:]
    /// Questions that only the store can answer, by the number that the reading carries.
    var questions: [UInt64: PendingQuestion] = [:]
    var lastQuestion: UInt64 = 0

    /// - Returns: false when it is under way already.
    mutating func beginPage(_ log: LogID, after number: EntryNumber, keptAfter: EntryNumber) -> Bool {
        let place = Place(log: log, after: number)
        guard pages[place] == nil else { return false }
        pages[place] = keptAfter
        return true
    }

    /// - Returns: `keptAfter` of `beginPage`; nil when it was not under way.
    mutating func endPage(_ log: LogID, after number: EntryNumber) -> EntryNumber? {
        pages.removeValue(forKey: Place(log: log, after: number))
    }

    /// The member is gone: nobody waits for its answers.
    mutating func forget(_ member: MemberID) {
        questions = questions.filter { $0.value.member != member }
    }
}

/// A question whose answer the store is looking for.
struct PendingQuestion: Sendable {
    let member: MemberID
    let label: UInt32
    /// Which of the found entries belong to the answer, and how many at most: the newest.
    let isWanted: EntryFilter
    let count: Int
}

/// Whether an entry of a log, encoded, belongs to an answer.
typealias EntryFilter = @Sendable ([UInt8]) -> Bool

/// The counters of the store.
enum Counter {
    static let member = "member"
    static let account = "account"
    static let log = "log"
    static let audit = "audit"
}

extension LogEntry.Body {
    /// What `:search` finds the entry by.
    var searchedText: String? {
        switch self {
        case .line(let line), .personal(let line, _, _): line.isMessage ? line.text : nil
        case .joined, .left, .renamed, .topic, .away, .moderated, .group, .settled: nil
        }
    }
}
