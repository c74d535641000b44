import Basics
import ChatProtocol
import Crypto
import ServerCore
import SocketIO

/// What a server thread has cost.
struct ServerCost: Sendable {
    /// CPU time at each step of the signpost.
    var cpuTimes: [Duration] = []
    var members = 0
    /// Heap and secrets that ending the server gave back, without the lines in its log.
    var heldBytes = 0
    /// What happened in the room since the measuring began: mostly lines.
    var events = 0
    var steps: Int { cpuTimes.count }

    /// CPU time between two steps.
    func cpuTime(from first: Int, to last: Int) -> Duration {
        cpuTimes.indices.contains(first) && cpuTimes.indices.contains(last) ? cpuTimes[last] - cpuTimes[first] : .zero
    }
}

/// A whole server in one thread over a real socket: drain, apply, flush.
final class BenchServer: Sendable {
    /// The steps of the signpost.
    enum Step {
        static let measure = 1
        static let rest = 2
        static let end = 3
    }

    /// How long a step may stay unseen.
    private static let glance: Duration = .milliseconds(10)

    let socket: UDPSocket
    let signpost = Signpost()
    private let password: RoomPassword
    private let memberLimit: Int

    var address: SocketAddress { socket.localAddress }

    init(password: RoomPassword, memberLimit: Int) throws(SystemError) {
        socket = try UDPSocket(binding: .loopback(port: 0))
        self.password = password
        self.memberLimit = memberLimit
    }

    /// Starts the thread; it ends at `Step.end`.
    func start() -> BenchThread<ServerCost> {
        BenchThread { [self] () throws(SystemError) -> ServerCost in try serve() }
    }

    /// Ends the thread, whatever step it is at.
    func stop() {
        while signpost.step < Step.end { signpost.ask() }
    }

    private func makeCore(using random: inout SystemRandomNumberGenerator) -> ServerCore? {
        var configuration = ServerCoreConfiguration(server: "bench", memberLimit: memberLimit)
        configuration.members = .none
        return try? ServerCore(
            configuration: configuration,
            identity: SigningKey(using: &random), password: password, epoch: LogEpoch(rawValue: random.next()),
            at: MonotonicClock.now, wall: WallClock.now)
    }

    private func serve() throws(SystemError) -> ServerCost {
        var random = SystemRandomNumberGenerator()
        guard var core = makeCore(using: &random) else { throw SystemError(call: "server", code: 0) }
        var poller = try Poller()
        try poller.add(socket.descriptor, token: 0)
        var incoming = try ReceiveBatch(capacity: 256)
        var outgoing = try SendBatch(capacity: 256)
        var datagram: [UInt8] = []
        var cost = ServerCost(cpuTimes: [.zero])
        while true {
            let glance = MonotonicClock.now + Self.glance
            _ = try poller.wait(until: min(core.nextDeadline ?? glance, glance))
            let step = signpost.step
            if step >= cost.steps {
                cost.cpuTimes.append(ThreadClock.cpuTime)
                signpost.reach(step)
                if step == Step.end { break }
            }
            let wall = WallClock.now
            var now = MonotonicClock.now
            repeat {
                _ = try socket.receive(into: &incoming)
                incoming.forEach { bytes, source in
                    core.receive(bytes, from: source, at: now, wall: wall, using: &random)
                }
            } while incoming.isFull
            now = MonotonicClock.now
            if let deadline = core.nextDeadline, deadline <= now { core.handleTimeouts(at: now, wall: wall) }
            while let address = core.pollTransmit(into: &datagram, at: now) {
                if outgoing.isFull { try flush(&outgoing) }
                _ = outgoing.append(datagram, to: address)
            }
            try flush(&outgoing)
            while core.pollEvent() != nil { cost.events += cost.steps > Step.measure ? 1 : 0 }
        }
        measureMemory(of: &core, into: &cost)
        return cost
    }

    private func flush(_ batch: inout SendBatch) throws(SystemError) {
        while !batch.isEmpty { _ = try socket.send(&batch) }
    }

    /// Ends the server and looks what that gives back. The other threads must be at rest.
    private func measureMemory(of core: inout ServerCore, into cost: inout ServerCost) {
        cost.members = core.members.count
        // Past the memory of handshakes, so that what is held is held for good.
        core.handleTimeouts(at: MonotonicClock.now + .seconds(6), wall: WallClock.now)
        let (heap, slots) = (Heap.bytesInUse, SecretSlab.shared.slotsInUse)
        var random = SystemRandomNumberGenerator()
        guard let empty = makeCore(using: &random) else { return }
        core = empty
        let rest = Heap.bytesInUse
        let freedSlots = max(0, slots - SecretSlab.shared.slotsInUse)
        // The log grows with what is said and not with who is there: the same lines without members tell its share.
        let line = String(repeating: "x", count: LineStore.textBytes)
        let now = MonotonicClock.now
        for _ in 0..<cost.events {
            _ = core.say(line, at: now, wall: WallClock.now)
            while core.pollEvent() != nil {}
        }
        let log = Heap.bytesInUse - rest
        // Secrets lie in chunks that stay with the process: their slots are counted apart.
        cost.heldBytes = max(0, heap - rest - log) + freedSlots * SecretSlab.slotBytes
    }
}
