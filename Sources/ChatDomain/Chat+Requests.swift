import Basics
import ChatProtocol

/// What members ask for: each request leaves exactly one entry in some log, or an answer.
extension Chat {
    /// Does what was asked for, which leaves an entry with the request's number.
    ///
    /// - Throws: `RequestRefusal` when nothing was done.
    mutating func perform(_ request: ClientRequest, for asker: Asker) throws(RequestRefusal) {
        switch request {
        case .post(let line, let place): try post(line, in: place, for: asker)
        case .rename(let name): try rename(to: name, for: asker)
        case .away(let text): try setAway(text, for: asker)
        case .topic(let text, let place): try setTopic(text, in: place, for: asker)
        case .group(let action, let name, let person): try act(action, on: name, person: person, for: asker)
        case .moderate(let action, let name, let seconds, let text):
            try moderate(action, name: name, seconds: seconds, text: text, for: asker)
        case .ask, .follow, .typing, .account: break  // They have no number.
        }
    }

    /// Answers what needs no number.
    mutating func answer(_ request: ClientRequest, to session: Session, at now: Instant) {
        switch request {
        case .ask(let question, let label): answer(question, label: label, to: session)
        case .follow(let positions): follow(positions, by: session)
        case .typing(let place): tellTyping(in: place, by: session, at: now)
        case .account: break  // The surroundings take it.
        case .post, .rename, .away, .topic, .group, .moderate: break  // They have a number.
        }
    }

    // MARK: Lines

    private mutating func post(_ line: Line, in place: Place, for asker: Asker) throws(RequestRefusal) {
        if let text = line.text, let fault = MessageText.fault(in: text) {
            throw RequestRefusal(fault.code, .unfitText(fault))
        }
        switch place {
        case .room:
            try expectWord(for: asker)
            try check(line, in: .room, for: asker)
            noteLine(asker)
            append(.line(line), to: .room, for: asker)
            revise(by: line, in: .room)
        case .group(let name):
            let group = try ownGroup(named: name, for: asker)
            try expectVoice(for: asker)
            try check(line, in: group.log, for: asker)
            append(.line(line), to: group.log, for: asker)
            revise(by: line, in: group.log)
        case .person(let name): try postPersonally(line, to: name, for: asker)
        }
    }

    /// An entry that a line is about must be there, and be the asker's own where only one's own may be changed.
    ///
    /// What is older than the kept part of the log can't be meant any more.
    func check(_ line: Line, in log: LogID, for asker: Asker) throws(RequestRefusal) {
        guard let target = line.target else { return }
        guard let kept = logs[log]?.entry(at: target), kept.revision != .takenBack,
            let entry = try? LogEntry(decoding: kept.bytes.span), entry.body.isMessage
        else { throw RequestRefusal(.noSuchLine, .noSuchLine) }
        switch line {
        case .text, .action, .reply, .react: return
        case .edit, .delete:
            guard entry.member != .server, account(of: entry.member) == asker.session.account else {
                throw RequestRefusal(.notAllowed, .notYourLine)
            }
        }
    }

    /// Whose session that was, if it is known still.
    func account(of member: MemberID) -> AccountID? {
        names[member]?.account ?? reservations.session(member)?.account ?? memory.session(member)?.account
    }

    /// The account that a name means: the one that has it, else the one for which it is kept, else the one that
    /// registered it.
    func person(named name: String) throws(RequestRefusal) -> (AccountID, shown: String) {
        guard let prepared = configuration.prepareName(name) else {
            throw RequestRefusal(.noSuchUser, .noSuchUser(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        if let session = names.holder(of: prepared.key) ?? reservations.session(holding: prepared.key) {
            return (session.account, session.name.display)
        }
        if let account = accounts.account(registering: prepared.key), let registered = account.registered {
            return (account.id, registered.display)
        }
        throw RequestRefusal(.noSuchUser, .noSuchUser(prepared.display))
    }

    // MARK: Who one is

    private mutating func rename(to name: String, for asker: Asker) throws(RequestRefusal) {
        guard let prepared = configuration.prepareName(name) else {
            throw RequestRefusal(.nameInvalid, .nameInvalid(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        if asker.name.utf8.elementsEqual(prepared.display.utf8) {
            return settle(asker, code: nil, text: ServerSentence.sameName(prepared.display).wireText)
        }
        // A name can be shouted too.
        try expectVoice(for: asker)
        guard isFree(prepared, for: asker.session) else {
            throw RequestRefusal(.nameTaken, .nameTaken(prepared.display))
        }
        give(prepared, to: asker.session, outbox: asker.outbox, wall: asker.wall)
    }

    /// Whether a session may have a name now: nobody else does, not even the same person's other session, and it is kept
    /// for nobody else.
    func isFree(_ name: PreparedName, for session: Session) -> Bool {
        if name.key == configuration.operatorName.key || rules.isBanned(nameKey: name.key) { return false }
        if let holder = names.holder(of: name.key), holder.id != session.id { return false }
        if let absent = reservations.session(holding: name.key), absent.account != session.account { return false }
        return accounts.account(registering: name.key).map { $0.id == session.account } ?? true
    }

    /// A present member goes by another name from here on; the session, its receipts and its groups stay.
    mutating func give(_ name: PreparedName, to former: Session, outbox: OutboxNumber, wall: WallTime) {
        guard var session = names[former.id] else { return }
        if let kept = reservations.remove(name.key) { forgo(kept, wall: wall) }
        append(
            .renamed(to: name.display), to: .room, of: former.id, named: session.name.display, outbox: outbox,
            wall: wall)
        session.name = name
        names.insert(session)
        if var account = accounts[session.account] {
            account.name = name
            update(account)
        }
        store(session, isPresent: true)
    }

    private mutating func setAway(_ text: String, for asker: Asker) throws(RequestRefusal) {
        if !text.isEmpty { try expectVoice(for: asker) }
        if var account = accounts[asker.session.account] {
            account.away = text
            update(account)
        }
        append(.away(text), to: .room, for: asker)
    }

    /// Who leaves is gone, and not only away.
    mutating func endAbsence(of id: AccountID) {
        guard var account = accounts[id], !account.away.isEmpty, sessions(of: id).isEmpty else { return }
        account.away = ""
        update(account)
    }

    private mutating func setTopic(_ text: String, in place: Place, for asker: Asker) throws(RequestRefusal) {
        guard text.utf8.count <= ChatLimits.topicBytes else { throw RequestRefusal(.tooLong, .topicTooLong) }
        switch place {
        case .room:
            try expectOperator(asker)
            rules.topic = text
            storing.note(.put(rules.roomRecord))
            append(.topic(text), to: .room, for: asker)
            audit(text.isEmpty ? "topic off" : "topic (\(text))", by: asker.name, wall: asker.wall)
            tellFacts()
        case .group(let name):
            var group = try ownGroup(named: name, for: asker)
            guard group.owner == asker.session.account else { throw RequestRefusal(.notAllowed, .ownerOnly) }
            try expectVoice(for: asker)
            group.topic = text
            update(group)
            append(.topic(text), to: group.log, for: asker)
        case .person: throw RequestRefusal(.usage, .noTopicThere)
        }
    }

    // MARK: Hints

    private mutating func tellTyping(in place: Place, by session: Session, at now: Instant) {
        if let last = typing[session.id], last + ChatLimits.typingInterval > now { return }
        guard rules.mutes[session.account] == nil else { return }
        typing[session.id] = now
        let name = session.name.display
        switch place {
        case .room: for other in names.all where other.id != session.id { tell(.typing(name: name, in: .room), other) }
        case .group(let group):
            guard let key = configuration.prepareName(group)?.key, let group = groups.group(named: key),
                group.members.contains(session.account)
            else { return }
            for other in names.all where other.id != session.id && group.members.contains(other.account) {
                tell(.typing(name: name, in: .group(group.name.display)), other)
            }
        case .person(let person):
            guard let key = configuration.prepareName(person)?.key, let other = names.holder(of: key) else { return }
            tell(.typing(name: name, in: .person(name)), other)
        }
    }

    private mutating func tell(_ event: ServerEvent, _ session: Session) {
        emit(.send(event, to: session.id))
    }
}
