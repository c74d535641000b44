import Basics
import ChatProtocol
import Crypto
import SocketIO
import Transport

/// Rooms of a few members who talk at an even pace over bad paths, and in each one who listens over a good one.
struct EmulatedCrowd: ~Copyable {
    /// Where each session sends to; every `perRoom`-th listens.
    private let targets: [SocketAddress]
    private let perRoom: Int
    private let sessions: [LoadSession]
    private let password: RoomPassword
    private var poller: Poller
    private var incoming: ReceiveBatch
    private var outgoing: SendBatch
    private var deadlines = DeadlineQueue<Int>()
    private var datagram: [UInt8] = []
    private var random = SystemRandomNumberGenerator()
    private var said: [[Instant]]
    private var isMeasuring = false

    private(set) var samples = Samples()
    /// Packets of those who talk that carry messages, and others.
    private(set) var packets = 0
    private(set) var bareAcknowledgements = 0

    /// - Parameters:
    ///   - targets: for each member, where its datagrams go.
    ///   - perRoom: members of each room; the last of them listens.
    init(targets: [SocketAddress], perRoom: Int, password: RoomPassword) throws(SystemError) {
        var sessions: [LoadSession] = []
        var poller = try Poller()
        for number in targets.indices {
            let session = try LoadSession(binding: .loopback(port: 0))
            try poller.add(session.socket.descriptor, token: UInt32(number))
            sessions.append(session)
        }
        let incoming = try ReceiveBatch(capacity: 64)
        let outgoing = try SendBatch(capacity: 1)
        self.targets = targets
        self.perRoom = perRoom
        self.sessions = sessions
        self.password = password
        self.poller = poller
        self.incoming = incoming
        self.outgoing = outgoing
        said = Array(repeating: [], count: targets.count)
    }

    private func listens(_ number: Int) -> Bool { number % perRoom == perRoom - 1 }

    /// All lines said, by everybody.
    var saidCount: Int { said.reduce(0) { $0 + $1.count } }

    /// Everybody logs in.
    ///
    /// - Returns: whether all are in.
    mutating func enter(within patience: Duration) throws(SystemError) -> Bool {
        let end = MonotonicClock.now + patience
        for number in sessions.indices {
            sessions[number].start(number, password: password, at: MonotonicClock.now, using: &random)
            try transmit(number, at: MonotonicClock.now)
            // One after the other: what a login costs the processor must not make the next one late.
            while sessions[number].phase != .online {
                guard MonotonicClock.now < end, sessions[number].phase != .gone else { return false }
                try turn(until: end)
            }
        }
        return true
    }

    /// Those who talk say so many lines each; then what is under way may arrive.
    mutating func talk(lines: Int, interval: Duration, patience: Duration) throws(SystemError) {
        isMeasuring = true
        let talkers = sessions.indices.filter { !listens($0) }
        let begin = MonotonicClock.now + .milliseconds(100)
        var sayings = DeadlineQueue<Int>()
        for (place, number) in talkers.enumerated() {
            sayings.set(number, to: begin + interval * place / max(1, talkers.count))
        }
        var end = begin + interval * lines + patience
        while samples.count < talkers.count * lines, MonotonicClock.now < end {
            try turn(until: min(end, sayings.next ?? end))
            while let number = sayings.popDue(at: MonotonicClock.now) {
                try say(number)
                guard said[number].count < lines, let first = said[number].first else { continue }
                // By the plan and not by the clock, so that a late one does not move all that follow.
                sayings.set(number, to: first + interval * said[number].count)
                end = max(end, MonotonicClock.now + patience)
            }
        }
    }

    private mutating func say(_ number: Int) throws(SystemError) {
        let now = MonotonicClock.now
        said[number].append(now)
        sessions[number].allow(1)
        try transmit(number, at: now)
    }

    private mutating func turn(until limit: Instant) throws(SystemError) {
        let ready = try poller.wait(until: min(limit, deadlines.next ?? limit))
        for report in ready {
            let number = Int(report.token)
            try receive(number)
            try transmit(number, at: MonotonicClock.now)
        }
        while let number = deadlines.popDue(at: MonotonicClock.now) {
            sessions[number].handleTimeouts(at: MonotonicClock.now)
            try transmit(number, at: MonotonicClock.now)
        }
    }

    private mutating func receive(_ number: Int) throws(SystemError) {
        let session = sessions[number]
        let now = MonotonicClock.now
        var lines: [StoredMessage] = []
        repeat {
            _ = try session.socket.receive(into: &incoming)
            incoming.forEach { bytes, _ in session.receive(bytes, at: now) { lines.append($0) } }
        } while incoming.isFull
        guard listens(number) else { return }
        for line in lines { note(line, at: now) }
    }

    /// An entry names who said it, and as which line.
    private mutating func note(_ line: StoredMessage, at now: Instant) {
        guard let entry = try? LogEntry(decoding: line.bytes.span),
            let number = Int(entry.name.dropFirst(LoadSession.namePrefix.count)), said.indices.contains(number),
            let place = Int(exactly: entry.outbox), said[number].indices.contains(place - 1)
        else { return }
        samples.add(now - said[number][place - 1])
    }

    private mutating func transmit(_ number: Int, at now: Instant) throws(SystemError) {
        let session = sessions[number]
        while session.pollTransmit(into: &datagram, at: now) {
            if isMeasuring, !listens(number) {
                if datagram.count > LineStore.textBytes { packets += 1 } else { bareAcknowledgements += 1 }
            }
            _ = outgoing.append(datagram, to: targets[number])
            _ = try session.socket.send(&outgoing)
            outgoing.removeAll()
        }
        if let deadline = session.endpoint.nextDeadline { deadlines.set(number, to: deadline) }
    }
}
