import ChatClient
import ChatProtocol

/// Watches what one run of a client shows of one log: each entry once, in the log's order, without a hole.
struct LogWitness: Sendable {
    /// Everything up to here was compared; nil before the beginning, which is the server's choice.
    private(set) var compared: EntryNumber?
    /// Nothing after this number may be left out: an earlier run, or an earlier join, had come so far.
    let floor: EntryNumber?
    /// How many messages were told as history.
    private(set) var historyShown = 0
    private(set) var firstMessage: EntryNumber?
    /// Whether something was shown that is later than the joining: nothing may be left out from there on.
    private var isLive = false

    init(floor: EntryNumber?) {
        self.floor = floor
    }

    /// Walks the log backwards from `end` beside what was shown.
    ///
    /// Backwards, since at a first join it is not known where history ended: comings and goings in it are not shown,
    /// later ones are.
    ///
    /// - Parameter judge: what an entry owes, and whether an event shows it.
    mutating func compare(
        _ shown: [ClientEvent], through end: EntryNumber, with log: LogModel, _ judge: EntryJudge
    ) throws(Breach) {
        if let compared, compared > end { throw Breach("went back from \(compared) to \(end)") }
        let start = compared ?? floor ?? 0
        let mustGoOn = compared != nil || floor != nil
        var rest = shown[...]
        var isPast = false
        for (number, entry) in log.backwards(from: end).lazy.map({ ($0.number, $0.entry) }) {
            guard !rest.isEmpty || (mustGoOn && number > start) else { break }
            if compared != nil, number <= start { break }
            if let last = rest.last, judge.shows(last, entry, number) {
                rest.removeLast()
                isPast = try step(over: last, number, isPast: isPast)
                continue
            }
            // What retention removed, or an older store no longer has, need not be shown; who is concerned is told.
            switch number <= log.trimmedThrough || log.isLost(number) ? .none : judge.duty(of: entry) {
            case .none: break
            case .always:
                throw Breach("entry \(number), \(entry), was not shown, but \(String(describing: rest.last))")
            case .news:
                guard !isLive else { throw Breach("entry \(number), \(entry), was not shown") }
                isPast = true
            }
        }
        if let extra = rest.last { throw Breach("\(extra) is not in the log, or was shown twice, or out of order") }
        isLive = isLive || shown.contains { $0.isNews }
        compared = end
    }

    /// - Returns: whether what is earlier in the log is history.
    private mutating func step(over event: ClientEvent, _ number: EntryNumber, isPast: Bool) throws(Breach) -> Bool {
        switch event {
        case .message(let line, _):
            guard line.isHistory || !isPast else { throw Breach("entry \(number) is older than left-out history") }
            guard !(line.isHistory && isLive) else { throw Breach("entry \(number) is told as history after news") }
            firstMessage = min(firstMessage ?? number, number)
            if line.isHistory { historyShown += 1 }
            return isPast || line.isHistory
        case .sent:
            firstMessage = min(firstMessage ?? number, number)
            return isPast
        case .edited(let mark, _), .deleted(let mark), .reaction(let mark, _): return isPast || mark.isHistory
        default: return isPast
        }
    }
}

/// What entries mean to one person: what must be shown of them, and how.
struct EntryJudge {
    enum Duty {
        /// It is shown in any case.
        case always
        /// It is shown if it is later than the joining.
        case news
        /// It may be shown.
        case none
    }

    let label: String
    let models: LogModels

    func duty(of entry: LogEntry) -> Duty {
        switch entry.body {
        case .line(let line), .personal(let line, _, _):
            if let text = line.text { return models.isTyped(text, by: label) ? .none : .always }
            return isOwn(entry.name) ? .none : .always
        case .joined, .left: return isOwn(entry.name) ? .none : .news
        case .renamed(let new): return isOwn(entry.name) || isOwn(new) ? .none : .news
        case .topic, .away, .moderated, .group: return isOwn(entry.name) ? .none : .news
        case .settled: return .none
        }
    }

    private func isOwn(_ name: String) -> Bool { models.goes(label, by: name) }

    /// Whether the event shows just this entry.
    func shows(_ event: ClientEvent, _ entry: LogEntry, _ number: EntryNumber) -> Bool {
        switch (event, entry.body) {
        case (.message(let shown, _), .line(let line)), (.message(let shown, _), .personal(let line, _, _)):
            return line.isMessage && shown.id == number && shown.from == entry.name && shown.text == line.text
        case (.sent(let id, let text, _, _), .line(let line)),
            (.sent(let id, let text, _, _), .personal(let line, _, _)):
            return id == number && line.text == text && models.isTyped(text, by: label)
        case (.edited(let mark, let text), .line(.edit(let target, let new))),
            (.edited(let mark, let text), .personal(.edit(let target, let new), _, _)):
            return mark.id == number && mark.target == target && text == new
        case (.deleted(let mark), .line(.delete(let target))),
            (.deleted(let mark), .personal(.delete(let target), _, _)):
            return mark.id == number && mark.target == target
        case (.reaction(let mark, let sign), .line(.react(let target, let given))),
            (.reaction(let mark, let sign), .personal(.react(let target, let given), _, _)):
            return mark.id == number && mark.target == target && sign == given
        default: return showsFact(event, entry)
        }
    }

    private func showsFact(_ event: ClientEvent, _ entry: LogEntry) -> Bool {
        switch (event, entry.body) {
        case (.joined(let name), .joined): name == entry.name
        case (.left(let name, let reason), .left(let cause)): name == entry.name && reason == cause
        case (.renamed(let old, let new), .renamed(let to)): old == entry.name && new == to
        case (.topic(let text, let by, _), .topic(let topic)): text == topic && by == entry.name
        case (.away(let name, let text), .away(let said)): name == entry.name && text == said
        case (.moderated(let shown), .moderated(let action, let name, _, let text)):
            shown.action == action && shown.name == name && shown.text == text && shown.by == entry.name
        case (.membership(_, let action, let by, let person), .group(let done, let name)):
            action == done && by == entry.name && person == name
        default: false
        }
    }
}

extension ClientEvent {
    /// Whether it can only be later than the joining.
    fileprivate var isNews: Bool {
        switch self {
        case .message(let line, _): !line.isHistory
        case .edited(let mark, _), .deleted(let mark), .reaction(let mark, _): !mark.isHistory
        // One's own renaming is told whenever it is seen.
        case .joined, .left: true
        default: false
        }
    }

    /// The log that it shows an entry of; nil for what stands in no log.
    var shownLog: ShownPlace? {
        switch self {
        case .message(_, let place), .sent(.some, _, _, let place): place
        case .edited(let mark, _), .deleted(let mark), .reaction(let mark, _): mark.place
        case .topic(_, .some, let place): place
        case .joined, .left, .renamed, .away, .moderated: .room("")
        case .membership(let group, _, _, _): .group(group)
        default: nil
        }
    }
}
