import ChatClient
import ChatProtocol
import ClientCore

/// Watches what one run of a client shows and compares it with the logs: each entry once, in its log's order, without a
/// hole; each line of its own receipted once, in order, and truly. What an earlier run kept is not lost to a later one.
package struct ClientWitness: Sendable {
    /// Who it is.
    let label: String
    /// Under which name it asked to come in.
    package let name: String
    /// How many earlier messages it asked for.
    let history: Int

    /// Every line of the room that it has shown, its own excluded.
    package private(set) var heard: [String] = []
    /// How many lines were receipted.
    package private(set) var receipts = 0
    /// Whether it has said `bye`.
    package private(set) var isOver = false
    /// What the person said, over all runs that share what they keep.
    private(set) var ledger: SaidLines

    private var logs: [LogEpoch: LogWitness] = [:]
    private var places: [ShownPlace: LogEpoch] = [:]
    private var roomEpoch: LogEpoch?
    private var floors: [LogEpoch: EntryNumber]
    private var shownSinceReturn = 0

    /// - Parameters:
    ///   - floors: up to where an earlier run had shown which log.
    ///   - ledger: what earlier runs said.
    init(
        label: String, name: String, history: Int, floors: [LogEpoch: EntryNumber] = [:],
        ledger: SaidLines = SaidLines()
    ) {
        self.label = label
        self.name = name
        self.history = history
        self.floors = floors
        self.ledger = ledger
    }

    /// A line was typed that will have a receipt.
    mutating func enter(_ text: String, typed: String, to place: SaidLines.Place) {
        ledger.say(text, typed: typed, to: place)
    }

    /// The program was killed: what it had not numbered yet is lost, and what it showed last may come again.
    mutating func kill(unnumbered: [String]) {
        ledger.forget(unnumbered)
        ledger.wasKilled = true
    }

    /// The program has ended, and named what it had not numbered.
    mutating func end(unnumbered: [String]) {
        ledger.forget(unnumbered)
    }

    /// Takes what the client showed after one input, and how far it now says that it has its logs.
    mutating func observe(_ events: [ClientEvent], followed: [FollowedPosition], models: LogModels) throws(Breach) {
        var shown: [LogEpoch: [ClientEvent]] = [:]
        if events.contains(where: { if case .connected = $0 { true } else { false } }) { beginAnew() }
        try follow(followed)
        for event in events {
            guard !isOver else { throw Breach("\(event) after bye") }
            try note(event, models)
            guard let place = event.shownLog else { continue }
            guard let epoch = epoch(of: place) else { throw Breach("\(event) was shown before its log was there") }
            shown[epoch, default: []].append(event)
        }
        let judge = EntryJudge(label: label, models: models)
        for position in followed {
            let (epoch, end) = (position.cursor.epoch, position.cursor.number)
            let events = shown.removeValue(forKey: epoch) ?? []
            guard logs[epoch]?.compared != end || !events.isEmpty else { continue }
            guard let log = models.log(epoch) else {
                // It may have been announced and not be stored yet.
                guard end == 0, events.isEmpty else { throw Breach("the cursor has an epoch that no log has") }
                continue
            }
            try logs[epoch]?.compare(events, through: end, with: log, judge)
        }
        // What is not followed any more was shown before that.
        for (epoch, events) in shown {
            guard let log = models.log(epoch), let end = events.compactMap(\.entryNumber).max() else { continue }
            for event in events {
                guard let number = event.entryNumber else { continue }
                guard let entry = log.entry(number), judge.shows(event, entry, number) else {
                    throw Breach("\(event) is not in the log that ended at \(end)")
                }
            }
        }
    }

    /// After everything has settled: nothing is missing.
    func checkSettled(
        followed: [FollowedPosition], expected: Set<LogID>, members: [String], present: [String], models: LogModels
    ) throws(Breach) {
        guard Set(followed.map(\.log)) == expected else {
            throw Breach("follows \(followed.map(\.log.rawValue)), should \(expected.map(\.rawValue).sorted())")
        }
        for position in followed {
            guard let log = models[position.log], log.epoch == position.cursor.epoch else {
                throw Breach("follows log \(position.log.rawValue) under an old epoch")
            }
            let compared = logs[log.epoch]?.compared ?? 0
            guard position.cursor.number >= log.end, compared >= log.end else {
                throw Breach("has log \(log.id.rawValue) up to \(position.cursor.number), not to its end \(log.end)")
            }
        }
        try ledger.checkSettled(models)
        guard members.sorted() == present.sorted() else {
            throw Breach("believes that \(members.sorted()) are here, and \(present.sorted()) are")
        }
        guard let room = models.room, let seen = logs[room.epoch], seen.floor == nil else { return }
        let earlier = room.messages(through: (seen.firstMessage ?? room.end + 1) - 1)
        let hidden = earlier - room.messages(through: room.trimmedThrough)
        guard hidden <= 0 || seen.historyShown + receipts >= history else {
            throw Breach("was shown \(seen.historyShown) messages instead of \(history), and \(hidden) were left out")
        }
    }

    // MARK: Steps

    private func epoch(of place: ShownPlace) -> LogEpoch? {
        switch place {
        case .room: roomEpoch
        case .group(let title): places[.group(title.lowercased())]
        case .person: places[.person("")]
        }
    }

    /// Takes note of the logs that are followed now.
    private mutating func follow(_ followed: [FollowedPosition]) throws(Breach) {
        var isThere: Set<LogEpoch> = []
        for position in followed {
            let epoch = position.cursor.epoch
            isThere.insert(epoch)
            switch position.kind {
            case .room:
                guard roomEpoch == nil || roomEpoch == epoch else {
                    throw Breach("follows another log and did not say so")
                }
                roomEpoch = epoch
            case .group: places[.group(position.title.lowercased())] = epoch
            case .inbox: places[.person("")] = epoch
            }
            if logs[epoch] == nil { logs[epoch] = LogWitness(floor: floors[epoch]) }
        }
        // Who comes back to a group later is told its latest lines again.
        for epoch in logs.keys where !isThere.contains(epoch) {
            logs[epoch] = nil
            floors[epoch] = nil
        }
    }

    private mutating func note(_ event: ClientEvent, _ models: LogModels) throws(Breach) {
        switch event {
        case .message(let line, let place):
            if case .room = place { heard.append(line.text) }
            shownSinceReturn += 1
        case .sent(let id, let text, _, let place):
            receipts += 1
            try ledger.receipt(text, isSeen: id != nil, in: place)
            if id == nil, models.count(of: text, in: SaidLines.Place(place).kind) == 0 {
                throw Breach("\"\(text)\" was receipted and is in no log")
            }
        case .error: ledger.errors += 1
        case .notice(let text): ledger.noteFateUnknown(text)
        case .resumed(let missed):
            guard missed <= shownSinceReturn else {
                throw Breach("\(missed) missed messages were told, \(shownSinceReturn) were shown")
            }
            shownSinceReturn = 0
        case .bye: isOver = true
        default: break
        }
    }

    private mutating func beginAnew() {
        for (epoch, log) in logs { floors[epoch] = max(floors[epoch] ?? 0, log.compared ?? 0) }
        logs.removeAll()
        places.removeAll()
        roomEpoch = nil
        shownSinceReturn = 0
    }
}

extension ClientEvent {
    /// The entry that it names; nil for what names none.
    fileprivate var entryNumber: EntryNumber? {
        switch self {
        case .message(let line, _): line.id
        case .sent(let id, _, _, _): id
        case .edited(let mark, _), .deleted(let mark), .reaction(let mark, _): mark.id
        default: nil
        }
    }
}
