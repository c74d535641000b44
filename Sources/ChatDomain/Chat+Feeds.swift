import Basics
package import ChatProtocol

/// Which logs a session is fed beside the room's, and under which alias.
struct Feeds: Sendable {
    private(set) var aliases: [LogID: UInt64] = [:]
    private var lastAlias = ChannelAlias.room
    /// Whether the client said how far it has what; before that nothing beside the room is fed.
    var hasFollowed = false

    /// An alias that this connection never had.
    mutating func begin(_ log: LogID) -> UInt64 {
        lastAlias += 1
        aliases[log] = lastAlias
        return lastAlias
    }

    /// - Returns: the alias that it had.
    mutating func end(_ log: LogID) -> UInt64? { aliases.removeValue(forKey: log) }
}

/// Following: the client says how far it has its logs, and is fed from there.
extension Chat {
    /// A session has a new connection: its feeds begin anew.
    mutating func resetFeeds(of id: MemberID) {
        feeds[id] = Feeds()
    }

    /// Everybody of an account who is present.
    func sessions(of account: AccountID) -> [Session] {
        names.sessions(of: account)
    }

    /// The client says how far it has which logs; once for each login.
    mutating func follow(_ positions: [LogPosition], by session: Session) {
        guard feeds[session.id]?.hasFollowed == false, var account = accounts[session.account] else { return }
        feeds[session.id]?.hasFollowed = true
        let cursors = Dictionary(positions.map { ($0.log, $0.cursor) }, uniquingKeysWith: { first, _ in first })
        for log in account.groups + (account.inbox.map { [$0] } ?? []) {
            guard let known = logs[log] else { continue }
            if let cursor = cursors[log], cursor.epoch == known.epoch, cursor.number <= known.end {
                if known.kind == .inbox, cursor.number > account.inboxRead {
                    account.inboxRead = cursor.number
                    update(account)
                }
                // A cursor that was moved tells the client that something it has not seen was removed.
                let after = max(cursor.number, known.trimmedThrough)
                startFeeding(log, to: session, after: after, isContinued: true)
                if known.hasLost(cursor.number) { tellForgotten(in: log, to: session.id) }
            } else {
                let after =
                    known.kind == .inbox
                    ? max(min(account.inboxRead, known.visible), known.trimmedThrough)
                    : known.cursor(beforeLast: session.history)
                // The client has nothing of it, and what it should have been fed is no longer all there.
                if known.kind == .inbox, known.trimmedThrough > account.inboxRead { tellLoss(in: log, to: session.id) }
                startFeeding(log, to: session, after: after, isContinued: false)
            }
        }
        emit(.send(.followed, to: session.id))
        emit(.send(.facts(facts(for: session)), to: session.id))
    }

    /// Announces a log to a session that follows, and feeds it.
    mutating func startFeeding(_ log: LogID, to session: Session, after number: EntryNumber, isContinued: Bool) {
        guard feeds[session.id]?.hasFollowed == true, feeds[session.id]?.aliases[log] == nil, let known = logs[log],
            let alias = feeds[session.id]?.begin(log)
        else { return }
        let announcement = LogAnnouncement(
            alias: alias, log: log, kind: known.kind, title: groups[log]?.name.display ?? "", epoch: known.epoch,
            cursor: number, end: max(known.visible, number), isContinued: isContinued)
        emit(.send(.log(announcement), to: session.id))
        emit(.feed(log, alias: alias, after: announcement.cursor, to: session.id))
    }

    /// A session no longer follows a log, as soon as that is stored: what it said there before is stored by then too.
    mutating func stopFeeding(_ log: LogID, to session: Session) {
        hold(.unfollow(log, session.id))
    }

    /// That somebody left a log is stored.
    mutating func unfollow(_ log: LogID, _ id: MemberID) {
        // Who came back meanwhile goes on.
        if let session = names[id], accounts[session.account]?.groups.contains(log) == true { return }
        guard let alias = feeds[id]?.end(log) else { return }
        emit(.stopFeeding(alias: alias, to: id))
        emit(.send(.unfollowed(log), to: id))
    }

    /// The logs that a present member of that name should follow, the room's included.
    package func logs(of name: String) -> [LogID] {
        guard let session = names.all.first(where: { $0.name.display == name }),
            let account = accounts[session.account]
        else { return [] }
        return [.room] + account.groups + (account.inbox.map { [$0] } ?? [])
    }

    /// Under which alias a present member is fed a log; nil when it is not.
    package func alias(of log: LogID, for id: MemberID) -> UInt64? {
        log == .room ? (names[id] == nil ? nil : ChannelAlias.room) : feeds[id]?.aliases[log]
    }
}
