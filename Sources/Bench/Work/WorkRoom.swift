import Basics
import Crypto
import Transport

/// A server and its members on a local network without loss, in virtual time: without sockets, and alike in every run.
struct WorkRoom {
    /// From an end to the other.
    private static let latency: Duration = .microseconds(30)
    /// What the kernel takes for a datagram, as `udp-bench floor` shows it: while the server works, others arrive.
    private static let receiving: Duration = .nanoseconds(1_000)
    private static let sending: Duration = .nanoseconds(3_500)
    /// From a login to the next: the server answers so many strangers a second, and no more.
    private static let loginPause: Duration = .milliseconds(5)
    /// What takes longer never comes.
    private static let patience: Duration = .seconds(30)
    /// Datagrams on the way; more are lost.
    private static let onTheWayAtMost = 1 << 20

    private let members: [LoadMember]
    private let password: RoomPassword
    private(set) var server: WorkServer
    private var random = SeededGenerator(seed: 1)
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var toServer = BoundedQueue<WorkDatagram>(limit: onTheWayAtMost)
    private var toMembers = BoundedQueue<WorkDatagram>(limit: onTheWayAtMost)
    private var deadlines = DeadlineQueue<Int>()
    /// Until when the server works on what came before.
    private var busyUntil = Instant.origin
    private var arrivals: [WorkDatagram] = []
    private var datagram: [UInt8] = []

    /// Members who still miss a line, by the number of its entry.
    private var missing: [UInt64: Int] = [:]
    /// Lines that everybody has.
    private(set) var completed = 0
    /// Lines said so far.
    private(set) var said = 0

    /// - Returns: nil when the server can't be made.
    init?(members count: Int) {
        password = RoomPassword(prepared: SecretBytes(copying: Array("bench".utf8).span))
        members = (0..<count).map { _ in LoadMember() }
        guard let server = WorkServer(members: count, password: password, at: now, using: &random) else {
            return nil
        }
        self.server = server
    }

    /// Lines that arrived, of all members together.
    var delivered: Int { members.reduce(0) { $0 + $1.lines } }

    /// Lines that arrived twice or out of order.
    var misplaced: Int { members.reduce(0) { $0 + $1.misplaced } }

    /// Why somebody is not in.
    var obstacle: String {
        members.lazy.compactMap(\.end).first.map { "not everybody got in: \($0)" } ?? "not everybody got in in time"
    }

    /// Everybody comes in, one after the other.
    ///
    /// - Returns: whether all are in.
    mutating func enter() -> Bool {
        for number in members.indices {
            members[number].start(number, password: password, at: now, using: &random)
            transmit(number)
            let end = now + Self.patience
            while members[number].phase == .connecting, step(until: end) {}
            guard members[number].phase == .online else { return false }
            run(for: Self.loginPause)
        }
        // What everybody has to be told of everybody else.
        run(for: .seconds(1))
        return true
    }

    private mutating func run(for time: Duration) {
        let end = now + time
        while step(until: end) {}
        now = end
    }

    /// Members say so many lines, turn by turn, and keep `window` of them under way; a line is done when all have it.
    ///
    /// - Returns: whether everybody has all of them.
    mutating func talk(lines: Int, window: Int) -> Bool {
        let wanted = said + lines
        var end = now + Self.patience
        while completed < wanted {
            let before = completed
            while said < min(wanted, completed + window) {
                let talker = said % members.count
                members[talker].allow(1)
                said += 1
                transmit(talker)
            }
            guard step(until: end) else { return false }
            if completed > before { end = now + Self.patience }
        }
        return true
    }

    /// Goes on to what comes next.
    ///
    /// - Returns: false when nothing comes until then.
    private mutating func step(until end: Instant) -> Bool {
        guard let moment = nextMoment, moment <= end else { return false }
        now = max(now, moment)
        while let arrival = toMembers.first, arrival.due <= now {
            _ = toMembers.popFirst()
            receive(arrival)
        }
        while let number = deadlines.popDue(at: now) {
            members[number].handleTimeouts(at: now)
            transmit(number)
        }
        if let moment = serverMoment, moment <= now { turn() }
        return true
    }

    private var nextMoment: Instant? {
        [toMembers.first?.due, deadlines.next, serverMoment].compactMap { $0 }.min()
    }

    /// When the server turns next.
    private var serverMoment: Instant? {
        [toServer.first?.due, server.deadline].compactMap { $0 }.min().map { max($0, busyUntil) }
    }

    private mutating func turn() {
        arrivals.removeAll(keepingCapacity: true)
        while arrivals.count < WorkServer.received * WorkServer.batchesPerTurn, let first = toServer.first,
            first.due <= now
        {
            arrivals.append(first)
            _ = toServer.popFirst()
        }
        var moment = now + Self.receiving * arrivals.count
        server.turn(arrivals, at: now) { member, bytes in
            moment = moment + Self.sending
            _ = toMembers.append(
                WorkDatagram(due: moment + Self.latency, member: member, bytes: [UInt8](copying: bytes)))
        }
        busyUntil = moment
    }

    private mutating func receive(_ arrival: WorkDatagram) {
        let member = members[arrival.member]
        member.receive(arrival.bytes.span, at: now) { line in
            let left = (missing[line.number] ?? members.count) - 1
            missing[line.number] = left > 0 ? left : nil
            if left == 0 { completed += 1 }
        }
        transmit(arrival.member)
    }

    private mutating func transmit(_ number: Int) {
        let member = members[number]
        while member.pollTransmit(into: &datagram, at: now) {
            let bytes = [UInt8](copying: datagram.span)
            _ = toServer.append(WorkDatagram(due: now + Self.latency, member: number, bytes: bytes))
        }
        if let deadline = member.endpoint.nextDeadline { deadlines.set(number, to: deadline) }
    }
}
