/// The number of one member's session at the server: it tells whose entry is whose.
package struct MemberID: RawRepresentable, Hashable, Comparable, Sendable {
    /// 0 is the server itself; members count from 1.
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The server itself: entries of the operator carry it.
    package static let server = MemberID(rawValue: 0)

    /// The order in which sessions began.
    package static func < (left: MemberID, right: MemberID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The number of a log at the server.
package struct LogID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The room's log.
    package static let room = LogID(rawValue: 1)
}

/// The number of an entry in its log: grows from 1, may jump, at most `VarInt.max`. 0 is "before the first".
package typealias EntryNumber = UInt64

/// The number of a line in its client's outbox: grows from 1, at most `VarInt.max`. 0 is "not from an outbox".
package typealias OutboxNumber = UInt64

/// A random value that a log got when it began; a cursor is only good for the epoch it was made in.
package struct LogEpoch: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// How far a client has a log: everything up to and including `number`.
package struct LogCursor: Hashable, Sendable {
    /// The log's epoch that the number belongs to.
    package var epoch: LogEpoch
    /// The last entry that the client has; 0 when it has none.
    package var number: EntryNumber

    package init(epoch: LogEpoch, number: EntryNumber) {
        self.epoch = epoch
        self.number = number
    }
}

/// A name after preparation: what is shown, and what is compared.
///
/// Two names with the same key are the same name to people: case, composition and look-alikes do not count.
package struct PreparedName: Hashable, Sendable {
    /// The form that is shown, at most `ChatLimits.nameBytes`.
    package var display: String
    /// The form that is compared.
    package var key: String

    package init(display: String, key: String) {
        self.display = display
        self.key = key
    }
}

/// The public key that a device signs in with: 32 bytes (Ed25519).
package struct DeviceID: Hashable, Sendable {
    /// How many bytes a device key has.
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// The device of nobody: no key is all zeros.
    package static let none = DeviceID()

    private init() { bytes = [UInt8](repeating: 0, count: Self.byteCount) }

    /// - Returns: nil unless there are exactly `byteCount` bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }
}
