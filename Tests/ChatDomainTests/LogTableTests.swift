import ChatProtocol
import Testing

@testable import ChatDomain

/// What memory keeps of a log, and what is fetched from the store.
struct LogTableTests {
    private static func table(entries: UInt64) -> LogTable {
        var table = LogTable()
        table.insert(
            ChatLog(
                id: .room, kind: .room, epoch: LogEpoch(rawValue: 1), bounds: TailBounds(entries: 4, bytes: 1 << 20),
                isStored: true))
        append(entries, to: &table)
        return table
    }

    private static func append(_ count: UInt64, to table: inout LogTable) {
        for _ in 0..<count {
            let number = table.append([1, 2, 3], isMessage: true, to: .room)
            table.store(.room, through: number)
        }
    }

    private static func page(_ numbers: ClosedRange<UInt64>, isLast: Bool) -> LogPage {
        let items = numbers.map { LogItem(number: $0, bytes: [1, 2, 3]) }
        return LogPage(log: .room, items: items, isLast: isLast, trimmedThrough: 0)
    }

    @Test("a page that was the store's last when it was read hides nothing that left memory meanwhile")
    func lateLastPage() throws {
        var table = Self.table(entries: 10)
        let keptAfter = try #require(table[.room]?.coversAfter)
        #expect(keptAfter == 6 && table.missing(after: 0, in: .room) == 0)
        // While the page is read, the log goes on, and 7 to 16 are no longer in memory when the page comes.
        Self.append(10, to: &table)
        table.insert(Self.page(1...6, isLast: true), after: 0, keptAfter: keptAfter)
        #expect(table.entry(after: 5, in: .room)?.number == 6)
        #expect(table.entry(after: 6, in: .room) == nil)
        #expect(table.missing(after: 6, in: .room) == 6)
        table.insert(Self.page(7...16, isLast: true), after: 6, keptAfter: 16)
        var number: UInt64 = 0
        while let next = table.entry(after: number, in: .room) {
            #expect(next.number == number + 1)
            number = next.number
        }
        #expect(number == 20)
    }

    @Test("numbers that were skipped are passed over, and a page that says so is enough")
    func gap() {
        var table = Self.table(entries: 10)
        table.insert(Self.page(1...2, isLast: true), after: 0, keptAfter: 6)
        #expect(table.entry(after: 2, in: .room)?.number == 7 && table.missing(after: 2, in: .room) == nil)
    }
}
