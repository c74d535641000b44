/// Where a connection reads the messages that it sends: the logs stay with their owner, a connection has a cursor.
package protocol MessageStore {
    /// The first message of `log` with a number above `number`; nil at the end.
    ///
    /// The same number gives the same bytes for as long as it is kept. Old messages may be gone, never replaced.
    func message(after number: UInt64, in log: UInt64) -> StoredMessage?

    /// Whether the messages that follow `number` exist but can't be had at once, because they must be fetched first.
    /// The connection waits then until its log is said to have grown, and nobody else does.
    func mustFetch(after number: UInt64, in log: UInt64) -> Bool
}

extension MessageStore {
    /// Everything that a store in memory keeps can be had at once.
    package func mustFetch(after number: UInt64, in log: UInt64) -> Bool { false }
}

/// A message as its log holds it.
package struct StoredMessage: Sendable {
    package let number: UInt64
    package let bytes: [UInt8]

    package init(number: UInt64, bytes: [UInt8]) {
        self.number = number
        self.bytes = bytes
    }
}
