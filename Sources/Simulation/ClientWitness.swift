import ChatClient
import ChatProtocol

/// Watches what one run of a client shows and compares it with the log: each entry once, in the log's order, without a
/// hole; each line of its own receipted once, in order, and truly.
package struct ClientWitness: Sendable {
    /// Under which name it asked to come in.
    package let name: String
    /// How many earlier messages it asked for.
    let history: Int

    /// Every line of the room that it has shown, its own excluded.
    package private(set) var heard: [String] = []
    /// The lines that were typed.
    package private(set) var entered: [String] = []
    /// How many of them were receipted.
    package private(set) var receipts = 0
    /// Whether it has said `bye`.
    package private(set) var isOver = false

    /// Everything up to here was compared; nil before the first join, whose beginning is the server's choice.
    private var compared: EntryNumber?
    private var epoch: LogEpoch?
    /// Whether something was shown that is later than the joining: nothing may be left out from there on.
    private var isLive = false
    private var historyShown = 0
    private var firstMessage: EntryNumber?
    private var shownSinceReturn = 0

    init(name: String, history: Int) {
        self.name = name
        self.history = history
    }

    /// A line was typed.
    mutating func enter(_ line: String) {
        entered.append(line)
    }

    /// Takes what the client showed after one input, and how far it now says that it has the log.
    mutating func observe(
        _ events: [ClientEvent], cursor: LogCursor?, rooms: [RoomModel]
    ) throws(Breach) {
        var shown: [ClientEvent] = []
        for event in events {
            guard !isOver else { throw Breach("\(event) after bye") }
            try note(event, shown: &shown, rooms: rooms)
        }
        guard let cursor else {
            guard shown.isEmpty else { throw Breach("\(shown) was shown before the log was there") }
            return
        }
        guard cursor.number != compared || cursor.epoch != epoch || !shown.isEmpty else { return }
        guard let room = rooms.last(where: { $0.epoch == cursor.epoch }) else {
            throw Breach("the cursor has the epoch \(cursor.epoch), which no log has")
        }
        guard epoch == nil || epoch == cursor.epoch else { throw Breach("follows another log and did not say so") }
        epoch = cursor.epoch
        try compare(shown, through: cursor.number, with: room)
        compared = cursor.number
    }

    /// After everything has settled: nothing is missing.
    func checkSettled(cursor: LogCursor?, members: [String], present: [String], room: RoomModel) throws(Breach) {
        guard cursor?.epoch == room.epoch, cursor?.number == room.end, compared == room.end else {
            throw Breach("has the log up to \(String(describing: cursor)), not to its end \(room.end)")
        }
        guard receipts == entered.count else {
            throw Breach("\(entered.count - receipts) lines have no receipt")
        }
        guard members.sorted() == present.sorted() else {
            throw Breach("believes that \(members.sorted()) are here, and \(present.sorted()) are")
        }
        let hidden = room.messages(through: (firstMessage ?? room.end + 1) - 1)
        guard hidden == 0 || historyShown >= history || historyShown + receipts >= history else {
            throw Breach(
                "was shown \(historyShown) earlier messages instead of \(history), and \(hidden) were left out")
        }
    }

    private mutating func note(
        _ event: ClientEvent, shown: inout [ClientEvent], rooms: [RoomModel]
    ) throws(Breach) {
        switch event {
        case .connected:
            guard shown.isEmpty else { throw Breach("\(shown) was shown in one breath with a first join") }
            beginAnew()
        case .message(let line, in: .room):
            heard.append(line.text)
            historyShown += line.isHistory ? 1 : 0
            shownSinceReturn += 1
            shown.append(event)
        case .sent(let id, let text, _, in: .room):
            try noteReceipt(id: id, text: text, rooms: rooms)
            if id != nil { shown.append(event) }
        case .joined, .left, .renamed: shown.append(event)
        case .resumed(let missed):
            guard missed <= shownSinceReturn else {
                throw Breach("\(missed) missed messages were told, \(shownSinceReturn) were shown")
            }
            shownSinceReturn = 0
        case .bye: isOver = true
        case .message, .sent, .edited, .deleted, .reaction, .topic, .away, .moderated, .membership, .members, .people,
            .groups, .seen, .typing, .notice, .error, .cleared, .disconnected, .reconnecting:
            break
        }
    }

    private mutating func noteReceipt(id: EntryNumber?, text: String, rooms: [RoomModel]) throws(Breach) {
        guard receipts < entered.count, entered[receipts] == text else {
            throw Breach("the receipt \(receipts + 1) is for \"\(text)\", which was not typed as such")
        }
        receipts += 1
        if id == nil, rooms.last.map({ $0.count(of: text, from: name) }) ?? 0 == 0 {
            throw Breach("\"\(text)\" was receipted and is in no log")
        }
    }

    private mutating func beginAnew() {
        compared = nil
        epoch = nil
        isLive = false
        historyShown = 0
        firstMessage = nil
        shownSinceReturn = 0
    }

    /// Walks the log backwards from `end` beside what was shown.
    ///
    /// Backwards, since at a first join it is not known where history ended: comings and goings in it are not shown,
    /// later ones are.
    private mutating func compare(
        _ shown: [ClientEvent], through end: EntryNumber, with room: RoomModel
    ) throws(Breach) {
        if let compared, compared > end { throw Breach("went back from \(compared) to \(end)") }
        var rest = shown[...]
        var isPast = false
        var number = end
        while number > compared ?? 0, compared != nil || !rest.isEmpty {
            let entry = try room.entry(number)
            if let last = rest.last, try shows(last, entry, number) {
                rest.removeLast()
                isPast = try step(over: last, number, isPast: isPast)
            } else {
                guard let crosser = entry.crosser else {
                    throw Breach("entry \(number), \(entry), was not shown, but \(String(describing: rest.last))")
                }
                if crosser != name {
                    guard !isLive else { throw Breach("entry \(number), \(entry), was not shown") }
                    isPast = true
                }
            }
            number -= 1
        }
        if let extra = rest.last { throw Breach("\(extra) is not in the log, or was shown twice, or out of order") }
        isLive = isLive || shown.contains { $0.isNews }
    }

    /// - Returns: whether what is earlier in the log is history.
    private mutating func step(over event: ClientEvent, _ number: EntryNumber, isPast: Bool) throws(Breach) -> Bool {
        switch event {
        case .message(let line, _):
            let isHistory = line.isHistory
            guard isHistory || !isPast else { throw Breach("entry \(number) is older than history that was left out") }
            guard !(isHistory && isLive) else { throw Breach("entry \(number) is told as history after news") }
            firstMessage = min(firstMessage ?? number, number)
            return isPast || isHistory
        case .sent:
            firstMessage = min(firstMessage ?? number, number)
            return isPast
        default:
            guard !isPast else { throw Breach("entry \(number), \(event), is history and was shown as news") }
            return false
        }
    }

    /// Whether the event shows just this entry.
    private func shows(_ event: ClientEvent, _ entry: RoomModel.Entry, _ number: EntryNumber) throws(Breach) -> Bool {
        switch (event, entry) {
        case (.message(let shown, _), .message(let author, let line)):
            return shown.id == number && shown.from == author && shown.text == line
        case (.sent(let id, let text, _, _), .message(let author, let line)):
            return id == number && author == name && text == line
        case (.joined(let name), .joined(let crosser)): return name == crosser
        case (.left(let name, let reason), .left(let crosser, let cause)): return name == crosser && reason == cause
        case (.renamed(let old, let new), .renamed(let from, let to)): return old == from && new == to
        default: return false
        }
    }
}

extension ClientEvent {
    /// Whether it can only be later than the joining.
    fileprivate var isNews: Bool {
        switch self {
        case .message(let line, _): !line.isHistory
        case .joined, .left, .renamed: true
        default: false
        }
    }
}
