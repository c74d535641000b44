/// A first-in first-out queue with a fixed bound: what does not fit is refused, never dropped silently.
package struct BoundedQueue<Element> {
    private var storage: [Element?]
    private var head = 0

    /// How many elements wait.
    package private(set) var count = 0

    /// The most elements that may wait.
    package let limit: Int

    /// - Parameter limit: at least 1.
    package init(limit: Int) {
        self.limit = max(1, limit)
        storage = []
    }

    package var isEmpty: Bool { count == 0 }
    package var isFull: Bool { count == limit }

    /// The oldest element, left in place.
    package var first: Element? { count == 0 ? nil : storage[head] }

    /// Adds an element at the end. Amortised O(1).
    ///
    /// - Returns: false when the queue is full; the element is not taken then.
    package mutating func append(_ element: Element) -> Bool {
        guard count < limit else { return false }
        if count == storage.count { grow() }
        storage[(head + count) % storage.count] = element
        count += 1
        return true
    }

    /// Removes and returns the oldest element. O(1).
    package mutating func popFirst() -> Element? {
        guard count > 0, let element = storage[head] else { return nil }
        storage[head] = nil
        head = (head + 1) % storage.count
        count -= 1
        return element
    }

    private mutating func grow() {
        let capacity = min(limit, max(8, storage.count * 2))
        var larger = [Element?](repeating: nil, count: capacity)
        for offset in 0..<count { larger[offset] = storage[(head + offset) % storage.count] }
        storage = larger
        head = 0
    }
}

extension BoundedQueue: Sendable where Element: Sendable {}
