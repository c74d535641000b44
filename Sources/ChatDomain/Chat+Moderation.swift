import Basics
import ChatProtocol

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
        guard !rules.isMuted(asker.session.account, at: asker.now) else { throw RequestRefusal(.muted, .muted) }
    }

    /// In the room slow mode counts too, but not for operators.
    func expectWord(for asker: Asker) throws(RequestRefusal) {
        try expectVoice(for: asker)
        guard rules.slowSeconds > 0, !isOperator(asker.session.account), let last = names[asker.id]?.lastLine else {
            return
        }
        let ready = last + .seconds(Int(rules.slowSeconds))
        guard ready <= asker.now else {
            throw RequestRefusal(.slowMode, .slowMode(seconds: Self.secondsUp(ready - asker.now)))
        }
    }

    mutating func noteLine(_ asker: Asker) {
        guard rules.slowSeconds > 0, var session = names[asker.id] else { return }
        session.lastLine = asker.now
        names.insert(session)
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
        account.isOperator = isOperator
        update(account)
        note(isOperator ? .op : .deop, name: shown, for: asker)
        for session in sessions(of: id) { emit(.send(.facts(facts(for: session)), to: session.id)) }
    }

    private mutating func kick(_ name: String, reason: String, for asker: Asker) throws(RequestRefusal) {
        let session = try present(name)
        note(.kick, name: session.name.display, text: reason, for: asker)
        expel(session, .kicked, for: asker)
    }

    /// A person is banned by name and devices, never by address: whole classes share one. Addresses are banned by naming
    /// them.
    private mutating func ban(_ name: String, reason: String, for asker: Asker) throws(RequestRefusal) {
        if let range = addressRange(name) {
            try insert(Ban(subject: .addresses(range), shown: "\(range)", reason: reason))
            note(.ban, name: "\(range)", text: reason, for: asker)
            for session in names.all where range.contains(session.address) { expel(session, .banned, for: asker) }
            return
        }
        guard let prepared = configuration.prepareName(name) else {
            throw RequestRefusal(.nameInvalid, .nameInvalid(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        let known = try? person(named: name)
        guard known?.0 != asker.session.account else { throw RequestRefusal(.notAllowed, .notYourself) }
        let devices = known.flatMap { accounts[$0.0]?.devices } ?? []
        try insert(
            Ban(
                subject: .person(nameKey: prepared.key, devices: devices), shown: known?.shown ?? prepared.display,
                reason: reason))
        note(.ban, name: known?.shown ?? prepared.display, text: reason, for: asker)
        guard let account = known?.0 else { return }
        for session in sessions(of: account) { expel(session, .banned, for: asker) }
        if let kept = reservations.remove(prepared.key) { remember(kept) }
    }

    private mutating func insert(_ ban: Ban) throws(RequestRefusal) {
        guard rules.insert(ban) else { throw RequestRefusal(.tooMany, .tooManyBans) }
        storing.note(.put(ban.record))
    }

    private mutating func unban(_ name: String, for asker: Asker) throws(RequestRefusal) {
        let keys = [
            addressRange(name).map { Ban(subject: .addresses($0), shown: "", reason: "").key },
            configuration.prepareName(name).map { Ban.key(ofPerson: $0.key) },
        ]
        for key in keys.compactMap({ $0 }) {
            guard let ban = rules.removeBan(key) else { continue }
            storing.note(.delete(collection: Collection.bans, key: Array(key.utf8)))
            return note(.unban, name: ban.shown, for: asker)
        }
        throw RequestRefusal(.noSuchUser, .notBanned(name.cut(toBytes: ChatLimits.nameBytes)))
    }

    private mutating func mute(
        _ name: String, seconds: UInt32, reason: String, for asker: Asker
    ) throws(RequestRefusal) {
        let (account, shown) = try person(named: name)
        let ends: Instant? = seconds == 0 ? nil : asker.now + .seconds(Int(seconds))
        let until = seconds == 0 ? nil : WallTime(milliseconds: asker.wall.milliseconds &+ Int64(seconds) * 1_000)
        let mute = Mute(account: account, shown: shown, until: until, ends: ends)
        guard rules.insert(mute) else { throw RequestRefusal(.tooMany, .tooManyBans) }
        storing.note(.put(mute.record))
        note(.mute, name: shown, seconds: seconds, text: reason, for: asker)
    }

    private mutating func unmute(_ name: String, for asker: Asker) throws(RequestRefusal) {
        let (account, shown) = try person(named: name)
        guard rules.removeMute(account) != nil else { throw RequestRefusal(.noSuchUser, .notMuted(shown)) }
        storing.note(.delete(collection: Collection.mutes, key: Account.key(account)))
        note(.unmute, name: shown, for: asker)
    }

    /// Puts a member out at once: nothing of what comes later reaches them, not even the entry that tells it.
    private mutating func expel(_ session: Session, _ reason: LeaveReason, for asker: Asker) {
        emit(.expel(session.id, reason))
        leave(session.id, reason: reason, at: asker.now, wall: asker.wall)
    }

    private func present(_ name: String) throws(RequestRefusal) -> Session {
        guard let key = configuration.prepareName(name)?.key, let session = names.holder(of: key) else {
            throw RequestRefusal(.noSuchUser, .noSuchUser(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        return session
    }

    private func addressRange(_ text: String) -> AddressRange? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = configuration.readAddress(String(first)) else { return nil }
        guard parts.count == 2 else { return AddressRange(address, bits: nil) }
        guard let bits = Int(parts[1]), (1...128).contains(bits) else { return nil }
        return AddressRange(address, bits: bits)
    }

    // MARK: Telling

    /// Puts an act into the room's log and the audit.
    private mutating func note(
        _ action: Moderation, name: String, seconds: UInt32 = 0, text: String = "", for asker: Asker
    ) {
        append(.moderated(action, name: name, seconds: seconds, text: text), to: .room, for: asker)
        let sentence = [
            action.word, name, seconds > 0 ? "\(seconds) s" : "", text.isEmpty ? "" : "(\(text))",
        ].filter { !$0.isEmpty }.joined(separator: " ")
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
            emit(.send(.facts(facts(for: session)), to: session.id))
        }
    }
}
