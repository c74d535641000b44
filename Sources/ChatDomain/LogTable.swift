import ChatProtocol

/// All logs, and the pages of them that were fetched.
struct LogTable: Sendable {
    private var logs: [LogID: ChatLog] = [:]
    private var pages = PageCache()
    /// Numbers of logs are never given twice.
    private(set) var last: LogID = .room

    var count: Int { logs.count }
    var pageBytes: Int { pages.bytes }

    subscript(id: LogID) -> ChatLog? { logs[id] }

    /// The room's log; there from the beginning.
    var room: ChatLog {
        logs[.room]
            ?? ChatLog(id: .room, kind: .room, epoch: LogEpoch(rawValue: 0), bounds: TailBounds(entries: 1, bytes: 0))
    }

    mutating func insert(_ log: ChatLog) {
        logs[log.id] = log
        if log.id.rawValue > last.rawValue { last = log.id }
    }

    /// Never again gives a number up to this one.
    mutating func reserve(through id: UInt32) {
        if id > last.rawValue { last = LogID(rawValue: id) }
    }

    mutating func remove(_ id: LogID) {
        logs[id] = nil
        pages.drop(id)
    }

    mutating func append(_ bytes: [UInt8], isMessage: Bool, to id: LogID) -> EntryNumber {
        logs[id]?.append(bytes, isMessage: isMessage) ?? 0
    }

    mutating func revise(_ id: LogID, _ number: EntryNumber, _ revision: Revision) {
        logs[id]?.revise(number, revision)
    }

    mutating func store(_ id: LogID, through number: EntryNumber) {
        logs[id]?.store(through: number)
    }

    mutating func trim(_ id: LogID, through number: EntryNumber) {
        logs[id]?.trim(through: number)
    }

    /// The first entry after `number` that may be shown and can be had at once.
    func entry(after number: EntryNumber, in id: LogID) -> (number: EntryNumber, bytes: [UInt8])? {
        guard let log = logs[id] else { return nil }
        var number = log.clamped(number)
        // At most one page after the other says that nothing is there.
        for _ in 0...ChatLimits.cachedPages {
            guard log.mustFetch(after: number) else { return log.entry(after: number).map { ($0.number, $0.bytes) } }
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
        guard let log = logs[id] else { return nil }
        var number = log.clamped(number)
        for _ in 0...ChatLimits.cachedPages {
            guard log.mustFetch(after: number) else { return nil }
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
        guard logs[page.log] != nil else { return }
        // Beyond its last item a page says nothing, unless it is the log's last: then the store had nothing more up to
        // where the log was kept here. What left our memory since then came to the store later, maybe after the reading.
        let through = page.isLast ? max(keptAfter, page.items.last?.number ?? 0) : page.items.last?.number ?? number
        pages.insert(page, after: number, through: through)
    }
}
