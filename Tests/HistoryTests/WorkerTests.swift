import Basics
import ChatProtocol
import Dispatch
import Testing

@testable import History

/// A worker and whoever waits for its reports.
private final class Listener: Sendable {
    private let wakeUps: AsyncStream<Void>
    let worker: HistoryWorker

    init(_ configuration: HistoryConfiguration) throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        wakeUps = stream
        worker = try HistoryWorker(configuration) { continuation.yield() }
    }

    /// All reports up to and including the first that satisfies a condition.
    func reports(until condition: (StoreReport) -> Bool) async -> [StoreReport] {
        var all: [StoreReport] = []
        for await _ in wakeUps {
            let new = worker.takeReports()
            all += new
            if new.contains(where: condition) { break }
        }
        return all
    }

    func answer(_ request: ReadRequest) async throws -> StoreReport {
        let ticket = try #require(worker.read(request))
        let reports = await reports { $0.readTicket == ticket }
        return try #require(reports.first { $0.readTicket == ticket })
    }
}

extension StoreReport {
    fileprivate var readTicket: ReadTicket? {
        switch self {
        case .page(let ticket, _), .found(let ticket, _), .backedUp(let ticket), .unread(let ticket, _): ticket
        case .stored, .refused, .stalled, .resumed, .failed, .trimmed: nil
        }
    }

    fileprivate var storedThrough: StoreTicket? { if case .stored(let ticket) = self { ticket } else { nil } }
}

@Suite(.timeLimit(.minutes(1))) struct WorkerTests {
    @Test("everything is stored in order and told in order, from a file and in memory", arguments: [true, false])
    func order(inMemory: Bool) async throws {
        let folder = try TestFolder()
        let configuration =
            inMemory ? HistoryConfiguration(location: .memory) : Made.configuration(folder)
        let listener = try Listener(configuration)
        #expect(listener.worker.takeLoaded() == StoredState())
        var last = try #require(listener.worker.submit([Made.log(1)]))
        for number in 1...5_000 {
            last = try #require(listener.worker.submit([Made.entry(UInt64(number), "line \(number)")]))
        }
        let bad = try #require(listener.worker.submit([Made.entry(3, "again")]))
        let stored = await listener.reports { $0.storedThrough == bad }
        let tickets = stored.compactMap(\.storedThrough)
        #expect(tickets == tickets.sorted() && last + 1 == bad)
        #expect(stored.contains(.refused(bad, .numberTaken)))
        #expect(listener.worker.room == HistoryLimits.waitingChanges)

        guard case .page(_, let page) = try await listener.answer(.page(Made.room, after: 0, byteLimit: 1_000_000))
        else { throw StoreError.closed }
        #expect(page.items.map(\.number) == Array(1...5_000) && page.isLast)
        let search = ReadRequest.search(Made.room, text: "4999", before: .max, limit: 5)
        guard case .found(_, let items) = try await listener.answer(search) else { throw StoreError.closed }
        #expect(items.map(\.number) == [4_999])
        #expect(listener.worker.close() == nil)
        #expect(listener.worker.submit([]) == nil && listener.worker.read(search) == nil && listener.worker.room == 0)
        guard !inMemory else { return }
        var store = try Made.store(folder)
        let state = try store.load()
        #expect(state.texts().count == 5_000 && !state.wasUnclean)
    }

    @Test("what waits is bounded, and there is room again afterwards")
    func bounded() async throws {
        let listener = try Listener(HistoryConfiguration(location: .memory))
        // The writer is held, as by a slow disk.
        listener.worker.writing.suspend()
        var last: StoreTicket = 0
        var count = 0
        let group = (0..<64).map { Made.record(UInt8($0), "value") }
        while let ticket = listener.worker.submit(group) {
            last = ticket
            count += group.count
        }
        #expect(count == HistoryLimits.waitingChanges && listener.worker.room == 0)
        listener.worker.writing.resume()
        _ = await listener.reports { $0.storedThrough == last }
        #expect(listener.worker.room == HistoryLimits.waitingChanges)
    }

    @Test("large entries fill it by their bytes")
    func boundedBytes() async throws {
        let listener = try Listener(HistoryConfiguration(location: .memory))
        listener.worker.writing.suspend()
        let big = StoreChange.put(
            StoredRecord(collection: "c", key: [1], bytes: [UInt8](repeating: 1, count: StoreLimits.recordBytes)))
        var count = 0
        while listener.worker.submit([big]) != nil { count += 1 }
        #expect(abs(count - HistoryLimits.waitingBytes / StoreLimits.recordBytes) <= 2)
        listener.worker.writing.resume()
    }

    @Test("a full store is told, what was handed in waits, and goes in when there is room")
    func full() async throws {
        let folder = try TestFolder()
        let rule = HistoryConfiguration.Retention(entries: 2)
        let listener = try Listener(Made.configuration(folder, retention: [.room: rule], pageLimit: 60))
        _ = listener.worker.submit([Made.log(1)])
        let text = String(repeating: "x ", count: 1_500)
        var last: StoreTicket = 0
        for number in 1...100 { last = try #require(listener.worker.submit([Made.entry(UInt64(number), text)])) }
        let stalled = await listener.reports { $0 == .stalled(.full) }
        #expect(!stalled.contains { $0.storedThrough == last })
        // Old lines go, and the new ones have their place.
        var reports: [StoreReport] = []
        while !Task.isCancelled, !reports.contains(where: { $0.storedThrough == last }) {
            listener.worker.trim(at: WallTime(milliseconds: 0))
            reports += await listener.reports { $0.storedThrough != nil || $0 == .stalled(.full) }
        }
        #expect(reports.contains(.resumed))
        #expect(listener.worker.close() == nil)
        var store = try Made.store(folder)
        #expect(try store.load().end() == 100)
    }

    @Test("a full store that is closed says so, and what was told as stored is there")
    func closedFull() async throws {
        let folder = try TestFolder()
        let listener = try Listener(Made.configuration(folder, pageLimit: 60))
        _ = listener.worker.submit([Made.log(1)])
        let text = String(repeating: "x", count: 3_000)
        for number in 1...200 { _ = listener.worker.submit([Made.entry(UInt64(number), text)]) }
        let reports = await listener.reports { $0 == .stalled(.full) }
        // What waits with it does not hold up the end.
        _ = listener.worker.read(.search(Made.room, text: "x", before: .max, limit: 1))
        listener.worker.trim(at: WallTime(milliseconds: 0))
        #expect(listener.worker.close() == .full)
        let through = (reports + listener.worker.takeReports()).compactMap(\.storedThrough).max() ?? 0
        var store = try Made.store(folder)
        let state = try store.load()
        #expect(state.wasUnclean && state.texts().count == Int(max(1, through)) - 1)
    }

    @Test("a backup of a running store is a store")
    func backup() async throws {
        let folder = try TestFolder()
        let copy = try TestFolder()
        let listener = try Listener(Made.configuration(folder))
        let ticket = listener.worker.submit([Made.log(1), Made.entry(1, "one")])
        _ = await listener.reports { $0.storedThrough == ticket }
        guard case .backedUp = try await listener.answer(.backup(path: copy.path)) else { throw StoreError.closed }
        guard case .unread(_, .failed) = try await listener.answer(.backup(path: copy.path)) else {
            Issue.record("a backup never overwrites")
            return
        }
        var store = try Made.store(copy)
        #expect(try store.load().texts() == ["one"])
        #expect(listener.worker.close() == nil)
    }
}
