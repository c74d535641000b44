package import ChatProtocol

/// A log that a client follows, and how far it was shown.
package struct FollowedPosition: Hashable, Sendable {
    package let log: LogID
    package let kind: LogKind
    /// The name of the room or group; empty for the inbox.
    package let title: String
    package let cursor: LogCursor
}

/// One log that the client follows.
struct FollowedLog: Sendable {
    let id: LogID
    let kind: LogKind
    /// The name of the room or group; empty for the inbox.
    let title: String
    /// Under which alias its entries come now; nil while it was not announced on this connection.
    var alias: UInt64?
    var timeline: Timeline
    /// The latest lines that were shown of it.
    var lines = ShownLines()
}

/// The logs that a client follows, each with its cursor, and the cursors that an earlier run left.
///
/// Bound: `ChatLimits.logsPerAccount` logs, and as many cursors.
struct FollowedLogs: Sendable {
    private(set) var all: [FollowedLog] = []
    /// Cursors of logs that are not followed now: of an earlier run, or of a group that was.
    private(set) var former: [LogPosition] = []

    init(former: [LogPosition] = []) {
        self.former = Array(former.prefix(ChatLimits.logsPerAccount))
    }

    var room: FollowedLog? { all.first { $0.id == .room } }

    /// How far the room's log was shown, in this run or an earlier one; nil before the first join.
    var roomCursor: LogCursor? { room?.timeline.cursor ?? former.first { $0.log == .room }?.cursor }

    /// How far every log was shown.
    var positions: [LogPosition] {
        all.map { LogPosition(log: $0.id, cursor: $0.timeline.cursor) } + former
    }

    func index(alias: UInt64) -> Int? { all.firstIndex { $0.alias == alias } }

    /// The group of that name, in any case of letters.
    func group(named name: String) -> FollowedLog? {
        let wanted = name.lowercased()
        return all.first { $0.kind == .group && $0.title.lowercased() == wanted }
    }

    subscript(index: Int) -> FollowedLog {
        get { all[index] }
        // In place: with a setter each line that is shown would copy those before it.
        _modify { yield &all[index] }
    }

    /// The connection is gone, and the aliases with it.
    mutating func forgetAliases() {
        for index in all.indices { all[index].alias = nil }
    }

    /// The room's log begins, or goes on.
    mutating func follow(room title: String, _ timeline: Timeline) {
        former.removeAll { $0.log == .room }
        if let index = all.firstIndex(where: { $0.id == .room }) {
            all[index].timeline = timeline
            all[index].alias = ChannelAlias.room
        } else {
            let log = FollowedLog(
                id: .room, kind: .room, title: title, alias: ChannelAlias.room, timeline: timeline)
            all.insert(log, at: 0)
        }
    }

    /// How far an announced log was shown before, in this run or an earlier one; nil when nothing of it was.
    func seen(_ announcement: LogAnnouncement) -> EntryNumber? {
        let known = all.first { $0.id == announcement.log }?.timeline.cursor
        let cursors = [known, former.first { $0.log == announcement.log }?.cursor].compactMap { $0 }
        return cursors.filter { $0.epoch == announcement.epoch }.map(\.number).max()
    }

    /// A log beside the room's is announced.
    ///
    /// - Returns: after which number it is to be taken from the connection; nil when it is one too many.
    mutating func follow(_ announcement: LogAnnouncement) -> EntryNumber? {
        let known = all.first { $0.id == announcement.log }
        guard known != nil || all.count < ChatLimits.logsPerAccount else { return nil }
        let earlier = former.first { $0.log == announcement.log }?.cursor
        var log = FollowedLog(
            id: announcement.log, kind: announcement.kind, title: announcement.title, alias: announcement.alias,
            timeline: Self.timeline(announcement, known: known?.timeline, earlier: earlier))
        if let known, known.timeline.cursor.epoch == announcement.epoch { log.lines = known.lines }
        former.removeAll { $0.log == announcement.log }
        if let index = all.firstIndex(where: { $0.id == announcement.log }) {
            all[index] = log
        } else {
            all.append(log)
        }
        return announcement.cursor
    }

    /// What was shown once is not shown again, whatever the server says about the cursor.
    private static func timeline(
        _ announcement: LogAnnouncement, known: Timeline?, earlier: LogCursor?
    ) -> Timeline {
        if var known, known.cursor.epoch == announcement.epoch, announcement.isContinued {
            known.resume(end: announcement.end)
            return known
        }
        if let earlier, earlier.epoch == announcement.epoch, announcement.isContinued {
            return Timeline(continuing: earlier, from: earlier.number, end: announcement.end)
        }
        var cursor = LogCursor(epoch: announcement.epoch, number: announcement.cursor)
        for old in [known?.cursor, earlier].compactMap({ $0 }) where old.epoch == announcement.epoch {
            cursor.number = max(cursor.number, old.number)
        }
        return Timeline(beginningAt: cursor, end: announcement.end)
    }

    /// All logs of the account were announced: what was not is not followed any more. The room's needs no announcement,
    /// and may wait for its member list still.
    ///
    /// How far the others were shown is kept: where the server fell before it had stored that we joined a group, we join
    /// it again, and are not shown again what we have seen.
    mutating func keepAnnounced() {
        let gone = all.filter { $0.alias == nil && $0.id != .room }
        all.removeAll { $0.alias == nil && $0.id != .room }
        former += gone.map { LogPosition(log: $0.id, cursor: $0.timeline.cursor) }
        former.removeFirst(max(0, former.count - ChatLimits.logsPerAccount))
    }

    mutating func remove(_ id: LogID) {
        all.removeAll { $0.id == id && id != .room }
    }

    /// Whether everything that was there at the login has been shown.
    var areAtEnd: Bool { all.allSatisfy(\.timeline.isAtEnd) }

    /// How many messages of others were missed, over all logs.
    mutating func takeMissed() -> Int {
        all.indices.reduce(0) { $0 + all[$1].timeline.takeMissed() }
    }
}
