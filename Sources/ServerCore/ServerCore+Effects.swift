import Basics
import ChatDomain
import ChatProtocol
import Transport

/// What the room wants done.
extension ServerCore {
    mutating func run(_ effect: Effect, at now: Instant, wall: WallTime) {
        switch effect {
        case .appended(let log, let number): endpoint.logGrew(UInt64(log.rawValue), through: number)
        case .send(let event, let member): send(event, to: member, at: now, wall: wall)
        case .feed(let log, let alias, let after, let member):
            guard let peer = peerOfMember[member] else { return }
            endpoint.feed(log: UInt64(log.rawValue), as: alias, after: after, to: peer, at: now)
        case .stopFeeding(let alias, let member):
            guard let peer = peerOfMember[member] else { return }
            endpoint.stopFeeding(alias: alias, to: peer, at: now)
        case .expel(let member, let reason): expel(member, reason, at: now)
        case .replaced(let member):
            if let peer = peerOfMember[member] { replace(peer, at: now) }
        case .read(let reading): read(reading)
        case .observed(let observation): observations.append(observation)
        }
    }

    private mutating func send(_ event: ServerEvent, to member: MemberID, at now: Instant, wall: WallTime) {
        guard let peer = peerOfMember[member], !endpoint.sendControl(event.encoded(), to: peer, at: now) else { return }
        endpoint.close(peer, CloseReason(code: CloseReason.violation, text: "too many requests at once"), at: now)
        lose(peer, reason: .timeout, at: now, wall: wall)
    }

    /// The person is out: the connection says why and sends nothing else any more.
    private mutating func expel(_ member: MemberID, _ reason: LeaveReason, at now: Instant) {
        guard let peer = peerOfMember.removeValue(forKey: member) else { return }
        memberOfPeer[peer] = nil
        renewals.remove(peer)
        expelled = expelled.filter { endpoint.holds($0.key) }
        expelled[peer] = (member, reason)
        endpoint.close(peer, CloseReason(code: CloseReason.firstApplicationCode, text: reason.rawValue), at: now)
    }

    /// Questions about links are answered here, where the links are.
    ///
    /// - Returns: whether it was one.
    mutating func answerAboutLinks(_ request: ClientRequest, from member: MemberID, at now: Instant) -> Bool {
        guard case .ask(let question, let label) = request else { return false }
        switch question {
        case .people:
            let links = Dictionary(uniqueKeysWithValues: chat.members.map { ($0.id, link(of: $0.id, at: now)) })
            chat.answerPeople(label: label, to: member) { links[$0] ?? (0, 0, 0) }
            return true
        case .seen(let place, let number):
            let (endpoint, peers, aliases) = (endpoint, peerOfMember, chat)
            chat.answerSeen(label: label, in: place, number: number, to: member) { member, log in
                guard let peer = peers[member], let alias = aliases.alias(of: log, for: member) else { return nil }
                return endpoint.arrivedThrough(alias: alias, at: peer)
            }
            return true
        case .members, .groups, .history, .search: return false
        }
    }

    private func link(of member: MemberID, at now: Instant) -> (roundTrip: UInt32, loss: UInt16, silence: UInt32) {
        guard let peer = peerOfMember[member] else { return (0, 0, 0) }
        let path = endpoint.path(of: peer)
        let roundTrip = path.flatMap { $0.hasSample ? $0.smoothed.wholeNanoseconds / 1_000 : nil } ?? 0
        let silence = endpoint.lastHeard(of: peer).map { (now - $0).wholeNanoseconds / 1_000_000 } ?? 0
        return (
            UInt32(clamping: roundTrip), UInt16(clamping: Int(endpoint.loss(of: peer) * 1_000)),
            UInt32(clamping: silence)
        )
    }
}
