package import Basics
package import ChatProtocol

/// What of a client's state is not kept yet.
package enum Unsaved: Int, Comparable, Sendable {
    case nothing
    /// Cursors moved, receipts came: it may wait a moment.
    case soon
    /// Something new is to be said: it is kept before it is sent, so that it keeps its number.
    case beforeSending

    package static func < (left: Unsaved, right: Unsaved) -> Bool { left.rawValue < right.rawValue }
}

/// What a client keeps from one run to the next.
///
///     "GASC" | version 1 | incarnation 8 | last number varint
///     count varint | so many waiting: number varint, typed text, request block
///     count varint | so many identities: epoch 8, member 4
///     count varint | so many positions: log 4, epoch 8, number 8
///     count varint | so many ignored: name text
///     checksum 8: FNV-1a (draft-eastlake-fnv, 64 bits) of everything before
package struct StoredClient: Sendable, WireValue {
    /// The most bytes that it has.
    package static let bytesAtMost = 1_024 * 1_024

    private static let mark = Array("GASC".utf8) + [1]

    let incarnation: UInt64
    let outbox: Outbox
    let identities: [OwnIdentities.Identity]
    /// How far which logs were shown.
    package let positions: [LogPosition]
    let ignored: [String]
    /// Whether it never left this run: its lines need not be named again. Not part of what is written.
    let isOfThisRun: Bool

    init(
        incarnation: UInt64, outbox: Outbox, identities: [OwnIdentities.Identity], positions: [LogPosition],
        ignored: [String]
    ) {
        isOfThisRun = true
        self.incarnation = incarnation
        self.outbox = outbox
        self.identities = identities
        self.positions = positions
        self.ignored = ignored
    }

    /// How many requests wait for their receipt.
    package var waitingCount: Int { outbox.count }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        isOfThisRun = false
        let sumBytes = 8
        guard bytes.count > sumBytes else { throw .invalid(field: "client state") }
        var rest = bytes.extracting(first: bytes.count - sumBytes)
        var sum = bytes.extracting(last: sumBytes)
        guard try sum.take(UInt64.self) == Self.checksum(rest) else { throw .invalid(field: "checksum") }
        guard try rest.takeBytes(Self.mark.count) == Self.mark else { throw .invalid(field: "version") }
        incarnation = try rest.take(UInt64.self)
        let lastNumber = try rest.takeVarInt()
        outbox = Outbox(items: try Self.takeItems(from: &rest, through: lastNumber), lastNumber: lastNumber)
        identities = try rest.takeList(limit: ChatLimits.ownIdentities) { (bytes) throws(WireError) in
            let epoch = LogEpoch(rawValue: try bytes.take(UInt64.self))
            return OwnIdentities.Identity(epoch: epoch, member: MemberID(rawValue: try bytes.take(UInt32.self)))
        }
        positions = try rest.takeList(limit: 2 * ChatLimits.logsPerAccount) { (bytes) throws(WireError) in
            let log = LogID(rawValue: try bytes.take(UInt32.self))
            let epoch = LogEpoch(rawValue: try bytes.take(UInt64.self))
            return LogPosition(log: log, cursor: LogCursor(epoch: epoch, number: try bytes.take(UInt64.self)))
        }
        ignored = try rest.takeList(limit: ChatLimits.ignoredNames) { (bytes) throws(WireError) in
            try bytes.takeText(limit: ChatLimits.requestedNameBytes, field: "name")
        }
        try rest.expectEnd()
    }

    private static func takeItems(
        from bytes: inout Span<UInt8>, through last: OutboxNumber
    ) throws(WireError) -> [Outbox.Item] {
        var previous: OutboxNumber = 0
        return try bytes.takeList(limit: ChatLimits.outboxEntries) { (bytes) throws(WireError) in
            let number = try bytes.takeVarInt()
            guard number > previous, number <= last else { throw .invalid(field: "outbox number") }
            previous = number
            let typed = try bytes.takeText(limit: 4 * ChatLimits.textBytes, field: "typed line")
            let block = try bytes.takeBlock(limit: ChatLimits.messageBytes, field: "request")
            let request = try ClientRequest(decoding: block.span)
            guard request.isNumbered else { throw .invalid(field: "request") }
            return Outbox.Item(number: number, request: request, typed: typed)
        }
    }

    package func encoded() -> [UInt8] {
        var bytes = Self.mark
        bytes.put(incarnation)
        bytes.putVarInt(outbox.lastNumber)
        bytes.putVarInt(UInt64(outbox.items.count))
        for item in outbox.items {
            bytes.putVarInt(item.number)
            bytes.putText(item.typed.cut(toBytes: 4 * ChatLimits.textBytes))
            bytes.putBlock(item.request.encoded())
        }
        bytes.putVarInt(UInt64(identities.count))
        for identity in identities {
            bytes.put(identity.epoch.rawValue)
            bytes.put(identity.member.rawValue)
        }
        bytes.putVarInt(UInt64(positions.count))
        for position in positions {
            bytes.put(position.log.rawValue)
            bytes.put(position.cursor.epoch.rawValue)
            bytes.put(position.cursor.number)
        }
        bytes.putVarInt(UInt64(ignored.count))
        for name in ignored { bytes.putText(name) }
        bytes.put(Self.checksum(bytes.span))
        return bytes
    }

    private static func checksum(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return hash
    }
}

extension Span<UInt8> {
    /// Takes a count and so many elements.
    fileprivate mutating func takeList<Value>(
        limit: Int, _ take: (inout Span<UInt8>) throws(WireError) -> Value
    ) throws(WireError) -> [Value] {
        let count = try takeVarInt()
        guard count <= UInt64(limit) else { throw .tooLong(field: "list", limit: limit) }
        var elements: [Value] = []
        for _ in 0..<count { elements.append(try take(&self)) }
        return elements
    }
}
