import Basics
import ChatProtocol

/// How the chat's facts stand in the store: each record begins with the version of its format.
enum Collection {
    static let accounts = "account"
    static let groups = "group"
    static let room = "room"
    static let bans = "ban"
    static let mutes = "mute"
    static let audit = "audit"
}

extension [UInt8] {
    mutating func putName(_ name: PreparedName) {
        putText(name.display)
        putText(name.key)
    }

    mutating func putList<Item>(_ items: [Item], _ put: (Item, inout [UInt8]) -> Void) {
        putVarInt(UInt64(items.count))
        for item in items { put(item, &self) }
    }
}

extension Span<UInt8> {
    /// Takes the version that a record begins with.
    mutating func expectVersion(_ version: UInt8) throws(WireError) {
        guard try take(UInt8.self) == version else { throw .invalid(field: "record version") }
    }

    mutating func takePreparedName() throws(WireError) -> PreparedName {
        let display = try takeText(limit: StoreLimits.recordBytes, field: "name")
        return PreparedName(display: display, key: try takeText(limit: StoreLimits.recordBytes, field: "name key"))
    }

    mutating func takeItems<Item>(
        _ take: (inout Span<UInt8>) throws(WireError) -> Item
    ) throws(WireError) -> [Item] {
        let count = try takeVarInt()
        var items: [Item] = []
        while UInt64(items.count) < count { items.append(try take(&self)) }
        return items
    }

    mutating func takeTruth() throws(WireError) -> Bool { try take(UInt8.self) != 0 }

    mutating func takeAccountIDs() throws(WireError) -> [AccountID] {
        try takeItems { (bytes) throws(WireError) in AccountID(rawValue: try bytes.take(UInt32.self)) }
    }
}

extension Account {
    var record: StoredRecord {
        var bytes: [UInt8] = [1]
        bytes.putList(devices) { $1 += $0.bytes }
        bytes.putName(name)
        bytes.append(registered == nil ? 0 : 1)
        if let registered { bytes.putName(registered) }
        bytes.putBlock(verifier)
        bytes.put(inbox?.rawValue ?? 0)
        bytes.putVarInt(inboxRead)
        bytes.putList(groups) { $1.put($0.rawValue) }
        bytes.append(isOperator ? 1 : 0)
        bytes.putText(away)
        return StoredRecord(collection: Collection.accounts, key: Self.key(id), bytes: bytes)
    }

    static func key(_ id: AccountID) -> [UInt8] {
        var key: [UInt8] = []
        key.put(id.rawValue)
        return key
    }

    init(_ record: StoredRecord) throws(WireError) {
        var key = record.key.span
        id = AccountID(rawValue: try key.take(UInt32.self))
        var bytes = record.bytes.span
        try bytes.expectVersion(1)
        devices = try bytes.takeItems { (bytes) throws(WireError) in
            guard let device = DeviceID(bytes: try bytes.takeBytes(DeviceID.byteCount)) else {
                throw .invalid(field: "device")
            }
            return device
        }
        name = try bytes.takePreparedName()
        registered = try bytes.takeTruth() ? try bytes.takePreparedName() : nil
        verifier = try bytes.takeBlock(limit: StoreLimits.recordBytes, field: "verifier")
        let log = try bytes.take(UInt32.self)
        inbox = log == 0 ? nil : LogID(rawValue: log)
        inboxRead = try bytes.takeVarInt()
        groups = try bytes.takeItems { (bytes) throws(WireError) in LogID(rawValue: try bytes.take(UInt32.self)) }
        isOperator = try bytes.takeTruth()
        away = try bytes.takeText(limit: ChatLimits.awayBytes, field: "away")
        try bytes.expectEnd()
    }
}

extension Group {
    var record: StoredRecord {
        var bytes: [UInt8] = [1]
        bytes.putName(name)
        bytes.put(owner.rawValue)
        bytes.putList(members) { $1.put($0.rawValue) }
        bytes.putList(invited) { $1.put($0.rawValue) }
        bytes.append(isPrivate ? 1 : 0)
        bytes.putText(topic)
        return StoredRecord(collection: Collection.groups, key: Self.key(log), bytes: bytes)
    }

    static func key(_ log: LogID) -> [UInt8] {
        var key: [UInt8] = []
        key.put(log.rawValue)
        return key
    }

    init(_ record: StoredRecord) throws(WireError) {
        var key = record.key.span
        log = LogID(rawValue: try key.take(UInt32.self))
        var bytes = record.bytes.span
        try bytes.expectVersion(1)
        name = try bytes.takePreparedName()
        owner = AccountID(rawValue: try bytes.take(UInt32.self))
        members = try bytes.takeAccountIDs()
        invited = try bytes.takeAccountIDs()
        isPrivate = try bytes.takeTruth()
        topic = try bytes.takeText(limit: ChatLimits.topicBytes, field: "topic")
        try bytes.expectEnd()
    }
}

/// A session as it is stored; its outbox mark stands beside it.
struct SessionRecord {
    let session: Session
    let isPresent: Bool

    var stored: StoredSession {
        var bytes: [UInt8] = [1]
        bytes += session.device.bytes
        bytes.put(session.incarnation)
        bytes.put(session.account.rawValue)
        bytes.putName(session.name)
        bytes.put(session.since.milliseconds)
        bytes.append(isPresent ? 1 : 0)
        return StoredSession(member: session.id, outbox: session.storedOutbox, bytes: bytes)
    }

    init(_ session: Session, isPresent: Bool) {
        self.session = session
        self.isPresent = isPresent
    }

    init(_ stored: StoredSession) throws(WireError) {
        var bytes = stored.bytes.span
        try bytes.expectVersion(1)
        guard let device = DeviceID(bytes: try bytes.takeBytes(DeviceID.byteCount)) else {
            throw .invalid(field: "device")
        }
        let incarnation = try bytes.take(UInt64.self)
        let account = AccountID(rawValue: try bytes.take(UInt32.self))
        let name = try bytes.takePreparedName()
        let since = WallTime(milliseconds: try bytes.take(Int64.self))
        isPresent = try bytes.takeTruth()
        try bytes.expectEnd()
        var session = Session(
            id: stored.member, account: account, device: device, incarnation: incarnation, name: name,
            address: .loopback(port: 0), since: since)
        session.acceptedOutbox = stored.outbox
        session.storedOutbox = stored.outbox
        self.session = session
    }
}
