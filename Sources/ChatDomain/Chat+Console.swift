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
        guard !storing.isStuck else { return Refusal(code: .storage, text: Sentence.storage.english) }
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
            return Refusal(code: error.code, text: error.sentence.english)
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
        guard isFree(prepared, for: session.account) else {
            throw RequestRefusal(.nameTaken, .nameTaken(prepared.display))
        }
        give(prepared, to: session, outbox: 0, wall: asker.wall)
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
