/// The control channel's messages to one peer: a log that belongs to the connection and forgets what has arrived.
package struct ControlQueue: MessageStore, Sendable {
    private var messages: [[UInt8]] = []
    private var firstNumber: UInt64 = 1

    package init() {}

    /// - Returns: false when `Limits.controlQueue` messages wait already; the message is not taken then.
    package mutating func append(_ bytes: [UInt8]) -> Bool {
        guard messages.count < Limits.controlQueue, bytes.count <= Limits.messageBytes else { return false }
        messages.append(bytes)
        return true
    }

    package mutating func forget(through number: UInt64) {
        let count = number >= firstNumber ? min(Int(number - firstNumber) + 1, messages.count) : 0
        messages.removeFirst(count)
        firstNumber += UInt64(count)
    }

    package func message(after number: UInt64, in log: UInt64) -> StoredMessage? {
        let next = max(number + 1, firstNumber)
        let index = Int(next - firstNumber)
        return index < messages.count ? StoredMessage(number: next, bytes: messages[index]) : nil
    }

    package var isEmpty: Bool { messages.isEmpty }
}
