import Basics
package import ChatProtocol

/// Answers: what members want to know.
extension Chat {
    mutating func answer(_ question: Question, label: UInt32, to session: Session) {
        do throws(RequestRefusal) {
            switch question {
            case .members(.room): sendMembers(label: label, to: session.id)
            case .members(let place):
                let group = try group(place, for: session)
                send(ServerEvent.memberLists(label: label, names: memberNames(of: group)), to: session.id)
            case .groups: send(ServerEvent.groupLists(label: label, groupSummaries(for: session)), to: session.id)
            case .history(let place, let before, let count):
                try answerHistory(of: place, before: before, count: count, label: label, to: session)
            case .search(let place, let words, let count):
                try answerSearch(in: place, words: words, count: count, label: label, to: session)
            case .people, .seen: break  // The surroundings know the links.
            }
        } catch {
            emit(.send(.failed(label: label, code: error.code, text: error.sentence.wireText), to: session.id))
        }
    }

    /// Everybody who is present, and who was when the server ended and is not back: nobody was told that they are gone.
    mutating func sendMembers(label: UInt32, to id: MemberID) {
        let returning = reservations.all.filter(\.isReturning)
        let all = names.displayNames + returning.map(\.name.display)
        send(ServerEvent.memberLists(label: label, names: all), to: id)
    }

    mutating func send(_ events: [ServerEvent], to id: MemberID) {
        for event in events { emit(.send(event, to: id)) }
    }

    // MARK: Groups

    private func group(_ place: Place, for session: Session) throws(RequestRefusal) -> Group {
        guard case .group(let name) = place else { throw RequestRefusal(.usage, .noMembersThere) }
        return try visibleGroup(named: name, to: session.account)
    }

    /// The owner first, then in the order of joining; by the name that each had last.
    func memberNames(of group: Group) -> [String] {
        ([group.owner] + group.members.filter { $0 != group.owner }).compactMap { accounts[$0]?.name.display }
    }

    private func groupSummaries(for session: Session) -> [GroupSummary] {
        groups.all.compactMap { group in
            let isOwn = group.members.contains(session.account)
            guard isOwn || !group.isPrivate || group.invited.contains(session.account) else { return nil }
            return GroupSummary(
                name: group.name.display, memberCount: UInt32(group.members.count), isPrivate: group.isPrivate,
                isOwn: isOwn)
        }
    }

    // MARK: Who has what

    /// Who is in the room, for `:who`.
    ///
    /// - Parameter link: round trip in microseconds, loss in thousandths, silence in milliseconds of a member.
    package mutating func answerPeople(
        label: UInt32, to id: MemberID, link: (MemberID) -> (roundTrip: UInt32, loss: UInt16, silence: UInt32)
    ) {
        let people = names.all.map { session in
            let (roundTrip, loss, silence) = link(session.id)
            let account = accounts[session.account]
            return Presence(
                name: session.name.display, away: account?.away ?? "", isOperator: account?.isOperator ?? false,
                roundTripMicroseconds: roundTrip, lossPerMille: loss, silenceMilliseconds: silence)
        }
        send(ServerEvent.peopleLists(label: label, people), to: id)
    }

    /// Who has an entry: of those in the room, or of the members of a group, the asker not counted.
    ///
    /// - Parameter arrived: up to which number a log has arrived at a member who is present.
    package mutating func answerSeen(
        label: UInt32, in place: Place, number: EntryNumber, to id: MemberID,
        arrived: (MemberID, LogID) -> EntryNumber?
    ) {
        guard let asker = names[id] else { return }
        do throws(RequestRefusal) {
            guard let own = try log(of: place, for: asker), number <= end(of: own) else {
                throw RequestRefusal(.noSuchLine, .noSuchLine)
            }
            let (log, number) = try place.isPerson ? whereTheyHave(number, of: own, place) : (own, number)
            let followers = followers(of: place, log: log, without: asker.account)
            let present = Dictionary(grouping: names.all, by: \.account)
            let missing = followers.filter { account in
                let isRead = place.isPerson && accounts[account].map { $0.inboxRead >= number } == true
                return !isRead && !(present[account] ?? []).contains { (arrived($0.id, log) ?? 0) >= number }
            }
            let shown = missing.prefix(ChatLimits.namesInSeen).compactMap { accounts[$0]?.name.display }
            let event = ServerEvent.seen(
                label: label, total: UInt32(followers.count), missingCount: UInt32(missing.count), missing: shown)
            emit(.send(event, to: id))
        } catch {
            emit(.send(.failed(label: label, code: error.code, text: error.sentence.wireText), to: id))
        }
    }

    /// In which log, and under which number, the other person has a private line; one to oneself nobody else has.
    private func whereTheyHave(
        _ number: EntryNumber, of own: LogID, _ place: Place
    ) throws(RequestRefusal) -> (LogID, EntryNumber) {
        guard let name = place.name, let twin = twin(of: number, in: own) else {
            throw RequestRefusal(.noSuchLine, .noSuchLine)
        }
        let inbox = accounts[try person(named: name).0]?.inbox
        guard let inbox, twin == 0 ? inbox == own : self.twin(of: twin, in: inbox) == number else {
            throw RequestRefusal(.noSuchLine, .noSuchLine)
        }
        return (inbox, twin == 0 ? number : twin)
    }

    private func followers(of place: Place, log: LogID, without asker: AccountID) -> [AccountID] {
        switch place {
        case .room:
            var seen: Set<AccountID> = [asker]
            let present = names.all.map(\.account) + reservations.all.map(\.account)
            return present.filter { seen.insert($0).inserted }
        case .group: return (groups[log]?.members ?? []).filter { $0 != asker }
        case .person(let name): return ((try? person(named: name)).map { [$0.0] } ?? []).filter { $0 != asker }
        }
    }
}
