/// When the heap is worth a look: while many come in, handshakes and tables that grow leave as much unused memory behind
/// as the members need, in holes that the allocator gives back only when it is asked to (malloc_trim(3)).
struct HeapUpkeep: Hashable {
    /// So many must have come or gone since; what fewer leave behind is not worth the milliseconds.
    static let change = 64

    private var known = 0

    /// - Parameters:
    ///   - peers: connections at the moment.
    ///   - handshakes: those that are remembered. While there are many, more is about to be free.
    /// - Returns: whether to give memory back now.
    mutating func isDue(peers: Int, handshakes: Int) -> Bool {
        guard handshakes < Self.change, abs(peers - known) >= Self.change else { return false }
        known = peers
        return true
    }
}
