import Basics
package import ChatProtocol

/// What operators do: the console, which may do everything, and operators among the members.
///
/// Each act is an entry of the room's log, in order with everything else, and stands in the audit.
extension Chat {
    // MARK: Who may

    func expectOperator(_ asker: Asker) throws(RequestRefusal) {
        guard isOperator(asker.session.account) else { throw RequestRefusal(.notAllowed, .operatorsOnly) }
    }

    func isOperator(_ account: AccountID) -> Bool {
        account == .server || accounts[account]?.isOperator == true
    }

    /// Who is muted writes nowhere.
    func expectVoice(for asker: Asker) throws(RequestRefusal) {
        guard let mute = rules.mutes[asker.session.account] else { return }
        guard let ends = mute.ends else { throw RequestRefusal(.muted, .muted(seconds: nil)) }
        guard ends <= asker.now else {
            throw RequestRefusal(.muted, .muted(seconds: Self.secondsUp(ends - asker.now)))
        }
    }

    /// In the room slow mode counts too, but not for operators.
    func expectWord(for asker: Asker) throws(RequestRefusal) {
        try expectVoice(for: asker)
        guard rules.slowSeconds > 0, !isOperator(asker.session.account),
            let last = accounts[asker.session.account]?.lastLine
        else { return }
        let ready = last + .seconds(Int(rules.slowSeconds))
        guard ready <= asker.now else {
            throw RequestRefusal(.slowMode, .slowMode(seconds: Self.secondsUp(ready - asker.now)))
        }
    }

    mutating func noteLine(_ asker: Asker) {
        guard var account = accounts[asker.session.account] else { return }
        account.lastLine = asker.now
        accounts.insert(account)
    }

    private static func secondsUp(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds) + (attoseconds > 0 ? 1 : 0)
    }

    // MARK: Acts

    mutating func moderate(
        _ action: Moderation, name: String, seconds: UInt32, text: String, for asker: Asker
    ) throws(RequestRefusal) {
        try expectOperator(asker)
        let seconds = min(seconds, ChatLimits.longestSeconds)
        let text = text.cut(toBytes: ChatLimits.explanationBytes)
        switch action {
        case .op, .deop: try setOperator(action == .op, name: name, for: asker)
        case .kick: try kick(name, reason: text, for: asker)
        case .ban: try ban(name, reason: text, for: asker)
        case .unban: try unban(name, for: asker)
        case .mute: try mute(name, seconds: seconds, reason: text, for: asker)
        case .unmute: try unmute(name, for: asker)
        case .slow:
            rules.slowSeconds = seconds
            storing.note(.put(rules.roomRecord))
            note(action, name: "", seconds: seconds, text: "", for: asker)
            tellFacts()
        }
    }

    private mutating func setOperator(_ isOperator: Bool, name: String, for asker: Asker) throws(RequestRefusal) {
        let (id, shown) = try person(named: name)
        guard var account = accounts[id] else { throw RequestRefusal(.noSuchUser, .noSuchUser(shown)) }
        guard account.isOperator != isOperator else {
            throw RequestRefusal(.notAllowed, isOperator ? .isOperator(shown) : .isNoOperator(shown))
        }
        account.isOperator = isOperator
        update(account)
        note(isOperator ? .op : .deop, name: shown, for: asker)
        tell(id, isOperator ? .madeOperatorBy(asker.name) : .noOperatorBy(asker.name))
        for session in sessions(of: id) where feeds[session.id]?.hasFollowed == true {
            hold(.effect(.send(.facts(facts(for: session)), to: session.id)))
        }
    }

    private mutating func kick(_ name: String, reason: String, for asker: Asker) throws(RequestRefusal) {
        let session = try present(name)
        note(.kick, name: session.name.display, text: reason, for: asker)
        expel(session, .kicked, for: asker)
    }

    private mutating func mute(
        _ name: String, seconds: UInt32, reason: String, for asker: Asker
    ) throws(RequestRefusal) {
        let (id, shown) = try person(named: name)
        guard var account = accounts[id] else { throw RequestRefusal(.noSuchUser, .noSuchUser(shown)) }
        let ends: Instant? = seconds == 0 ? nil : asker.now + .seconds(Int(seconds))
        let until = seconds == 0 ? nil : WallTime(milliseconds: asker.wall.milliseconds &+ Int64(seconds) * 1_000)
        let mute = Mute(account: id, shown: shown, until: until, seconds: seconds, ends: ends)
        guard rules.insert(mute) else { throw RequestRefusal(.tooMany, .tooManyBans) }
        storing.note(.put(mute.record))
        account.isMuted = true
        update(account)
        note(.mute, name: shown, seconds: seconds, text: reason, for: asker)
        tell(id, .mutedBy(asker.name, seconds: seconds, reason: reason))
    }

    /// The person may have gone or changed the name meanwhile: the name at the time of the mute counts too.
    private mutating func unmute(_ name: String, for asker: Asker) throws(RequestRefusal) {
        let key = configuration.prepareName(name)?.key
        let named = (try? person(named: name).0).flatMap { rules.mutes[$0] }
        let known = named ?? rules.mutes.values.first { configuration.prepareName($0.shown)?.key == key }
        guard let mute = known else {
            let (_, shown) = try person(named: name)
            throw RequestRefusal(.notAllowed, .notMuted(shown))
        }
        forget(mute)
        note(.unmute, name: mute.shown, for: asker)
        tell(mute.account, .unmutedBy(asker.name))
    }

    private mutating func forget(_ mute: Mute) {
        rules.removeMute(mute.account)
        storing.note(.delete(collection: Collection.mutes, key: Account.key(mute.account)))
        guard var account = accounts[mute.account] else { return }
        account.isMuted = false
        update(account)
    }

    /// Takes back the mutes whose time is over.
    mutating func endMutes(at now: Instant) {
        while let mute = rules.endedMute(at: now) {
            forget(mute)
            tell(mute.account, .muteIsOver)
        }
    }

    /// Puts a member out at once: nothing of what comes later reaches them, not even the entry that tells it. What was
    /// promised to a connection that is just being made is void.
    mutating func expel(_ session: Session, _ reason: LeaveReason, for asker: Asker) {
        guard names[session.id] != nil else { return }
        if var account = accounts[session.account] {
            account.expulsions += 1
            accounts.insert(account)
        }
        emit(.expel(session.id, reason))
        leave(session.id, reason: reason, at: asker.now, wall: asker.wall)
    }

    /// Who was put out may not know: the connection was never heard to confirm it. The same program is told when it comes
    /// back by itself, once; whoever comes back after that knows.
    package mutating func noteUnheard(_ reason: LeaveReason, by id: MemberID) {
        memory.update(id) { $0.untold = reason }
    }

    /// What the program of a login is still to be told.
    mutating func takeUntold(_ request: LoginRequest, _ device: DeviceID) -> Refusal? {
        let key = SessionKey(device: device, incarnation: request.incarnation)
        guard let session = memory.session(key), session.untold != nil else { return nil }
        memory.update(session.id) { $0.untold = nil }
        return Refusal(code: .kicked, text: ServerSentence.kicked.wireText)
    }

    private func present(_ name: String) throws(RequestRefusal) -> Session {
        guard let key = configuration.prepareName(name)?.key, let session = names.holder(of: key) else {
            throw RequestRefusal(.noSuchUser, .noSuchUser(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        return session
    }

    // MARK: Telling

    /// Puts an act into the room's log and the audit.
    mutating func note(
        _ action: Moderation, name: String, seconds: UInt32 = 0, text: String = "", for asker: Asker
    ) {
        append(.moderated(action, name: name, seconds: seconds, text: text), to: .room, for: asker)
        let sentence = action.summary(name: name, seconds: seconds, text: text)
        audit(sentence, by: asker.name, wall: asker.wall)
    }

    /// Keeps who did what.
    mutating func audit(_ sentence: String, by actor: String, wall: WallTime) {
        let entry = AuditEntry(number: rules.lastAudit + 1, time: wall, actor: actor, text: sentence)
        if let oldest = rules.note(entry) {
            storing.note(.delete(collection: Collection.audit, key: oldest.key))
        }
        storing.note(.put(entry.record))
    }

    /// What operators did last, oldest first.
    package func audit(last count: Int) -> [AuditEntry] { rules.audit.suffix(max(0, count)) }

    func facts(for session: Session) -> RoomFacts {
        let account = accounts[session.account]
        return RoomFacts(
            topic: rules.topic, slowSeconds: rules.slowSeconds, isOperator: account?.isOperator ?? false,
            isRegistered: account?.registered.map { $0.key == session.name.key } ?? false)
    }

    mutating func tellFacts() {
        for session in names.all where feeds[session.id]?.hasFollowed == true {
            hold(.effect(.send(.facts(facts(for: session)), to: session.id)))
        }
    }

    /// Says a sentence to a person, if the person is there, once what it is about is stored.
    mutating func tell(_ id: AccountID, _ sentence: ServerSentence) {
        for session in sessions(of: id) {
            hold(.effect(.send(.notice(sentence.wireText), to: session.id)))
        }
    }
}

extension Moderation {
    /// What was done, as it is typed: `mute bob 300 s (too loud)`.
    package func summary(name: String, seconds: UInt32, text: String) -> String {
        let isOff = self == .slow && seconds == 0
        let parts = [
            word, name, seconds > 0 ? "\(seconds) s" : "", isOff ? "off" : "", text.isEmpty ? "" : "(\(text))",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
