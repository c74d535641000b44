import Basics
import Simulation
import SocketIO
import Synchronization

/// A path of its own for each of several members, on this machine: their datagrams pass a thread that delays and loses
/// them. Each member has a door to send to, and the server sees a socket for each.
final class PathRelay: Sendable {
    private final class Line: Sendable {
        let door: UDPSocket
        let back: UDPSocket
        let server: SocketAddress

        init(to server: SocketAddress) throws(SystemError) {
            let door = try UDPSocket(binding: .loopback(port: 0))
            let back = try UDPSocket(binding: .loopback(port: 0))
            self.door = door
            self.back = back
            self.server = server
        }
    }

    private struct Parcel: Sendable {
        let line: Int
        let isForServer: Bool
        let bytes: [UInt8]
    }

    /// How long the end may stay unseen.
    private static let glance: Duration = .milliseconds(20)

    private let lines: [Line]
    private let delay: Duration
    private let loss: Double
    private let seed: UInt64
    private let loses = Atomic<Bool>(false)
    private let ends = Atomic<Bool>(false)

    /// - Parameters:
    ///   - servers: for each member, where its datagrams go.
    ///   - delay: each way.
    ///   - loss: share of datagrams lost, each way, once `beginLosing` was called.
    init(servers: [SocketAddress], delay: Duration, loss: Double, seed: UInt64) throws(SystemError) {
        var lines: [Line] = []
        for server in servers { lines.append(try Line(to: server)) }
        self.lines = lines
        self.delay = delay
        self.loss = loss
        self.seed = seed
    }

    /// Where each member sends to.
    var doors: [SocketAddress] { lines.map { $0.door.localAddress } }

    /// From now on datagrams are lost.
    func beginLosing() { loses.store(true, ordering: .releasing) }

    /// Starts the thread; it ends at `stop`.
    func start() -> BenchThread<LinkCounters> {
        BenchThread { [self] () throws(SystemError) -> LinkCounters in try relay() }
    }

    func stop() { ends.store(true, ordering: .releasing) }

    /// What the thread holds.
    private struct State: ~Copyable {
        var incoming: ReceiveBatch
        var outgoing: SendBatch
        var members: [SocketAddress?]
        var up: LinkModel
        var down: LinkModel
        var agenda = Agenda<Parcel>()
    }

    /// - Returns: what happened to datagrams to the servers.
    private func relay() throws(SystemError) -> LinkCounters {
        var poller = try Poller()
        for (number, line) in lines.enumerated() {
            try poller.add(line.door.descriptor, token: UInt32(number * 2))
            try poller.add(line.back.descriptor, token: UInt32(number * 2 + 1))
        }
        let incoming = try ReceiveBatch(capacity: 64)
        let outgoing = try SendBatch(capacity: 1)
        var state = State(
            incoming: incoming, outgoing: outgoing, members: Array(repeating: nil, count: lines.count),
            up: LinkModel(LinkFaults(delay: delay), seed: seed), down: LinkModel(LinkFaults(delay: delay), seed: ~seed))
        while !ends.load(ordering: .acquiring) {
            let glance = MonotonicClock.now + Self.glance
            let ready = try poller.wait(until: min(state.agenda.next ?? glance, glance))
            if loses.load(ordering: .acquiring) {
                state.up.faults.loss = loss
                state.down.faults.loss = loss
            }
            for report in ready {
                try receive(Int(report.token / 2), isForServer: report.token % 2 == 0, &state)
            }
            while let parcel = state.agenda.popDue(at: MonotonicClock.now) {
                try deliver(parcel, to: state.members[parcel.line], through: &state.outgoing)
            }
        }
        return state.up.counters
    }

    private func receive(_ number: Int, isForServer: Bool, _ state: inout State) throws(SystemError) {
        let now = MonotonicClock.now
        var parcels: [(parcel: Parcel, source: SocketAddress)] = []
        repeat {
            if isForServer {
                _ = try lines[number].door.receive(into: &state.incoming)
            } else {
                _ = try lines[number].back.receive(into: &state.incoming)
            }
            state.incoming.forEach { bytes, source in
                let parcel = Parcel(line: number, isForServer: isForServer, bytes: [UInt8](copying: bytes))
                parcels.append((parcel, source))
            }
        } while state.incoming.isFull
        for (parcel, source) in parcels {
            if isForServer { state.members[number] = source }
            let bytes = parcel.bytes.count
            let arrivals = isForServer ? state.up.carry(bytes: bytes, at: now) : state.down.carry(bytes: bytes, at: now)
            for arrival in arrivals { state.agenda.add(parcel, at: arrival.moment) }
        }
    }

    private func deliver(
        _ parcel: Parcel, to member: SocketAddress?, through outgoing: inout SendBatch
    ) throws(SystemError) {
        let line = lines[parcel.line]
        guard let address = parcel.isForServer ? line.server : member else { return }
        _ = outgoing.append(parcel.bytes, to: address)
        _ = parcel.isForServer ? try line.back.send(&outgoing) : try line.door.send(&outgoing)
        // What the machine has no room for is lost, as on any path.
        outgoing.removeAll()
    }
}
