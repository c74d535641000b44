package import Basics
package import ChatProtocol

/// The room, its groups and private lines: who is there, what was said, and what must be done about it.
///
/// A value without I/O: inputs come in as calls with the time. After each input the owner takes `takeChanges` to the
/// store and drains `pollEffect`; when the store has a group of changes, it says so by `stored`. What is not stored is
/// shown to nobody.
package struct Chat: Sendable {
    /// What the room was told when it began.
    package private(set) var configuration: ChatConfiguration

    var names = NameTable()
    var reservations = Reservations()
    var memory = SessionMemory()
    var accounts = AccountTable()
    var groups = GroupTable()
    var logs = LogTable()
    var rules = RoomRules()
    var feeds: [MemberID: Feeds] = [:]
    var storing = Storing()
    var fetching = Fetching()
    var typing: [MemberID: Instant] = [:]

    private var effects: [Effect] = []
    private var nextEffect = 0
    var memberNumbers = MemberNumbers()
    /// Logs that begin in this life of the server have epochs of their own.
    let newEpoch: LogEpoch

    /// A chat that begins anew, or goes on from what was stored.
    ///
    /// - Parameters:
    ///   - stored: what the store holds; nothing for a chat that begins now.
    ///   - epoch: drawn at random for the logs that begin from now on, so that cursors of others are recognised.
    package init(
        configuration: ChatConfiguration, restoring stored: StoredState = StoredState(), epoch: LogEpoch,
        at now: Instant, wall: WallTime
    ) {
        self.configuration = configuration
        newEpoch = epoch
        restore(stored, at: now, wall: wall)
        reserveMembers()
        guard logs[.room] == nil else { return }
        begin(.room, kind: .room, key: Array("room".utf8), epoch: epoch)
    }

    /// Takes what can change while people are in the room; see `ChatConfiguration.change`.
    package mutating func configure(server: String, memberLimit: Int, admitsGuests: Bool) {
        configuration.change(server: server, memberLimit: memberLimit, admitsGuests: admitsGuests)
    }

    // MARK: What can be asked at any time

    /// Everybody who is present, in the order in which their sessions began.
    package var members: [Member] {
        names.all.map { session in
            let account = accounts[session.account]
            return Member(
                id: session.id, name: session.name.display, address: session.address, since: session.since,
                isOperator: account?.isOperator ?? false, isMuted: account?.isMuted ?? false)
        }
    }

    /// Whether somebody who was present when the server ended may still come back without anybody knowing.
    package var awaitsReturn: Bool { reservations.all.contains(where: \.isReturning) }

    /// The number of the newest entry of a log that may be shown; 0 when there is none.
    package func end(of id: LogID) -> EntryNumber { logs[id]?.visible ?? 0 }

    /// The first entry after `number` that may be shown and can be had at once, encoded as it stands in the log.
    /// O(log entries).
    package func entry(after number: EntryNumber, in id: LogID) -> (number: EntryNumber, bytes: [UInt8])? {
        logs.entry(after: number, in: id)
    }

    /// Whether what follows `number` must be fetched from the store first; see `fetch`.
    package func mustFetch(after number: EntryNumber, in id: LogID) -> Bool {
        logs.missing(after: number, in: id) != nil
    }

    /// When `expire` has something to do next.
    package var nextDeadline: Instant? {
        [reservations.nextDeadline, rules.nextMuteEnd].compactMap { $0 }.min()
    }

    // MARK: Inputs

    /// Handles what a present member asks. Requests of sessions that are gone are ignored.
    ///
    /// - Parameter number: the request's number in its outbox; nil when it did not come through one.
    package mutating func handle(
        _ request: ClientRequest, number: OutboxNumber?, from id: MemberID, at now: Instant, wall: WallTime
    ) {
        expire(at: now, wall: wall)
        guard var session = names[id] else { return }
        guard request.isNumbered else { return answer(request, to: session, at: now) }
        // Without a number it could be done twice, and a number that was seen before is a repetition: what became of it
        // stands in a log, and that is the receipt.
        guard let number, number > session.acceptedOutbox else { return }
        guard !storing.isFull else { return turnOut(session, at: now, wall: wall) }
        session.acceptedOutbox = number
        names.insert(session)
        let asker = Asker(session: session, outbox: number, now: now, wall: wall)
        do throws(RequestRefusal) {
            guard !storing.isStuck else { throw RequestRefusal(.storage, .storage) }
            try perform(request, for: asker)
        } catch {
            // Who says something while nothing can be stored is told at once. It stands in the inbox later all the
            // same: a client that did not hear it must not take a higher number that was stored for its receipt.
            if error.code == .storage {
                emit(.send(.rejected(outbox: number, code: error.code, text: error.sentence.wireText), to: id))
            }
            settle(asker, code: error.code, text: error.sentence.wireText)
        }
        storing.note(.mark(id, number))
        hold(.mark(id, number))
    }

    /// So much waits for the store that a member who goes on asking is put out: the client tries again later, and has
    /// what was not accepted still.
    private mutating func turnOut(_ session: Session, at now: Instant, wall: WallTime) {
        leave(session.id, reason: .timeout, at: now, wall: wall)
        emit(.expel(session.id, .timeout))
    }

    /// A present member is reached at another address; nobody else need know.
    package mutating func move(_ id: MemberID, to address: SocketAddress) {
        guard var session = names[id] else { return }
        session.address = address
        names.insert(session)
    }

    /// A member's connection is gone. A session that is not present, for instance a replaced one, is ignored.
    ///
    /// After `timeout` the name stays reserved for the account; otherwise it is free at once.
    package mutating func leave(_ id: MemberID, reason: LeaveReason, at now: Instant, wall: WallTime) {
        expire(at: now, wall: wall)
        guard let session = names.remove(id) else { return }
        feeds[id] = nil
        typing[id] = nil
        fetching.forget(id)
        appendToRoom(.left(reason), of: session, wall: wall)
        store(session, isPresent: false)
        switch reason {
        case .timeout:
            if let displaced = reservations.insert(session, at: now) { forgo(displaced, wall: wall) }
        case .shutdown: remember(session)
        case .quit, .kicked, .banned:
            endAbsence(of: session.account)
            remember(session)
        }
    }

    /// The operator says a line: it stands in the log in order like any other.
    ///
    /// - Returns: nil when it was said, else why it can't be a line.
    @discardableResult
    package mutating func sayAsOperator(_ text: String, at now: Instant, wall: WallTime) -> Refusal? {
        expire(at: now, wall: wall)
        if let fault = MessageText.fault(in: text) {
            return Refusal(code: fault.code, text: ServerSentence.unfitText(fault).wireText)
        }
        guard !storing.isStuck else { return Refusal(code: .storage, text: ServerSentence.storage.wireText) }
        append(.message(text), to: .room, of: .server, named: configuration.operatorName.display, wall: wall)
        return nil
    }

    /// Ends the reservations whose time is over; their sessions are only remembered from then on.
    /// Those who did not come back after a restart are told to be gone now.
    package mutating func expire(at now: Instant, wall: WallTime) {
        endMutes(at: now)
        while var session = reservations.popExpired(at: now) {
            guard session.isReturning else {
                remember(session)
                continue
            }
            session.isReturning = false
            appendToRoom(.left(.timeout), of: session, wall: wall)
            store(session, isPresent: false)
            if let displaced = reservations.insert(session, at: now) { forgo(displaced, wall: wall) }
        }
    }

    // MARK: Output

    /// The next thing to do, in order; nil when nothing is left.
    package mutating func pollEffect() -> Effect? {
        guard nextEffect < effects.count else {
            effects.removeAll(keepingCapacity: true)
            nextEffect = 0
            return nil
        }
        defer { nextEffect += 1 }
        return effects[nextEffect]
    }

    mutating func emit(_ effect: Effect) {
        effects.append(effect)
    }
}

/// Who asks for something that is done once, and when.
struct Asker: Sendable {
    let session: Session
    let outbox: OutboxNumber
    let now: Instant
    let wall: WallTime

    var id: MemberID { session.id }
    var name: String { session.name.display }
}

/// Why a request is not done.
struct RequestRefusal: Error {
    let code: ErrorCode
    let sentence: ServerSentence

    init(_ code: ErrorCode, _ sentence: ServerSentence) {
        self.code = code
        self.sentence = sentence
    }
}
