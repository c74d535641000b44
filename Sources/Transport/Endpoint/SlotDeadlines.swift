import Basics

/// Which slot of a table is to be woken when: a binary heap with one entry for each slot that waits.
///
/// The same as `DeadlineQueue`, for keys that are small numbers: the place of each is found without hashing, which is
/// worth it where a deadline is looked at for each packet.
struct SlotDeadlines: Sendable {
    private var heap: [(moment: Instant, slot: Int)] = []
    /// Where each slot is in the heap; -1 when it does not wait.
    private var places: [Int] = []

    var next: Instant? { heap.first?.moment }

    var count: Int { heap.count }

    /// Wakes a slot at a moment, unless it is woken earlier anyway. O(log n), and mostly O(1).
    mutating func bringForward(_ slot: Int, to moment: Instant) {
        while places.count <= slot { places.append(-1) }
        let place = places[slot]
        if place < 0 {
            heap.append((moment, slot))
            places[slot] = heap.count - 1
            rise(heap.count - 1)
        } else if moment < heap[place].moment {
            heap[place].moment = moment
            rise(place)
        }
    }

    /// O(log n).
    mutating func remove(_ slot: Int) {
        guard slot < places.count, places[slot] >= 0 else { return }
        let place = places[slot]
        places[slot] = -1
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        places[last.slot] = place
        rise(place)
        sink(place)
    }

    /// Removes the earliest entry if its moment has come. O(log n).
    mutating func popDue(at now: Instant) -> Int? {
        guard let first = heap.first, first.moment <= now else { return nil }
        remove(first.slot)
        return first.slot
    }

    private mutating func rise(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].moment < heap[parent].moment else { return }
            swap(child, parent)
            child = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var smallest = parent
            let (left, right) = (2 * parent + 1, 2 * parent + 2)
            if left < heap.count, heap[left].moment < heap[smallest].moment { smallest = left }
            if right < heap.count, heap[right].moment < heap[smallest].moment { smallest = right }
            guard smallest != parent else { return }
            swap(parent, smallest)
            parent = smallest
        }
    }

    private mutating func swap(_ first: Int, _ second: Int) {
        heap.swapAt(first, second)
        places[heap[first].slot] = first
        places[heap[second].slot] = second
    }
}
