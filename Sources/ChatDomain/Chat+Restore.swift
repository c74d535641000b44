import Basics
import ChatProtocol

/// Keeping what must survive the server, and going on from it.
extension Chat {
    /// Puts a newer state of an account in its place, and stores it when it is worth that.
    mutating func update(_ account: Account) {
        let wasStored = accounts[account.id]?.isWorthStoring ?? false
        accounts.insert(account)
        if account.isWorthStoring {
            if !wasStored { storing.note(.count(counter: Counter.account, through: UInt64(account.id.rawValue))) }
            storing.note(.put(account.record))
        } else if wasStored {
            storing.note(.delete(collection: Collection.accounts, key: Account.key(account.id)))
        }
    }

    mutating func update(_ group: Group) {
        groups.insert(group)
        storing.note(.put(group.record))
    }

    /// The account of a device: the known one, or a new one under that name.
    mutating func account(of device: DeviceID, named name: PreparedName) -> Account {
        if var account = accounts.account(of: device) {
            if account.name != name {
                account.name = name
                update(account)
            }
            return account
        }
        if accounts.count >= configuration.accountLimit, let guest = forgettableGuest() { forget(guest) }
        let account = Account(id: accounts.makeID(), devices: [device], name: name)
        accounts.insert(account)
        return account
    }

    /// Whether somebody new can be remembered, if need be in the place of a guest who left nothing but private lines.
    var hasRoomForAccount: Bool { accounts.count < configuration.accountLimit || forgettableGuest() != nil }

    private func forgettableGuest() -> Account? {
        let wanted = Set((names.all + reservations.all).map(\.account))
        return accounts.oldest { $0.isGuest && !wanted.contains($0.id) }
    }

    private mutating func forget(_ guest: Account) {
        accounts.remove(guest.id)
        if guest.isWorthStoring { storing.note(.delete(collection: Collection.accounts, key: Account.key(guest.id))) }
        guard let inbox = guest.inbox else { return }
        logs.remove(inbox)
        storing.note(.drop(inbox))
    }

    mutating func store(_ session: Session, isPresent: Bool) {
        storing.note(.putSession(SessionRecord(session, isPresent: isPresent).stored))
    }

    /// Keeps a session for its outbox alone; a guest's account that left no trace goes with the last of its sessions.
    mutating func remember(_ session: Session) {
        var session = session
        // Whoever is only remembered is nobody whom the others take for present.
        session.isReturning = false
        guard let forgotten = memory.insert(session) else { return }
        storing.note(.deleteSession(forgotten.id))
        let account = forgotten.account
        guard accounts[account]?.isWorthStoring == false, sessions(of: account).isEmpty else { return }
        accounts.remove(account)
    }

    /// A name is not kept for a session any more. If nobody was told that it is gone, they are told now.
    mutating func forgo(_ session: Session, wall: WallTime) {
        var session = session
        if session.isReturning {
            session.isReturning = false
            appendToRoom(.left(.timeout), of: session, wall: wall)
            store(session, isPresent: false)
        }
        remember(session)
    }

    /// Goes on from what was stored. Who was present when the server ended may come back for a while before anybody is
    /// told that they are gone.
    mutating func restore(_ stored: StoredState, at now: Instant, wall: WallTime) {
        for record in stored.records { restore(record, at: now, wall: wall) }
        rules.sortAudit()
        for id in rules.mutes.keys {
            guard var account = accounts[id] else { continue }
            account.isMuted = true
            accounts.insert(account)
        }
        for loaded in stored.logs {
            let kind = loaded.log.kind
            logs.insert(ChatLog(loaded, kind: kind, bounds: configuration.bounds(of: kind)))
        }
        logs.reserve(through: UInt32(truncatingIfNeeded: stored.counters[Counter.log] ?? 0))
        accounts.reserve(through: UInt32(truncatingIfNeeded: stored.counters[Counter.account] ?? 0))
        memberNumbers.last = UInt32(truncatingIfNeeded: stored.counters[Counter.member] ?? 0)
        for item in stored.sessions {
            guard let record = try? SessionRecord(item) else { continue }
            restore(record, at: now)
        }
    }

    private mutating func restore(_ record: SessionRecord, at now: Instant) {
        var session = record.session
        memberNumbers.last = max(memberNumbers.last, session.id.rawValue)
        accounts.reserve(through: session.account.rawValue)
        if accounts[session.account] == nil {
            accounts.insert(Account(id: session.account, devices: [session.device], name: session.name))
        }
        guard record.isPresent, reservations.session(holding: session.name.key) == nil else {
            return remember(session)
        }
        session.isReturning = true
        if let displaced = reservations.insert(session, for: ChatLimits.returning, at: now) { remember(displaced) }
    }

    private mutating func restore(_ record: StoredRecord, at now: Instant, wall: WallTime) {
        switch record.collection {
        case Collection.accounts:
            guard let account = try? Account(record) else { return }
            accounts.insert(account)
            accounts.reserve(through: account.id.rawValue)
        case Collection.groups:
            if let group = try? Group(record) { groups.insert(group) }
        default: rules.restore(record, at: now, wall: wall)
        }
    }
}
