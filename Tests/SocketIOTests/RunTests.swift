import Basics
import Glibc
import Testing

@testable import SocketIO

/// Several datagrams that leave, or come, as one message.
@Suite struct RunTests {
    /// Which of these lengths, all to one peer, leave as one message: how long each message's run is.
    private func runs(of lengths: [Int], datagramBytes: Int = 1500) throws -> [Int] {
        var storage = try OutgoingStorage(capacity: 1024, datagramBytes: datagramBytes)
        let bytes = [UInt8](repeating: 1, count: datagramBytes)
        for length in lengths {
            let isAdded = storage.append(bytes.span.extracting(first: length), to: .init(to: .loopback(port: 9)))
            #expect(isAdded)
        }
        var (runs, index): ([Int], Int) = ([], 0)
        while index < storage.count {
            runs.append(storage.run(index..<storage.count))
            index += runs.last ?? 1
        }
        return runs
    }

    @Test("equally long datagrams are one run, a shorter one ends it, and a longer or an empty one is none of it")
    func lengths() throws {
        #expect(try runs(of: [100, 100, 100]) == [3])
        #expect(try runs(of: [100, 100, 99, 100]) == [3, 1])
        #expect(try runs(of: [100, 99, 99, 99]) == [2, 2])
        #expect(try runs(of: [99, 100, 101]) == [1, 1, 1])
        #expect(try runs(of: [100, 0, 100, 100]) == [1, 1, 2])
        #expect(try runs(of: [0, 0]) == [1, 1])
        #expect(try runs(of: []) == [])
    }

    @Test("a run has at most 64 datagrams and 65,507 bytes")
    func bounds() throws {
        #expect(try runs(of: [Int](repeating: 1, count: 150)) == [64, 64, 22])
        #expect(try runs(of: [Int](repeating: 1400, count: 50)) == [46, 4])
        #expect(try runs(of: [32_753, 32_753, 32_753], datagramBytes: 65_535) == [2, 1])
        #expect(try runs(of: [32_754, 32_753, 32_753], datagramBytes: 65_535) == [2, 1])
        #expect(try runs(of: [32_754, 32_754, 32_754], datagramBytes: 65_535) == [1, 1, 1])
    }

    @Test("only datagrams of the same peer, from the same address, marked alike are one run")
    func destinations() throws {
        let here = SocketAddress.Host.v4(0x7f00_0001)
        let base = SendBatch.Destination(to: .loopback(port: 9), from: here)
        var (port, host, local, mark) = (base, base, base, base)
        port.address.port = 10
        host.address.host = .v6(high: 0, low: 0x7f00_0001, scope: 0)
        local.local = nil
        mark.isMarked = false
        for other in [port, host, local, mark] {
            var storage = try OutgoingStorage(capacity: 8, datagramBytes: 100)
            for destination in [base, base, other, other, base] {
                let isAdded = storage.append([1].span, to: destination)
                #expect(isAdded)
            }
            #expect(storage.run(0..<5) == 2 && storage.run(1..<5) == 1)
            #expect(storage.run(2..<5) == 2 && storage.run(2..<3) == 1 && storage.run(4..<5) == 1)
            #expect(storage.run(4..<6) == 0 && storage.run(5..<5) == 0)
        }
    }

    @Test(
        "whatever the lengths, each datagram of a run arrives by itself, with its own bytes and in order",
        arguments: 1...20)
    func arrival(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        var length = 1
        let datagrams = (0..<200).map { number in
            if Int.random(in: 0..<8, using: &random) == 0 { length = Int.random(in: 0...700, using: &random) }
            return [UInt8](repeating: UInt8(number), count: length)
        }
        var batch = try SendBatch(capacity: 256)
        for datagram in datagrams { _ = batch.append(datagram, to: server.localAddress) }
        #expect(try client.send(&batch) == 200, "seed \(seed)")
        #expect(batch.callCount == 1 && batch.refusedCount == 0)
        let heard = try seed.isMultiple(of: 2) ? receive(200, on: server) : receiveRuns(200, on: server)
        #expect(heard.map(\.bytes) == datagrams, "seed \(seed)")
        #expect(heard.allSatisfy { $0.source == client.localAddress })
    }

    private func receiveRuns(_ count: Int, on socket: borrowing UDPSocket) throws -> [Heard] {
        var batch = try ReceiveBatch(takingRunsOf: socket)
        return try receive(count, on: socket, into: &batch)
    }

    @Test("a run that was cut keeps its mark and the address that it is from, over IPv4 and IPv6")
    func controls() throws {
        let clients = [SocketAddress(host: .v4(0), port: 0)] + (hasIPv6 ? [SocketAddress.everywhere] : [])
        for address in clients {
            let server = try UDPSocket(binding: .anyPortV4)
            let client = try UDPSocket(binding: address)
            let second = SocketAddress.Host.v4(0x7f00_0002)
            var batch = try SendBatch()
            for number in UInt8(0)..<20 {
                _ = batch.append([number], to: server.localAddress, from: second, isMarked: number < 10)
            }
            #expect(try client.send(&batch) == 20)
            var incoming = try ReceiveBatch(takingRunsOf: server)
            var (numbers, marks): ([UInt8], [ECNMark]) = ([], [])
            var poller = try Poller()
            try poller.add(server.descriptor, token: 1)
            let end = MonotonicClock.now + .seconds(10)
            while numbers.count < 20, MonotonicClock.now < end {
                _ = try poller.wait(until: end)
                _ = try server.receive(into: &incoming)
                incoming.forEachArrival { bytes, source, _, mark in
                    #expect(source.host == second && bytes.count == 1)
                    numbers.append(bytes[0])
                    marks.append(mark)
                }
            }
            #expect(numbers == Array(0..<20))
            #expect(marks == Array(repeating: .ect0, count: 10) + Array(repeating: .notECT, count: 10))
        }
    }

    @Test("a run of datagrams that are too long is dropped and counted, each of them")
    func tooLong() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        var incoming = try ReceiveBatch(takingRunsOf: server, datagramBytes: 100)
        let datagrams = [101, 101, 101, 100, 100].map { [UInt8](repeating: 7, count: $0) }
        _ = try send(datagrams, from: client, to: server.localAddress)
        let heard = try receive(5, on: server, into: &incoming)
        // The fourth ends the run of the three before it, so where the kernel keeps them together it is lost with them.
        #expect([1, 2].contains(heard.count) && heard.allSatisfy { $0.bytes.count == 100 })
        #expect(Int(incoming.droppedCount) == 5 - heard.count)
    }

    @Test("however the kernel says that it put datagrams together, every byte is in one of them")
    func division() {
        for length in [0, 1, 2, 99, 100, 101, 65_535] {
            for step in [-5, 0, 1, 2, 50, 99, 100, 101, 65_535, .max] {
                let run = DatagramRun(length: length, step: step)
                #expect(run.count >= 1 && run.count <= max(1, length))
                let ranges = (0..<run.count).map { run[$0] }
                #expect(ranges.flatMap { $0 } == Array(0..<length))
                #expect(ranges.dropLast().allSatisfy { $0.count == step })
                #expect(length == 0 || ranges.allSatisfy { !$0.isEmpty })
                #expect(run[-1].isEmpty && run[run.count].isEmpty && run[.max].isEmpty)
            }
        }
        #expect(DatagramRun(length: -1, step: 3) == DatagramRun(length: 0, step: 0))
    }
}

/// What becomes of a run that the kernel does not want.
@Suite struct RefusedRunTests {
    /// A kernel that answers as it is told, else takes everything, and notes what it was asked to send and how.
    private struct Kernel {
        struct Question: Hashable {
            var range: Range<Int>
            var merges: Bool
        }

        var answers: [Int32]
        var asked: [Question] = []

        mutating func send(_ range: Range<Int>, _ merges: Bool) -> Int32 {
            asked.append(Question(range: range, merges: merges))
            return answers.isEmpty ? Int32(range.count) : answers.removeFirst()
        }
    }

    /// One by itself, a run of three, a run of two.
    private func batch() throws -> SendBatch {
        var batch = try SendBatch(capacity: 16)
        for port in [1, 2, 2, 2, 3, 3] as [UInt16] { _ = batch.append([1], to: .loopback(port: port)) }
        return batch
    }

    @Test(
        "a kernel that can't cut gets the datagrams one by one, all of them, from then on",
        arguments: [EIO, EINVAL, EOPNOTSUPP])
    func unable(code: Int32) throws {
        var batch = try batch()
        var kernel = Kernel(answers: [1, -code])
        #expect(try batch.drain { _, range, merges in kernel.send(range, merges) } == 6)
        #expect(
            kernel.asked == [
                .init(range: 0..<6, merges: true), .init(range: 1..<6, merges: true),
                .init(range: 1..<4, merges: false), .init(range: 4..<6, merges: false),
            ])
        #expect(!batch.mergesRuns && batch.refusedCount == 0 && batch.isEmpty)
        _ = batch.append([1], to: .loopback(port: 2))
        _ = batch.append([1], to: .loopback(port: 2))
        #expect(try batch.drain { _, range, merges in kernel.send(range, merges) } == 2)
        #expect(kernel.asked.last == .init(range: 0..<2, merges: false))
    }

    @Test(
        "datagrams that are too long for a link are refused one by one, and cutting goes on",
        arguments: [EINVAL, EMSGSIZE])
    func tooLong(code: Int32) throws {
        var batch = try batch()
        // The run is refused; of its datagrams each is, too, at both tries, as nothing else is known of the first two.
        var kernel = Kernel(answers: [1, -code, -EMSGSIZE, -EMSGSIZE, -code, -EMSGSIZE, -EMSGSIZE])
        #expect(try batch.drain { _, range, merges in kernel.send(range, merges) } == 4)
        #expect(batch.mergesRuns && batch.refusedCount == 2 && batch.lastRefusal?.code == EMSGSIZE)
        #expect(kernel.asked.last == .init(range: 3..<6, merges: true))
    }

    @Test("a link that became too short for a run but takes each of its datagrams does not end cutting")
    func oldTooLong() throws {
        var batch = try batch()
        var kernel = Kernel(answers: [1, -EMSGSIZE])
        #expect(try batch.drain { _, range, merges in kernel.send(range, merges) } == 6)
        #expect(batch.mergesRuns && batch.refusedCount == 0)
    }

    @Test("no room while a run goes one by one keeps what is left of it")
    func noRoom() throws {
        var batch = try batch()
        var kernel = Kernel(answers: [1, -EIO, 2, -EAGAIN])
        #expect(try batch.drain { _, range, merges in kernel.send(range, merges) } == 3)
        #expect(batch.count == 3 && batch.blocked == .socketFull)
        #expect(try batch.drain { _, range, merges in kernel.send(range, merges) } == 3)
        #expect(batch.isEmpty && batch.blocked == nil)
    }
}
