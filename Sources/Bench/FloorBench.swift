import Basics
import SocketIO
import Synchronization

/// What the kernel alone costs: datagrams as long as a sealed line, without anything of ours around them.
struct FloorBench {
    /// The length of each datagram: a line of 100 bytes with its headers and tag takes about as much.
    private static let datagramBytes = 120
    private static let batch = 64
    /// A full packet, and how many of them one person gets at a time where the kernel cuts them out of one message.
    private static let segmentBytes = 1200
    private static let segments = 32

    var members: Int
    var seconds: Double

    /// What sending costs.
    struct Send: Sendable {
        var nanoseconds = 0.0
        var count = 0
    }

    /// Time that the measurements share equally.
    func run() throws(SystemError) -> BenchReport {
        var part = self
        part.seconds = seconds / 3
        let send = try part.send()
        let segment = try part.sendSegments()
        let (received, count) = try part.receive()
        var report = BenchReport("floor")
        report.add("members", "sockets to send to", members)
        report.add("datagramBytes", "length of a datagram", Self.datagramBytes, unit: "bytes")
        report.add("sendNanoseconds", "CPU per datagram, sendmmsg", send.nanoseconds, unit: "ns")
        report.add(
            "gsoNanosecondsPerSegment", "CPU per \(Self.segmentBytes)-byte segment, \(Self.segments) at a time (GSO)",
            segment.nanoseconds, unit: "ns")
        report.add("receiveNanoseconds", "CPU per datagram, recvmmsg", received, unit: "ns")
        report.add("sent", "datagrams sent", send.count)
        report.add("received", "datagrams received", count)
        return report
    }

    /// One datagram to each of many sockets, then a wait until all have come: as a room does with one line.
    func send() throws(SystemError) -> Send {
        let crowd = try SilentCrowd(members: members)
        let reader = BenchThread { () throws(SystemError) -> Int in try crowd.read() }
        let result = Result { () throws(SystemError) -> Send in try send(to: crowd) }
        crowd.isOver.store(true, ordering: .releasing)
        _ = try reader.value()
        return try result.get()
    }

    /// Several full packets to each, as in catching up. Where the kernel can't cut messages, each goes alone.
    func sendSegments() throws(SystemError) -> Send {
        var few = self
        // So few that what is sent at once has room with those who receive.
        few.members = min(members, Self.batch)
        let crowd = try SilentCrowd(members: few.members)
        let reader = BenchThread { () throws(SystemError) -> Int in try crowd.read() }
        let result = Result { () throws(SystemError) -> Send in
            try few.send(Self.segments, of: Self.segmentBytes, to: crowd)
        }
        crowd.isOver.store(true, ordering: .releasing)
        _ = try reader.value()
        return try result.get()
    }

    private func send(
        _ each: Int = 1, of length: Int = Self.datagramBytes, to crowd: SilentCrowd
    ) throws(SystemError) -> Send {
        let socket = try UDPSocket(binding: .loopback(port: 0))
        let bytes = [UInt8](repeating: 0x80, count: length)
        var batch = try SendBatch(capacity: Self.batch)
        var spent = Duration.zero
        var count = 0
        let end = MonotonicClock.now + .nanoseconds(Int64(seconds * 1e9))
        while MonotonicClock.now < end {
            let before = crowd.count
            let begin = ThreadClock.cpuTime
            for address in crowd.addresses {
                for _ in 0..<each {
                    _ = batch.append(bytes, to: address)
                    if batch.isFull { try Self.flush(&batch, through: socket) }
                }
            }
            try Self.flush(&batch, through: socket)
            spent += ThreadClock.cpuTime - begin
            count += members * each
            crowd.wait(for: before + members * each, until: MonotonicClock.now + .milliseconds(100))
        }
        return Send(nanoseconds: Double(spent.wholeNanoseconds) / Double(max(1, count)), count: count)
    }

    /// Bursts to one socket, received by the thread that sent them.
    private func receive() throws(SystemError) -> (nanoseconds: Double, count: Int) {
        let source = try UDPSocket(binding: .loopback(port: 0))
        let target = try UDPSocket(binding: .loopback(port: 0))
        let bytes = [UInt8](repeating: 0x80, count: Self.datagramBytes)
        var outgoing = try SendBatch(capacity: Self.batch)
        var incoming = try ReceiveBatch(capacity: Self.batch)
        var spent = Duration.zero
        var count = 0
        let end = MonotonicClock.now + .nanoseconds(Int64(seconds * 1e9))
        while MonotonicClock.now < end {
            while !outgoing.isFull { _ = outgoing.append(bytes, to: target.localAddress) }
            try Self.flush(&outgoing, through: source)
            let begin = ThreadClock.cpuTime
            var sum = 0
            while true {
                let arrived = try target.receive(into: &incoming)
                guard arrived > 0 else { break }
                count += arrived
                incoming.forEach { bytes, _ in sum += Int(bytes[0]) }
            }
            spent += ThreadClock.cpuTime - begin
        }
        return (Double(spent.wholeNanoseconds) / Double(max(1, count)), count)
    }

    private static func flush(_ batch: inout SendBatch, through socket: borrowing UDPSocket) throws(SystemError) {
        while !batch.isEmpty { _ = try socket.send(&batch) }
    }
}

/// Sockets that only swallow what comes.
final class SilentCrowd: Sendable {
    private final class Ear: Sendable {
        let socket: UDPSocket

        init() throws(SystemError) {
            socket = try UDPSocket(binding: .loopback(port: 0))
        }
    }

    private let ears: [Ear]
    private let heard = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)

    let addresses: [SocketAddress]

    init(members: Int) throws(SystemError) {
        try Sockets.allow(members)
        var ears: [Ear] = []
        for _ in 0..<members { ears.append(try Ear()) }
        self.ears = ears
        addresses = ears.map { $0.socket.localAddress }
    }

    /// How many datagrams have come so far.
    var count: Int { heard.load(ordering: .relaxed) }

    /// Reads until it is over.
    func read() throws(SystemError) -> Int {
        var poller = try Poller()
        for (number, ear) in ears.enumerated() { try poller.add(ear.socket.descriptor, token: UInt32(number)) }
        var batch = try ReceiveBatch(capacity: 64)
        while !isOver.load(ordering: .acquiring) {
            for report in try poller.wait(until: MonotonicClock.now + .milliseconds(20)) {
                let count = try ears[Int(report.token)].socket.receive(into: &batch)
                heard.add(count, ordering: .relaxed)
            }
        }
        return heard.load(ordering: .relaxed)
    }

    /// Waits until so many have come. It looks again and again, since what it costs is not measured.
    func wait(for wanted: Int, until end: Instant) {
        while count < wanted, MonotonicClock.now < end { continue }
    }
}
