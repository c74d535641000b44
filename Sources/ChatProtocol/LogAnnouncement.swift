import Basics

/// What a log is for; it decides how much of it is kept. The raw values are on the wire and in the store.
package enum LogKind: UInt8, CaseIterable, Sendable {
    /// The room: everybody follows it.
    case room = 1
    /// A group: its members follow it.
    case group
    /// An account's own: private lines, and what became of requests.
    case inbox
}

/// How far a client has one log.
package struct LogPosition: Hashable, Sendable {
    package var log: LogID
    package var cursor: LogCursor

    package init(log: LogID, cursor: LogCursor) {
        self.log = log
        self.cursor = cursor
    }
}

/// What a client is told before the entries of a log beside the room's come.
///
///     alias varint | log 4 | kind 1 | title text | epoch 8 | cursor 8 | end 8 | continued 1
package struct LogAnnouncement: Hashable, Sendable {
    /// Under which alias its entries travel on this connection; no alias is used twice on one.
    package var alias: UInt64
    package var log: LogID
    package var kind: LogKind
    /// The group's name as shown; empty for an inbox.
    package var title: String
    package var epoch: LogEpoch
    /// The entries after this number follow.
    package var cursor: EntryNumber
    /// The last number at this moment: what is up to here is older than the announcement.
    package var end: EntryNumber
    /// Whether the client's own cursor is continued; false when the log begins anew for this client.
    package var isContinued: Bool

    package init(
        alias: UInt64, log: LogID, kind: LogKind, title: String, epoch: LogEpoch, cursor: EntryNumber,
        end: EntryNumber, isContinued: Bool
    ) {
        self.alias = alias
        self.log = log
        self.kind = kind
        self.title = title
        self.epoch = epoch
        self.cursor = cursor
        self.end = end
        self.isContinued = isContinued
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        alias = try bytes.takeVarInt()
        guard alias > ChannelAlias.room else { throw .invalid(field: "alias") }
        log = LogID(rawValue: try bytes.take(UInt32.self))
        guard let kind = LogKind(rawValue: try bytes.take(UInt8.self)), kind != .room else {
            throw .invalid(field: "log kind")
        }
        self.kind = kind
        title = try bytes.takeText(limit: ChatLimits.nameBytes, field: "title")
        epoch = LogEpoch(rawValue: try bytes.take(UInt64.self))
        cursor = try bytes.take(UInt64.self)
        end = try bytes.take(UInt64.self)
        guard cursor <= end, end <= VarInt.max else { throw .invalid(field: "cursor") }
        isContinued = try bytes.takeFlag(field: "continued")
    }

    func put(into bytes: inout [UInt8]) {
        bytes.putVarInt(alias)
        bytes.put(log.rawValue)
        bytes.append(kind.rawValue)
        bytes.putText(title)
        bytes.put(epoch.rawValue)
        bytes.put(cursor)
        bytes.put(end)
        bytes.putFlag(isContinued)
    }
}

extension Span<UInt8> {
    /// Takes positions: a count, then for each log 4, epoch 8, number 8; at most `ChatLimits.logsPerAccount`.
    mutating func takePositions() throws(WireError) -> [LogPosition] {
        let count = try takeVarInt()
        guard count <= UInt64(ChatLimits.logsPerAccount) else {
            throw .tooLong(field: "positions", limit: ChatLimits.logsPerAccount)
        }
        var positions: [LogPosition] = []
        for _ in 0..<count {
            let log = LogID(rawValue: try take(UInt32.self))
            let epoch = LogEpoch(rawValue: try take(UInt64.self))
            positions.append(
                LogPosition(log: log, cursor: LogCursor(epoch: epoch, number: try take(UInt64.self))))
        }
        return positions
    }
}

extension [UInt8] {
    mutating func putPositions(_ positions: [LogPosition]) {
        let positions = positions.prefix(ChatLimits.logsPerAccount)
        putVarInt(UInt64(positions.count))
        for position in positions {
            put(position.log.rawValue)
            put(position.cursor.epoch.rawValue)
            put(position.cursor.number)
        }
    }
}
