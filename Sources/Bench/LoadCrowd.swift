import Basics
import ChatProtocol
import Crypto
import SocketIO
import Transport

/// Many members in one thread.
struct LoadCrowd: ~Copyable {
    /// Handshakes under way at once. One takes three round trips, each of which may last as long as it takes to tell
    /// everybody who came in last: of few handshakes each would be told alone.
    private static let loginsAtOnce = 256
    /// How often somebody begins anew who got no answer, all together, beside once for each.
    private static let furtherAttempts = 64

    let sessions: [LoadSession]
    private let server: SocketAddress
    private let password: RoomPassword
    private var poller: Poller
    private var incoming: ReceiveBatch
    private var outgoing: SendBatch
    private var deadlines = DeadlineQueue<Int>()
    private var datagram: [UInt8] = []
    private var random = SystemRandomNumberGenerator()
    private var lastHeard = MonotonicClock.now

    /// Members who still miss a line, by the number of its entry.
    private var missing: [UInt64: Int] = [:]
    /// Lines that everybody has.
    private(set) var completed: UInt64 = 0

    /// A line as its entry names it.
    private struct Line: Hashable {
        let member: Int
        let outbox: UInt64
    }

    /// When each line was to be said whose entry nobody has seen, and then each one that somebody still misses; only
    /// while that is measured.
    private var sayings: [Line: Instant]?
    private var begun: [UInt64: Instant] = [:]
    private var samples = Samples()

    init(members: Int, server: SocketAddress, password: RoomPassword) throws(SystemError) {
        // Everything that can fail comes before anything is kept.
        try Sockets.allow(members)
        var sessions: [LoadSession] = []
        var poller = try Poller()
        for number in 0..<members {
            let session = try LoadSession(binding: .loopback(port: 0))
            try poller.add(session.socket.descriptor, token: UInt32(number))
            sessions.append(session)
        }
        let incoming = try ReceiveBatch(capacity: 64)
        let outgoing = try SendBatch(capacity: 64)
        self.sessions = sessions
        self.server = server
        self.password = password
        self.poller = poller
        self.incoming = incoming
        self.outgoing = outgoing
    }

    /// Datagrams that arrived, of all members together.
    private(set) var datagrams = 0

    /// Entries of the room that arrived, lines and others, of all members together.
    var entries: Int { sessions.reduce(0) { $0 + $1.entries } }

    /// Lines said so far.
    var said: UInt64 { sessions.reduce(0) { $0 + $1.said } }

    /// Lines that arrived, of all members together.
    var delivered: Int { sessions.reduce(0) { $0 + $1.lines } }

    /// Lines that came twice or out of order, of all members together.
    var misplaced: Int { sessions.reduce(0) { $0 + $1.misplaced } }

    /// How long it may take until so many are in: each is told to all.
    static func patience(for members: Int) -> Duration { .seconds(10 + members / 20) }

    /// The first `count` log in who have not yet, and hear of each other.
    ///
    /// - Returns: whether they are in and nothing moves any more.
    mutating func enter(_ count: Int, within patience: Duration) throws(SystemError) -> Bool {
        let end = MonotonicClock.now + patience
        var next = 0
        var underWay: [Int] = []
        var attempts = Self.furtherAttempts + count
        while true {
            underWay.removeAll { sessions[$0].phase == .online }
            // A server that has much to do may be silent for longer than a client waits.
            for number in underWay where sessions[number].phase == .gone {
                guard attempts > 0 else { return false }
                attempts -= 1
                try begin(number)
            }
            while next < count, underWay.count < Self.loginsAtOnce {
                if sessions[next].phase != .online {
                    try begin(next)
                    underWay.append(next)
                }
                next += 1
            }
            if underWay.isEmpty { break }
            guard MonotonicClock.now < end else { return false }
            try turn(until: min(end, MonotonicClock.now + .milliseconds(20)))
        }
        let isQuiet = try rest(for: .milliseconds(150), until: end)
        return isQuiet && sessions[..<count].allSatisfy { $0.phase == .online }
    }

    private mutating func begin(_ number: Int) throws(SystemError) {
        let now = MonotonicClock.now
        sessions[number].start(number, password: password, at: now, using: &random)
        try transmit(number, at: now)
    }

    /// Why somebody is not in, or not any more.
    var obstacle: String {
        let gone = sessions.count { $0.phase == .gone }
        let end = sessions.lazy.compactMap(\.end).first
        return end.map { "\(gone) are not in: \($0)" } ?? "not everybody got in in time"
    }

    /// Whether somebody who was in is gone.
    var isDepleted: Bool { sessions.contains { $0.phase == .gone } }

    /// One more comes in.
    ///
    /// - Returns: how long it took from the first datagram until all who are there had heard of it; nil when that did
    ///   not come about in time.
    mutating func welcome(_ number: Int, within patience: Duration) throws(SystemError) -> Duration? {
        let begin = MonotonicClock.now
        let there = sessions[..<number]
        let known = there.map(\.entries)
        sessions[number].start(number, password: password, at: begin, using: &random)
        try transmit(number, at: begin)
        while zip(there, known).contains(where: { $0.entries == $1 }) {
            guard MonotonicClock.now < begin + patience else { return nil }
            try turn(until: begin + patience)
        }
        return MonotonicClock.now - begin
    }

    /// Everybody stays, and says nothing.
    mutating func wait(for time: Duration) throws(SystemError) {
        let end = MonotonicClock.now + time
        while MonotonicClock.now < end { try turn(until: end) }
    }

    /// Waits until nothing was heard for a while.
    ///
    /// - Returns: false when that did not come about in time.
    mutating func rest(for silence: Duration, until end: Instant) throws(SystemError) -> Bool {
        lastHeard = MonotonicClock.now
        while MonotonicClock.now < lastHeard + silence {
            guard MonotonicClock.now < end else { return false }
            try turn(until: lastHeard + silence)
        }
        return true
    }

    /// The first `senders` members keep `window` lines under way for so long, turn by turn; a line is done when everybody
    /// has it.
    mutating func talk(senders: Int, window: Int, for time: Duration) throws(SystemError) {
        let end = MonotonicClock.now + time
        var said = said
        while MonotonicClock.now < end {
            while said < completed + UInt64(window) {
                try allow(1, to: Int(said % UInt64(max(1, senders))))
                said += 1
            }
            try turn(until: end)
        }
        // Everything said must arrive.
        let patience = MonotonicClock.now + .seconds(10)
        while completed < said, MonotonicClock.now < patience { try turn(until: patience) }
    }

    /// The first `senders` members say so many lines, turn by turn and one each `interval`, whether or not those before
    /// have arrived.
    ///
    /// - Returns: for each line that everybody got, how long that took from the moment when it was to be said.
    mutating func chat(
        lines: Int, every interval: Duration, senders: Int, patience: Duration
    ) throws(SystemError) -> Samples {
        sayings = [:]
        samples = Samples()
        defer { sayings = nil }
        let begin = MonotonicClock.now
        var said = 0
        while said < lines {
            // By the plan and not by the clock: who is late has the line wait.
            let due = begin + interval * said
            guard MonotonicClock.now >= due else {
                try turn(until: due)
                continue
            }
            let number = said % max(1, senders)
            sayings?[Line(member: number, outbox: sessions[number].said + 1)] = due
            try allow(1, to: number)
            said += 1
        }
        let end = MonotonicClock.now + patience
        while samples.count < lines, MonotonicClock.now < end { try turn(until: end) }
        return samples
    }

    /// Everybody says so many lines as fast as they are taken.
    ///
    /// - Returns: whether everybody has all of them.
    mutating func pour(lines: Int, within patience: Duration) throws(SystemError) -> Bool {
        for number in sessions.indices { try allow(UInt64(lines), to: number) }
        let wanted = UInt64(lines * sessions.count)
        let end = MonotonicClock.now + patience
        while completed < wanted, MonotonicClock.now < end { try turn(until: end) }
        return completed >= wanted
    }

    /// Everybody leaves.
    mutating func leave() throws(SystemError) {
        for (number, session) in sessions.enumerated() {
            session.leave(at: MonotonicClock.now)
            try transmit(number, at: MonotonicClock.now)
        }
        let end = MonotonicClock.now + .seconds(2)
        while !sessions.allSatisfy(\.hasLeft), MonotonicClock.now < end { try turn(until: end) }
    }

    private mutating func allow(_ lines: UInt64, to number: Int) throws(SystemError) {
        sessions[number].allow(lines)
        try transmit(number, at: MonotonicClock.now)
    }

    /// One wait and what came of it.
    private mutating func turn(until limit: Instant) throws(SystemError) {
        let ready = try poller.wait(until: min(limit, deadlines.next ?? limit))
        let now = MonotonicClock.now
        for report in ready {
            let number = Int(report.token)
            try receive(number, at: now)
            try transmit(number, at: now)
        }
        while let number = deadlines.popDue(at: now) {
            sessions[number].handleTimeouts(at: now)
            try transmit(number, at: now)
        }
    }

    private mutating func receive(_ number: Int, at now: Instant) throws(SystemError) {
        let session = sessions[number]
        repeat {
            let count = try session.socket.receive(into: &incoming)
            if count > 0 { lastHeard = now }
            datagrams += count
            var lines: [StoredMessage] = []
            incoming.forEachArrival { bytes, _, _, mark in
                session.receive(bytes, mark: mark, at: now) { lines.append($0) }
            }
            for line in lines { note(line) }
        } while incoming.isFull
    }

    private mutating func note(_ line: StoredMessage) {
        let entry = line.number
        if sayings != nil, missing[entry] == nil { begin(line) }
        let left = (missing[entry] ?? sessions.count) - 1
        missing[entry] = left > 0 ? left : nil
        guard left == 0 else { return }
        completed += 1
        if let begin = begun.removeValue(forKey: entry) { samples.add(MonotonicClock.now - begin) }
    }

    /// The first has a line: its entry tells who said it, and as which one.
    private mutating func begin(_ line: StoredMessage) {
        guard let entry = try? LogEntry(decoding: line.bytes.span),
            let member = Int(entry.name.dropFirst(LoadSession.namePrefix.count))
        else { return }
        begun[line.number] = sayings?.removeValue(forKey: Line(member: member, outbox: entry.outbox))
    }

    private mutating func transmit(_ number: Int, at now: Instant) throws(SystemError) {
        let session = sessions[number]
        while session.pollTransmit(into: &datagram, at: now) {
            _ = outgoing.append(datagram, to: server)
            // Each has a socket of its own, so a batch serves one of them at a time.
            while !outgoing.isEmpty { _ = try session.socket.send(&outgoing) }
        }
        if let deadline = session.endpoint.nextDeadline { deadlines.set(number, to: deadline) }
    }
}
