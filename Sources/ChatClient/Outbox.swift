import Basics
package import ChatProtocol

/// What was typed, has a number and no receipt yet, in order. It survives every loss of the connection and, where the
/// client's state is kept, of the client.
///
/// Bound: `ChatLimits.outboxEntries` and, in what was typed, `ChatLimits.outboxBytes`.
package struct Outbox: Sendable {
    /// A request and its number.
    struct Item: Hashable, Sendable {
        let number: OutboxNumber
        let request: ClientRequest
        /// As the person typed it.
        let typed: String
    }

    private(set) var items: [Item] = []
    /// The last number that was ever given.
    private(set) var lastNumber: OutboxNumber = 0
    private var bytes = 0

    /// While set nothing is given out: it is not yet clear which lines the log of that epoch already has.
    var heldEpoch: LogEpoch?

    init() {}

    /// As an earlier run left it.
    init(items: [Item], lastNumber: OutboxNumber) {
        self.items = items
        self.lastNumber = max(lastNumber, items.last?.number ?? 0)
        bytes = items.reduce(0) { $0 + $1.typed.utf8.count }
    }

    /// How many requests wait for their receipt.
    package var count: Int { items.count }

    /// The waiting requests as they were typed, oldest first.
    package var texts: [String] { items.map(\.typed) }

    /// Whether nothing further fits.
    package var isFull: Bool { items.count >= ChatLimits.outboxEntries || bytes >= ChatLimits.outboxBytes }

    /// The first waiting request with a number above `number`, as it goes over the wire; nil when there is none now.
    /// O(log requests).
    package func request(after number: OutboxNumber) -> (number: OutboxNumber, bytes: [UInt8])? {
        guard heldEpoch == nil else { return nil }
        let index = firstIndex(above: number)
        guard index < items.count else { return nil }
        let item = items[index]
        return (item.number, item.request.encoded())
    }

    /// Adds a request.
    ///
    /// - Returns: false when the outbox is full; the request is not taken then.
    mutating func append(_ request: ClientRequest, typed: String) -> Bool {
        guard !isFull else { return false }
        lastNumber += 1
        items.append(Item(number: lastNumber, request: request, typed: typed))
        bytes += typed.utf8.count
        return true
    }

    /// Takes out the request with that number: its fate is known.
    mutating func retire(_ number: OutboxNumber) -> Item? {
        guard number > 0 else { return nil }
        let index = firstIndex(above: number - 1)
        guard index < items.count, items[index].number == number else { return nil }
        let item = items.remove(at: index)
        bytes -= item.typed.utf8.count
        return item
    }

    /// Takes out all requests up to and including that number.
    mutating func retire(through number: OutboxNumber) -> [Item] {
        let index = firstIndex(above: number)
        let retired = Array(items[..<index])
        items.removeFirst(index)
        bytes -= retired.reduce(0) { $0 + $1.typed.utf8.count }
        return retired
    }

    private func firstIndex(above number: OutboxNumber) -> Int {
        items.partitioningIndex { $0.number > number }
    }
}
