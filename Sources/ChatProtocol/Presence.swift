import Basics

/// One member as `:who` shows them.
///
///     name text | away text | operator 1 | round trip 4 | loss 2 | silence 4
package struct Presence: Hashable, Sendable {
    package var name: String
    /// What the member said on going away; empty when the member is there.
    package var away: String
    package var isOperator: Bool
    /// Smoothed round trip in microseconds; 0 before anything was measured.
    package var roundTripMicroseconds: UInt32
    /// Lost packets in thousandths of the sent ones, 0...1,000.
    package var lossPerMille: UInt16
    /// For how long nothing was heard of the member, in milliseconds.
    package var silenceMilliseconds: UInt32

    package init(
        name: String, away: String, isOperator: Bool, roundTripMicroseconds: UInt32, lossPerMille: UInt16,
        silenceMilliseconds: UInt32
    ) {
        self.name = name
        self.away = away
        self.isOperator = isOperator
        self.roundTripMicroseconds = roundTripMicroseconds
        self.lossPerMille = min(lossPerMille, 1_000)
        self.silenceMilliseconds = silenceMilliseconds
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        name = try bytes.takeName(limit: ChatLimits.nameBytes, field: "name")
        away = try bytes.takeText(limit: ChatLimits.awayBytes, field: "away")
        isOperator = try bytes.takeFlag(field: "operator")
        roundTripMicroseconds = try bytes.take(UInt32.self)
        lossPerMille = try bytes.take(UInt16.self)
        guard lossPerMille <= 1_000 else { throw .invalid(field: "loss") }
        silenceMilliseconds = try bytes.take(UInt32.self)
    }

    func put(into bytes: inout [UInt8]) {
        bytes.putText(name)
        bytes.putText(away.cut(toBytes: ChatLimits.awayBytes))
        bytes.putFlag(isOperator)
        bytes.put(roundTripMicroseconds)
        bytes.put(lossPerMille)
        bytes.put(silenceMilliseconds)
    }
}

/// One group as `:group list` shows it.
///
///     name text | members 4 | flags 1: private 1, own 2
package struct GroupSummary: Hashable, Sendable {
    package var name: String
    package var memberCount: UInt32
    package var isPrivate: Bool
    /// Whether the one who asks is a member.
    package var isOwn: Bool

    package init(name: String, memberCount: UInt32, isPrivate: Bool, isOwn: Bool) {
        self.name = name
        self.memberCount = memberCount
        self.isPrivate = isPrivate
        self.isOwn = isOwn
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        name = try bytes.takeName(limit: ChatLimits.nameBytes, field: "group")
        memberCount = try bytes.take(UInt32.self)
        let flags = try bytes.take(UInt8.self)
        guard flags < 4 else { throw .invalid(field: "group flags") }
        isPrivate = flags & 1 != 0
        isOwn = flags & 2 != 0
    }

    func put(into bytes: inout [UInt8]) {
        bytes.putText(name)
        bytes.put(memberCount)
        bytes.append((isPrivate ? 1 : 0) | (isOwn ? 2 : 0))
    }
}

/// An entry that is shown in answer to a question, beside the cursor.
///
///     number varint | block of the entry's bytes
package struct NumberedEntry: Hashable, Sendable {
    package var number: EntryNumber
    /// As it stands in the log: a `LogEntry`.
    package var bytes: [UInt8]

    package init(number: EntryNumber, bytes: [UInt8]) {
        self.number = number
        self.bytes = bytes
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        number = try bytes.takeEntryNumber()
        self.bytes = try bytes.takeBlock(limit: ChatLimits.messageBytes, field: "entry")
    }

    func put(into bytes: inout [UInt8]) {
        bytes.putVarInt(number)
        bytes.putBlock(self.bytes)
    }
}

/// What holds for the room, and for the member in it; told after each login and when it changes.
///
///     topic text | slow seconds 4 | operator 1 | registered 1
package struct RoomFacts: Hashable, Sendable {
    /// Empty when there is none.
    package var topic: String
    /// How long a member waits between two lines; 0: not at all.
    package var slowSeconds: UInt32
    /// Whether the member is an operator.
    package var isOperator: Bool
    /// Whether the member's name is registered.
    package var isRegistered: Bool

    package init(topic: String, slowSeconds: UInt32, isOperator: Bool, isRegistered: Bool) {
        self.topic = topic
        self.slowSeconds = slowSeconds
        self.isOperator = isOperator
        self.isRegistered = isRegistered
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        topic = try bytes.takeText(limit: ChatLimits.topicBytes, field: "topic")
        slowSeconds = try bytes.take(UInt32.self)
        isOperator = try bytes.takeFlag(field: "operator")
        isRegistered = try bytes.takeFlag(field: "registered")
    }

    func put(into bytes: inout [UInt8]) {
        bytes.putText(topic.cut(toBytes: ChatLimits.topicBytes))
        bytes.put(slowSeconds)
        bytes.putFlag(isOperator)
        bytes.putFlag(isRegistered)
    }
}
