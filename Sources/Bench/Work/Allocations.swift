import CAllocations

/// Counts what this thread allocates between `begin` and `end`.
enum Allocations {
    /// Whether they can be counted: not under a sanitizer, and with glibc alone.
    static var canBeCounted: Bool { callocations_available() }

    static func begin() {
        callocations_count(true)
    }

    /// How many have counted so far, since the thread began.
    static var total: Int { Int(callocations_total()) }

    static func end() {
        callocations_count(false)
    }
}
