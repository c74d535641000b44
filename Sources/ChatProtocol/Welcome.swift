package import Basics

/// The answer to a login that was accepted. It travels sealed in M4, so it is small: at most 320 bytes.
///
///     member 4 | name text | server text | room text | epoch 8 | cursor 8 | end 8 | stored outbox 8 | resumed 1
package struct Welcome: Hashable, Sendable, WireValue {
    /// The session's number: entries that carry it are the client's own.
    package var member: MemberID
    /// The member's name as everybody sees it, at most `ChatLimits.nameBytes`.
    package var name: String
    /// The server's name, at most `ChatLimits.serverNameBytes`; what is longer is cut.
    package var server: String
    /// The room's name, at most `ChatLimits.roomNameBytes`; what is longer is cut.
    package var room: String
    /// The epoch of the room's log.
    package var epoch: LogEpoch
    /// The log is fed to the client after this number.
    package var cursor: EntryNumber
    /// The log's last number when the login was handled; the member's own `joined` comes after it.
    package var end: EntryNumber
    /// The last line of the client's outbox that the server has; what is later must be sent (again).
    package var storedOutbox: OutboxNumber
    /// Whether the cursor of the request is continued; false when the log begins anew for this client.
    package var resumed: Bool

    package init(
        member: MemberID, name: String, server: String, room: String, epoch: LogEpoch, cursor: EntryNumber,
        end: EntryNumber, storedOutbox: OutboxNumber, resumed: Bool
    ) {
        self.member = member
        self.name = name
        self.server = server.cut(toBytes: ChatLimits.serverNameBytes)
        self.room = room.cut(toBytes: ChatLimits.roomNameBytes)
        self.epoch = epoch
        self.cursor = cursor
        self.end = end
        self.storedOutbox = storedOutbox
        self.resumed = resumed
    }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        member = MemberID(rawValue: try bytes.take(UInt32.self))
        name = try bytes.takeName(limit: ChatLimits.nameBytes, field: "name")
        server = try bytes.takeText(limit: ChatLimits.serverNameBytes, field: "server")
        room = try bytes.takeText(limit: ChatLimits.roomNameBytes, field: "room")
        epoch = LogEpoch(rawValue: try bytes.take(UInt64.self))
        cursor = try bytes.take(UInt64.self)
        end = try bytes.take(UInt64.self)
        guard cursor <= end else { throw .invalid(field: "cursor") }
        storedOutbox = try bytes.take(UInt64.self)
        resumed = try bytes.takeFlag(field: "resumed")
        try bytes.expectEnd()
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(member.rawValue)
        bytes.putText(name)
        bytes.putText(server)
        bytes.putText(room)
        bytes.put(epoch.rawValue)
        bytes.put(cursor)
        bytes.put(end)
        bytes.put(storedOutbox)
        bytes.putFlag(resumed)
        return bytes
    }
}

/// The answer to a login that was not accepted.
///
///     code text | sentence text | has challenge 1 | (challenge 72)
package struct Refusal: Error, Hashable, Sendable, WireValue {
    /// The stable word.
    package var code: ErrorCode
    /// A sentence for people, at most `ChatLimits.explanationBytes`; what is longer is cut.
    package var text: String
    /// The name belongs to somebody with a personal password: who knows it may come in. Nil for every other refusal.
    package var challenge: AccountChallenge?

    package init(code: ErrorCode, text: String) {
        self.code = code
        self.text = text.cut(toBytes: ChatLimits.explanationBytes)
    }

    package init(decoding bytes: Span<UInt8>) throws(WireError) {
        var bytes = bytes
        code = try bytes.takeErrorCode()
        text = try bytes.takeText(limit: ChatLimits.explanationBytes, field: "sentence")
        challenge = try bytes.takeFlag(field: "challenge") ? try AccountChallenge(from: &bytes) : nil
        try bytes.expectEnd()
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.putText(code.rawValue)
        bytes.putText(text)
        bytes.putFlag(challenge != nil)
        challenge?.put(into: &bytes)
        return bytes
    }
}
