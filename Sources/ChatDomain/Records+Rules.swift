import Basics
import ChatProtocol

/// How rules and the audit stand in the store.
extension RoomRules {
    private static let roomKey = Array("room".utf8)

    /// Topic and slow mode.
    var roomRecord: StoredRecord {
        var bytes: [UInt8] = [1]
        bytes.putText(topic)
        bytes.put(slowSeconds)
        return StoredRecord(collection: Collection.room, key: Self.roomKey, bytes: bytes)
    }

    /// Takes a record; one that can't be read is left out.
    mutating func restore(_ record: StoredRecord, at now: Instant, wall: WallTime) {
        switch record.collection {
        case Collection.room: try? restoreRoom(record)
        case Collection.bans: if let ban = try? Ban(record) { _ = insert(ban) }
        case Collection.mutes: if let mute = try? Mute(record, at: now, wall: wall) { _ = insert(mute) }
        case Collection.audit: if let entry = try? AuditEntry(record) { _ = note(entry) }
        default: break
        }
    }

    private mutating func restoreRoom(_ record: StoredRecord) throws(WireError) {
        var bytes = record.bytes.span
        try bytes.expectVersion(1)
        topic = try bytes.takeText(limit: ChatLimits.topicBytes, field: "topic")
        slowSeconds = try bytes.take(UInt32.self)
    }
}

extension Ban {
    var record: StoredRecord {
        var bytes: [UInt8] = [1]
        switch subject {
        case .person(let nameKey, let devices):
            bytes.append(0)
            bytes.putText(nameKey)
            bytes.putList(devices) { $1 += $0.bytes }
        case .addresses(let range):
            bytes.append(1)
            range.put(into: &bytes)
        }
        bytes.putText(shown)
        bytes.putText(reason)
        return StoredRecord(collection: Collection.bans, key: Array(key.utf8), bytes: bytes)
    }

    init(_ record: StoredRecord) throws(WireError) {
        var bytes = record.bytes.span
        try bytes.expectVersion(1)
        if try bytes.takeTruth() {
            subject = .addresses(try AddressRange(from: &bytes))
        } else {
            let nameKey = try bytes.takeText(limit: StoreLimits.recordBytes, field: "name key")
            let devices = try bytes.takeItems { (bytes) throws(WireError) in
                guard let device = DeviceID(bytes: try bytes.takeBytes(DeviceID.byteCount)) else {
                    throw .invalid(field: "device")
                }
                return device
            }
            subject = .person(nameKey: nameKey, devices: devices)
        }
        shown = try bytes.takeText(limit: StoreLimits.recordBytes, field: "banned")
        reason = try bytes.takeText(limit: StoreLimits.recordBytes, field: "ban reason")
        try bytes.expectEnd()
    }
}

extension Mute {
    var record: StoredRecord {
        var bytes: [UInt8] = [1]
        bytes.putText(shown)
        bytes.put(until?.milliseconds ?? 0)
        bytes.put(seconds)
        return StoredRecord(collection: Collection.mutes, key: Account.key(account), bytes: bytes)
    }

    /// How long it still lasts is counted by the wall clock, once, at the start: at most as long as it was to last, in case
    /// that clock was set back meanwhile.
    init(_ record: StoredRecord, at now: Instant, wall: WallTime) throws(WireError) {
        var key = record.key.span
        account = AccountID(rawValue: try key.take(UInt32.self))
        var bytes = record.bytes.span
        try bytes.expectVersion(1)
        shown = try bytes.takeText(limit: StoreLimits.recordBytes, field: "muted")
        let milliseconds = try bytes.take(Int64.self)
        seconds = try bytes.take(UInt32.self)
        try bytes.expectEnd()
        until = milliseconds == 0 ? nil : WallTime(milliseconds: milliseconds)
        guard milliseconds != 0 else { return }
        let longest = Int64(min(seconds, ChatLimits.longestSeconds)) * 1_000
        let (left, overflow) = milliseconds.subtractingReportingOverflow(wall.milliseconds)
        ends = now + .milliseconds(overflow ? longest : min(max(0, left), longest))
    }
}

extension AuditEntry {
    var key: [UInt8] {
        var key: [UInt8] = []
        key.put(number)
        return key
    }

    var record: StoredRecord {
        var bytes: [UInt8] = [1]
        bytes.put(time.milliseconds)
        bytes.putText(actor)
        bytes.putText(text)
        return StoredRecord(collection: Collection.audit, key: key, bytes: bytes)
    }

    init(_ record: StoredRecord) throws(WireError) {
        var key = record.key.span
        number = try key.take(UInt64.self)
        var bytes = record.bytes.span
        try bytes.expectVersion(1)
        time = WallTime(milliseconds: try bytes.take(Int64.self))
        actor = try bytes.takeText(limit: StoreLimits.recordBytes, field: "actor")
        text = try bytes.takeText(limit: StoreLimits.recordBytes, field: "act")
        try bytes.expectEnd()
    }
}

extension AddressRange {
    func put(into bytes: inout [UInt8]) {
        bytes.append(isV4 ? 4 : 6)
        bytes.put(high)
        bytes.put(low)
        bytes.append(UInt8(bits))
    }

    init(from bytes: inout Span<UInt8>) throws(WireError) {
        let isV4 = try bytes.take(UInt8.self) == 4
        let high = try bytes.take(UInt64.self)
        let low = try bytes.take(UInt64.self)
        let bits = Int(try bytes.take(UInt8.self))
        let host: SocketAddress.Host =
            isV4 ? .v4(UInt32(truncatingIfNeeded: high >> 32)) : .v6(high: high, low: low, scope: 0)
        self.init(SocketAddress(host: host, port: 0), bits: bits)
    }
}
