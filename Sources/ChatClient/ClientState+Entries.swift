import Basics
package import ChatProtocol
import Sentences

/// What comes from the logs.
extension ClientState {
    /// An entry of a log came, in the log's order.
    ///
    /// - Parameter alias: under which the log was announced; entries of a log that is not followed any more are ignored.
    package mutating func receive(
        entry: LogEntry, number: EntryNumber, alias: UInt64 = ChannelAlias.room
    ) {
        switch link {
        case .away: return
        case .arriving(var arriving):
            link = .away  // Else the arrays would be shared, and copied for each entry.
            arriving.entries.append((alias, number, entry))
            link = .arriving(arriving)
            // A server that never ends its member list must not fill our memory.
            if arriving.entries.count >= ChatLimits.waitingEntries { arrive(arriving) }
        case .present(let welcome):
            show(entry, number, alias, welcome)
            settle()
            runHeld()
        }
    }

    /// The member list is complete: says so, then shows what waited.
    mutating func arrive(_ arriving: Arriving) {
        let welcome = arriving.welcome
        link = .present(welcome)
        members = arriving.names
        name = welcome.name
        followRoom(welcome)
        if arrival != .returning {
            emit(.connected(name: welcome.name, server: welcome.server, room: welcome.room, members: arriving.names))
        }
        settle()
        for (alias, number, entry) in arriving.entries {
            show(entry, number, alias, welcome)
            settle()
        }
    }

    private mutating func followRoom(_ welcome: Welcome) {
        unsaved = max(unsaved, .soon)
        let cursor = logs.roomCursor
        let isContinued = cursor.map {
            welcome.resumed && welcome.epoch == $0.epoch && $0.number <= welcome.end
        }
        if isContinued == true, var timeline = logs.room?.timeline {
            timeline.resume(end: welcome.end)
            logs.follow(room: welcome.room, timeline)
            arrival = .returning
        } else if isContinued == true, let cursor {
            logs.follow(room: welcome.room, Timeline(continuing: cursor, from: welcome.cursor, end: welcome.end))
            arrival = .rejoining
        } else {
            if cursor != nil { emit(.notice(text: language.chat.historyBeganAnew)) }
            let start = LogCursor(epoch: welcome.epoch, number: welcome.cursor)
            logs.follow(room: welcome.room, Timeline(beginningAt: start, end: welcome.end))
            arrival = .joining
        }
        if isContinued == true, let cursor, cursor.number < welcome.cursor {
            isCutWhileHeld = true
            emit(.notice(text: language.chat.linesRemoved(group: nil)))
        }
    }

    /// When everything that was there at the login has been shown: settles the outbox, and says that we are back.
    mutating func settle() {
        guard case .present(let welcome) = link, let arrival, hasFollowed, logs.areAtEnd else { return }
        self.arrival = nil
        // The server has these, but their entries are no longer kept, else they had been shown by now.
        for item in outbox.retire(through: welcome.storedOutbox) {
            // Refusals stand in the inbox. Where a part of it was not seen, this may have been one.
            if inboxIsCut { emit(.notice(text: language.chat.fateUnknown(item.typed))) } else { tell(item, nil) }
        }
        if outbox.heldEpoch != nil, isCutWhileHeld {
            // Neither the server nor the log can tell whether these are stored: twice is worse than not at all.
            for item in outbox.retire(through: heldThrough) {
                emit(.notice(text: language.chat.fateUnknown(item.typed)))
            }
        }
        outbox.heldEpoch = nil
        unsaved = max(unsaved, .soon)
        let missed = logs.takeMissed()
        switch arrival {
        case .joining: break
        case .rejoining: if missed > 0 { emit(.resumed(missed: missed)) }
        case .returning: emit(.resumed(missed: missed))
        }
    }

    // MARK: Showing

    /// Shows an entry, unless it was shown before.
    private mutating func show(_ entry: LogEntry, _ number: EntryNumber, _ alias: UInt64, _ welcome: Welcome) {
        guard let index = logs.index(alias: alias), let placement = logs[index].timeline.advance(to: number) else {
            return
        }
        unsaved = max(unsaved, .soon)
        let isOwn = identities.contains(entry.member, in: welcome.epoch)
        let item = isOwn ? outbox.retire(entry.outbox) : nil
        let context = Context(
            entry: entry, number: number, index: index, placement: placement, isOwn: isOwn, item: item)
        switch entry.body {
        case .line(let line): show(line, place(of: logs[index], welcome), context)
        case .personal(let line, let to, _): show(line, .person(to), context)
        case .settled(let code, let text): settle(code, text, context)
        case .joined, .left, .renamed, .topic, .away, .moderated, .group: showFact(context, welcome)
        }
        if let item, item.number > formerNumber, !entry.body.isRefusal { confirmedCount += 1 }
    }

    /// An entry and what is known about it.
    private struct Context {
        let entry: LogEntry
        let number: EntryNumber
        /// Of its log.
        let index: Int
        let placement: Timeline.Placement
        let isOwn: Bool
        /// The request that it is the receipt of.
        let item: Outbox.Item?
    }

    private func place(of log: FollowedLog, _ welcome: Welcome) -> ShownPlace {
        switch log.kind {
        case .room: .room(welcome.room)
        case .group: .group(log.title)
        case .inbox: .person(welcome.name)
        }
    }

    private mutating func show(_ line: Line, _ place: ShownPlace, _ context: Context) {
        let entry = context.entry
        let isHistory = context.placement.isHistory
        // Lines of one's own that were receipted before come back in history only.
        guard context.item != nil || !context.isOwn || isHistory else { return }
        guard context.isOwn || !isIgnored(entry.name) else { return }
        guard var said = shown(line, entry, context.number) else {
            return showMark(line, place, context)
        }
        remember(context, place, said.text)
        if let target = said.replyTo { said.quote = logs[context.index].lines.quote(target) }
        if context.item != nil {
            return emit(.sent(id: context.number, text: said.text, time: entry.time, in: place))
        }
        said.isHistory = isHistory
        said.isMention = !context.isOwn && mentions(said.text)
        emit(.message(said, in: place))
        if !context.isOwn { logs[context.index].timeline.count(context.placement) }
    }

    /// A line to read; nil for what only marks one.
    func shown(_ line: Line, _ entry: LogEntry, _ number: EntryNumber) -> ShownLine? {
        switch line {
        case .text(let text): return ShownLine(id: number, from: entry.name, text: text, time: entry.time)
        case .action(let text):
            var shown = ShownLine(id: number, from: entry.name, text: text, time: entry.time)
            shown.isAction = true
            return shown
        case .reply(let target, let text):
            var shown = ShownLine(id: number, from: entry.name, text: text, time: entry.time)
            shown.replyTo = target
            return shown
        case .edit, .delete, .react: return nil
        }
    }

    private mutating func showMark(_ line: Line, _ place: ShownPlace, _ context: Context) {
        guard let target = line.target else { return }
        let entry = context.entry
        var mark = ShownMark(
            id: context.number, target: target, from: entry.name, time: entry.time, place: place)
        mark.isHistory = context.placement.isHistory
        mark.quote = logs[context.index].lines.quote(target)
        switch line {
        case .text, .action, .reply: break
        case .edit(_, let text):
            logs[context.index].lines.requote(target, text)
            emit(.edited(mark, text: text))
        case .delete:
            logs[context.index].lines.disown(target)
            emit(.deleted(mark))
        case .react(_, let sign): emit(.reaction(mark, sign: sign))
        }
    }

    /// The line can be meant by its place from here on.
    private mutating func remember(_ context: Context, _ place: ShownPlace, _ text: String) {
        turn += 1
        var other = ""
        if case .person(let to) = place {
            other = context.isOwn ? to : context.entry.name
            // A line that another device of the same person sent stands in the inbox under the own name.
            if !context.isOwn, other == name { other = to }
            partner = other
            confirmedPartner = other
        }
        logs[context.index].lines.append(
            ShownLines.Line(
                number: context.number, isOwn: context.isOwn, partner: other, turn: turn,
                quote: ShownLines.quote(of: text)))
    }

    /// Whether a text has the own name as a word of its own, in any case of letters.
    private func mentions(_ text: String) -> Bool {
        let wanted = name.lowercased()
        guard text.utf8.count >= wanted.utf8.count else { return false }
        let lowered = text.lowercased()
        guard lowered.contains(wanted) else { return false }
        return lowered.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" && !wanted.contains($0) }
            .contains { $0 == wanted }
    }

    // MARK: Facts

    /// What became of a request that left no other trace; of other devices' requests nothing is said.
    private mutating func settle(_ code: ErrorCode?, _ text: String, _ context: Context) {
        guard let item = context.item else { return }
        if let code {
            // `:reply` must not go on to a name that was mistyped.
            if case .post(_, in: .person(let name)) = item.request, name == partner { partner = confirmedPartner }
            return emit(.error(code: code, text: language.text(ofServer: text)))
        }
        if !text.isEmpty { emit(.notice(text: language.text(ofServer: text))) }
        askMembers(after: item)
    }

    /// `:group create` and `:group join` are answered with the members.
    private mutating func askMembers(after item: Outbox.Item) {
        guard case .group(let action, let name, _) = item.request, action == .create || action == .join else { return }
        questions.ask(.members(of: .group(name)))
    }

    /// Shows what changed. What is older than the joining is not news, but for the answer to a request of one's own.
    private mutating func showFact(_ context: Context, _ welcome: Welcome) {
        let entry = context.entry
        if context.placement.isNews { updateMembers(entry, context) }
        if context.isOwn, case .away(let text) = entry.body { isAway = !text.isEmpty }
        guard context.item != nil || !context.placement.isHistory else { return }
        let place = place(of: logs[context.index], welcome)
        switch entry.body {
        case .line, .personal, .settled: break
        // One's own coming and going is told by `connected` and the link.
        case .joined: if !context.isOwn { emit(.joined(name: entry.name)) }
        case .left(let reason): if !context.isOwn { emit(.left(name: entry.name, reason: reason)) }
        case .renamed(let newName): emit(.renamed(from: entry.name, to: newName))
        case .topic(let text): emit(.topic(text: text, by: entry.name, in: place))
        case .away(let text): emit(.away(name: entry.name, text: text))
        case .moderated(let action, let name, let seconds, let text):
            emit(.moderated(ShownModeration(action: action, by: entry.name, name: name, seconds: seconds, text: text)))
        case .group(let action, let person): showMembership(action, person, context)
        }
    }

    private mutating func showMembership(_ action: GroupAction, _ person: String, _ context: Context) {
        if let item = context.item, action == .create || action == .join { return askMembers(after: item) }
        // The receipt of one's own leaving stands in the inbox.
        guard context.item != nil || !context.isOwn else { return }
        emit(
            .membership(
                group: logs[context.index].title, action: action, by: context.entry.name, person: person))
    }

    /// Keeps the member list true after the login's own list, and the own name with it.
    private mutating func updateMembers(_ entry: LogEntry, _ context: Context) {
        switch entry.body {
        case .line, .topic, .away, .moderated, .group, .personal, .settled: break
        case .joined: if !members.contains(entry.name) { members.append([entry.name], upTo: ChatLimits.membersAtMost) }
        case .left: members.removeAll { $0 == entry.name }
        case .renamed(let newName):
            if context.isOwn { name = newName }
            // The login's list may be of a moment later than this entry.
            let place = members.firstIndex(of: entry.name)
            members.removeAll { $0 == entry.name || $0 == newName }
            members.insert(newName, at: min(place ?? members.count, members.count))
        }
    }

    /// Tells what became of a request whose entry can't be seen.
    mutating func tell(_ item: Outbox.Item, _ number: EntryNumber?) {
        if item.number > formerNumber { confirmedCount += 1 }
        switch item.request {
        case .post(let line, let place):
            guard line.isMessage else { break }
            return emit(.sent(id: number, text: line.text ?? "", time: nil, in: shown(place)))
        case .group(let action, _, _): if action == .create || action == .join { return askMembers(after: item) }
        case .rename, .away, .topic, .moderate, .ask, .follow, .typing, .account: break
        }
        emit(.notice(text: language.chat.doneEarlier(item.typed)))
    }
}

extension LogEntry.Body {
    /// Whether it tells that a request was not done.
    fileprivate var isRefusal: Bool {
        if case .settled(let code, _) = self { code != nil } else { false }
    }
}
