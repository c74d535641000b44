import Basics
package import ChatProtocol

/// What comes from the server.
extension ClientState {
    /// The login was accepted. Nothing is shown yet: that waits for the member list.
    package mutating func connected(_ welcome: Welcome) {
        lists.askAgain()
        if identities.note(welcome.member, in: welcome.epoch) {
            // The server forgot our session but kept the log. It can't know which lines of the outbox are stored, yet
            // the log does: nothing is sent until we have read it up to its end.
            outbox.heldEpoch = outbox.count > 0 ? welcome.epoch : nil
        } else if outbox.heldEpoch != welcome.epoch {
            outbox.heldEpoch = nil
        }
        link = .arriving(Arriving(welcome: welcome))
    }

    /// The connection is gone. What waited to be shown will be fed again from the cursor.
    ///
    /// - Parameter reason: a word for the event.
    package mutating func disconnected(reason: String) {
        link = .away
        emit(.disconnected(reason: reason))
    }

    /// A control message came.
    package mutating func receive(_ event: ServerEvent) {
        switch event {
        case .members(0, let names, let isLast):
            guard case .arriving(var arriving) = link else { return }
            link = .away  // Else the arrays would be shared, and copied for each piece.
            arriving.names.append(names, upTo: ChatLimits.membersAtMost)
            link = .arriving(arriving)
            if isLast { arrive(arriving) }
        case .members(let label, let names, let isLast):
            guard let all = lists.receive(label: label, names: names, isLast: isLast) else { return }
            emit(.members(names: all))
        case .rejected(let number, let code, let text):
            if number != 0, outbox.retire(number) == nil { return }
            emit(.error(code: code, text: text))
        case .notice(let text): emit(.notice(text: text))
        case .ticket: break  // Whoever owns the link keeps it.
        }
    }

    /// An entry of the room's log came, in the log's order.
    package mutating func receive(entry: LogEntry, number: EntryNumber) {
        switch link {
        case .away: return
        case .arriving(var arriving):
            link = .away  // Else the arrays would be shared, and copied for each entry.
            arriving.entries.append((number, entry))
            link = .arriving(arriving)
            // A server that never ends its member list must not fill our memory.
            if arriving.entries.count >= ChatLimits.waitingEntries { arrive(arriving) }
        case .present(let welcome):
            show(entry, number, welcome)
            settle(welcome)
        }
    }

    /// The member list is complete: says so, then shows what waited.
    private mutating func arrive(_ arriving: Arriving) {
        let welcome = arriving.welcome
        link = .present(welcome)
        members = arriving.names
        if let timeline, timeline.isContinued(by: welcome) {
            self.timeline?.resume(welcome)
        } else {
            if timeline != nil { emit(.notice(text: Sentence.historyBeganAnew.english)) }
            timeline = Timeline(joining: welcome)
            emit(
                .connected(name: welcome.name, server: welcome.server, room: welcome.room, members: arriving.names))
        }
        settle(welcome)
        for (number, entry) in arriving.entries {
            show(entry, number, welcome)
            settle(welcome)
        }
    }

    /// Shows an entry, unless it was shown before.
    private mutating func show(_ entry: LogEntry, _ number: EntryNumber, _ welcome: Welcome) {
        guard let placement = timeline?.advance(to: number) else { return }
        let isOwn = identities.contains(entry.member, in: welcome.epoch)
        switch entry.body {
        case .message(let text):
            if isOwn, let line = outbox.retire(entry.outbox) {
                emit(.sent(id: number, text: line.text, time: entry.time, room: welcome.room))
                return
            }
            // An own line that was receipted before comes back in history only.
            guard !isOwn || placement.isHistory else { return }
            emit(
                .message(
                    id: number, from: entry.name, text: text, time: entry.time, room: welcome.room,
                    isHistory: placement.isHistory))
            timeline?.countMissed(placement)
        case .joined, .left, .renamed:
            if placement.isNews { updateMembers(entry) }
            if !placement.isHistory { showCrossing(entry, isOwn: isOwn) }
        }
    }

    /// Shows who came, went or changed the name. One's own coming and going is told by `connected` and the link.
    private mutating func showCrossing(_ entry: LogEntry, isOwn: Bool) {
        switch entry.body {
        case .message: break
        case .joined: if !isOwn { emit(.joined(name: entry.name)) }
        case .left(let reason): if !isOwn { emit(.left(name: entry.name, reason: reason)) }
        case .renamed(let newName): emit(.renamed(from: entry.name, to: newName))
        }
    }

    /// Keeps the member list true after the login's own list.
    private mutating func updateMembers(_ entry: LogEntry) {
        switch entry.body {
        case .message: break
        case .joined: if !members.contains(entry.name) { members.append([entry.name], upTo: ChatLimits.membersAtMost) }
        case .left: members.removeAll { $0 == entry.name }
        case .renamed(let newName):
            if let index = members.firstIndex(of: entry.name) { members[index] = newName }
        }
    }

    /// When everything that was there at the login has been shown: settles the outbox, and says that we are back.
    private mutating func settle(_ welcome: Welcome) {
        guard let arrival = timeline?.pollArrival() else { return }
        // The server has these lines, but the log no longer keeps their entries, else they had been shown by now.
        for line in outbox.retire(through: welcome.storedOutbox) {
            emit(.sent(id: nil, text: line.text, time: nil, room: welcome.room))
        }
        outbox.heldEpoch = nil
        switch arrival {
        case .joined: break
        case .resumed(let missed): emit(.resumed(missed: missed))
        }
    }
}
