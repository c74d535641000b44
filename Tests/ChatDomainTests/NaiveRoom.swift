import Basics
import ChatDomain
import ChatProtocol

/// The rules of the room once more, in the plainest way: lists that are searched from end to end, a log in one piece. The fast structures race it over random input.
struct NaiveRoom {
    struct Person {
        var id: UInt32
        var device: Int
        var incarnation: UInt64
        var name: String
        var stored: OutboxNumber
        /// Nil: present. Otherwise away, the name kept until then; the past when it is no longer kept.
        var keptUntil: Int64?
    }

    var people: [Person] = []
    var log: [LogEntry] = []
    var ids: UInt32 = 0
    let memberLimit: Int
    /// How many of the newest entries are looked through for history at a login.
    let tailEntries: Int

    var present: [Person] { people.filter { $0.keptUntil == nil }.sorted { $0.id < $1.id } }

    func isSame(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }

    mutating func login(
        _ asked: String, device: Int, incarnation: UInt64, history: Int, cursor: LogCursor?, isLater: Bool, now: Int64,
        wall: WallTime
    ) -> (refusal: ErrorCode?, welcome: Welcome?) {
        let known = people.first { $0.device == device && $0.incarnation == incarnation }
        let isHeld = known.map { ($0.keptUntil ?? .max) > now } ?? false
        let name = isHeld && cursor != nil && !isLater ? known?.name ?? asked : asked
        let holders = people.filter { isSame($0.name, name) && ($0.keptUntil ?? .max) > now }
        if isSame(name, "SERVER") || holders.contains(where: { $0.device != device }) { return (.nameTaken, nil) }
        let isPresent = known.map { $0.keptUntil == nil } ?? false
        let holder = isPresent ? known : holders.first { $0.keptUntil == nil }
        if holder == nil, present.count >= memberLimit { return (.roomFull, nil) }

        for index in people.indices where isSame(people[index].name, name) && people[index].device == device {
            // Whoever else had the name on this device has it no more, but may still come back.
            people[index].keptUntil = 0
        }
        let index = person(name, device, incarnation)
        people[index].keptUntil = nil
        people[index].name = name
        let id = MemberID(rawValue: people[index].id)
        let end = EntryNumber(log.count)
        let resumes = cursor.map { $0.epoch == TestRoom.epoch && $0.number <= end } ?? false
        let welcome = Welcome(
            member: id, name: name, server: "den", room: "main", epoch: TestRoom.epoch,
            cursor: resumes ? min(cursor?.number ?? 0, isLater ? start(history) : .max) : start(history), end: end,
            storedOutbox: people[index].stored, resumed: resumes)
        if let holder {
            if holder.name != name { add(id, holder.name, .renamed(to: name), wall) }
        } else {
            add(id, name, .joined, wall)
        }
        return (nil, welcome)
    }

    private mutating func person(_ name: String, _ device: Int, _ incarnation: UInt64) -> Int {
        for (index, person) in people.enumerated() where person.device == device && person.incarnation == incarnation {
            return index
        }
        ids += 1
        people.append(Person(id: ids, device: device, incarnation: incarnation, name: name, stored: 0, keptUntil: nil))
        return people.count - 1
    }

    /// Walks back through what is kept until enough messages were seen.
    private func start(_ history: Int) -> EntryNumber {
        var wanted = history
        var cursor = log.count
        var firstMessage = log.count
        while wanted > 0, cursor > max(0, log.count - tailEntries) {
            if log[cursor - 1].body.isMessage {
                wanted -= 1
                firstMessage = cursor - 1
            }
            cursor -= 1
        }
        return EntryNumber(firstMessage)
    }

    mutating func say(_ text: String, _ number: OutboxNumber, _ id: MemberID, _ wall: WallTime) {
        guard let index = people.firstIndex(where: { $0.id == id.rawValue && $0.keptUntil == nil }),
            number > people[index].stored
        else { return }
        people[index].stored = number
        log.append(LogEntry(time: wall, member: id, name: people[index].name, outbox: number, body: .message(text)))
    }

    mutating func leave(_ id: MemberID, _ reason: LeaveReason, now: Int64, wall: WallTime) {
        guard let index = people.firstIndex(where: { $0.id == id.rawValue && $0.keptUntil == nil }) else { return }
        add(id, people[index].name, .left(reason), wall)
        people[index].keptUntil = reason == .timeout ? now + 120_000_000_000 : 0
    }

    mutating func add(_ id: MemberID, _ name: String, _ body: LogEntry.Body, _ wall: WallTime) {
        log.append(LogEntry(time: wall, member: id, name: name, outbox: 0, body: body))
    }
}
