import Basics
import ChatProtocol
import Dispatch
import Foundation
import History
import SocketIO

/// The log on disk, at the entrance of its worker: how many entries a second it stores with all members talking, and
/// what a lone message waits for it.
struct StoreBench {
    private enum Load {
        static let producers = 100
        /// Lines of one member that are under way at once.
        static let window = 64
        /// Lone messages come ten milliseconds apart.
        static let pause = 0.01
        static let words = 10
    }

    var durability: HistoryConfiguration.Durability
    /// How long each of the two is measured.
    var seconds: Double

    func run() throws(SystemError) -> BenchReport {
        var report = BenchReport("store \(durability.rawValue)")
        let folder = FileManager.default.temporaryDirectory.appending(path: "udp-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var crowd = try Crowd(path: folder.appending(path: "log.sqlite").path, durability: durability)
            try crowd.talk(for: .nanoseconds(Int64(seconds * 1e9)))
            report.add("entriesPerSecond", "entries a second, \(Load.producers) producers", crowd.rate)
            report.add("entries", "entries stored and indexed", Int(crowd.stored))
            var samples = try crowd.whisper(count: max(100, Int(seconds / Load.pause)))
            for (key, label, quantile) in [
                ("loneMedianMicroseconds", "a lone message, median", 0.5),
                ("lone99Microseconds", "a lone message, 99th percentile", 0.99),
                ("loneMaxMicroseconds", "a lone message, the slowest", 1),
            ] {
                report.add(key, label, samples.microseconds(at: quantile), digits: 0, unit: "us")
            }
            if let error = crowd.close() { report.fail("\(error)") }
        } catch {
            report.fail("\(error)")
        }
        return report
    }

    /// All producers, in one thread as in the server's loop.
    private struct Crowd {
        private let worker: HistoryWorker
        private let wakeUp = DispatchSemaphore(value: 0)
        private var random: SeededGenerator
        private let vocabulary: [String]
        private var number: EntryNumber = 0
        private var lines = [OutboxNumber](repeating: 0, count: Load.producers)
        /// The oldest first: which producer may go on when it is stored.
        private var underWay: [(ticket: StoreTicket, producer: Int)] = []
        private var firstUnderWay = 0

        private(set) var rate = 0.0
        private(set) var stored: UInt64 = 0

        init(path: String, durability: HistoryConfiguration.Durability) throws {
            let wakeUp = wakeUp
            worker = try HistoryWorker(
                HistoryConfiguration(location: .file(path: path), durability: durability),
                wakeUp: { wakeUp.signal() })
            var random = SeededGenerator(seed: 1)
            vocabulary = (0..<5_000).map { _ in
                let letters = (0..<Int.random(in: 2...9, using: &random)).map { _ in
                    UInt8(ascii: "a") + UInt8.random(in: 0..<26, using: &random)
                }
                return String(decoding: letters, as: UTF8.self)
            }
            let epoch = LogEpoch(rawValue: 1)
            let sessions = (0..<Load.producers).map { producer in
                StoreChange.putSession(
                    StoredSession(member: Self.member(producer), outbox: 0, bytes: random.bytes(120)))
            }
            self.random = random
            let log = StoredLog(id: .room, kind: .room, key: [], epoch: epoch)
            guard let ticket = worker.submit([.begin(log)] + sessions) else { throw StoreError.busy }
            try wait(for: ticket)
        }

        private static func member(_ producer: Int) -> MemberID { MemberID(rawValue: UInt32(producer + 1)) }

        /// The next line of a producer, as the chat would hand it in.
        private mutating func line(of producer: Int) -> [StoreChange] {
            number += 1
            lines[producer] += 1
            // Some words are frequent, most are rare.
            let text = (0..<Load.words).map { _ in
                let place = Double.random(in: 0..<1, using: &random)
                return vocabulary[Int(place * place * Double(vocabulary.count))]
            }
            .joined(separator: " ")
            let time = WallClock.now
            let entry = LogEntry(
                time: time, member: Self.member(producer), name: "producer\(producer)", outbox: lines[producer],
                body: .message(text))
            return [
                .append(StoredEntry(log: .room, number: number, time: time, bytes: entry.encoded(), text: text)),
                .mark(Self.member(producer), lines[producer]),
            ]
        }

        /// Everybody talks as fast as their windows allow.
        mutating func talk(for duration: Duration) throws {
            let begin = MonotonicClock.now
            let end = begin + duration
            for _ in 0..<Load.window {
                for producer in 0..<Load.producers { try say(producer) }
            }
            while firstUnderWay < underWay.count {
                let through = try next()
                while firstUnderWay < underWay.count, underWay[firstUnderWay].ticket <= through {
                    let producer = underWay[firstUnderWay].producer
                    firstUnderWay += 1
                    stored += 1
                    if MonotonicClock.now < end { try say(producer) }
                }
                if firstUnderWay > 100_000 {
                    underWay.removeFirst(firstUnderWay)
                    firstUnderWay = 0
                }
            }
            // The index is part of the work: a search waits for it.
            _ = worker.read(.search(.room, text: "nothing", before: .max, limit: 1))
            try next(until: { if case .found = $0 { true } else { false } })
            rate = Double(stored) * 1e9 / Double(max(1, (MonotonicClock.now - begin).wholeNanoseconds))
        }

        private mutating func say(_ producer: Int) throws {
            guard let ticket = worker.submit(line(of: producer)) else { throw StoreError.busy }
            underWay.append((ticket, producer))
        }

        /// One message at a time, and how long each takes to be stored.
        mutating func whisper(count: Int) throws -> Samples {
            var samples = Samples()
            for _ in 0..<count {
                Thread.sleep(forTimeInterval: Load.pause)
                let changes = line(of: 0)
                let begin = MonotonicClock.now
                guard let ticket = worker.submit(changes) else { throw StoreError.busy }
                try wait(for: ticket)
                samples.add(MonotonicClock.now - begin)
            }
            return samples
        }

        private func wait(for ticket: StoreTicket) throws {
            while try next() < ticket {}
        }

        /// The last ticket of the next reports that tell of one.
        private func next() throws -> StoreTicket {
            var through: StoreTicket = 0
            try next { report in
                guard case .stored(let ticket) = report else { return false }
                through = ticket
                return true
            }
            return through
        }

        private func next(until isWanted: (StoreReport) -> Bool) throws {
            var isFound = false
            while !isFound {
                wakeUp.wait()
                for report in worker.takeReports() {
                    switch report {
                    case .stalled(let error), .failed(let error), .unread(_, let error): throw error
                    case .refused(_, let change): throw StoreError.invalid(change)
                    case .stored, .resumed, .page, .found, .backedUp, .trimmed: break
                    }
                    if isWanted(report) { isFound = true }
                }
            }
        }

        func close() -> StoreError? { worker.close() }
    }
}
