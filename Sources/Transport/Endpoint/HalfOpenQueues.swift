import Basics

/// The half-open handshakes of each address block, oldest first: tells which one goes when there is room for no more.
struct HalfOpenQueues: Sendable {
    private struct Item: Sendable {
        /// Grows with each handshake, so that two are never equally old.
        let serial: UInt64
        let id: ConnectionID
    }

    private var queues: [AddressBlock: [Item]] = [:]
    private var serials: UInt64 = 0

    init() {}

    /// The half-open handshakes of a block, oldest first.
    func ids(of block: AddressBlock) -> [ConnectionID] {
        queues[block, default: []].map(\.id)
    }

    mutating func append(_ id: ConnectionID, of block: AddressBlock) {
        serials += 1
        queues[block, default: []].append(Item(serial: serials, id: id))
    }

    /// O(handshakes of the block).
    mutating func remove(_ id: ConnectionID, of block: AddressBlock) {
        queues[block]?.removeAll { $0.id == id }
        if queues[block]?.isEmpty == true { queues[block] = nil }
    }

    /// The oldest handshake of the block that has the most, and of several such blocks the oldest of all: who fills the
    /// table pushes out their own. O(blocks). (Stochastic fairness queueing does so with packets: McKenney, INFOCOM 1990.)
    var mostExpendable: ConnectionID? {
        var found: (count: Int, item: Item)?
        for queue in queues.values {
            guard let item = queue.first else { continue }
            let isWorse = found.map { (queue.count, $0.item.serial) > ($0.count, item.serial) } ?? true
            if isWorse { found = (queue.count, item) }
        }
        return found?.item.id
    }
}
