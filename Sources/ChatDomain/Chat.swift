package import Basics
package import ChatProtocol

/// The room: who is in it, what was said, and what must be done about it.
///
/// A value without I/O: inputs come in as calls with the time, effects go out through `pollEffect`, which is drained
/// after each input (an input causes at most `ChatLimits.effectsPerInput`).
package struct Chat: Sendable {
    /// What the room was told when it began.
    package let configuration: ChatConfiguration

    var names = NameTable()
    var reservations = Reservations()
    var memory = SessionMemory()
    var log: RoomLog

    private var effects: [Effect] = []
    private var nextEffect = 0
    private var lastMember = MemberID.server

    /// - Parameter epoch: drawn at random for each new log, so that cursors of another one are recognised.
    package init(configuration: ChatConfiguration, epoch: LogEpoch) {
        self.configuration = configuration
        log = RoomLog(epoch: epoch, entryLimit: configuration.logEntries, byteLimit: configuration.logBytes)
    }

    // MARK: What can be asked at any time

    /// Everybody who is present, in the order in which their sessions began.
    package var members: [Member] {
        names.all.map { Member(id: $0.id, name: $0.name.display, address: $0.address, since: $0.since) }
    }

    /// The number of the newest entry of a log; 0 when there is none.
    package func end(of id: LogID) -> EntryNumber {
        id == .room ? log.end : 0
    }

    /// The first kept entry after `number`, encoded as it stands in the log. O(log entries).
    package func entry(after number: EntryNumber, in id: LogID) -> (number: EntryNumber, bytes: [UInt8])? {
        guard id == .room, let stored = log.entry(after: number) else { return nil }
        return (stored.number, stored.bytes)
    }

    /// When `expire` has something to do next.
    package var nextDeadline: Instant? { reservations.nextDeadline }

    // MARK: Inputs

    /// Handles what a present member asks. Requests of sessions that are gone are ignored.
    ///
    /// - Parameter number: the request's number in its outbox; nil when it did not come through one.
    package mutating func handle(
        _ request: ClientRequest, number: OutboxNumber?, from id: MemberID, at now: Instant, wall: WallTime
    ) {
        expire(at: now)
        guard var session = names[id] else { return }
        if let number {
            // A number that was seen before is a repetition: its entry is in the log, and the log is the receipt.
            guard number > session.storedOutbox else { return }
            session.storedOutbox = number
            names.insert(session)
        }
        switch request {
        case .say(let text):
            // Without a number a line could be appended twice; our client never sends one so.
            guard let number else { return }
            append(.message(text), of: id, named: session.name.display, outbox: number, wall: wall)
        case .members(let label): sendMembers(label: label, to: id)
        }
    }

    /// A present member is reached at another address; nobody else need know.
    package mutating func move(_ id: MemberID, to address: SocketAddress) {
        guard var session = names[id] else { return }
        session.address = address
        names.insert(session)
    }

    /// A member's connection is gone. A session that is not present, for instance a replaced one, is ignored.
    ///
    /// After `timeout` the name stays reserved for the device; otherwise it is free at once.
    package mutating func leave(_ id: MemberID, reason: LeaveReason, at now: Instant, wall: WallTime) {
        expire(at: now)
        guard let session = names.remove(id) else { return }
        append(.left(reason), of: id, named: session.name.display, wall: wall)
        switch reason {
        case .timeout:
            if let displaced = reservations.insert(session, at: now) { memory.insert(displaced) }
        case .quit, .kicked, .banned, .shutdown: break
        }
    }

    /// The operator says a line: it stands in the log in order like any other.
    ///
    /// - Returns: nil when it was said, else why it can't be a line.
    @discardableResult
    package mutating func sayAsOperator(_ text: String, at now: Instant, wall: WallTime) -> Refusal? {
        expire(at: now)
        if let fault = MessageText.fault(in: text) {
            return Refusal(code: fault.code, text: Sentence.unfitText(fault).english)
        }
        append(.message(text), of: .server, named: configuration.operatorName.display, wall: wall)
        return nil
    }

    /// Ends the reservations whose time is over; their sessions are only remembered from then on.
    package mutating func expire(at now: Instant) {
        while let session = reservations.popExpired(at: now) { memory.insert(session) }
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

    /// Appends an entry, and tells those who feed from the log and those who watch the room.
    mutating func append(
        _ body: LogEntry.Body, of id: MemberID, named name: String, outbox: OutboxNumber = 0, wall: WallTime
    ) {
        let number = log.append(LogEntry(time: wall, member: id, name: name, outbox: outbox, body: body))
        emit(.appended(.room, through: number))
        switch body {
        case .message(let text): emit(.observed(.message(id: number, from: name, text: text, time: wall)))
        case .joined: break  // The login tells it, since it knows the address.
        case .left(let reason): emit(.observed(.left(name: name, reason: reason)))
        case .renamed(let newName): emit(.observed(.renamed(from: name, to: newName)))
        }
    }

    mutating func sendMembers(label: UInt32, to id: MemberID) {
        for event in ServerEvent.memberLists(label: label, names: names.all.map(\.name.display)) {
            emit(.send(event, to: id))
        }
    }

    /// A number for a new session: never 0 and never one that is present.
    mutating func makeMemberID() -> MemberID {
        repeat {
            lastMember = MemberID(rawValue: lastMember.rawValue &+ 1)
        } while lastMember == .server || names[lastMember] != nil
        return lastMember
    }
}
