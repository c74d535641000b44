package import Basics
package import ChatProtocol

/// What the console orders beside saying a line.
package enum OperatorOrder: Hashable, Sendable {
    case moderate(Moderation, name: String, seconds: UInt32, text: String)
    case rename(from: String, to: String)
    case personal(to: String, text: String)
    case topic(String)
}

/// The console: it may do everything, and asks without being a member.
extension Chat {
    /// Does what the operator orders.
    ///
    /// - Returns: nil when it was done, else why not.
    package mutating func operate(_ order: OperatorOrder, at now: Instant, wall: WallTime) -> Refusal? {
        expire(at: now, wall: wall)
        guard !storing.isStuck else { return Refusal(code: .storage, text: ServerSentence.storage.wireText) }
        let asker = Asker(session: operatorSession(wall), outbox: 0, now: now, wall: wall)
        do throws(RequestRefusal) {
            switch order {
            case .moderate(let action, let name, let seconds, let text):
                try moderate(action, name: name, seconds: seconds, text: text, for: asker)
            case .rename(let old, let new): try rename(old, to: new, for: asker)
            case .personal(let name, let text): try sayPersonally(text, to: name, for: asker)
            case .topic(let text): try perform(.topic(text, in: .room), for: asker)
            }
            return nil
        } catch {
            return Refusal(code: error.code, text: error.sentence.wireText)
        }
    }

    /// The names of the members of a group, the owner first; nil when there is no such group.
    package func groupMembers(_ name: String) -> [String]? {
        guard let key = configuration.prepareName(name)?.key, let group = groups.group(named: key) else { return nil }
        return memberNames(of: group)
    }

    /// Every group, private ones included.
    package var groupSummaries: [GroupSummary] {
        groups.all.map {
            GroupSummary(
                name: $0.name.display, memberCount: UInt32($0.members.count), isPrivate: $0.isPrivate, isOwn: false)
        }
    }

    /// Whom and what bans keep out: as named, and why; in the order of the names.
    package var bans: [(shown: String, reason: String)] {
        rules.bans.values.map { ($0.shown, $0.reason) }.sorted { $0.shown < $1.shown }
    }

    /// Who may not write, and for how long still; nil: not by itself.
    package func mutes(at now: Instant) -> [(shown: String, left: Duration?)] {
        rules.mutes.values.map { mute in (mute.shown, mute.ends.map { max(.zero, $0 - now) }) }
            .sorted { $0.shown < $1.shown }
    }

    /// How much is kept of what, for `:stats`.
    package var counts: ChatCounts {
        ChatCounts(
            members: names.count, reserved: reservations.count, accounts: accounts.count, groups: groups.count,
            logs: logs.count, bans: rules.bans.count, mutes: rules.mutes.count, roomEnd: logs.room.end,
            topic: rules.topic,
            slowSeconds: rules.slowSeconds)
    }

    /// Says a sentence to everybody who is present. It stands in no log.
    package mutating func announce(_ sentence: ServerSentence) {
        let text = sentence.wireText
        for session in names.all { emit(.send(.notice(text), to: session.id)) }
    }

    private func operatorSession(_ wall: WallTime) -> Session {
        Session(
            id: .server, account: .server, device: .none, incarnation: 0, name: configuration.operatorName,
            address: .loopback(port: 0), since: wall)
    }

    private mutating func rename(_ old: String, to new: String, for asker: Asker) throws(RequestRefusal) {
        guard let key = configuration.prepareName(old)?.key, let session = names.holder(of: key) else {
            throw RequestRefusal(.noSuchUser, .noSuchUser(old.cut(toBytes: ChatLimits.nameBytes)))
        }
        guard let prepared = configuration.prepareName(new) else {
            throw RequestRefusal(.nameInvalid, .nameInvalid(new.cut(toBytes: ChatLimits.nameBytes)))
        }
        let isSame = session.name.display.utf8.elementsEqual(prepared.display.utf8)
        guard isFree(prepared, for: session), !isSame else {
            throw RequestRefusal(.nameTaken, .nameTaken(prepared.display))
        }
        give(prepared, to: session, outbox: 0, wall: asker.wall)
        tell(session.account, .renamedBy(asker.name, to: prepared.display))
        audit("rename \(session.name.display) \(prepared.display)", by: asker.name, wall: asker.wall)
    }

    /// The operator has no inbox: only the other person keeps the line.
    private mutating func sayPersonally(_ text: String, to name: String, for asker: Asker) throws(RequestRefusal) {
        if let fault = MessageText.fault(in: text) { throw RequestRefusal(fault.code, .unfitText(fault)) }
        let (account, shown) = try person(named: name)
        let number = append(.personal(.text(text), to: shown, twin: 0), to: inbox(of: account), for: asker)
        hold(.effect(.observed(.personal(id: number, from: asker.name, to: shown, time: asker.wall))))
    }
}

/// How much the chat keeps of what.
package struct ChatCounts: Hashable, Sendable {
    /// Who is present.
    package let members: Int
    /// Who is lost, with the name still reserved.
    package let reserved: Int
    /// Everybody who is known.
    package let accounts: Int
    package let groups: Int
    /// Logs: the room's, one of each group, one of each person with private lines.
    package let logs: Int
    package let bans: Int
    package let mutes: Int
    /// The number of the room's last entry.
    package let roomEnd: EntryNumber
    /// The room's topic; empty when there is none.
    package let topic: String
    /// Slow mode: seconds between two lines of a member; 0: off.
    package let slowSeconds: UInt32
}
