import Basics
import ChatClient
import ChatProtocol
import ClientCore
import Crypto
import SocketIO

/// Somebody who was away while many lines were said comes back: how soon they have them, and what others notice.
struct CatchupBench {
    private enum Bound {
        /// What it may take from the first datagram to the last line.
        static let time: Duration = .seconds(3)
        /// What others may wait for a receipt meanwhile, at the 99th percentile, in milliseconds.
        static let receipt = 20.0
        /// What it may add to the server's memory.
        static let memory = 8 << 20
        static let patience: Duration = .seconds(120)
    }

    /// How many write at once; each says as much as is taken from one member without a wait.
    private static let writers = 40

    /// Lines that are missed, at least.
    var lines: Int
    /// Members who chat meanwhile.
    var members: Int
    var seconds: Double

    func run() throws(SystemError) -> BenchReport {
        var report = BenchReport("catchup")
        let server = try ServerProcess()
        defer { server.stop() }
        let password = ServerProcess.roomPassword
        var random = SystemRandomNumberGenerator()
        let reader = try Reader(server: server.address, password: password, device: SigningKey(using: &random))
        guard let left = try reader.visit() else {
            report.fail(server.isRunning ? "the reader did not get in" : "the server did not start")
            return report
        }
        let each = (lines + Self.writers - 1) / Self.writers
        try write(each, to: server, password, &report)
        guard report.fault == nil else { return report }

        var crowd = try ChattingCrowd(members: members, server: server.address, password: ServerProcess.roomPassword)
        guard try crowd.enter() else {
            report.fail("not everybody got in")
            return report
        }
        var calm = try crowd.chat(for: .nanoseconds(Int64(seconds * 0.5e9)))
        server.resetPeakMemory()
        let before = server.peakMemoryBytes
        let cpu = server.cpuTime
        // The reader comes in the middle of the chatting.
        let thread = BenchThread { () throws(SystemError) in try reader.catchUp(from: left) }
        var busy = try crowd.chat(for: .nanoseconds(Int64(seconds * 1e9)))
        let outcome = try thread.value()
        report.add("lines", "lines that were missed", each * Self.writers)
        report.add("milliseconds", "until the last of them", outcome.milliseconds, digits: 0, unit: "ms")
        let rate = Double(outcome.lines) / max(outcome.milliseconds, 0.001) * 1000
        report.add("linesPerSecond", "lines a second", rate, unit: "/s")
        add(&calm, "calm", "before", to: &report)
        add(&busy, "busy", "meanwhile", to: &report)
        report.add("serverGrowthBytes", "memory it added to the server", server.peakMemoryBytes - before, unit: "bytes")
        let used = Double((server.cpuTime - cpu).wholeNanoseconds) / 1e6
        report.add("serverCPUMilliseconds", "CPU of the server meanwhile", used, digits: 0, unit: "ms")
        judge(outcome, wanted: each * Self.writers, &busy, growth: server.peakMemoryBytes - before, in: &report)
        if !crowd.hasHeardAll { report.fail("not everybody heard every line once") }
        return report
    }

    /// Many write as fast as they are heard, and leave.
    private func write(
        _ each: Int, to server: ServerProcess, _ password: RoomPassword, _ report: inout BenchReport
    ) throws(SystemError) {
        var crowd = try LoadCrowd(members: Self.writers, server: server.address, password: password)
        guard try crowd.enter(Self.writers, within: .seconds(20)) else {
            report.fail("the writers did not get in")
            return
        }
        let begin = MonotonicClock.now
        guard try crowd.pour(lines: each, within: Bound.patience) else {
            report.fail("of what the writers said, \(crowd.completed) lines came to all of them")
            return
        }
        let time = Double((MonotonicClock.now - begin).wholeNanoseconds) / 1e9
        report.add("writtenPerSecond", "lines written a second", Double(each * Self.writers) / time, unit: "/s")
        try crowd.leave()
    }

    private func add(_ samples: inout Samples, _ key: String, _ label: String, to report: inout BenchReport) {
        for (name, share, quantile) in [("P50", "half", 0.5), ("P99", "99 %", 0.99)] {
            report.add(
                key + name + "Milliseconds", "others' lines \(label): \(share) confirmed within",
                samples.microseconds(at: quantile) / 1000, digits: 2, unit: "ms")
        }
    }

    private func judge(
        _ outcome: Reader.Outcome, wanted: Int, _ busy: inout Samples, growth: Int, in report: inout BenchReport
    ) {
        if outcome.lines < wanted { report.fail("\(wanted - outcome.lines) lines did not come") }
        if outcome.misplaced > 0 { report.fail("\(outcome.misplaced) lines came twice or out of order") }
        if outcome.milliseconds > Double(Bound.time.wholeNanoseconds) / 1e6 { report.fail("it took too long") }
        if busy.microseconds(at: 0.99) / 1000 > Bound.receipt { report.fail("others waited too long") }
        if growth > Bound.memory { report.fail("the server's memory grew by more than \(Bound.memory) bytes") }
    }
}

/// A whole client that comes, goes and comes again.
private struct Reader: Sendable {
    struct Outcome: Sendable {
        var lines = 0
        /// Lines that came twice or out of order.
        var misplaced = 0
        /// From the first datagram to the last line.
        var milliseconds = 0.0
    }

    private static let patience: Duration = .seconds(60)

    let server: SocketAddress
    let password: RoomPassword
    let device: SigningKey

    init(server: SocketAddress, password: RoomPassword, device: SigningKey) throws(SystemError) {
        self.server = server
        self.password = password
        self.device = device
    }

    /// Comes in and leaves.
    ///
    /// - Returns: what the client keeps; nil when it did not get in.
    func visit() throws(SystemError) -> StoredClient? {
        var random = SystemRandomNumberGenerator()
        var core = makeCore(former: nil, using: &random)
        var outcome = Outcome()
        let socket = try UDPSocket(binding: .loopback(port: 0))
        try run(&core, at: socket, &outcome, using: &random) { $0.isCaughtUp }
        guard core.isCaughtUp else { return nil }
        core.quit(at: MonotonicClock.now)
        try run(&core, at: socket, &outcome, using: &random) { $0.finish != nil }
        return core.takeStored()
    }

    /// Comes back, and stays until everything is there.
    func catchUp(from former: StoredClient) throws(SystemError) -> Outcome {
        var random = SystemRandomNumberGenerator()
        var outcome = Outcome()
        let begin = MonotonicClock.now
        let socket = try UDPSocket(binding: .loopback(port: 0))
        var core = makeCore(former: former, using: &random)
        try run(&core, at: socket, &outcome, using: &random) { $0.isCaughtUp }
        outcome.milliseconds = Double((MonotonicClock.now - begin).wholeNanoseconds) / 1e6
        core.quit(at: MonotonicClock.now)
        try run(&core, at: socket, &outcome, using: &random) { $0.finish != nil }
        return outcome
    }

    private func makeCore(former: StoredClient?, using random: inout SystemRandomNumberGenerator) -> ClientCore {
        ClientCore(
            configuration: ClientCoreConfiguration(
                name: "reader", history: 0, reconnect: .seconds(10), pinnedServerKey: nil, former: former),
            identity: ClientIdentity(device: device, password: password, incarnation: 1), at: MonotonicClock.now,
            using: &random)
    }

    private func run(
        _ core: inout ClientCore, at socket: borrowing UDPSocket, _ outcome: inout Outcome,
        using random: inout SystemRandomNumberGenerator, until isDone: (ClientCore) -> Bool
    ) throws(SystemError) {
        var poller = try Poller()
        try poller.add(socket.descriptor, token: 0)
        var incoming = try ReceiveBatch(capacity: 64)
        var outgoing = try SendBatch(capacity: 64)
        var datagram: [UInt8] = []
        var last: EntryNumber = 0
        let limit = MonotonicClock.now + Self.patience
        while MonotonicClock.now < limit {
            let now = MonotonicClock.now
            while core.pollTransmit(into: &datagram, at: now) {
                _ = outgoing.append(datagram, to: server)
                while !outgoing.isEmpty { _ = try socket.send(&outgoing) }
            }
            while let event = core.pollEvent() {
                guard case .message(let line, _) = event else { continue }
                if line.id > last { outcome.lines += 1 } else { outcome.misplaced += 1 }
                last = line.id
            }
            guard !isDone(core) else { return }
            _ = try poller.wait(until: core.nextDeadline.map { min($0, limit) } ?? limit)
            repeat {
                _ = try socket.receive(into: &incoming)
                let now = MonotonicClock.now
                incoming.forEach { bytes, _ in core.receive(bytes, at: now, using: &random) }
            } while incoming.isFull
            let time = MonotonicClock.now
            if let deadline = core.nextDeadline, deadline <= time { core.handleTimeouts(at: time, using: &random) }
        }
    }
}
