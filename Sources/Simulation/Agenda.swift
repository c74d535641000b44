package import Basics

/// What happens when: a binary heap of moments. What was added for the same moment comes in the order of adding, so
/// that a world runs the same way each time.
package struct Agenda<Element: Sendable>: Sendable {
    private struct Item: Sendable {
        let moment: Instant
        let order: UInt64
        let element: Element

        func precedes(_ other: Item) -> Bool {
            moment == other.moment ? order < other.order : moment < other.moment
        }
    }

    private var heap: [Item] = []
    private var added: UInt64 = 0

    package init() {}

    /// How much is still to happen.
    package var count: Int { heap.count }

    /// The moment of the first element.
    package var next: Instant? { heap.first?.moment }

    /// O(log n).
    package mutating func add(_ element: Element, at moment: Instant) {
        added += 1
        heap.append(Item(moment: moment, order: added, element: element))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes the first element if its moment has come. O(log n).
    package mutating func popDue(at now: Instant) -> Element? {
        guard let first = heap.first, first.moment <= now, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first.element }
        heap[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].precedes(heap[smallest]) { smallest = child }
            }
            guard smallest != parent else { return first.element }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
