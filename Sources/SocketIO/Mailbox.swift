import Basics
import CLinux
import Synchronization

/// Messages from other threads to one loop, which waits for them with its `Poller` (eventfd).
package final class Mailbox<Message: Sendable>: Sendable {
    private let handle: Descriptor
    private let waiting: Mutex<BoundedQueue<Message>>

    /// - Parameter limit: the most messages that may wait, at least 1.
    /// - Throws: `SystemError` when the process has no descriptors left.
    package init(limit: Int) throws(SystemError) {
        handle = Descriptor(owning: try SystemError.check(clinux_event_open(), "eventfd"))
        waiting = Mutex(BoundedQueue(limit: limit))
    }

    /// The descriptor, for a `Poller` only: readable when messages wait.
    package var descriptor: Int32 { handle.number }

    /// Leaves a message, from any thread, and wakes the loop.
    ///
    /// - Returns: false when the mailbox is full; the message is not taken then.
    package func post(_ message: Message) -> Bool {
        waiting.withLock { queue in
            let wasEmpty = queue.isEmpty
            guard queue.append(message) else { return false }
            // Can't fail: the descriptor is ours and open, and a full counter is readable already.
            if wasEmpty { _ = clinux_event_post(handle.number) }
            return true
        }
    }

    /// Takes everything that waits, oldest first.
    package func takeAll() -> [Message] {
        waiting.withLock { queue in
            _ = clinux_event_clear(handle.number)
            var messages: [Message] = []
            messages.reserveCapacity(queue.count)
            while let message = queue.popFirst() { messages.append(message) }
            return messages
        }
    }
}
