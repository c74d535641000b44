import Basics
import ChatProtocol

/// Pages of older entries that somebody is being fed from. The least recently used go first.
///
/// Bound: `ChatLimits.pageCacheBytes`, and one page more while it comes in. A page that is gone is fetched again.
struct PageCache: Sendable {
    private struct Page: Sendable {
        let log: LogID
        /// The page holds everything that exists after this number, through the number of its last item.
        let after: EntryNumber
        let through: EntryNumber
        let items: [LogItem]
        let bytes: Int
    }

    private var pages: [Page] = []
    private(set) var bytes = 0

    /// Takes a page that was fetched after a number. One without items says that there is nothing up to `through`.
    mutating func insert(_ page: LogPage, after number: EntryNumber, through: EntryNumber) {
        guard through > number else { return }
        pages.removeAll { $0.log == page.log && $0.after == number }
        let size = page.items.reduce(0) { $0 + $1.bytes.count }
        pages.append(Page(log: page.log, after: number, through: through, items: page.items, bytes: size))
        bytes = pages.reduce(0) { $0 + $1.bytes }
        while bytes > ChatLimits.pageCacheBytes || pages.count > ChatLimits.cachedPages, pages.count > 1 {
            bytes -= pages.removeFirst().bytes
        }
    }

    /// What a page says about the entry that follows a number.
    enum Finding {
        case entry(LogItem)
        /// Nothing exists between the number and this one; go on there.
        case nothingThrough(EntryNumber)
        case unknown
    }

    func find(after number: EntryNumber, in log: LogID) -> Finding {
        guard let page = pages.last(where: { $0.log == log && $0.after <= number && number < $0.through }) else {
            return .unknown
        }
        let place = page.items.partitioningIndex { $0.number > number }
        return place < page.items.count ? .entry(page.items[place]) : .nothingThrough(page.through)
    }

    mutating func drop(_ log: LogID) {
        pages.removeAll { $0.log == log }
        bytes = pages.reduce(0) { $0 + $1.bytes }
    }
}
