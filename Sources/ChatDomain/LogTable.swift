import ChatProtocol

/// All logs, and the pages of them that were fetched.
struct LogTable: Sendable {
    /// The room's log stands first. A log is read where it stands: a copy of it for each message to each member would
    /// cost more than the reading.
    private var logs: [ChatLog] = [Self.nothing]
    /// Stands where no log is: an optional one could be read only as a copy.
    private static let nothing = ChatLog(
        id: .room, kind: .room, epoch: LogEpoch(rawValue: 0), bounds: TailBounds(entries: 1, bytes: 0))
    private var hasRoom = false
    /// Where all others are.
    private var places: [LogID: Int] = [:]
    private var free: [Int] = []
    private var pages = PageCache()
    /// Numbers of logs are never given twice.
    private(set) var last: LogID = .room

    var count: Int { places.count + (hasRoom ? 1 : 0) }
    var pageBytes: Int { pages.bytes }

    subscript(id: LogID) -> ChatLog? { place(of: id).map { logs[$0] } }

    private func place(of id: LogID) -> Int? { id == .room ? (hasRoom ? 0 : nil) : places[id] }

    /// The room's log; there from the beginning.
    var room: ChatLog { logs[0] }

    mutating func insert(_ log: ChatLog) {
        let place = log.id == .room ? 0 : places[log.id] ?? free.popLast() ?? logs.count
        if place == logs.count { logs.append(log) }
        logs[place] = log
        if log.id == .room { hasRoom = true } else { places[log.id] = place }
        if log.id.rawValue > last.rawValue { last = log.id }
    }

    /// Never again gives a number up to this one.
    mutating func reserve(through id: UInt32) {
        if id > last.rawValue { last = LogID(rawValue: id) }
    }

    mutating func remove(_ id: LogID) {
        if let place = place(of: id) {
            logs[place] = Self.nothing
            if places.removeValue(forKey: id) != nil { free.append(place) } else { hasRoom = false }
        }
        pages.drop(id)
    }

    mutating func append(_ bytes: [UInt8], isMessage: Bool, to id: LogID) -> EntryNumber {
        place(of: id).map { logs[$0].append(bytes, isMessage: isMessage) } ?? 0
    }

    mutating func revise(_ id: LogID, _ number: EntryNumber, _ revision: Revision) {
        if let place = place(of: id) { logs[place].revise(number, revision) }
    }

    mutating func store(_ id: LogID, through number: EntryNumber) {
        if let place = place(of: id) { logs[place].store(through: number) }
    }

    mutating func trim(_ id: LogID, through number: EntryNumber) {
        if let place = place(of: id) { logs[place].trim(through: number) }
    }

    /// The first entry after `number` that may be shown and can be had at once.
    func entry(after number: EntryNumber, in id: LogID) -> (number: EntryNumber, bytes: [UInt8])? {
        guard let place = place(of: id) else { return nil }
        var number = logs[place].clamped(number)
        // At most one page after the other says that nothing is there.
        for _ in 0...ChatLimits.cachedPages {
            guard logs[place].mustFetch(after: number) else { return logs[place].bytes(after: number) }
            switch pages.find(after: number, in: id) {
            case .entry(let item): return (item.number, item.bytes)
            case .nothingThrough(let next): number = next
            case .unknown: return nil
            }
        }
        return nil
    }

    /// After which number a page must be fetched before a reader of `number` can go on; nil when it can go on now or
    /// there is nothing more.
    func missing(after number: EntryNumber, in id: LogID) -> EntryNumber? {
        guard let place = place(of: id) else { return nil }
        var number = logs[place].clamped(number)
        for _ in 0...ChatLimits.cachedPages {
            guard logs[place].mustFetch(after: number) else { return nil }
            switch pages.find(after: number, in: id) {
            case .entry: return nil
            case .nothingThrough(let next): number = next
            case .unknown: return number
            }
        }
        return number
    }

    /// Takes a page that was fetched after a number.
    ///
    /// - Parameter keptAfter: after which number the log was kept here when the page was asked for.
    mutating func insert(_ page: LogPage, after number: EntryNumber, keptAfter: EntryNumber) {
        guard place(of: page.log) != nil else { return }
        // Beyond its last item a page says nothing, unless it is the log's last: then the store had nothing more up to
        // where the log was kept here. What left our memory since then came to the store later, maybe after the reading.
        let through = page.isLast ? max(keptAfter, page.items.last?.number ?? 0) : page.items.last?.number ?? number
        pages.insert(page, after: number, through: through)
    }
}
