package import Basics

/// Who is to be woken when: a binary heap with one entry for each key, so it is bounded by the number of keys.
package struct DeadlineHeap<Places: HeapPlaces>: Sendable {
    package typealias Key = Places.Key

    private var heap: [(moment: Instant, key: Key)] = []
    /// Where each key is in the heap.
    private var places = Places()

    package init() {}

    package var next: Instant? { heap.first?.moment }

    /// The key whose moment comes first.
    package var first: Key? { heap.first?.key }

    package var count: Int { heap.count }

    /// The moment for which a key waits.
    package func moment(of key: Key) -> Instant? {
        places[key].map { heap[$0].moment }
    }

    /// Sets the moment of a key, in place of the one it had. O(log n).
    package mutating func set(_ key: Key, to moment: Instant) {
        if let place = places[key] {
            heap[place].moment = moment
            settle(place)
        } else {
            heap.append((moment, key))
            places[key] = heap.count - 1
            rise(heap.count - 1)
        }
    }

    /// Sets the moment of a key, unless its own is as early. O(log n), and mostly O(1).
    package mutating func bringForward(_ key: Key, to moment: Instant) {
        if let place = places[key], heap[place].moment <= moment { return }
        set(key, to: moment)
    }

    /// O(log n).
    package mutating func remove(_ key: Key) {
        guard let place = places[key] else { return }
        places[key] = nil
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        places[last.key] = place
        settle(place)
    }

    /// Removes the earliest entry if its moment has come. O(log n).
    package mutating func popDue(at now: Instant) -> Key? {
        guard let first = heap.first, first.moment <= now else { return nil }
        remove(first.key)
        return first.key
    }

    private mutating func settle(_ place: Int) {
        rise(place)
        sink(place)
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
        places[heap[first].key] = first
        places[heap[second].key] = second
    }
}

/// Where the keys of a heap are remembered.
package protocol HeapPlaces: Sendable {
    associatedtype Key: Sendable

    init()

    /// The place of a key; nil when it has none.
    subscript(key: Key) -> Int? { get set }
}

/// Keys of any kind, found by hashing.
package struct HashedPlaces<Key: Hashable & Sendable>: HeapPlaces {
    private var places: [Key: Int] = [:]

    package init() {}

    package subscript(key: Key) -> Int? {
        get { places[key] }
        set { places[key] = newValue }
    }
}

/// Slots of a table: the place of each is found without hashing, which is worth it where a deadline is looked at for each
/// packet.
struct SlotPlaces: HeapPlaces {
    /// By slot; -1 where there is none.
    private var places: [Int] = []

    subscript(slot: Int) -> Int? {
        get { slot < places.count && places[slot] >= 0 ? places[slot] : nil }
        set {
            while places.count <= slot { places.append(-1) }
            places[slot] = newValue ?? -1
        }
    }
}

package typealias DeadlineQueue<Key: Hashable & Sendable> = DeadlineHeap<HashedPlaces<Key>>
typealias SlotDeadlines = DeadlineHeap<SlotPlaces>
