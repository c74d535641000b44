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
            emit(.send(.failed(label: label, code: error.code, text: error.sentence.english), to: session.id))
        }
    }

    mutating func sendMembers(label: UInt32, to id: MemberID) {
        send(ServerEvent.memberLists(label: label, names: names.all.map(\.name.display)), to: id)
    }

    private mutating func send(_ events: [ServerEvent], to id: MemberID) {
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

    // MARK: History and search

    /// The log that a place means for a member: the room's, a group's that the member belongs to, or the own inbox.
    func log(of place: Place, for session: Session) throws(RequestRefusal) -> LogID? {
        switch place {
        case .room: return .room
        case .group(let name):
            let group = try visibleGroup(named: name, to: session.account)
            guard group.members.contains(session.account) else {
                throw RequestRefusal(.notAMember, .notAMember(group.name.display))
            }
            return group.log
        case .person: return accounts[session.account]?.inbox
        }
    }

    private mutating func answerHistory(
        of place: Place, before: EntryNumber, count: Int, label: UInt32, to session: Session
    ) throws(RequestRefusal) {
        guard let id = try log(of: place, for: session), let log = logs[id] else {
            return send(ServerEvent.entryLists(label: label, []), to: session.id)
        }
        let isWanted = try filter(for: place)
        let found = log.newest(min(count, ChatLimits.entriesPerAnswer), before: before, where: isWanted)
        guard found.count < count, !log.isWhole, let question = ask(label, for: session.id) else {
            return send(ServerEvent.entryLists(label: label, found), to: session.id)
        }
        emit(.read(.before(id, number: before, limit: count, question: question)))
    }

    private mutating func answerSearch(
        in place: Place, words: String, count: Int, label: UInt32, to session: Session
    ) throws(RequestRefusal) {
        guard let id = try log(of: place, for: session), logs[id] != nil else {
            return send(ServerEvent.entryLists(label: label, []), to: session.id)
        }
        guard let question = ask(label, for: session.id) else {
            throw RequestRefusal(.tooMany, .tooManyQuestions)
        }
        emit(.read(.search(id, words: words, limit: count, question: question)))
    }

    /// Which entries of a log belong to a place: a private conversation is a part of the inbox.
    private func filter(for place: Place) throws(RequestRefusal) -> ([UInt8]) -> Bool {
        guard case .person(let name) = place else {
            return { (try? LogEntry(decoding: $0.span))?.body.isMessage ?? false }
        }
        guard let key = configuration.prepareName(name)?.key else {
            throw RequestRefusal(.noSuchUser, .noSuchUser(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        let prepare = configuration.prepareName
        return { bytes in
            guard let entry = try? LogEntry(decoding: bytes.span), case .personal(let line, let to, _) = entry.body,
                line.isMessage
            else { return false }
            return prepare(entry.name)?.key == key || prepare(to)?.key == key
        }
    }

    /// Notes a question that the store answers; nil when too many are open.
    private mutating func ask(_ label: UInt32, for member: MemberID) -> UInt64? {
        guard fetching.questions.count < ChatLimits.openQuestions else { return nil }
        fetching.lastQuestion += 1
        fetching.questions[fetching.lastQuestion] = PendingQuestion(member: member, label: label)
        return fetching.lastQuestion
    }

    /// The store's answer to a question, in the log's order; nil when it can't be had.
    package mutating func found(_ items: [LogItem]?, question: UInt64) {
        guard let asked = fetching.questions.removeValue(forKey: question), names[asked.member] != nil else { return }
        guard let items else {
            return emit(
                .send(
                    .failed(label: asked.label, code: .storage, text: Sentence.storage.english), to: asked.member))
        }
        let entries = items.map { NumberedEntry(number: $0.number, bytes: $0.bytes) }
        send(ServerEvent.entryLists(label: asked.label, entries), to: asked.member)
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
            let (log, number) = try place.isPerson ? twin(of: number, in: own, place: place) : (own, number)
            let followers = followers(of: place, log: log, without: asker.account)
            let missing = followers.filter { account in
                !sessions(of: account).contains { (arrived($0.id, log) ?? 0) >= number }
            }
            let shown = missing.prefix(ChatLimits.namesInSeen).compactMap { accounts[$0]?.name.display }
            let event = ServerEvent.seen(
                label: label, total: UInt32(followers.count), missingCount: UInt32(missing.count), missing: shown)
            emit(.send(event, to: id))
        } catch {
            emit(.send(.failed(label: label, code: error.code, text: error.sentence.english), to: id))
        }
    }

    /// Where the other person has a private line.
    private func twin(
        of number: EntryNumber, in own: LogID, place: Place
    ) throws(RequestRefusal) -> (LogID, EntryNumber) {
        guard let kept = logs[own]?.entry(at: number), let entry = try? LogEntry(decoding: kept.bytes.span),
            case .personal(_, _, let twin) = entry.body, let name = place.name,
            let inbox = accounts[try person(named: name).0]?.inbox
        else { throw RequestRefusal(.noSuchLine, .noSuchLine) }
        return (inbox, twin)
    }

    private func followers(of place: Place, log: LogID, without asker: AccountID) -> [AccountID] {
        switch place {
        case .room:
            var seen: Set<AccountID> = [asker]
            let present = names.all.map(\.account) + reservations.all.map(\.account)
            return present.filter { seen.insert($0).inserted }
        case .group: return (groups[log]?.members ?? []).filter { $0 != asker }
        case .person(let name): return (try? person(named: name)).map { [$0.0] } ?? []
        }
    }
}
