import Basics
import ChatDomain
import ChatProtocol
import Crypto
import ServerCore
import Simulation
import SocketIO

/// A datagram between a member and the server.
struct WorkDatagram {
    /// When it arrives.
    let due: Instant
    let member: Int
    let bytes: [UInt8]
}

/// The server without its edge, in the turns of the real loop: what has come is received, what is stored is taken, what
/// is due is done, and everything that is to be sent is made. What the turns do is counted; what lies around them, the
/// members and the store, is not.
struct WorkServer {
    /// Datagrams that one system call receives, and that one sends, and such calls in a turn, as in `ServerLoop`.
    static let received = 64
    static let sent = 256
    static let batchesPerTurn = 16
    /// The members' addresses differ in their port, this and the following ones.
    private static let firstPort = 1024

    /// What the turns did.
    struct Tally {
        var turns = 0
        var received = 0
        var receiveCalls = 0
        var sent = 0
        var sentBytes = 0
        var sendCalls = 0
        /// Allocations while datagrams were received, what was stored was taken, timers were served, datagrams made.
        var receiving = 0
        var storing = 0
        var timing = 0
        var sending = 0
        /// Without the kernel: nothing of it is called.
        var cpu = Duration.zero

        var allocations: Int { receiving + storing + timing + sending }
    }

    private var core: ServerCore
    private var store: WorkStore
    private var random: SeededGenerator
    private var datagram: [UInt8] = []
    private var changes: [[StoreChange]] = []
    /// What a turn sends, one after the other, where each one ends, and whom it goes to.
    private var outgoing: [UInt8] = []
    private var ends: [Int] = []
    private var receivers: [SocketAddress] = []
    /// What reading the clock takes, which is no work of the server.
    private let clockCost: Duration

    private(set) var tally = Tally()
    /// When it has something to do next, though nothing comes; nil when it has not.
    private(set) var deadline: Instant?

    /// - Returns: nil when the core can't be made.
    init?(members: Int, password: RoomPassword, at now: Instant, using random: inout SeededGenerator) {
        var store = WorkStore()
        var configuration = ServerCoreConfiguration(server: "work", memberLimit: members)
        // The window alone says how fast lines come.
        configuration.members = .none
        let core = try? ServerCore(
            configuration: configuration, identity: SigningKey(using: &random), password: password,
            epoch: LogEpoch(rawValue: 1), restoring: store.open(), at: now, wall: Self.wall(at: now))
        guard let core else { return nil }
        self.core = core
        self.store = store
        self.random = SeededGenerator(seed: random.next())
        clockCost = Self.measureClock()
        outgoing.reserveCapacity(Self.sent * Self.batchesPerTurn * 1_500)
        ends.reserveCapacity(Self.sent * Self.batchesPerTurn)
        receivers.reserveCapacity(Self.sent * Self.batchesPerTurn)
        changes.reserveCapacity(Self.sent * Self.batchesPerTurn)
        takeChanges(at: now)
    }

    /// One turn.
    ///
    /// - Parameters:
    ///   - arrivals: what has come, at most as much as a turn takes.
    ///   - send: called with each datagram, in order.
    mutating func turn(
        _ arrivals: [WorkDatagram], at now: Instant, send: (_ member: Int, _ bytes: Span<UInt8>) -> Void
    ) {
        let stored = store.takeStored(at: now)
        let begin = ThreadClock.cpuTime
        Allocations.begin()
        work(arrivals, stored: stored, at: now)
        Allocations.end()
        tally.cpu += max(.zero, ThreadClock.cpuTime - begin - clockCost)
        tally.turns += 1
        tally.received += arrivals.count
        tally.receiveCalls += arrivals.isEmpty ? 0 : min(Self.batchesPerTurn, arrivals.count / Self.received + 1)
        tally.sent += ends.count
        tally.sentBytes += outgoing.count
        tally.sendCalls += (ends.count + Self.sent - 1) / Self.sent
        takeChanges(at: now)
        deadline = [core.nextDeadline, store.due, isUnfinished ? now : nil].compactMap { $0 }.min()
        var start = 0
        for (end, receiver) in zip(ends, receivers) {
            send(Int(receiver.port) - Self.firstPort, outgoing.span.extracting(start..<end))
            start = end
        }
    }

    /// A turn may leave something to send to the next one.
    private var isUnfinished: Bool { ends.count == Self.sent * Self.batchesPerTurn }

    /// What is counted: the turn itself. A profiler finds it by this name.
    @inline(never)
    private mutating func work(_ arrivals: [WorkDatagram], stored: UInt64?, at now: Instant) {
        let wall = Self.wall(at: now)
        var total = Allocations.total
        for arrival in arrivals {
            core.receive(
                arrival.bytes.span, from: Self.address(of: arrival.member), at: now, wall: wall, using: &random)
        }
        tally.receiving += Self.lap(&total)
        if let stored { core.stored(through: stored, at: now, wall: wall) }
        tally.storing += Self.lap(&total)
        if let next = core.nextDeadline, next <= now { core.handleTimeouts(at: now, wall: wall) }
        tally.timing += Self.lap(&total)
        while core.pollEvent() != nil {}
        makeDatagrams(at: now)
        while let group = core.pollChanges() { changes.append(group) }
        tally.sending += Self.lap(&total)
    }

    private mutating func makeDatagrams(at now: Instant) {
        outgoing.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        receivers.removeAll(keepingCapacity: true)
        while !isUnfinished, let receiver = core.pollTransmit(into: &datagram, at: now) {
            // The batch of the real loop copies it as well.
            outgoing.append(contentsOf: datagram)
            ends.append(outgoing.count)
            receivers.append(receiver)
        }
    }

    private mutating func takeChanges(at now: Instant) {
        while let group = core.pollChanges() { changes.append(group) }
        for group in changes { store.submit(group, at: now) }
        changes.removeAll(keepingCapacity: true)
        while let reading = core.pollReading() {
            store.read(reading, for: &core, at: now, wall: Self.wall(at: now))
        }
    }

    private static func lap(_ total: inout Int) -> Int {
        let before = total
        total = Allocations.total
        return total - before
    }

    private static func address(of member: Int) -> SocketAddress {
        .loopback(port: UInt16(truncatingIfNeeded: firstPort + member))
    }

    private static func wall(at now: Instant) -> WallTime { WallTime(milliseconds: now.nanoseconds / 1_000_000) }

    private static func measureClock() -> Duration {
        let count = 1_000
        let begin = ThreadClock.cpuTime
        for _ in 0..<count { _ = ThreadClock.cpuTime }
        return (ThreadClock.cpuTime - begin) / count
    }
}
