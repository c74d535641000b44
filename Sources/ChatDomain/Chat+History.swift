package import ChatProtocol

/// Earlier lines: as they read now, what was taken back left out.
extension Chat {
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

    mutating func answerHistory(
        of place: Place, before: EntryNumber, count: Int, label: UInt32, to session: Session
    ) throws(RequestRefusal) {
        guard let id = try log(of: place, for: session), let log = logs[id] else {
            return send(ServerEvent.entryLists(label: label, []), to: session.id)
        }
        let isWanted = try filter(for: place, of: session)
        let count = min(count, ChatLimits.entriesPerAnswer)
        let found = log.newest(count, before: before, where: isWanted)
        let pending = PendingQuestion(member: session.id, label: label, isWanted: isWanted, count: count)
        guard found.count < count, !log.isWhole, let question = ask(pending) else {
            return send(ServerEvent.entryLists(label: label, found), to: session.id)
        }
        let limit = place.isPerson ? ChatLimits.entriesPerAnswer : count
        emit(.read(.before(id, number: before, limit: limit, question: question)))
    }

    mutating func answerSearch(
        in place: Place, words: String, count: Int, label: UInt32, to session: Session
    ) throws(RequestRefusal) {
        guard let id = try log(of: place, for: session), logs[id] != nil else {
            return send(ServerEvent.entryLists(label: label, []), to: session.id)
        }
        let pending = PendingQuestion(
            member: session.id, label: label, isWanted: try filter(for: place, of: session), count: count)
        guard let question = ask(pending) else { throw RequestRefusal(.tooMany, .tooManyQuestions) }
        let limit = place.isPerson ? ChatLimits.entriesPerAnswer : count
        emit(.read(.search(id, words: words, limit: limit, question: question)))
    }

    /// Which entries of a log belong to a place: a private conversation is a part of the inbox.
    private func filter(for place: Place, of session: Session) throws(RequestRefusal) -> EntryFilter {
        guard case .person(let name) = place else {
            return { (try? LogEntry(decoding: $0.span))?.body.isMessage ?? false }
        }
        guard let key = configuration.prepareName(name)?.key else {
            throw RequestRefusal(.noSuchUser, .noSuchUser(name.cut(toBytes: ChatLimits.nameBytes)))
        }
        let prepare = configuration.prepareName
        let isOwn = key == session.name.key
        return { bytes in
            guard let entry = try? LogEntry(decoding: bytes.span), case .personal(let line, let to, _) = entry.body,
                line.isMessage
            else { return false }
            let (isFrom, isTo) = (prepare(entry.name)?.key == key, prepare(to)?.key == key)
            return isOwn ? isFrom && isTo : isFrom || isTo
        }
    }

    /// Notes a question that the store answers; nil when too many are open.
    private mutating func ask(_ question: PendingQuestion) -> UInt64? {
        guard fetching.questions.count < ChatLimits.openQuestions else { return nil }
        fetching.lastQuestion += 1
        fetching.questions[fetching.lastQuestion] = question
        return fetching.lastQuestion
    }

    /// The store's answer to a question, in the log's order; nil when it can't be had.
    package mutating func found(_ items: [LogItem]?, question: UInt64) {
        guard let asked = fetching.questions.removeValue(forKey: question), names[asked.member] != nil else { return }
        guard let items else {
            return emit(
                .send(
                    .failed(label: asked.label, code: .storage, text: ServerSentence.storage.wireText), to: asked.member
                ))
        }
        let entries = items.compactMap { item -> NumberedEntry? in
            guard let bytes = item.bytesNow, asked.isWanted(bytes) else { return nil }
            return NumberedEntry(number: item.number, bytes: bytes)
        }
        send(ServerEvent.entryLists(label: asked.label, entries.suffix(asked.count)), to: asked.member)
    }
}
