import Basics
package import ChatProtocol
import Sentences

/// What comes from the server beside the logs.
extension ClientState {
    /// The login was accepted. Nothing is shown yet: that waits for the member list.
    ///
    /// - Returns: false when the server has more of the outbox than it ever held, so that the numbers mean something
    ///   else there: the owner calls `beginAnew` and logs in again.
    @discardableResult
    package mutating func connected(_ welcome: Welcome) -> Bool {
        guard welcome.storedOutbox <= outbox.lastNumber else { return false }
        questions.askAgain()
        let knewMember = identities.contains(welcome.member, in: welcome.epoch)
        if identities.note(welcome.member, in: welcome.epoch) {
            // The server forgot our session but kept the log. It can't know which lines of the outbox are stored, yet
            // the log does: nothing is sent until we have read it up to its end.
            outbox.heldEpoch = outbox.count > 0 ? welcome.epoch : nil
            heldThrough = outbox.lastNumber
            isCutWhileHeld = false
        } else if outbox.heldEpoch != welcome.epoch {
            outbox.heldEpoch = nil
        }
        if !knewMember { unsaved = .beforeSending }
        hasFollowed = false
        inboxIsCut = false
        oweFollow()
        link = .arriving(Arriving(welcome: welcome))
        return true
    }

    /// The connection is gone. What waited to be shown will be fed again from the cursors.
    ///
    /// - Parameter reason: a word for the event.
    package mutating func disconnected(reason: String) {
        link = .away
        mustReturn = false
        typingPlace = nil
        logs.forgetAliases()
        emit(.disconnected(reason: reason))
    }

    /// A control message came.
    package mutating func receive(_ event: ServerEvent) {
        take(event)
        runHeld()
    }

    private mutating func take(_ event: ServerEvent) {
        switch event {
        case .members(0, let names, let isLast):
            guard case .arriving(var arriving) = link else { return }
            link = .away  // Else the arrays would be shared, and copied for each piece.
            arriving.names.append(names, upTo: ChatLimits.membersAtMost)
            link = .arriving(arriving)
            if isLast { arrive(arriving) }
        case .members, .people, .groups, .entries, .seen, .failed: receive(answer: event)
        case .rejected(let number, let code, let text):
            if number != 0 {
                guard outbox.retire(number) != nil else { return }
                unsaved = max(unsaved, .soon)
            }
            emit(.error(code: code, text: language.text(ofServer: text)))
        case .notice(let text): emit(.notice(text: language.text(ofServer: text)))
        case .log(let announcement): _ = follow(announcement)
        case .followed:
            guard !hasFollowed else { return }
            hasFollowed = true
            logs.keepAnnounced()
            settle()
        case .unfollowed(let log):
            mustReturn = mustReturn || awaitsReceipt(in: log)
            logs.remove(log)
            unsaved = max(unsaved, .soon)
            settle()
        case .facts(let facts): note(facts)
        case .typing(let name, let place): if sharesTyping, !isIgnored(name) { showTyping(name, place) }
        case .account: break  // No step of ours is under way.
        case .ticket: break  // Whoever owns the link keeps it.
        }
    }

    /// Whether a line of one's own that went into a log has no receipt yet. Its entry will not come any more.
    private func awaitsReceipt(in log: LogID) -> Bool {
        guard let title = logs.all.first(where: { $0.id == log })?.title.lowercased() else { return false }
        return outbox.items.contains { item in
            switch item.request {
            case .post(_, .group(let name)), .group(_, let name, _), .topic(_, .group(let name)):
                name.lowercased() == title
            case .post, .topic, .rename, .away, .moderate, .ask, .follow, .typing, .account: false
            }
        }
    }

    /// A log beside the room's is announced.
    ///
    /// - Returns: after which number its entries are to be taken from the connection; nil when it is not followed.
    package mutating func follow(_ announcement: LogAnnouncement) -> EntryNumber? {
        if case .away = link { return nil }
        let seen = logs.seen(announcement)
        guard let cursor = logs.follow(announcement) else { return nil }
        if announcement.kind == .inbox {
            inboxIsCut = cursor > (seen ?? 0)
            isCutWhileHeld = isCutWhileHeld || inboxIsCut
        }
        if announcement.isContinued, let seen, cursor > seen {
            isCutWhileHeld = true
            emit(.notice(text: language.chat.linesRemoved(group: announcement.title)))
        }
        return cursor
    }

    /// The topic is told once on joining; later changes stand in the log.
    private mutating func note(_ facts: RoomFacts) {
        let isFirst = self.facts == nil
        self.facts = facts
        guard isFirst, !facts.topic.isEmpty, let welcome else { return }
        emit(.topic(text: facts.topic, by: nil, in: .room(welcome.room)))
    }

    private mutating func showTyping(_ name: String, _ place: Place) {
        guard let welcome else { return }
        switch place {
        case .room: emit(.typing(name: name, in: .room(welcome.room)))
        case .group(let group): emit(.typing(name: name, in: .group(group)))
        case .person: emit(.typing(name: name, in: .person(welcome.name)))
        }
    }

    /// The welcome of the connection there is.
    var welcome: Welcome? {
        switch link {
        case .away: nil
        case .arriving(let arriving): arriving.welcome
        case .present(let welcome): welcome
        }
    }

    // MARK: Answers

    private mutating func receive(answer event: ServerEvent) {
        switch event {
        case .members(let label, let names, let isLast):
            let answer = questions.receive(label: label, isLast: isLast) {
                $0.names.append(names, upTo: ChatLimits.membersAtMost)
            }
            guard let answer else { return }
            var group: String?
            if case .members(of: .group(let name)) = answer.question { group = logs.group(named: name)?.title ?? name }
            emit(.members(names: answer.names, group: group))
        case .people(let label, let people, let isLast):
            let answer = questions.receive(label: label, isLast: isLast) {
                $0.people.append(people, upTo: ChatLimits.membersAtMost)
            }
            if let answer { emit(.people(answer.people)) }
        case .groups(let label, let groups, let isLast):
            let answer = questions.receive(label: label, isLast: isLast) {
                $0.groups.append(groups, upTo: ChatLimits.membersAtMost)
            }
            if let answer { emit(.groups(answer.groups)) }
        case .entries(let label, let entries, let isLast):
            let answer = questions.receive(label: label, isLast: isLast) {
                $0.entries.append(entries, upTo: ChatLimits.entriesPerAnswer)
            }
            if let answer { show(answer) }
        case .seen(let label, let total, let missingCount, let missing):
            guard let answer = questions.receive(label: label, isLast: true, { _ in }),
                case .seen(in: let place, let number) = answer.question
            else { return }
            guard !answer.isQuiet else { return note(number, total: total, missing: missingCount) }
            let receipts = ShownReceipts(id: number, total: total, missingCount: missingCount, missing: missing)
            emit(.seen(receipts, in: shown(place)))
        case .failed(let label, let code, let text):
            guard let question = questions.receive(label: label, isLast: true, { _ in }) else { return }
            guard !question.isQuiet else { return delivery = nil }
            emit(.error(code: code, text: language.text(ofServer: text)))
        case .rejected, .notice, .log, .followed, .unfollowed, .facts, .typing, .account, .ticket: break
        }
    }

    /// What `:history` and `:search` found.
    private mutating func show(_ answer: Questions.Pending) {
        let place: Place
        let isFound: Bool
        switch answer.question {
        case .history(let asked, _, _): (place, isFound) = (asked, false)
        case .search(let asked, _, _): (place, isFound) = (asked, true)
        case .members, .people, .groups, .seen: return
        }
        var isEmpty = true
        for numbered in answer.entries {
            guard let entry = try? LogEntry(decoding: numbered.bytes.span) else { continue }
            let said: (line: Line, place: ShownPlace)
            switch entry.body {
            case .line(let line): said = (line, shown(place))
            case .personal(let line, let to, _): said = (line, .person(to))
            case .joined, .left, .renamed, .topic, .away, .moderated, .group, .settled: continue
            }
            guard var line = shown(said.line, entry, numbered.number), !isIgnored(entry.name) else { continue }
            line.isHistory = true
            line.isFound = isFound
            isEmpty = false
            emit(.message(line, in: said.place))
        }
        if isEmpty { emit(.notice(text: isFound ? language.chat.nothingFound : language.chat.nothingSaid)) }
    }

    func shown(_ place: Place) -> ShownPlace {
        switch place {
        case .room: .room(welcome?.room ?? logs.room?.title ?? "")
        case .group(let name): .group(logs.group(named: name)?.title ?? name)
        case .person(let name): .person(name)
        }
    }
}
