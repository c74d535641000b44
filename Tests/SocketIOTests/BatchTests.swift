import Basics
import Glibc
import Testing

@testable import SocketIO

@Suite struct BatchTests {
    @Test("a full batch arrives whole and in order, over several receiving calls")
    func fullBatch() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        let datagrams = (0..<64).map { number in [UInt8](repeating: UInt8(number), count: 1 + number * 23) }
        #expect(try send(datagrams, from: client, to: server.localAddress) == 64)
        var batch = try ReceiveBatch(capacity: 10)
        let heard = try receive(64, on: server, into: &batch)
        #expect(heard.map(\.bytes) == datagrams)
        #expect(heard.allSatisfy { $0.source == client.localAddress })
    }

    @Test("a line to a thousand people takes four system calls")
    func callCounts() throws {
        let people = try (0..<20).map { _ in try Person() }
        let server = try UDPSocket(binding: .anyPortV4)
        var outgoing = try SendBatch(capacity: 256)
        var sent = 0
        for number in 0..<1000 {
            _ = outgoing.append([UInt8](repeating: 1, count: 100), to: people[number % 20].socket.localAddress)
            if outgoing.isFull { sent += try server.send(&outgoing) }
        }
        sent += try server.send(&outgoing)
        #expect(sent == 1000 && outgoing.callCount == 4)
        for person in people {
            #expect(try receive(50, on: person.socket).count == 50)
        }
    }

    /// A socket that stands in an array.
    private final class Person {
        let socket: UDPSocket

        init() throws { socket = try UDPSocket(binding: .anyPortV4) }
    }

    @Test("one batch serves several receivers")
    func severalReceivers() throws {
        let client = try UDPSocket(binding: .anyPortV4)
        let first = try UDPSocket(binding: .anyPortV4)
        let second = try UDPSocket(binding: .anyPortV4)
        var batch = try SendBatch()
        for number in UInt8(0)..<10 {
            _ = batch.append([number], to: number.isMultiple(of: 2) ? first.localAddress : second.localAddress)
        }
        #expect(try client.send(&batch) == 10)
        #expect(try receive(5, on: first).map(\.bytes) == [[0], [2], [4], [6], [8]])
        #expect(try receive(5, on: second).map(\.bytes) == [[1], [3], [5], [7], [9]])
    }

    @Test("a datagram that is longer than its buffer is dropped, its neighbours are not")
    func truncated() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        let datagrams = [100, 101, 1400, 99].map { [UInt8](repeating: 7, count: $0) }
        _ = try send(datagrams, from: client, to: server.localAddress)
        var batch = try ReceiveBatch(datagramBytes: 100)
        let heard = try receive(4, on: server, into: &batch)
        #expect(heard.map(\.bytes.count) == [100, 99])
        #expect(batch.droppedCount == 2)
    }

    @Test("an empty datagram is shown as such")
    func emptyDatagram() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        _ = try send([[], [1]], from: client, to: server.localAddress)
        #expect(try receive(2, on: server).map(\.bytes) == [[], [1]])
    }

    @Test("datagrams that the kernel refuses are counted, and the others arrive")
    func refused() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        var batch = try SendBatch(datagramBytes: 65535)
        let tooLong = [UInt8](repeating: 0, count: 65530)  // UDP over IPv4 carries 65,507 bytes.
        _ = batch.append(tooLong, to: server.localAddress)
        _ = batch.append([1], to: server.localAddress)
        _ = batch.append([2], to: SocketAddress(host: .v6(high: 0, low: 1, scope: 0), port: 9))
        _ = batch.append([3], to: server.localAddress)
        _ = batch.append(tooLong, to: server.localAddress)
        #expect(try client.send(&batch) == 2)
        #expect(batch.isEmpty && batch.blocked == nil)
        #expect(batch.refusedCount == 3)
        #expect(batch.lastRefusal?.name == "EMSGSIZE")
        #expect(try receive(2, on: server).map(\.bytes) == [[1], [3]])
    }

    @Test("a datagram that is too long for the batch is counted as refused")
    func tooLongForBatch() throws {
        var batch = try SendBatch(datagramBytes: 10)
        let taken = batch.append([UInt8](repeating: 0, count: 11), to: .loopback(port: 9))
        #expect(taken && batch.isEmpty)
        #expect(batch.refusedCount == 1)
    }

    @Test("a full batch takes no more, and takes again when it has been sent")
    func fullSendBatch() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        var batch = try SendBatch(capacity: 2)
        let taken = (0..<3).map { batch.append([UInt8($0)], to: server.localAddress) }
        #expect(taken == [true, true, false])
        #expect(try client.send(&batch) == 2)
        let takenAgain = batch.append([9], to: server.localAddress)
        #expect(takenAgain)
        #expect(try client.send(&batch) == 1)
        #expect(try receive(3, on: server).map(\.bytes) == [[0], [1], [9]])
    }

    @Test("datagrams that are written in place arrive as those that are copied, and what names no destination is gone")
    func writtenInPlace() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        var batch = try SendBatch(capacity: 3, datagramBytes: 100)
        let target = SendBatch.Destination(to: server.localAddress)
        var isAdded = batch.append([1, 2], to: server.localAddress)
        #expect(isAdded)
        isAdded = batch.appendWritten { output in
            #expect(output.capacity == 100)
            output.append(99)
            return nil
        }
        #expect(!isAdded && batch.count == 1)
        isAdded = batch.appendWritten { output in
            for byte in UInt8(0)..<100 { output.append(byte) }
            return target
        }
        #expect(isAdded)
        isAdded = batch.appendWritten { _ in target }
        #expect(isAdded && batch.isFull)
        isAdded = batch.appendWritten { _ in
            Issue.record("a full batch asks for nothing")
            return target
        }
        #expect(!isAdded)
        #expect(try client.send(&batch) == 3)
        #expect(try receive(3, on: server).map(\.bytes) == [[1, 2], Array(0..<100), []])
    }

    @Test("the largest batch of the longest datagrams holds all their bytes")
    func largest() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        var batch = try SendBatch(capacity: 5000, datagramBytes: 70000)
        var count = 0
        while batch.append([UInt8](repeating: UInt8(truncatingIfNeeded: count), count: 65535), to: .loopback(port: 9)) {
            count += 1
        }
        #expect(count == 1024 && batch.isFull && batch.refusedCount == 0)
        batch.removeAll()
        // Three have room in a buffer of the size that most systems give.
        let datagrams = (0..<3).map { [UInt8](repeating: UInt8($0), count: 65507 - $0) }
        for datagram in datagrams { _ = batch.append(datagram, to: server.localAddress) }
        var incoming = try ReceiveBatch(capacity: 4, datagramBytes: 65535)
        #expect(try client.send(&batch) == 3)
        #expect(try receive(3, on: server, into: &incoming).map(\.bytes) == datagrams)
    }
}

/// A kernel that answers as it is told, and notes what it was asked to send.
private struct ScriptedKernel {
    var answers: [Int32]
    private(set) var asked: [Range<Int>] = []

    mutating func send(_ range: Range<Int>) -> Int32 {
        asked.append(range)
        return answers.isEmpty ? Int32(range.count) : answers.removeFirst()
    }

    init(_ answers: [Int32]) {
        self.answers = answers
    }
}

/// The answers of `sendmmsg` that loopback never gives.
@Suite struct SendBatchAnswerTests {
    private func batchOfFour() throws -> SendBatch {
        var batch = try SendBatch(capacity: 4)
        // To four receivers, so that each is a message of its own.
        for number in UInt8(0)..<4 { _ = batch.append([number], to: .loopback(port: 9 + UInt16(number))) }
        return batch
    }

    @Test(
        "without room the unsent datagrams stay, and go later",
        arguments: [(EAGAIN, SendBatch.Blocked.socketFull), (ENOBUFS, .systemFull), (ENOMEM, .systemFull)])
    func noRoom(code: Int32, reason: SendBatch.Blocked) throws {
        var batch = try batchOfFour()
        var kernel = ScriptedKernel([1, -code])
        #expect(try batch.drain { _, range, _ in kernel.send(range) } == 1)
        #expect(batch.count == 3)
        #expect(batch.blocked == reason)
        #expect(try batch.drain { _, range, _ in kernel.send(range) } == 3)
        #expect(kernel.asked == [0..<4, 1..<4, 1..<4])
        #expect(batch.isEmpty && batch.blocked == nil && batch.refusedCount == 0)
    }

    @Test(
        "an old error of the socket costs no datagram",
        arguments: [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EMSGSIZE, EPERM])
    func oldError(code: Int32) throws {
        var batch = try batchOfFour()
        var kernel = ScriptedKernel([2, -code])
        #expect(try batch.drain { _, range, _ in kernel.send(range) } == 4)
        #expect(batch.refusedCount == 0)
    }

    @Test(
        "a datagram that fails twice is given up, the others go",
        arguments: [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EMSGSIZE, EPERM])
    func ownError(code: Int32) throws {
        var batch = try batchOfFour()
        var kernel = ScriptedKernel([1, -code, -code])
        #expect(try batch.drain { _, range, _ in kernel.send(range) } == 3)
        #expect(kernel.asked == [0..<4, 1..<4, 1..<4, 2..<4])
        #expect(batch.refusedCount == 1)
        #expect(batch.lastRefusal?.code == code)
    }

    @Test("a broken socket is an error, and keeps what waits")
    func brokenSocket() throws {
        var batch = try batchOfFour()
        var thrown: SystemError?
        do throws(SystemError) { _ = try batch.drain { _, _, _ in -EBADF } } catch { thrown = error }
        #expect(thrown == SystemError(call: "sendmmsg", code: EBADF))
        #expect(batch.count == 4)
    }
}
